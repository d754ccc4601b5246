"""What must be met before any question is answered: an emergency now, or a decision that belongs to the care team.

The engine learns what such messages look like from the examples of the guards, against the ordinary messages of the pack and
those outside of it. The signs of a guard are evidence among the words.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import ORDINARY, OUTSIDE, Pack
from bot.pack.knowledge import Knowledge
from bot.respond.signs import Alarm, SignFinder
from bot.understand.learn import Model, Teller, learn
from bot.understand.message import message_features
from bot.understand.retrieve import Asked, attribute_of
from bot.understand.understanding import Understander, Understanding

_SIGN = 2.0
"""Value of a sign as a feature, beside 1 for a word."""

_URGENT = 0.42
_URGENT_BY_SIGN = 0.2
_REFER = 0.5
"""Probability from which a message sets off the guards of that kind."""


_SHORT = 7
"""Words of a message that goes on with what was spoken of, and so looks like nothing by itself."""


class Sense(Struct, frozen=True):
    """What kind of message it is."""

    alarms: tuple[Alarm, ...]
    """the guards that it sets off, urgent ones first"""
    outside: float
    """0..1: how likely it asks for something outside of the pack"""


def taught(pack: Pack, understander: Understander, signs: SignFinder, english: English, asked: Iterable[Asked]) -> Model:
    """What there is to learn from the examples of a pack; `asked`: the ways in which its entries are asked."""
    features: list[dict[str, float]] = []
    labels: list[str] = []
    for label, texts in pack.examples.items():
        for text in texts:
            understanding = understander.read(text)
            features.append(_features(understanding, signs.find(understanding), pack, english))
            labels.append(ORDINARY if attribute_of(label) else label)
    if not labels:
        return learn((), ())
    ordinary = [(one.utterance, one.mentions) for one in asked]
    for name in _names(pack):
        read = understander.read(name)
        ordinary.append((read.utterance, read.mentions))
    for utterance, mentions in ordinary:
        features.append(message_features(utterance, mentions, pack, english))
        labels.append(ORDINARY)
    return learn(features, labels)


def _names(pack: Pack) -> list[str]:
    """Words that people may type alone."""
    knowledge = Knowledge(pack)
    return [name for id_, thing in pack.things.items() for name in dict.fromkeys((thing.name, *knowledge.names(id_).values()))]


def _features(understanding: Understanding, signs: list[Alarm], pack: Pack, english: English) -> dict[str, float]:
    features = message_features(understanding.utterance, understanding.mentions, pack, english)
    features.update({f"sign:{alarm.guard}": _SIGN for alarm in signs})
    return features


class Guardian:
    """The guards of one pack."""

    def __init__(self, model: Model, signs: SignFinder, pack: Pack, english: English) -> None:
        self._teller = Teller(model)
        self._signs = signs
        self._pack = pack
        self._english = english

    def sense(self, understanding: Understanding, *, in_talk: bool = False) -> Sense:
        """What kind of message it is. `in_talk`: something of the pack was spoken of before."""
        signs = self._signs.find(understanding, in_talk=in_talk)
        if not self._teller.labels:
            return Sense(tuple(signs), 0.0)
        shares = self._teller.probabilities(_features(understanding, signs, self._pack, self._english))
        alarms: list[Alarm] = []
        kinds: tuple[tuple[Literal["urgent", "refer"], float], ...] = (("urgent", _URGENT), ("refer", _REFER))
        for kind, least in kinds:
            own = {guard: shares.get(guard, 0.0) for guard in self._pack.guards if self._pack.guards[guard].kind == kind}
            whole = sum(own.values())
            if any(alarm.kind == kind == "urgent" for alarm in signs):
                least = _URGENT_BY_SIGN
            if own and whole >= least:
                likeliest = max(own, key=lambda guard: own[guard])
                alarms.append(self._alarm(likeliest, kind, whole, signs))
        goes_on = in_talk and len(understanding.utterance.tokens) <= _SHORT
        return Sense(tuple(alarms), 0.0 if goes_on else shares.get(OUTSIDE, 0.0))

    def _alarm(self, guard: str, kind: Literal["urgent", "refer"], probability: float, signs: list[Alarm]) -> Alarm:
        sign = next((alarm for alarm in signs if alarm.guard == guard), None)
        seen = f", {sign.reason}" if sign else ""
        return Alarm(guard, kind, sign.tokens if sign else (), f"like the examples of '{guard}' ({probability:.2f}){seen}")
