"""The user's cache folder: what was made of a pack is kept there, under a name for all that it was made of."""

import gc
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")

_MAGIC = b"faqbot-pack-1\n"
_DIGEST = 32
_BLOCK = 1 << 20

_MOST = 8
"""Files of one kind that are kept, the newest."""

_MOST_FOLDERS = 3
"""The same for folders: each may take hundreds of megabytes."""

_A_DAY = 24 * 60 * 60

_MADE_BY = ("*.py", "pack/*.py", "language/*.py", "language/*.yaml", "understand/*.py", "respond/*.py", "calibration/*.py")
"""The code that makes what is kept."""


def cache_folder() -> Path:
    """Where compiled packs are kept: $FAQBOT_CACHE, or the user's cache folder."""
    named = os.environ.get("FAQBOT_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "faqbot"


def key_of(files: Iterable[Path]) -> str:
    """A name for what the compiled pack is made of: the pack's files and this package's own code, byte for byte.

    Empty when one of them cannot be read: that is for the loader to tell.
    """
    digest = hashlib.sha256(f"{sys.version_info[:2]} {msgspec.__version__}".encode())
    own = Path(__file__).parent
    code = [path for part in _MADE_BY for path in sorted(own.glob(part))]
    try:
        for path in (*code, *files):
            if not path.is_file():  # reading a pipe or a device might never end
                return ""
            stat = path.stat()
            if path.suffix == ".py":  # our own code: its size and time will do
                digest.update(f"{path.parent.name}/{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
            else:
                digest.update(f"{path.name} {stat.st_size}\n".encode())
                with path.open("rb") as file:
                    while block := file.read(_BLOCK):
                        digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()[:32]


def read_kept(name: str, kind: type[T]) -> T | None:
    """What `keep` kept under that name; None when there is nothing, or it is damaged or foreign."""
    try:
        return decoded(_mapped(cache_folder() / name), kind)
    except (OSError, RuntimeError):
        return None


def _mapped(path: Path) -> bytes | mmap:
    """The content of a file, which is not copied; of an empty one, and where a mapped file could not be replaced, its bytes."""
    if sys.platform == "win32" or path.stat().st_size == 0:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def keep(name: str, value: Struct) -> None:
    """Keep `value` in the cache. Written beside and moved into place; a cache that cannot be written is done without.

    name: the key of what it was made from, and an ending of its kind; of each kind only the newest are kept.
    """
    try:
        target = place_of(name)
        _write(target, encoded(value))
        forget(target)
    except (OSError, RuntimeError):
        return


def place_of(name: str) -> Path:
    """Where something of that name is kept. Makes the folder; raises OSError, or RuntimeError when the user has no home."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / name


def encoded(value: Struct) -> bytes:
    """`value` as bytes that tell whether they are whole."""
    body = msgspec.msgpack.encode(value)
    return _MAGIC + hashlib.sha256(body).digest() + body


def decoded(data: bytes | mmap, kind: type[T]) -> T | None:
    """What `encoded` made these bytes of; None when they are damaged or foreign."""
    body = memoryview(data)[len(_MAGIC) + _DIGEST :]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : len(_MAGIC) + _DIGEST]:
        return None
    try:
        with no_collector():
            return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.MsgspecError, RuntimeError):
        return None


@contextmanager
def no_collector() -> Iterator[None]:
    """Without the garbage collector, which would walk the growing heap again and again for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def forget(target: Path) -> None:
    """Remove all but the newest of what has the ending of `target`, and what a process that was ended left half written."""
    from bot.shelf import remove

    folder = target.parent
    kept = sorted(folder.glob(f"*{target.suffix}"), key=lambda path: path.stat().st_mtime, reverse=True)
    large = [path for path in kept if path.is_dir()]
    dead = [path for path in folder.glob("*.part") if path.is_dir() and time.time() - path.stat().st_mtime > _A_DAY]
    for path in {*kept[_MOST:], *large[_MOST_FOLDERS:], *dead}:
        remove(path)


def _write(target: Path, data: bytes) -> None:
    import tempfile  # only when there is something to write: it takes longer to import than a small pack to load

    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
