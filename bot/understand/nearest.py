"""The entries of a large pack whose phrasings are nearest to a question, word by word.

Every word of the question is laid beside the word of the phrasing that it is, or that it may be a slip for or a form of. What
such pairs weigh together, of all that both texts weigh, is how near they are; telling words weigh more, and pairs that stand side
by side in both texts a little more. An entry is as near as its nearest phrasing, and nearer when others of its phrasings are.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.understand.phrasebook import Phrasebook
from bot.understand.terms import Near

CANDIDATES = 48
"""Phrasings that are compared word by word."""

MATCHES = 8
"""Entries that may be what is asked for."""

_BESIDE = 0.6
"""What words of the phrasing weigh that the question does not have."""

_ORDER = 0.2
"""What two words weigh, beside their own weight, that follow upon each other in both texts."""

_FORM = 0.8
_LIKE = 0.75
"""Likeness from which a word may be a form of another, or a slip that makes a word of the pack, and what it counts then."""

_SHORTEST = 4
"""Letters of a word that is compared by its letters."""

_PIECE = 3

_MORE = 5
_OTHERS = 0.5
"""Of so many phrasings of an entry the best counts in full, and the others together up to this share."""


class Word(Struct, frozen=True):
    """Something in a question that may stand in a phrasing."""

    text: str
    """compared by its letters; empty for what is no word"""
    tokens: tuple[int, ...]
    """indices of the tokens of the question"""
    stems: tuple[Near, ...]
    """what it may be"""
    weight: float
    """how telling it is, 0 or more"""


class Match(Struct, frozen=True):
    """An entry, and how near it is."""

    entry: int
    """its number"""
    nearness: float
    """0..1.5, to rank by"""
    best: float
    """0..1: nearness of the nearest of its phrasings"""
    letters: float
    """0..1: how many pieces of words, of _PIECE letters, the question and that phrasing share"""
    explained: frozenset[int]
    """indices of the words of the question that its phrasings have"""


class _Fit(Struct, frozen=True):
    """How a phrasing fits."""

    nearness: float
    stems: Sequence[int]
    """of the phrasing"""
    met: dict[int, float]
    """place of a word of the question -> how alike the word of the phrasing is"""


class Comparer:
    """Compares one question with phrasings."""

    def __init__(self, book: Phrasebook, words: Sequence[Word], candidates: Sequence[Sequence[int]]) -> None:
        """`candidates`: the stems of the phrasings that may be compared, so that words are compared by their letters once."""
        self._words = words
        self._weights = book.terms.weights
        self._all = sum(word.weight for word in words)
        self._reach: dict[int, list[tuple[float, int]]] = {}
        """stem -> the words of the question that it may stand for, with their likeness, best first"""
        for place, word in enumerate(words):
            for near in word.stems:
                self._reach.setdefault(near.stem, []).append((near.likeness, place))
        self._add_forms(book, set().union(*candidates))
        for places in self._reach.values():
            places.sort(key=lambda one: (-one[0], one[1]))

    def _add_forms(self, book: Phrasebook, pool: set[int]) -> None:
        """The stems among the candidates that are like a word of the question by their letters."""
        compared = [(place, word) for place, word in enumerate(self._words) if len(word.text) >= _SHORTEST]
        if not compared or not pool:
            return
        from rapidfuzz import process  # as in `terms`
        from rapidfuzz.distance import OSA

        texts = {stem: book.terms.stem_text(stem) for stem in sorted(pool)}
        for place, word in compared:
            own = {near.stem for near in word.stems}
            for _, likeness, stem in process.extract(
                word.text, texts, scorer=OSA.normalized_similarity, score_cutoff=_LIKE, limit=None
            ):
                if stem not in own:
                    self._reach.setdefault(stem, []).append((likeness * _FORM, place))

    def fit(self, stems: Sequence[int]) -> _Fit:
        """How a phrasing of these stems fits."""
        met: dict[int, float] = {}
        beside = order = 0.0
        last = -2
        for stem in stems:
            here = -2
            for likeness, place in self._reach.get(stem, ()):
                if likeness > met.get(place, 0.0):
                    met[place] = likeness
                    here = place
                    break
            else:
                beside += self._weights[stem]
            if here == last + 1:
                order += min(self._words[here].weight, self._words[last].weight)
            last = here
        own = sum([self._words[place].weight * likeness for place, likeness in met.items()])
        whole = self._all * (1 + _ORDER) + _BESIDE * beside
        return _Fit((own + _ORDER * order) / whole if whole else 0.0, stems, met)


def nearest(book: Phrasebook, words: Sequence[Word], without: range = range(0)) -> list[Match]:
    """The MATCHES entries whose phrasings are nearest to the question of these words, the nearest first; ties in their order.

    without: phrasings that are passed over.
    """
    stems: dict[int, float] = {}
    for word in words:
        for near in word.stems:
            stems[near.stem] = max(near.likeness, stems.get(near.stem, 0.0))
    found = book.search(stems, CANDIDATES, without)
    texts = [book.stems_of(phrasing) for phrasing in found]
    comparer = Comparer(book, words, texts)
    fits: dict[int, list[_Fit]] = {}
    for phrasing, text in zip(found, texts, strict=True):
        fits.setdefault(book.entry_of[phrasing], []).append(comparer.fit(text))
    ranked = sorted((-_nearness(own), entry) for entry, own in fits.items())
    pieces = _pieces(word.text for word in words)
    return [_match(entry, -nearness, fits[entry], words, pieces, book) for nearness, entry in ranked[:MATCHES]]


def _nearness(fits: list[_Fit]) -> float:
    """How near an entry is of which some phrasings fit like that."""
    own = sorted([fit.nearness for fit in fits], reverse=True)
    return own[0] + _OTHERS * sum(own[1:_MORE]) / (_MORE - 1)


def _match(entry: int, nearness: float, fits: list[_Fit], words: Sequence[Word], pieces: set[str], book: Phrasebook) -> Match:
    met = {place for fit in fits for place, likeness in fit.met.items() if likeness >= _LIKE * _FORM}
    explained = frozenset(token for place in met for token in words[place].tokens)
    best = max(fits, key=lambda fit: fit.nearness)
    own = _pieces(map(book.terms.stem_text, best.stems))
    letters = 2 * len(pieces & own) / (len(pieces) + len(own)) if pieces or own else 0.0
    return Match(entry, nearness, best.nearness, letters, explained)


def _pieces(words: Iterable[str]) -> set[str]:
    """All pieces of _PIECE letters of some words; the beginning and the end of a word count as letters."""
    return {word[at : at + _PIECE] for word in (f"^{word}$" for word in words) for at in range(len(word) - _PIECE + 1)}
