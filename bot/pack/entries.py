"""Entries on disk: read one by one when they are asked for, for packs of more of them than memory should hold."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from bot.inplace import Arrays, ArraysWriter, text_at
from bot.pack.format import Entry

_KEPT = 256
"""Entries that are kept once they were read."""


class EntryTable(Mapping[str, Entry]):
    """The entries of a pack, in their order. Immutable; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedError for a file that holds no entries, and OSError."""
        self._arrays = arrays = Arrays(path)
        self._names, self._name_ends = arrays["names"], arrays["name_ends"]
        self._bytes, self._ends = arrays["bytes"], arrays["ends"]
        self._keys, self._numbers = arrays["keys"], arrays["numbers"]
        self._entry = lru_cache(maxsize=_KEPT)(self._read)

    def __reduce__(self) -> tuple[type["EntryTable"], tuple[Path]]:
        return EntryTable, (self._arrays.path,)

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        return map(self.id_of, range(len(self)))

    def __getitem__(self, id_: str) -> Entry:
        return self._entry(self.number_of(id_))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Mapping) and dict(self) == dict(other))

    __hash__ = None  # type: ignore[assignment]

    def id_of(self, number: int) -> str:
        """The id of the entry at that place, 0 or more."""
        return text_at(self._names, self._name_ends, number)

    def number_of(self, id_: str) -> int:
        """The place of the entry. Raises KeyError when there is none of that id."""
        key = _key(id_) if isinstance(id_, str) else -1
        at = bisect_left(self._keys, key)
        while at < len(self._keys) and self._keys[at] == key:
            number = int(self._numbers[at])
            if self.id_of(number) == id_:
                return number
            at += 1
        raise KeyError(id_)

    def about_things(self) -> Iterator[tuple[str, Entry]]:
        """The entries that say what they are about, or tell a fact, with their ids."""
        return ((self.id_of(number), self._entry(number)) for number in self._arrays["about"])

    def _read(self, number: int) -> Entry:
        start = self._ends[number - 1] if number else 0
        return msgspec.msgpack.decode(self._bytes[start : self._ends[number]], type=Entry)


def write_entries(path: Path, entries: Iterable[tuple[str, Entry]]) -> None:
    """Write a file for an EntryTable. `entries`: each with its id, which no other has."""
    ends, names, name_ends, keys, about = array("Q"), bytearray(), array("Q"), array("Q"), array("I")

    def records() -> Iterator[bytes]:
        size = 0
        for number, (id_, entry) in enumerate(entries):
            record = msgspec.msgpack.encode(entry, enc_hook=str)
            size += len(record)
            ends.append(size)
            names.extend(id_.encode())
            name_ends.append(len(names))
            keys.append(_key(id_))
            if entry.about or entry.fact:
                about.append(number)
            yield record

    with ArraysWriter(path) as writer:
        writer.add_pieces("bytes", records())
        order = sorted(range(len(keys)), key=keys.__getitem__)
        writer.add("ends", ends)
        writer.add("names", bytes(names))
        writer.add("name_ends", name_ends)
        writer.add("keys", array("Q", (keys[at] for at in order)))
        writer.add("numbers", array("I", order))
        writer.add("about", about)


def _key(id_: str) -> int:
    """A number of 64 bits for an id; two ids may share one."""
    return int.from_bytes(blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
