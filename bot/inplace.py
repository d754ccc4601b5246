"""Files of arrays that are read in place: opening one reads its head alone, however large it is."""

import mmap
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

_MAGIC = b"faqbot-arrays-1\n"
_ALIGNED = 8
_BLOCK = 1 << 20


class DamagedError(OSError):
    """A file of arrays that is not one, or not whole."""


class Arrays:
    """The arrays of one file, by name. Safe to share between threads and after a fork; pickled, it is opened again."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedError, and OSError when the file cannot be read."""
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            except ValueError as error:
                raise DamagedError(f"{path} is empty") from error
        self._views = dict(self._read())

    def _read(self) -> "Iterator[tuple[str, memoryview[Any]]]":
        """Each name with its array. The head stands at the end, where its size is known, and its own length behind it."""
        size, tail = len(self._map), _ALIGNED + len(_MAGIC)
        if size < tail or self._map[size - len(_MAGIC) :] != _MAGIC:
            raise DamagedError(f"{self.path} holds no arrays")
        length = int.from_bytes(self._map[size - tail : size - len(_MAGIC)], "little")
        try:
            head = msgspec.msgpack.decode(self._map[size - tail - length : size - tail], type=list[tuple[str, Any, int, int]])
            for name, code, start, end in head:
                yield name, self._map[start:end].cast(code)
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            raise DamagedError(f"{self.path} holds no arrays") from error

    def __getitem__(self, name: str) -> "memoryview[Any]":
        """The array of that name: whole numbers, fractions, or bytes. Raises DamagedError when there is none."""
        try:
            return self._views[name]
        except KeyError:
            raise DamagedError(f"{self.path} has no array '{name}'") from None

    def __reduce__(self) -> tuple[type["Arrays"], tuple[Path]]:
        return Arrays, (self.path,)


class ArraysWriter:
    """Writes a file of arrays, one after the other. To be used in a `with`."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("xb")
        self._head: list[tuple[str, str, int, int]] = []

    def __enter__(self) -> "ArraysWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            head = msgspec.msgpack.encode(self._head)
            self._file.write(head + len(head).to_bytes(_ALIGNED, "little") + _MAGIC)
        self._file.close()

    def add(self, name: str, values: "array[int] | array[float] | bytes") -> None:
        """Write one array."""
        self.add_pieces(name, [values])

    def add_pieces(self, name: str, pieces: "Iterable[array[int] | array[float] | bytes]") -> None:
        """Write one array that comes in pieces, all of one type; bytes if there is none."""
        self._file.write(bytes(-self._file.tell() % _ALIGNED))
        start, code = self._file.tell(), "B"
        for piece in pieces:
            view = memoryview(piece)
            code = view.format
            self._file.write(view)
        self._head.append((name, code, start, self._file.tell()))


def packed(texts: Iterable[str]) -> Mapping[str, "array[int] | bytes"]:
    """Texts as bytes, and where each of them ends: `text_at(bytes, ends, number)` gives one back."""
    ends, pieces = array("Q"), []
    size = 0
    for text in texts:
        piece = text.encode()
        size += len(piece)
        ends.append(size)
        pieces.append(piece)
    return {"bytes": b"".join(pieces), "ends": ends}


def text_at(data: memoryview, ends: memoryview, number: int) -> str:
    """One of the texts that were `packed`."""
    start = ends[number - 1] if number else 0
    return str(data[start : ends[number]], "utf-8")
