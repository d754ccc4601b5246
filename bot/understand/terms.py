"""The words of a large pack, on disk: which stem each belongs to, how telling it is, and which are near one that is misspelt.

A slip is found by deletions: two words that one slip parts (a letter left out, doubled, replaced, or in the place of the next)
are the same once a letter or none is taken out of each. All words with a letter taken out stand in a sorted list, so the near
ones take as many look-ups as the word has letters. A long word that has none is compared with all that begin with its letter.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from zlib import crc32

from msgspec import Struct

from bot.inplace import Arrays, ArraysWriter, packed, text_at
from bot.language.english import English
from bot.understand.model import checksum_of

_SHORTEST, _LONGEST = 3, 24
"""Letters of a word that may be a slip of the pen."""

_SHORTEST_PART = 3
"""Letters of a word that ran together with another."""

_NEAREST = 6
"""The most words that are near another."""

_GRAMMAR = 0.7
"""What a word of grammar counts beside one of content that is as rare."""

_LANE = 32


class Near(Struct, frozen=True):
    """A stem that may be meant."""

    stem: int
    """its number"""
    likeness: float
    """0..1; 1 for the word itself"""


class Terms:
    """The words of a pack. Keeps what it looked up; equal input gives equal output."""

    def __init__(self, arrays: Arrays) -> None:
        self._words, self._word_ends, self._stem_of = arrays["words"], arrays["word_ends"], arrays["stem_of"]
        self._stems, self._stem_ends = arrays["stems"], arrays["stem_ends"]
        self._slots, self._stem_slots = arrays["slots"], arrays["stem_slots"]
        self._deletions = arrays["deletions"]
        self.weights: memoryview[float] = arrays["weights"]
        """how telling each stem is, 0 or more"""
        self.counts = arrays["counts"]
        """in how many phrasings each stem stands"""
        self.find = lru_cache(maxsize=8192)(self._find)
        self.near = lru_cache(maxsize=8192)(self._near)
        self.stem_text = lru_cache(maxsize=16384)(self._stem_text)
        self._of_letter = lru_cache(maxsize=64)(self._by_length)

    def _find(self, word: str, stem: str) -> int | None:
        """The number of the stem of `word`, which is `stem`; None when no phrasing has it."""
        at = self._slot(word, self._slots, self._words, self._word_ends)
        return int(self._stem_of[at]) if at is not None else self._slot(stem, self._stem_slots, self._stems, self._stem_ends)

    def _stem_text(self, stem: int) -> str:
        return text_at(self._stems, self._stem_ends, stem)

    def _slot(self, text: str, slots: memoryview, data: memoryview, ends: memoryview) -> int | None:
        """Which of the packed texts it is. `slots`: a hash table of one more than their numbers, 0 where it is free."""
        last = len(slots) - 1
        at = checksum_of(text) & last
        while slots[at]:
            if text_at(data, ends, slots[at] - 1) == text:
                return int(slots[at]) - 1
            at = (at + 1) & last
        return None

    def _near(self, word: str) -> tuple[Near, ...]:
        """The stems of the words that `word` may be a slip for, the likeliest first; without itself."""
        if not _may_slip(word):
            return ()
        from rapidfuzz import process  # only for words that need it, as in `spelling`
        from rapidfuzz.distance import OSA

        most = _most_edits(word)
        words = sorted(set(self._by_deletions(word)))
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=None)
        if not found and most > 1:
            words = [other for size in range(-most, most + 1) for other in self._of_letter(word[0]).get(len(word) + size, ())]
            found = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = []
        for other, distance, _ in found:
            number = self._slot(other, self._slots, self._words, self._word_ends)
            if number is not None and other != word:
                stem = self._stem_of[number]
                ranked.append((distance / max(len(word), len(other)), -self.counts[stem], other, stem))
        best: dict[int, float] = {}
        for share, _, _, stem in sorted(ranked):
            best.setdefault(stem, 1 - share)
        return tuple(Near(stem, likeness) for stem, likeness in list(best.items())[:_NEAREST])

    def divided(self, word: str) -> tuple[int, ...]:
        """The stems of two words that ran together; none when `word` is not made of two."""
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1) if len(word) <= _LONGEST else ():
            head = self._slot(word[:cut], self._slots, self._words, self._word_ends)
            tail = None if head is None else self._slot(word[cut:], self._slots, self._words, self._word_ends)
            if head is not None and tail is not None:
                return self._stem_of[head], self._stem_of[tail]
        return ()

    def _by_deletions(self, word: str) -> Iterator[str]:
        for key in _keys(word):
            at = bisect_left(self._deletions, key << _LANE)
            while at < len(self._deletions) and self._deletions[at] >> _LANE == key:
                yield text_at(self._words, self._word_ends, self._deletions[at] & 0xFFFFFFFF)
                at += 1

    def _by_length(self, letter: str) -> dict[int, list[str]]:
        """The words that begin with a letter, by their length."""
        found: dict[int, list[str]] = {}
        low, high = self._first_from(letter), self._first_from(chr(ord(letter) + 1))
        for number in range(low, high):
            word = text_at(self._words, self._word_ends, number)
            found.setdefault(len(word), []).append(word)
        return found

    def _first_from(self, text: str) -> int:
        """The number of the first word that does not stand before `text`."""
        return bisect_left(range(len(self._word_ends)), text, key=lambda at: text_at(self._words, self._word_ends, at))


class TermsBuilder:
    """Collects the words of phrasings, entry by entry."""

    def __init__(self, english: English) -> None:
        self._english = english
        self._stem_of: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._counts = array("I")
        self._owners = array("I")
        """how many entries have each stem"""
        self._last = array("q")
        """the last entry that had it"""
        self._content = bytearray()
        """1 for stems that are more than grammar"""

    def add(self, words: Iterable[str], entry: int) -> list[int]:
        """The stems of a phrasing's words. `entry`: the number of its entry, none lower than before."""
        found = []
        for word in words:
            stem = self._stem_of.get(word)
            if stem is None:
                stem = self._stem_of[word] = self._number(self._english.stem(word))
                self._content[stem] |= self._english.weight(word) > 0
            found.append(stem)
        for stem in set(found):
            self._counts[stem] += 1
            if self._last[stem] != entry:
                self._last[stem] = entry
                self._owners[stem] += 1
        return found

    def add_name(self, name: str, entry: int) -> int:
        """The number of something that stands in a phrasing beside its words, such as a thing; it counts like a word."""
        self._stem_of.setdefault(name, self._number(name))
        self._content[self._stem_of[name]] = 1
        return self.add([name], entry)[0]

    def _number(self, stem: str) -> int:
        number = self._stems.setdefault(stem, len(self._stems))
        if number == len(self._counts):
            self._counts.append(0)
            self._owners.append(0)
            self._last.append(-1)
            self._content.append(0)
        return number

    def write(self, writer: ArraysWriter, entries: int) -> None:
        """Write the arrays of a Terms. `entries`: how many there are."""
        words = sorted(self._stem_of)
        weights = (
            math.log(1 + entries / max(1, owners)) * (1.0 if content else _GRAMMAR)
            for owners, content in zip(self._owners, self._content, strict=True)
        )
        for name, texts in (("word", words), ("stem", list(self._stems))):
            made = packed(texts)
            writer.add(f"{name}s", made["bytes"])
            writer.add(f"{name}_ends", made["ends"])
            writer.add("slots" if name == "word" else "stem_slots", _slots(texts))
        writer.add("stem_of", array("I", (self._stem_of[word] for word in words)))
        writer.add("weights", array("f", weights))
        writer.add("counts", self._counts)
        writer.add("deletions", _deletions(words))


def _slots(texts: Sequence[str]) -> "array[int]":
    """The hash table of the texts."""
    size = 1 << max(1, (2 * len(texts)).bit_length())
    slots = array("I", bytes(4 * size))
    for number, text in enumerate(texts, 1):
        at = checksum_of(text) & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = number
    return slots


def _deletions(words: Sequence[str]) -> "array[int]":
    """Sorted: the checksum of each word with a letter taken out, or none, and the word's number."""
    import numpy as np

    found = array("Q", [0])  # so that there is one: no word has the checksum 0 and the number 0 by itself
    found.extend(key << _LANE | number for number, word in enumerate(words) if _may_slip(word) for key in _keys(word))
    return array("Q", np.unique(np.frombuffer(found, dtype=np.uint64)).tobytes())


def _keys(word: str) -> set[int]:
    """Checksums of `word` and of what is left of it without one of its letters."""
    return {crc32(text.encode()) for text in (word, *(word[:at] + word[at + 1 :] for at in range(len(word))))}


def _may_slip(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha()


def _most_edits(word: str) -> int:
    return 1 if len(word) < 7 else 2 if len(word) < 10 else 3
