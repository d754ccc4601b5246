"""Folders of the cache that are there whole or not at all, and known to be as they were written.

Beside its files a folder holds a list of them with the size, time and digest of each. A file with the size and time of the list
is taken for whole without a look at it, however large it is; one that was touched since is read once.
"""

import contextlib
import hashlib
import secrets
import shutil
from pathlib import Path

import msgspec
from msgspec import Struct

_LIST = "files"


class _File(Struct, frozen=True, array_like=True):
    name: str
    """within the folder"""
    size: int
    modified: int
    """nanoseconds since 1970"""
    digest: str


def is_whole(folder: Path) -> bool:
    """Whether all the files are there as they were written."""
    try:
        digest, _, listed = (folder / _LIST).read_bytes().partition(b"\n")
        if hashlib.sha256(listed).hexdigest().encode() != digest:
            return False
        return all(_is_as_written(folder, file) for file in msgspec.msgpack.decode(listed, type=list[_File]))
    except (OSError, msgspec.MsgspecError):
        return False


def _is_as_written(folder: Path, file: _File) -> bool:
    stat = (folder / file.name).stat()
    if stat.st_size != file.size:
        return False
    return stat.st_mtime_ns == file.modified or _file(folder, folder / file.name).digest == file.digest


def _file(folder: Path, path: Path) -> _File:
    stat = path.stat()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _File(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns, digest)


def keep(folder: Path, target: Path, more: dict[str, bytes]) -> None:
    """Make `target` a copy of `folder`, and of `more`: name -> what the file holds. Raises OSError, and changes nothing then.

    A whole one that another process has put there in the meantime stays: it is as good.
    """
    part = target.with_name(f"{target.stem}.{secrets.token_hex(4)}.part")
    try:
        shutil.copytree(folder, part, ignore=shutil.ignore_patterns("*.lock"))
        part.chmod(0o700)
        for name, data in more.items():
            (part / name).write_bytes(data)
        listed = msgspec.msgpack.encode([_file(part, path) for path in sorted(part.rglob("*")) if path.is_file()])
        (part / _LIST).write_bytes(hashlib.sha256(listed).hexdigest().encode() + b"\n" + listed)
        _put(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(part: Path, target: Path) -> None:
    """Move the folder to its place; what is damaged there is thrown away."""
    with contextlib.suppress(OSError):  # something stands there
        part.rename(target)
        return
    if is_whole(target):
        return
    aside = part.with_name(f"{part.name}.old.part")
    target.rename(aside)
    try:
        part.rename(target)
    finally:
        remove(aside)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, as far as that can be."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
