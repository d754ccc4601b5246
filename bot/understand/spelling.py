"""Words that are not words -> the words that were meant: a noisy channel (Kernighan, Church and Gale 1990).

Of the words that are near to what was typed the one is meant that fits best between its neighbours, less what the slip costs.
What was typed is one of them: unknown names are left alone, and real words are changed only where another fits far better.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from bot.language import words
from bot.language.english import English
from bot.language.slips import cost_of
from bot.language.sounds import alike
from bot.understand.lexicon import Lexicon, Meaning
from bot.understand.usage import Habits

_SHORTEST, _LONGEST = 3, 40
"""Words with fewer letters, or more, are not corrected."""

_SHORTEST_FAR = 4
"""Letters of a word that may be more than one slip away."""

_SHORTEST_REAL = 4
"""Letters of a real word that may be a slip for another."""

_COST = 2.0
"""What a slip counts beside how well a word fits. This and what follows: most words found again, and fewest others changed, among
the phrasings of the shipped pack with one slip each, and among names of other drugs."""

_NEVER_SEEN = 1e-4
"""How often a word that is no word counts as seen."""

_NAMED = 10
"""How often a name counts as seen at least: people ask for any of them."""

_A_SLIP_AGAIN = 0.1
"""What a word that is no word counts for each time that it was seen: authors slip, too, and some do it to be understood."""

_NEVER_SEEN_REAL = {10: 1.0, 20: 0.5, 35: 0.2, 40: 0.1, 50: 0.05, 55: 0.02, 60: 0.01, words.NAME: 0.1}
"""The same for a word of the dictionary, by its band."""

_SHORT = 6.0
"""How much better another word must fit than one of _SHORTEST letters, which may be an abbreviation."""

_REAL, _REAL_IN_COMPANY = 8.0, 2.0
"""The same where a real word was typed; the second where the pack has the other beside its neighbour: `clinical trial`."""

_NO_NEARER = 1.0
"""A name that fits better than another by less than this is as likely meant: then nothing is."""

_SHORTEST_SHORTHAND = 5
"""Letters of shorthand that may have been slipped in: `gonns` for `gonna`."""

_USUAL = 20
"""Words that were seen so often are meant as they are."""

_RUN_TOGETHER = 2.0
"""Cost of a space that was left out."""


_Fit = tuple[float, tuple[str, ...]]
"""How well words fit, and the words."""


class Speller:
    """Spelling by the words of one pack. Keeps what it found; equal input gives equal output."""

    def __init__(self, lexicon: Lexicon, english: English) -> None:
        self._english = english
        self._habits = Habits(lexicon.usage)
        self._lexicon = lexicon
        self._vocabulary = frozenset(lexicon.vocabulary)
        self._near = lru_cache(maxsize=8192)(lambda word: tuple(self._nearest(word)))
        self._candidates = lru_cache(maxsize=8192)(lambda word: tuple(self._all_candidates(word)))
        self._by_size = lru_cache(maxsize=1)(self._usual_words)
        self._shorthand = lru_cache(maxsize=1)(self._usual_shorthand)

    def corrected(self, typed: Sequence[str], kept: Container[int] = ()) -> list[tuple[str, ...]]:
        """What each of the words was meant to be: itself, another, or several that ran together.

        kept: places of those that are meant as they are.
        """
        found: list[tuple[str, ...]] = []
        for at, word in enumerate(typed):
            before = found[-1][-1] if found else ""
            after = typed[at + 1] if at + 1 < len(typed) else ""
            found.append((word,) if at in kept else self._meant(word, before, after))
        return found

    def knows(self, word: str) -> bool:
        """Whether `word` is one that people may mean as it is."""
        return (
            not word.isalpha()
            or word in self._vocabulary
            or word in self._lexicon.strange
            or word in self._english.roles
            or word in self._english.abbreviations
            or words.band(word) is not None
        )

    def _meant(self, word: str, before: str, after: str) -> tuple[str, ...]:
        if not _SHORTEST <= len(word) <= _LONGEST:
            return (word,)
        if self.knows(word):
            return (self._meant_for_real(word, before, after),)
        following = after if not after or self.knows(after) else None
        own = max(_NEVER_SEEN, _A_SLIP_AGAIN * self._habits.counts.get(word, 0))
        best = self._habits.fit(before, word, following, own) + (_SHORT if len(word) == _SHORTEST else 0.0)
        fits = [(self._fit(before, other, following) - _COST * cost, other) for other, cost in self._candidates(word)]
        ranked = sorted((one for one in fits if one[0] > best), key=lambda one: (-one[0], one[1]))
        if not ranked or (len(ranked) > 1 and self._is_between(ranked[0], ranked[1])):
            return (word,)
        meant = ranked[0][1]
        if self._meanings(self._english.stem(word)) and not self._is_same(word, " ".join(meant)):
            return (word,)  # a slip that the author put in: it means something, and not that
        return meant

    def _is_between(self, first: _Fit, second: _Fit) -> bool:
        """Whether two names of different things fit as well."""
        one, other = " ".join(first[1]), " ".join(second[1])
        are_names = one in self._lexicon.names and other in self._lexicon.names
        return are_names and first[0] - second[0] < _NO_NEARER and not self._is_same(one, other)

    def _is_same(self, first: str, second: str) -> bool:
        """Whether two words are the same to the pack: forms of one word, or names of one thing."""
        one, other = self._english.stem(first), self._english.stem(second)
        return one == other or (self._meanings(one) == self._meanings(other) != ())

    def _meanings(self, stem: str) -> tuple[Meaning, ...]:
        phrases = self._lexicon.phrases_from(stem).get("", ())
        return next((phrase.meanings for phrase in phrases if phrase.stems == (stem,)), ())

    def _meant_for_real(self, word: str, before: str, after: str) -> str:
        """A real word is meant as it is, unless nobody says so there and another fits far better: `clinical trail`."""
        habits = self._habits
        if len(word) < _SHORTEST_REAL or not word.isalpha() or word in self._english.roles or word in self._vocabulary:
            return word
        seen = habits.counts.get(word, 0)
        if seen >= _USUAL or habits.seen(before, word) or habits.seen(word, after):
            return word
        following = after if not after or self.knows(after) else None
        own = max(seen, _NEVER_SEEN_REAL.get(words.band(word) or 0, _NEVER_SEEN))
        best, meant = habits.fit(before, word, following, own), word
        for other, cost in self._near(word):
            if not (before and habits.seen(before, other)) and not (after and habits.seen(other, after)):
                continue
            least = _REAL_IN_COMPANY if self._go_together(before, other, after) else _REAL
            fit = self._fit(before, (other,), following) - _COST * cost - least
            if fit > best:
                best, meant = fit, other
        return meant

    def _go_together(self, before: str, word: str, after: str) -> bool:
        """Whether the pack has `word` in a phrase beside one of these."""
        first, stem, last = map(self._english.stem, (before, word, after))
        return not {f"{first} {stem}", f"{stem} {last}"}.isdisjoint(self._lexicon.pairs)

    def _fit(self, before: str, meant: tuple[str, ...], after: str | None) -> float:
        """How well these words fit, one after the other, between the two."""
        found = 0.0
        for at, word in enumerate(meant):
            following = after if at + 1 == len(meant) else None
            least = _NAMED if word in self._lexicon.names else 0
            found += self._habits.fit(before, word, following, max(least, self._habits.counts[word]))
            before = word
        return found

    def _all_candidates(self, word: str) -> Iterator[tuple[tuple[str, ...], float]]:
        """What `word` may have been meant for, each with its cost."""
        counts = self._habits.counts
        for other, cost in self._near(word):
            yield (other,), cost
        for short, cost in self._slips_for(word, self._shorthand()):
            if all(one in counts for one in self._english.shorthand[short]):
                yield self._english.shorthand[short], cost
        for pair in self._divisions(word):
            yield pair, _RUN_TOGETHER

    def _usual_words(self) -> dict[int, list[str]]:
        return _by_size(word for word in self._habits.counts if len(word) > 1 and word.isalpha() and self.knows(word))

    def _usual_shorthand(self) -> dict[int, list[str]]:
        return _by_size(short for short in self._english.shorthand if len(short) >= _SHORTEST_SHORTHAND and short.isalpha())

    def _nearest(self, word: str) -> Iterator[tuple[str, float]]:
        """The words that are near to `word`, each with the cost of the slip."""
        return self._slips_for(word, self._by_size())

    def _slips_for(self, word: str, choices: Mapping[int, Sequence[str]]) -> Iterator[tuple[str, float]]:
        """Those of `choices`, which stand by the number of their letters, for which `word` may be a slip, with its cost."""
        from rapidfuzz import process  # only for words that need it: a start without a slip of the pen is quicker by its import
        from rapidfuzz.distance import OSA

        most = _most_edits(word) + (len(word) >= _SHORTEST_FAR)
        for size in range(len(word) - most, len(word) + most + 1):
            near = process.extract(word, choices.get(size, ()), scorer=OSA.distance, score_cutoff=most, limit=None)
            for other, distance, _ in near:
                if other != word and (distance == 1 or (len(word) >= _SHORTEST_FAR and _is_near(word, other, int(distance)))):
                    yield other, cost_of(word, other, int(distance))

    def _divisions(self, word: str) -> Iterator[tuple[str, str]]:
        """Pairs of words that `word` may be when a space was left out: `sideeffects`, `whatis`."""
        counts = self._habits.counts
        for cut in range(1, len(word)):
            first, second = word[:cut], word[cut:]
            if first not in counts or second not in counts or not (self.knows(first) and self.knows(second)):
                continue
            if self._habits.seen(first, second) or (first in self._vocabulary and second in self._vocabulary):
                yield first, second


def _by_size(found: Iterable[str]) -> dict[int, list[str]]:
    """Words by the number of their letters."""
    sizes: dict[int, list[str]] = {}
    for word in found:
        sizes.setdefault(len(word), []).append(word)
    return sizes


def _is_near(word: str, other: str, distance: int) -> bool:
    """Whether `distance` edits may part the two: fewer for short words, one more for words that sound alike."""
    sounds = alike(word, other)
    return distance <= _most_edits(word) + sounds and 1 - distance / max(len(word), len(other)) >= (0.6 if sounds else 0.74)


def _most_edits(word: str) -> int:
    return 1 if len(word) < 7 else 2 if len(word) < 10 else 3
