"""What must be met before any question is answered: an emergency now, or a decision that belongs to the care team.

The engine learns what such messages look like from the examples of the guards, against the ordinary messages of the pack and
those outside of it. The signs of a guard are evidence among the words.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import ORDINARY, OUTSIDE, Pack
from bot.pack.knowledge import Knowledge
from bot.respond.signs import Alarm, SignFinder
from bot.understand.asked import attribute_of
from bot.understand.learn import learn
from bot.understand.message import message_features
from bot.understand.model import Model, Teller
from bot.understand.retrieve import Asked
from bot.understand.understanding import Understander, Understanding

_SIGN = 2.0
"""Value of a sign as a feature, beside 1 for a word."""

_URGENT = 0.35
_URGENT_BY_SIGN = 0.15
_REFER = 0.4
"""Probability from which a message sets off the guards of that kind.

Chosen by the tables of `python -m benchmarks.guards`: the least, in steps of 0.05, from which on by the probability alone
2 to 3 in 100 of the messages that were written to look like alarms set one off, and at most 4 of those outside of the pack.
"""

_REFER_FOREIGN = 0.75
"""The same for a decision where neither a sign nor anything of the pack is named: it may be about anything in the world."""

_OF_ANY_PACK = frozenset({"frame", "verify", "idiom", "asks", "concept"})
"""Kinds of mentions that say nothing of the subject."""

_OWN_SHARE = 0.5
"""What the ways to ask the entries and the facts count together, beside 1 for all other examples together."""

_ORDERS = 8
"""The examples are gone through in so many orders: an alarm should not hang on one example more or less."""

_SHORT = 7
"""Words of a message that goes on with what was spoken of, and so looks like nothing by itself."""


class Sense(Struct, frozen=True):
    """What kind of message it is."""

    alarms: tuple[Alarm, ...]
    """the guards that it sets off, urgent ones first"""
    outside: float
    """0..1: how likely it asks for something outside of the pack"""


class Lesson(Struct, frozen=True):
    """One message to learn from."""

    label: str
    """of the examples; empty for what the entries are asked and what things are called"""
    text: str
    features: dict[str, float]
    signs: tuple[Alarm, ...]


def taught(pack: Pack, understander: Understander, signs: SignFinder, english: English, asked: Iterable[Asked]) -> Model:
    """What there is to learn from the examples of a pack; `asked`: the ways in which its entries and its facts are asked."""
    return learned(lessons(pack, understander, signs, english, asked), pack) if pack.examples else learn((), ())


def lessons(pack: Pack, understander: Understander, signs: SignFinder, english: English, asked: Iterable[Asked]) -> list[Lesson]:
    """All that the guards of a pack learn from."""
    found: list[Lesson] = []
    for label, texts in pack.examples.items():
        if attribute_of(label):
            continue  # they are among those that were asked
        found.extend(lesson_of(label, text, pack, understander, signs, english) for text in texts)
    ordinary = [(one.utterance, one.mentions) for one in asked]
    ordinary.extend((read.utterance, read.mentions) for read in map(understander.read, _names(pack)))
    found.extend(
        Lesson("", utterance.text, message_features(utterance, mentions, pack, english), ()) for utterance, mentions in ordinary
    )
    return found


def lesson_of(label: str, text: str, pack: Pack, understander: Understander, signs: SignFinder, english: English) -> Lesson:
    """One message as the guards see it."""
    understanding = understander.read(text)
    seen = signs.find(understanding)
    return Lesson(label, text, _features(understanding, seen, pack, english), tuple(seen))


def learned(found: Sequence[Lesson], pack: Pack) -> Model:
    """A model of these lessons."""
    labels = [lesson.label if lesson.label in (*pack.guards, OUTSIDE) else ORDINARY for lesson in found]
    return learn([lesson.features for lesson in found], labels, _worth([lesson.label for lesson in found]), orders=_ORDERS)


def _worth(labels: Sequence[str]) -> list[float]:
    """What each lesson counts.

    Of ways to ask the entries and the facts a pack has as many as its author finds, and each makes an alarm less likely.
    So all of them together count no more than a share of the other examples: the pack may grow, and the balance stays.
    """
    written = [bool(label) for label in labels]
    own = min(1.0, sum(written) * _OWN_SHARE / max(1, len(labels) - sum(written)))
    return [1.0 if is_written else own for is_written in written]


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
        goes_on = in_talk and len(understanding.utterance.tokens) <= _SHORT
        is_foreign = not in_talk and all(mention.kind in _OF_ANY_PACK for mention in understanding.mentions)
        return Sense(alarms_of(shares, signs, self._pack, is_foreign=is_foreign), 0.0 if goes_on else shares.get(OUTSIDE, 0.0))


def alarms_of(shares: Mapping[str, float], signs: Sequence[Alarm], pack: Pack, *, is_foreign: bool = False) -> tuple[Alarm, ...]:
    """The guards that a message sets off, urgent ones first.

    shares: how likely it bears each label; signs: those found in it; is_foreign: it names nothing that the pack knows.
    """
    alarms: list[Alarm] = []
    kinds: tuple[tuple[Literal["urgent", "refer"], float], ...] = (("urgent", _URGENT), ("refer", _REFER))
    for kind, least in kinds:
        own = {guard: shares.get(guard, 0.0) for guard in pack.guards if pack.guards[guard].kind == kind}
        whole = sum(own.values())
        if any(alarm.kind == kind == "urgent" for alarm in signs):
            least = _URGENT_BY_SIGN
        if kind == "refer" and is_foreign and not signs:
            least = _REFER_FOREIGN
        if own and whole >= least:
            alarms.append(_alarm(max(own, key=lambda guard: own[guard]), kind, whole, signs))
    return tuple(alarms)


def _alarm(guard: str, kind: Literal["urgent", "refer"], probability: float, signs: Sequence[Alarm]) -> Alarm:
    sign = next((alarm for alarm in signs if alarm.guard == guard), None)
    seen = f", {sign.reason}" if sign else ""
    reason = f"like the examples of '{guard}' ({probability:.2f}){seen}"
    return Alarm(guard, kind, sign.tokens if sign else (), reason, likely=probability)
