"""How likely what is said of an entry is so, learned from what its author lets it confirm, deny and leave open.

Templates say for certain what is so, but nobody writes one for every way to put it. So the yes/no phrasings and the statements of
all entries are learned from as well: by what they say of one entry, and by what true, false and open ones have in common in all
of them. It is weaker evidence, and independent of the templates: `verdicts.py` weighs both.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from bot.language.english import English
from bot.understand.features import features_of
from bot.understand.learn import learn
from bot.understand.mentions import Mention
from bot.understand.model import NOTHING, Model, Teller
from bot.understand.utterance import Utterance

OPEN = "open"
"""The label, beside `yes` and `no`, of what an entry does not settle."""

_SIDES = ("yes", "no")
_LEAST_OF_ENTRY = 8
"""Statements that hold, and as many that fail, from which on something is learned of an entry."""
_LEAST = 100
"""Statements, of each side in all entries, from which on anything is."""
_APART = 6
"""Two words further from each other are no pair."""
_PAIR = 0.7
_SHARED = 1.5
"""Value of what is learned from all entries, beside 1 for the same together with one of them."""
_MOST = 40
"""Tokens of which features are taken."""
_LEAST_WEIGHT = 12
"""Features of which no weight reaches so many steps are left out; see `learn`."""
_NOBODY: dict[str, str] = {}


class Statement(Struct, frozen=True):
    """Something that is said or asked of an entry."""

    entry: str
    label: str
    """`yes` where it is so, `no`, or OPEN"""
    utterance: Utterance
    mentions: tuple[Mention, ...]


class Assents(Struct, frozen=True):
    """What was learned of all entries."""

    model: Model = NOTHING
    entries: frozenset[str] = frozenset()
    """those of which something was"""


def taught(statements: Iterable[Statement], english: English) -> Assents:
    """What there is to learn from statements; nothing where there are few."""
    by_entry: dict[str, list[Statement]] = {}
    for one in statements:
        by_entry.setdefault(one.entry, []).append(one)
    known = {entry: own for entry, own in by_entry.items() if _fewest(own) >= _LEAST_OF_ENTRY}
    read = [one for own in known.values() for one in own]
    if _fewest(read) < _LEAST:
        return Assents()
    features = [_features(one.entry, one.utterance, one.mentions, range(len(one.utterance.tokens)), english) for one in read]
    return Assents(learn(features, [one.label for one in read], least_weight=_LEAST_WEIGHT), frozenset(known))


def _fewest(statements: list[Statement]) -> int:
    return min(sum(one.label == side for one in statements) for side in _SIDES)


class Assenter:
    """Tells how likely a statement is so."""

    def __init__(self, assents: Assents, english: English) -> None:
        self._entries = assents.entries
        self._teller = Teller(assents.model)
        self._english = english

    def shares(self, entry: str, utterance: Utterance, mentions: tuple[Mention, ...], among: Iterable[int]) -> dict[str, float]:
        """How likely it is so, is not, and is left open: label -> probability; empty where nothing was learned of the entry.

        among: the indices of the tokens that ask.
        """
        if entry not in self._entries:
            return {}
        return self._teller.probabilities(_features(entry, utterance, mentions, among, self._english))


def _features(
    entry: str, utterance: Utterance, mentions: tuple[Mention, ...], among: Iterable[int], english: English
) -> dict[str, float]:
    """Words, what they stand for, and pairs of these in their order: each by itself, and each together with the entry."""
    named = features_of(utterance, mentions, english, _NOBODY)
    found: dict[str, float] = {}
    chain: list[str] = []
    for at in list(among)[:_MOST]:
        stem = "s:" + utterance.tokens[at].stem
        stands = [feature for feature in named[at] if feature[0] in "tck"]
        found.update(dict.fromkeys((stem, *stands), 1.0))
        chain.append(next((feature for feature in stands if feature[0] in "tc"), stem))
    found.update(_pairs(chain))
    scopes = (("", _SHARED), (f"{entry}|", 1.0))
    return {scope + feature: value * weight for feature, value in found.items() for scope, weight in scopes}


def _pairs(chain: list[str]) -> Iterator[tuple[str, float]]:
    for at, one in enumerate(chain):
        yield from ((f"{one}~{other}", _PAIR) for other in chain[at + 2 : at + _APART])
    for one, other in pairwise(chain):
        yield f"{one} {other}", 1.0
