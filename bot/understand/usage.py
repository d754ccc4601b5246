"""How the words of a pack are used: how often each of them stands in its texts, and which stand side by side.

From that follows how well a word fits between two others: it tells the word that was meant from others that are as near to what
was typed.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import msgspec
from msgspec import Struct

from bot.understand.views import Reduced, reduced

_MOST_PAIRS = 60_000
"""Pairs that are kept; of more of them those that occur most."""

_LEAST_UNKNOWN = 2
"""Texts in which a word that no dictionary holds must stand to count."""

_UNSEEN = 10.0
"""What the word alone counts beside so many pairs that were seen with its neighbour."""

_LEVEL_BITS = 5
_LEVELS = (1 << _LEVEL_BITS) - 1
_PER_OCTAVE = 2
"""How often a pair was seen is kept as a level: so many of them from one count to twice as many."""

_LANE = array("I").itemsize


class Usage(Struct, frozen=True):
    """Counts of words and of pairs of them, packed: a start needs none of them."""

    counts: memoryview
    """word -> how often it was seen; the empty word stands for both ends of a text"""
    pairs: memoryview
    """a hash table of numbers of 32 bits: the checksum of a pair, and in its last bits the level; 0 where a slot is free"""

    def __reduce__(self) -> Reduced:
        return reduced(self)


def usage_of(texts: Iterable[Sequence[str]], known: Iterable[str]) -> Usage:
    """How the words of `texts`, which are rows of words, are used. known: words that count, even where no text has them."""
    known = {*known, ""}
    counts: Counter[str] = Counter(dict.fromkeys(known, 0))
    pairs: Counter[tuple[str, str]] = Counter()
    for words in texts:
        counts.update(words)
        counts[""] += 1
        pairs.update(pair for pair in pairwise(("", *words, "")) if pair[0] in known and pair[1] in known)
    kept = {word: max(count, 1) for word, count in sorted(counts.items()) if word in known or count >= _LEAST_UNKNOWN}
    return Usage(memoryview(msgspec.msgpack.encode(kept)), memoryview(_table(pairs)))


def _table(pairs: Counter[tuple[str, str]]) -> bytes:
    least = 1
    while sum(count >= least for count in pairs.values()) > _MOST_PAIRS:
        least += 1
    kept = sorted((pair, count) for pair, count in pairs.items() if count >= least)
    size = 1 << max(1, (2 * len(kept)).bit_length())
    slots = array("I", bytes(size * _LANE))
    for (first, second), count in kept:
        checksum = _checksum(first, second)
        at = checksum & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = checksum << _LEVEL_BITS | min(_LEVELS, 1 + round(_PER_OCTAVE * math.log2(count)))
    return slots.tobytes()


def _checksum(first: str, second: str) -> int:
    return crc32(f"{first} {second}".encode()) >> _LEVEL_BITS


class Habits:
    """Tells how well words fit where they stand."""

    def __init__(self, usage: Usage) -> None:
        self._packed = usage.counts
        self._slots: memoryview[int] = usage.pairs.cast("I")
        self._counts = lru_cache(maxsize=1)(self._unpacked)

    @property
    def counts(self) -> dict[str, int]:
        """word -> how often it was seen"""
        return self._counts()[0]

    def _unpacked(self) -> tuple[dict[str, int], int]:
        counts = msgspec.msgpack.decode(self._packed, type=dict[str, int])
        return counts, sum(counts.values())

    def seen(self, first: str, second: str) -> float:
        """How often `second` stood right behind `first`; either may be empty, for an end of the text."""
        slots, last = self._slots, len(self._slots) - 1
        checksum = _checksum(first, second)
        at = checksum & last
        while slots[at]:
            if slots[at] >> _LEVEL_BITS == checksum:
                return math.exp2(((slots[at] & _LEVELS) - 1) / _PER_OCTAVE)
            at = (at + 1) & last
        return 0.0

    def fit(self, before: str, word: str, after: str | None, count: float) -> float:
        """How likely `word`, which was seen `count` times, stands between these two: a logarithm.

        before, after: empty for an end of the text; after: None when it is not known.
        Pairs are smoothed with single words, as by Dirichlet (MacKay and Peto 1995).
        """
        counts, whole = self._counts()
        found = math.log((self.seen(before, word) + _UNSEEN * count / whole) / (counts.get(before, 0) + _UNSEEN))
        if after is not None:
            alone = max(counts.get(after, 0), 0.5) / whole
            found += math.log((self.seen(word, after) / alone + _UNSEEN) / (count + _UNSEEN))
        return found
