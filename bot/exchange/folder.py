"""Files and folders that appear whole or not at all."""

import contextlib
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.errors import BotError
from bot.pack.files import TABLES, YAML
from bot.writing import written_whole


class ExchangeError(BotError):
    """An import or export that cannot be done; the message says why, and the mend."""


def write_file(path: Path, text: str, *, force: bool) -> None:
    """Write `text` to `path`, wholly or not at all. Raises ExchangeError when a file stands there already, OSError."""
    if path.is_dir():
        raise ExchangeError(f"{path}: is a folder")
    if path.is_file() and not force:
        raise ExchangeError(f"{path}: stands there already; --force writes over it")
    with written_whole(path) as file:
        file.write(text.encode())


def refuse(folder: Path, sources: list[Path], *, force: bool) -> None:
    """Raise ExchangeError when a new pack may not take the place of `folder`.

    sources: files that must not be lost with it.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExchangeError(f"{folder}: is a file; a pack is a folder")
    inside = sorted(folder.iterdir())
    if not inside:
        return
    if not force:
        raise ExchangeError(
            f"{folder}: holds files already; name another folder, or --force puts the new pack in the place of the old"
        )
    strange = [path.name for path in inside if path.is_dir() or path.suffix.lower() not in YAML | TABLES]
    if strange:
        raise ExchangeError(f"{folder}: holds '{strange[0]}', which is no part of a pack; name another folder")
    if not any(path.suffix.lower() in YAML for path in inside):
        raise ExchangeError(f"{folder}: holds no pack that could be replaced; name another folder")
    kept = [path for path in sources if path.resolve().parent == folder.resolve()]
    if kept:
        raise ExchangeError(f"{folder}: holds {kept[0].name}, which is to be imported, and would be lost; name another folder")


def write_pack(folder: Path, files: Mapping[str, str], look: Callable[[Path], None]) -> None:
    """Make `folder` a pack of `files`, name -> text, in the place of what is there.

    It is written beside and moved in one go; whatever fails on the way, what was there stays as it is.
    look: is shown the folder before it is moved, and raises to have it thrown away.
    """
    target = folder.resolve()
    with _parents(target), _scratch(target) as part:
        part.mkdir()
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8", newline="\n")
        look(part)
        _move(part, target)


@contextmanager
def _parents(target: Path) -> Iterator[None]:
    """The folders above `target`; those that had to be made go again when nothing comes of it."""
    missing = [path for path in target.parents if not path.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for path in missing:
            with contextlib.suppress(OSError):
                path.rmdir()
        raise


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A name for a folder beside `target`, which is gone afterwards."""
    part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _move(part: Path, target: Path) -> None:
    if not target.exists():
        part.rename(target)
        return
    with _scratch(target) as old:
        target.rename(old)
        try:
            part.rename(target)
        except BaseException:
            old.rename(target)
            raise
