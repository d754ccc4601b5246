"""Files that are there whole or not at all; and what the standard output takes."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when all went well; otherwise what was there stays.

    What is no plain file, such as a device or a pipe, keeps its place and is written to as it is. A link leads to the file that
    it names, and that keeps its permissions.
    private: only its owner may read the new file.
    Raises OSError, with the name of `path`, when it cannot be written: a full disk, a folder that is not there.
    """
    try:
        with _through(path) if _is_special(path) else _beside(path, private=private) as file:
            yield file
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error


def _is_special(path: Path) -> bool:
    """Whether something stands at `path` that no other file may take the place of. Raises OSError for a folder."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    # What a name such as /dev/stdout leads to is open already, be it a plain file or not.
    return not stat.S_ISREG(mode) or path.absolute().parts[1:2] in {("dev",), ("proc",)}


@contextmanager
def _through(path: Path) -> Iterator[BinaryIO]:
    with open(os.open(path, os.O_WRONLY | os.O_APPEND), "wb") as file:  # noqa: PTH123 - a Path cannot open without making
        yield file


@contextmanager
def _beside(path: Path, *, private: bool) -> Iterator[BinaryIO]:
    target = path.resolve()
    beside = target.with_name(f".{target.name[:80]}.{os.urandom(4).hex()}.part")
    mode = 0o600 if private else 0o666
    try:
        with open(beside, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists() and not private:
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def is_utf8() -> bool:
    """Whether the output takes every letter."""
    return sys.stdout is not None and (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
