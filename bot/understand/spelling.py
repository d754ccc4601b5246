"""Words that are not words -> the words of the pack that were meant.

A real English word is never corrected on its own; only beside a neighbour with which the pack knows it
(`clinical trail`, `bone morrow`).
"""

from functools import lru_cache

from bot.language import words
from bot.language.english import English
from bot.language.sounds import alike
from bot.understand.lexicon import Lexicon, Meaning

_SHORTEST, _SHORTEST_USUAL = 4, 3
"""Words with fewer letters are not corrected; the second in packs that name no things."""


class Speller:
    """Spelling against the words of one pack. Keeps what it found; equal input gives equal output."""

    def __init__(self, lexicon: Lexicon, english: English) -> None:
        self._english = english
        self._lexicon = lexicon
        self._vocabulary = frozenset(lexicon.vocabulary)
        self._lefts = frozenset(pair.partition(" ")[0] for pair in lexicon.pairs)
        self._rights = frozenset(pair.partition(" ")[2] for pair in lexicon.pairs)
        self.correct = lru_cache(maxsize=8192)(self._correct)
        self.nearest = lru_cache(maxsize=2048)(self._nearest)

    def knows(self, word: str) -> bool:
        """Whether `word` needs no correction."""
        return (
            len(word) < (_SHORTEST_USUAL if self._lexicon.usual else _SHORTEST)
            or word in self._lexicon.usual
            or not word.isalpha()
            or word in self._vocabulary
            or word in self._lexicon.strange
            or word in self._english.roles
            or words.band(word) is not None
        )

    def _correct(self, word: str) -> tuple[str, ...]:
        """What `word` was meant to be: itself, one other word, or two words that ran together."""
        if self.knows(word) or len(word) > 40:
            return (word,)
        return self._usual(word) or self._divided(word) or self.nearest(word) or (word,)

    def _usual(self, word: str) -> tuple[str, ...]:
        """The word of the phrasings that is one slip from `word`: rather one with the same first letter, then the more usual.

        Only in a pack that names no things. There a word that the phrasings lack says nothing, so that a guess can only help;
        where things have names, one that is nearly theirs may be another's.
        """
        usual = self._lexicon.usual
        if not usual:
            return ()
        from rapidfuzz import process  # as in `_within`
        from rapidfuzz.distance import OSA

        found = process.extract(word, usual.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
        near = [other for other, _, _ in found if len(other) >= _SHORTEST_USUAL]
        return tuple(sorted(near, key=lambda other: (other[0] != word[0], -usual[other], other))[:1])

    def _divided(self, word: str) -> tuple[str, ...]:
        """Two words of the pack that ran together: `sideeffects`."""
        cuts = [(word[:cut], word[cut:]) for cut in range(len(word) - 4, 3, -1)]
        return next(((a, b) for a, b in cuts if a in self._vocabulary and b in self._vocabulary), ())

    def _nearest(self, word: str) -> tuple[str, ...]:
        """The one nearest word of the pack; nothing when none is near or two are equally near."""
        found = self._within(word, _most_edits(word) + 1, 40)
        ranked = sorted(
            (
                distance + (0.0 if alike(word, other) else 1.0) + (0.25 if other[0] != word[0] else 0.0),
                _strangeness(other, self._lexicon),
                other,
            )
            for other, distance in found
            if _is_near(word, other, distance)
        )
        if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2] and not self._is_same(ranked[0][2], ranked[1][2])):
            return ()
        meant = ranked[0][2]
        if self._meanings(self._english.stem(word)) and not alike(word, meant) and not self._is_same(word, meant):
            return ()  # a slip that the author put in: it means something, and not that
        return (meant,)

    def _within(self, word: str, edits: int, limit: int) -> list[tuple[str, int]]:
        """Words of the pack within so many edits (insert, delete, change, swap neighbours) of `word`, with their number."""
        from rapidfuzz import process  # only for words that need it: a start without a slip of the pen is quicker by its import
        from rapidfuzz.distance import OSA

        found = process.extract(word, self._lexicon.vocabulary, scorer=OSA.distance, score_cutoff=edits, limit=limit)
        return [(other, int(distance)) for other, distance, _ in found]

    def _is_same(self, first: str, second: str) -> bool:
        """Whether two words are the same to the pack: forms of one word, or names of one thing."""
        one, other = self._english.stem(first), self._english.stem(second)
        return one == other or (self._meanings(one) == self._meanings(other) != ())

    def _meanings(self, stem: str) -> tuple[Meaning, ...]:
        phrases = self._lexicon.phrases_from(stem).get("", ())
        return next((phrase.meanings for phrase in phrases if phrase.stems == (stem,)), ())

    def neighbour(self, word: str, before: str, after: str) -> str | None:
        """A word of the pack one edit from the real word `word` that the pack knows beside one of its neighbours.

        `before` and `after` are stems, empty at the ends.
        """
        if len(word) < 4 or word in self._vocabulary or (before not in self._lefts and after not in self._rights):
            return None
        for other in sorted(name for name, _ in self._within(word, 1, 6)):
            stem = self._english.stem(other)
            if f"{before} {stem}" in self._lexicon.pairs or f"{stem} {after}" in self._lexicon.pairs:
                return other
        return None


def _is_near(word: str, other: str, distance: int) -> bool:
    """Whether `distance` edits may part the two: fewer for short words, one more for words that sound alike."""
    sounds = alike(word, other)
    return distance <= _most_edits(word) + sounds and 1 - distance / max(len(word), len(other)) >= (0.6 if sounds else 0.74)


def _strangeness(word: str, lexicon: Lexicon) -> int:
    """0 for a name that is an English word too, 1 for other names, then words by how rare they are."""
    band = words.band(word)
    if word in lexicon.names:
        return 0 if band is not None else 1
    return 2 if band is None else 2 + band // 20


def _most_edits(word: str) -> int:
    return 1 if len(word) < 7 else 2 if len(word) < 10 else 3
