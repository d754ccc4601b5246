"""A pack by its name: a folder, or `folder@revision` of one that git keeps."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import BotError, PackError
from bot.language.clean import printable
from bot.pack.format import Pack
from bot.pack.load import load


class RevisionError(BotError):
    """A revision that git does not have, or has no pack in."""


class Opened(Struct, frozen=True):
    """A pack that can be asked."""

    name: str
    """as it was named"""
    folder: Path
    pack: Pack


@contextmanager
def opened(name: str) -> Iterator[Opened]:
    """The pack called `name`, for as long as it is needed. Raises RevisionError, or PackError that names `name`."""
    folder, revision = _parted(name)
    if not revision:
        yield Opened(name, folder, load(folder))
        return
    with TemporaryDirectory(prefix="faqbot-diff-") as temporary:
        _extract(folder, revision, Path(temporary))
        try:
            pack = load(Path(temporary))
        except PackError as error:
            named = [replace(fault, path=fault.path.replace(temporary, name, 1)) for fault in error.faults]
            raise PackError(named) from error
        yield Opened(name, Path(temporary), pack)


def _parted(name: str) -> tuple[Path, str]:
    """Folder and revision; the revision is empty for a folder as it is, and for a name that is neither."""
    if Path(name).is_dir() or "@" not in name:
        return Path(name), ""
    cuts = [at for at, char in enumerate(name) if char == "@"]
    for at in cuts:  # of `faq@HEAD@{1}` the first cut is the right one, of `me@home/faq@HEAD` the last
        folder, revision = Path(name[:at] or "."), name[at + 1 :]
        if revision and _home(folder) is not None and _commit(folder, revision) is not None:
            return folder, revision
    folder, revision = Path(name[: cuts[-1]] or "."), name[cuts[-1] + 1 :]
    if _home(folder) is None:
        raise RevisionError(f"{printable(str(folder), 200)}: is in no git repository, so there is no revision of it")
    raise RevisionError(f"{printable(name, 200)}: git knows no revision '{printable(revision, 80)}'")


def _standing(folder: Path) -> Path:
    """`folder`, or the nearest one above it that is there: what was removed has a past, too."""
    here = folder.absolute()
    while not here.is_dir():
        here = here.parent
    return here


def _home(folder: Path) -> Path | None:
    """The top of the repository that `folder` is in."""
    done = _git(_standing(folder), "rev-parse", "--show-toplevel")
    return Path(done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")) if done.returncode == 0 else None


def _commit(folder: Path, revision: str) -> str | None:
    done = _git(_standing(folder), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return done.stdout.decode().strip() if done.returncode == 0 else None


def _extract(folder: Path, revision: str, into: Path) -> None:
    """Write the files of the pack in `folder`, as they were at `revision`."""
    home, commit = _home(folder), _commit(folder, revision)
    assert home is not None
    assert commit is not None
    inside = folder.absolute().resolve().relative_to(home.resolve()).as_posix()
    tree = f"{commit}:" if inside == "." else f"{commit}:{inside}"
    listed = _git(home, "ls-tree", "-z", tree)
    if listed.returncode:
        raise RevisionError(f"{printable(str(folder), 200)}: was no folder at '{printable(revision, 80)}'")
    for line in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        about, _, name = line.partition("\t")
        if name.endswith((".yaml", ".yml")) and not name.startswith(".") and about.split()[1] == "blob":
            (into / name).write_bytes(_git(home, "cat-file", "blob", about.split()[2]).stdout)


def _git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise RevisionError("a revision needs git, and there is none: name two folders instead") from error
