"""The phrasings of a large pack, on disk: which words each has, whose it is, and which of them share words with a question.

Candidates come from an index of tantivy. The commonest words of a question are left out of the search when there are enough rarer
ones: they cost most and tell least, and what is found is compared word by word with all of the question afterwards.
"""

import errno
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.errors import MissingIndexError
from bot.inplace import Arrays, ArraysWriter, DamagedError
from bot.understand.query import Verdict
from bot.understand.terms import Terms, TermsBuilder

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POSTINGS, _POSTINGS_SHARE = 30_000, 0.2
"""The words searched for stand in so many phrasings at most, together with this share of all: the commonest are left out."""

_LEAST_WORDS, _MOST_WORDS = 3, 24
"""So many words are searched for, however common they are; and never more."""

_MEMORY = 500_000_000
"""Bytes in which the index is made. A part of it goes to disk when they are full, and many parts are slower to search."""

_VERDICTS: tuple[Verdict | None, ...] = (None, "yes", "no")

ARRAYS, SEARCH = "phrasings", "search"
"""Names within the folder of a large pack."""


def search_library() -> Any:
    """The module of tantivy. Raises MissingIndexError when it is not installed."""
    try:
        import tantivy
    except ImportError as error:
        raise MissingIndexError from error
    return tantivy


class Phrasebook:
    """The phrasings of a pack. Immutable; safe to share between threads; another process opens it again."""

    def __init__(self, folder: Path) -> None:
        """Raises DamagedError when `folder` does not hold it, OSError, and MissingIndexError."""
        library = search_library()
        arrays = Arrays(folder / ARRAYS)
        try:
            self.terms = Terms(arrays)
            self.entry_of = arrays["entry_of"]
            """phrasing -> number of its entry"""
            self._firsts, self._ends, self._stems = arrays["firsts"], arrays["ends"], arrays["stem_numbers"]
            self._verdicts = arrays["verdicts"]
            self._exact, self._exact_of = arrays["exact"], arrays["exact_of"]
            self._most_postings = _POSTINGS + _POSTINGS_SHARE * len(self.entry_of)
            index, self._searcher = _opened(library, folder / SEARCH)
        except ValueError as error:
            raise DamagedError(f"{folder} holds no whole index") from error
        self._query, self._should, self._schema = library.Query, library.Occur.Should, index.schema

    def __len__(self) -> int:
        return len(self.entry_of)

    def stems_of(self, phrasing: int) -> list[int]:
        """The stems of a phrasing, in their order."""
        start = self._ends[phrasing - 1] if phrasing else 0
        return self._stems[start : self._ends[phrasing]].tolist()

    def phrasings_of(self, entry: int) -> range:
        """The phrasings of an entry."""
        return range(self._firsts[entry], self._firsts[entry + 1])

    def way_of(self, phrasing: int) -> tuple[int, Verdict | None]:
        """The entry of a phrasing, and the yes or no that it asks for."""
        return self.entry_of[phrasing], _VERDICTS[self._verdicts[phrasing]]

    def exactly(self, stems: Iterable[int]) -> int | None:
        """The phrasing of exactly these stems; None when there is none, or it is that of several entries."""
        key = _checksum(stems)
        at = bisect_left(self._exact, key)
        found: list[int] = []
        while at < len(self._exact) and self._exact[at] == key:
            found.append(self._exact_of[at])
            at += 1
        return found[0] if len({self.entry_of[phrasing] for phrasing in found}) == 1 else None

    def search(self, stems: Mapping[int, float], limit: int, without: range = range(0)) -> list[int]:
        """At most `limit` phrasings that share telling stems, the likeliest first.

        stems: each with how much it counts, 0..1; without: phrasings that are passed over.
        """
        chosen = self._telling(stems)
        if not chosen:
            return []
        query = self._query.boolean_query([(self._should, self._term(stem, stems[stem])) for stem in chosen])
        hits = self._searcher.search(query, limit + len(without), count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        ranked = sorted(zip((-score for score, _ in hits), numbers, strict=True))
        return [number for _, number in ranked if number not in without][:limit]

    def _telling(self, stems: Iterable[int]) -> list[int]:
        """The stems to search for, the rarest first."""
        counts = self.terms.counts
        chosen: list[int] = []
        postings = 0
        for stem in sorted(stems, key=lambda stem: (counts[stem], stem))[:_MOST_WORDS]:
            postings += counts[stem]
            if len(chosen) >= _LEAST_WORDS and postings > self._most_postings:
                break
            chosen.append(stem)
        return chosen

    def _term(self, stem: int, counts: float) -> Any:
        term = self._query.term_query(self._schema, "stems", str(stem), index_option="freq")
        return term if counts == 1.0 else self._query.boost_query(term, counts)


def _opened(library: Any, folder: Path) -> tuple[Any, Any]:
    """The index in `folder`, and what searches it. Raises ValueError when it is none, and OSError."""
    if os.access(folder, os.W_OK):
        return _searched(library, folder)
    with TemporaryDirectory() as beside:  # it is locked by a file while it is opened, and here none can be made
        for path in folder.resolve().iterdir():
            if path.suffix != ".lock":
                (Path(beside) / path.name).symlink_to(path)
        return _searched(library, Path(beside))


def _searched(library: Any, folder: Path) -> tuple[Any, Any]:
    index = library.Index.open(str(folder))
    index.config_reader("manual")  # it never changes, and nobody need look whether it does
    return index, index.searcher()


class PhrasebookBuilder:
    """Writes the phrasings of a pack, entry by entry, into a folder that is there."""

    def __init__(self, folder: Path, terms: TermsBuilder) -> None:
        """Raises MissingIndexError."""
        self._folder = folder
        self._terms = terms
        self._library = search_library()
        schema = (
            self._library.SchemaBuilder()
            .add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
            .add_integer_field("number", fast=True, indexed=False)
            .build()
        )
        (folder / SEARCH).mkdir()
        self._writer = self._library.Index(schema, path=str(folder / SEARCH)).writer(heap_size=_MEMORY, num_threads=1)
        self._firsts, self._entry_of, self._verdicts = array("I"), array("I"), bytearray()
        self._ends, self._stems, self._exact = array("Q"), array("I"), array("Q")

    def add_entry(self, phrasings: Iterable[tuple[Verdict | None, list[int]]]) -> None:
        """Add the next entry: the stems of each way to ask it, with the yes or no that it asks for."""
        entry = len(self._firsts)
        self._firsts.append(len(self._entry_of))
        for verdict, stems in phrasings:
            number = len(self._entry_of)
            self._entry_of.append(entry)
            self._verdicts.append(_VERDICTS.index(verdict))
            self._stems.extend(stems)
            self._ends.append(len(self._stems))
            self._exact.append(_checksum(stems))
            with _told_as_it_is():
                self._writer.add_document(self._library.Document(stems=" ".join(map(str, stems)), number=number))

    def __len__(self) -> int:
        """How many phrasings were added."""
        return len(self._entry_of)

    def write(self) -> None:
        """Write what was added. Raises OSError."""
        import numpy as np

        with _told_as_it_is():
            self._writer.commit()
            self._writer.wait_merging_threads()
        exact: NDArray[np.uint64] = np.frombuffer(self._exact, dtype=np.uint64) if self._exact else np.zeros(0, dtype=np.uint64)
        order = np.argsort(exact, kind="stable")
        with ArraysWriter(self._folder / ARRAYS) as writer:
            self._terms.write(writer, len(self._firsts))
            writer.add("firsts", array("I", [*self._firsts, len(self._entry_of)]))
            writer.add("entry_of", self._entry_of)
            writer.add("verdicts", bytes(self._verdicts))
            writer.add("stem_numbers", self._stems)
            writer.add("ends", self._ends)
            writer.add("exact", array("Q", exact[order].tobytes()))
            writer.add("exact_of", array("I", order.astype(np.uint32).tobytes()))


@contextmanager
def _told_as_it_is() -> Iterator[None]:
    """What cannot be written is an OSError: the library makes a ValueError of it."""
    try:
        yield
    except ValueError as error:
        raise OSError(errno.EIO, f"the search index cannot be written: {error}") from error


def _checksum(stems: Iterable[int]) -> int:
    """A number of 64 bits for a row of stems."""
    return int.from_bytes(blake2b(array("I", stems).tobytes(), digest_size=8).digest(), "big")
