"""The phrasings of the entries as they are, with slips of the pen, in another order, or in other words that mean the same.

A phrasing is kept as a checksum: of its words, of what its words mean, and, where a question word says what is asked, of both in
any order. So `what is the job of levain` is known in `levain, what is its task`, when the pack declares the two words to mean the
same. What two entries could be known by is no key to either.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, product

from msgspec import Struct

from bot.language import words as dictionary
from bot.language.english import English
from bot.understand.features import features_of
from bot.understand.mentions import Mention
from bot.understand.utterance import Token, Utterance

_FEWEST = 4
"""Tokens of a phrasing that is looked for in a longer message."""

_FEWEST_MEANT = 3
"""Words with a meaning of a phrasing that is known by what its words mean."""

_MOST_CLAUSES = 6
"""So many clauses may be where a phrasing begins that stands at the end of a message."""

_MOST_AROUND = 5
"""Tokens of courtesies at each end of it that a phrasing may do without."""

_SHORTEST = 4
"""Letters of a word that may be a slip for another, and of what it may be one for."""

_MOST_SLIPS = 2
"""So many words of a message may be slips, and it is still looked for what they were meant to be."""

_MOST_READINGS = 64
"""So many ways to read the slips of a message are looked for."""


class Known(Struct, frozen=True):
    """Checksum -> number of the way of asking, as the caller counts them."""

    exact: dict[int, int]
    """of the words"""
    moved: dict[int, int]
    """of the words but articles, in any order"""
    alike: dict[int, int]
    """of what they mean"""
    words: str
    """every word of the phrasings that may be what was meant, one a line, sorted"""


class KnownReader:
    """Checksums of what was read."""

    def __init__(self, english: English, broader: dict[str, str]) -> None:
        self._english = english
        self._broader = broader

    def build(self, read: Iterable[tuple[Utterance, tuple[Mention, ...], int]]) -> Known:
        """Phrasings as they are read where somebody asks them, each with the number of its way of asking. One that needs no
        correcting goes before one that is the same only when its slips are corrected."""
        exact: dict[int, int] = {}
        moved: dict[int, set[int]] = {}
        alike: dict[int, set[int]] = {}
        words: set[str] = set()
        for utterance, mentions, way in sorted(read, key=lambda one: not one[0].corrections):
            exact[_checksum(token.stem for token in utterance.tokens)] = way
            asks = self._asks(utterance.tokens)
            for meant, kept in ((self._stems(utterance), moved), (self._meant(utterance, mentions), alike)):
                for key in _keys(meant, in_order=kept is alike, in_any=asks):
                    kept.setdefault(key, set()).add(way)
            words.update(token.word for token in utterance.tokens if len(token.word) >= _SHORTEST)
        return Known(exact, _of_one(moved), _of_one(alike), "\n".join(sorted(words)))

    def exactly(self, known: Known, utterance: Utterance, mentions: tuple[Mention, ...]) -> int | None:
        """The way of asking that the message is, to the word but for slips of the pen; or with courtesies around it, or something
        told before it."""
        stems = [token.stem for token in utterance.tokens]
        way = known.exact.get(_checksum(stems))
        if way is not None or not stems:
            return way
        spans = list(self._cores(utterance, mentions))
        for read in (stems, *self._readings(known, utterance)):
            for start, end in spans:
                way = known.exact.get(_checksum(read[start:end]))
                if way is not None:
                    return way
        return None

    def _readings(self, known: Known, utterance: Utterance) -> Iterator[list[str]]:
        """The stems of the message as they are if its words that are no words are slips for words of the phrasings."""
        typed = {read: typed for typed, read in utterance.corrections}
        slips: dict[int, list[str]] = {}
        for at, token in enumerate(utterance.tokens):
            word = typed.get(token.word, token.word)
            if len(word) >= _SHORTEST and word.isalpha() and dictionary.band(word) is None:
                slips[at] = list(dict.fromkeys((token.stem, *(self._english.stem(other) for other in _near(word, known.words)))))
        if not 0 < len(slips) <= _MOST_SLIPS:
            return
        for stems in islice(product(*slips.values()), 1, _MOST_READINGS):
            meant = dict(zip(slips, stems, strict=True))
            yield [meant.get(at, token.stem) for at, token in enumerate(utterance.tokens)]

    def moved(self, known: Known, utterance: Utterance, mentions: tuple[Mention, ...]) -> int | None:
        """The way of asking that has the words of the message in another order."""
        return self._looked_up(known.moved, utterance, mentions, self._stems(utterance), in_order=False)

    def alike(self, known: Known, utterance: Utterance, mentions: tuple[Mention, ...]) -> int | None:
        """The way of asking that says the same as the message."""
        return self._looked_up(known.alike, utterance, mentions, self._meant(utterance, mentions), in_order=True)

    def _looked_up(
        self, kept: dict[int, int], utterance: Utterance, mentions: tuple[Mention, ...], meant: list[str], *, in_order: bool
    ) -> int | None:
        for start, end in self._cores(utterance, mentions):
            for key in _keys(meant[start:end], in_order=in_order, in_any=self._asks(utterance.tokens[start:end])):
                if key in kept:
                    return kept[key]
        return None

    def _asks(self, tokens: tuple[Token, ...]) -> bool:
        """Whether a question word tells what is asked, so that the order of the others tells little."""
        return any(token.word in self._english.wh for token in tokens)

    def _stems(self, utterance: Utterance) -> list[str]:
        """The stem of each token; nothing for an article and the like, and the `of` that goes where the order changes."""
        articles = self._english.cues["article"]
        return ["" if token.word in articles or token.word == "of" else token.stem for token in utterance.tokens]

    def _meant(self, utterance: Utterance, mentions: tuple[Mention, ...]) -> list[str]:
        """What each token means: a thing, an attribute, a concept; else its stem; nothing for a word of grammar."""
        features = features_of(utterance, mentions, self._english, self._broader)
        return [self._meaning(token, own) for token, own in zip(utterance.tokens, features, strict=True)]

    def _meaning(self, token: Token, features: tuple[str, ...]) -> str:
        if token.word in self._english.negations:
            return "not"
        means = [feature for feature in features if feature[0] in "tac"]
        return min(means, key=lambda feature: ("tac".index(feature[0]), feature)) if means else next(iter(features), "")

    def _cores(self, utterance: Utterance, mentions: tuple[Mention, ...]) -> Iterator[tuple[int, int]]:
        """From where to where the tokens are without less or more of the courtesies at both ends: `good morning, …, thanks`; and
        the same of what stands at the end of a longer message, if that is no mere word or two."""
        english = self._english
        framed = {at for mention in mentions if mention.kind == "frame" for at in mention.tokens}
        tokens, last = utterance.tokens, len(utterance.tokens)

        def is_around(at: int) -> bool:
            word = tokens[at].word
            return at in framed or (english.roles.get(word) == "filler" and word not in english.doubts | english.negations)

        told = next((at for at in range(last) if not is_around(at)), last)
        starts = [at for at, token in enumerate(tokens) if at == 0 or token.clause != tokens[at - 1].clause]
        for first in starts[:_MOST_CLAUSES]:
            fewest = 1 if first <= told else _FEWEST
            after = next((at for at in range(first, last) if not is_around(at)), last)
            before = next((at for at in range(last, after, -1) if not is_around(at - 1)), after)
            for start in range(first, min(after, first + _MOST_AROUND) + 1):
                for end in range(last, max(before, last - _MOST_AROUND, start + fewest - 1) - 1, -1):
                    yield start, end


def _keys(meant: list[str], *, in_order: bool, in_any: bool) -> Iterator[int]:
    """The checksums of what some tokens mean."""
    row = [meaning for at, meaning in enumerate(meant) if meaning and (at == 0 or meaning != meant[at - 1])]
    if len(set(row)) >= _FEWEST_MEANT:
        if in_order:
            yield _checksum(row)
        if in_any:
            yield _checksum(["", *sorted(set(row))])


def _of_one(ways: dict[int, set[int]]) -> dict[int, int]:
    """The keys that stand for one way of asking only."""
    return {key: min(own) for key, own in ways.items() if len(own) == 1}


@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    return text.split("\n")


@lru_cache(maxsize=1024)
def _near(word: str, known: str) -> list[str]:
    """The words of `known` that are one slip from `word`: a letter more, less or another, or two that changed places."""
    from rapidfuzz import process  # only for words that need it, as in `spelling`
    from rapidfuzz.distance import OSA

    return [other for other, _, _ in process.extract(word, _lines(known), scorer=OSA.distance, score_cutoff=1, limit=None)]


def _checksum(parts: Iterable[str]) -> int:
    """A number of 64 bits for a row of words."""
    return int.from_bytes(blake2b(" ".join(parts).encode(), digest_size=8).digest(), "big")
