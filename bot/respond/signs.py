"""Signs of what must be met before any question is answered: an emergency now, or a decision that belongs to the care team.

A sign alone is not enough: `does it cause fever` and `years ago I had a fever` hold the same words as `he has a fever`. Person,
tense, negation and supposition decide.
"""

from typing import Literal

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Guard, Pack
from bot.understand.match import Line, Pattern, PatternBuilder, by_stem, candidates, named
from bot.understand.understanding import Understanding
from bot.understand.utterance import Token

_DENIAL_REACH = 4
"""A negation this many words before a sign denies it."""

_APPEALS = frozenset({"help", "please", "tell", "advise"})
"""`could somebody help` asks for something and supposes nothing."""

_MUSING = frozenset({"wondering", "curious", "would", "could", "planning"})
"""Supposes what belongs to it, and nothing that somebody says after a comma."""

_TURNS = frozenset({"but", "although", "though", "however"})
"""After these a denial holds no longer."""

_NO_MORE = frozenset({"longer", "yet"})
"""`no longer`, `not yet` deny what comes after them."""

_WEAK = 0.5
"""An alarm without a sign that is less likely is weak: of the questions to work with that are understood as one of facts then,
hardly any is an emergency."""

_NOW = frozenset({"now", "today", "tonight", "suddenly", "currently"})


class Alarm(Struct, frozen=True):
    """A guard that was set off."""

    guard: str
    kind: Literal["urgent", "refer"]
    tokens: tuple[int, ...]
    """of the sign that set it off; none where the message as a whole did"""
    reason: str
    likely: float = 1.0
    """0..1: how likely the message as a whole is met by the guard; 1 for a sign"""

    @property
    def is_weak(self) -> bool:
        """Whether no sign set it off, and it is rather unlikely."""
        return not self.tokens and self.likely < _WEAK

    @property
    def is_certain(self) -> bool:
        """Whether it is met even where the message reads as a courtesy, or asks for what anybody may be told."""
        return self.kind == "urgent" and bool(self.tokens)


class Sign(Struct, frozen=True, array_like=True):
    """One template of a guard."""

    guard: str
    role: str
    """`signs`, `always` or `unless`"""
    pattern: Pattern


def build(pack: Pack, builder: PatternBuilder) -> tuple[Sign, ...]:
    """The signs of a checked pack."""
    return tuple(
        Sign(guard_id, role, builder.pattern(template))
        for guard_id, guard in pack.guards.items()
        for role in ("signs", "always", "unless")
        for template in getattr(guard, role)
    )


class Watch(Struct, frozen=True):
    """How a message is put: who, when, and whether it is meant."""

    person: bool
    present: bool
    past: bool
    supposed: bool
    general: bool
    """a question about drugs or treatments in general"""


class SignFinder:
    """The signs of the guards of one pack."""

    def __init__(self, signs: tuple[Sign, ...], pack: Pack, english: English) -> None:
        self._english = english
        self._guards = pack.guards
        self._signs = by_stem(signs)

    def find(self, understanding: Understanding, *, in_talk: bool = False) -> list[Alarm]:
        """The guards of which a sign counts in this message, urgent ones first.

        in_talk: something of the pack was spoken of before.
        """
        tokens = understanding.utterance.tokens
        alarms: dict[str, Alarm] = {}
        excused: set[str] = set()
        figurative = {index for m in understanding.mentions if m.kind == "idiom" for index in m.tokens}
        for sign, start, end in self._found(tokens):
            if not figurative.isdisjoint(range(start, end)):
                continue
            if sign.role == "unless":
                excused.add(sign.guard)
            elif sign.guard not in alarms:
                reason = self._alarming(self._guards[sign.guard], sign, (start, end), understanding, in_talk)
                if reason:
                    alarms[sign.guard] = Alarm(sign.guard, self._guards[sign.guard].kind, tuple(range(start, end)), reason)
        found = [alarm for alarm in alarms.values() if alarm.guard not in excused]
        order = list(self._guards)
        return sorted(found, key=lambda alarm: (alarm.kind != "urgent", order.index(alarm.guard)))

    def _found(self, tokens: tuple[Token, ...]) -> list[tuple[Sign, int, int]]:
        """Every sign that stands within a clause of `tokens`, and where."""
        found: list[tuple[Sign, int, int]] = []
        first = 0
        while first < len(tokens):
            last = next((at for at in range(first, len(tokens)) if tokens[at].clause != tokens[first].clause), len(tokens))
            line = Line(tokens[first:last], self._english)
            for sign in candidates(self._signs, line.forms):
                span = line.search(sign.pattern)
                if span is not None:
                    found.append((sign, first + span[0], first + span[1]))
            first = last
        return found

    def _is_denied(self, start: int, understanding: Understanding) -> bool:
        """Whether the words before the sign at token `start` deny it.

        `no, he …` does not: somebody new stands between. `not ok, …` does not: only a list goes on after a comma.
        """
        tokens = understanding.utterance.tokens
        listed = {index for m in understanding.mentions if m.kind == "thing" for index in m.tokens}
        is_listed = True
        for at in range(start - 1, max(0, start - _DENIAL_REACH) - 1, -1):
            if tokens[at].clause != tokens[start].clause or tokens[at].word in self._english.persons:
                return False
            if self._is_cut(at, understanding):
                is_listed = False
            is_listed = is_listed or at in listed
            if tokens[at].word in self._english.negations:
                return is_listed
        return False

    def _is_denied_within(self, sign: Sign, span: tuple[int, int], understanding: Understanding) -> bool:
        """Whether a negation between the words of the sign denies it: `my throat is not swelling`.

        Not so where the template itself names one (`will not stop`), where the sign stands already before it
        (`is tight, not swollen`), and where it denies something else (`does not stop swelling`).
        """
        start, end = span
        tokens = understanding.utterance.tokens
        negations = [at for at in range(start + 1, end) if tokens[at].word in self._english.negations]
        if not negations or any(token.word in _TURNS for token in tokens[negations[0] : end]):
            return False
        words = named(sign.pattern.path)
        if not words.isdisjoint(self._english.negations):
            return False
        last = negations[-1]
        passed = (at for at in range(last + 1, end) if tokens[at].word not in _NO_MORE)
        denied = next((at for at in passed if tokens[at].word not in self._english.roles), None)
        if denied is None or any(self._is_cut(at, understanding) for at in range(last, denied)):
            return False
        is_of_sign = tokens[denied].stem in words or tokens[denied].word in words
        return is_of_sign and Line(tokens[start : negations[0]], self._english).search(sign.pattern) is None

    def _is_cut(self, at: int, understanding: Understanding) -> bool:
        """Whether a comma stands after token `at`."""
        tokens = understanding.utterance.tokens
        return at + 1 < len(tokens) and "," in understanding.utterance.text[tokens[at].end : tokens[at + 1].start]

    def _is_supposed(self, at: int, start: int, understanding: Understanding) -> bool:
        """Whether the word at `at` makes a supposition of the sign at `start`: `if`, `might`; not `could you help me`."""
        tokens = understanding.utterance.tokens
        following = {token.word for token in tokens[at + 1 : at + 4]}
        if tokens[at].word not in self._english.supposed or (tokens[at].word in _MUSING and following & _APPEALS):
            return False
        cut = next((here for here in range(at, start) if self._is_cut(here, understanding)), None)
        is_new = cut is not None and tokens[cut + 1].word in self._english.persons
        return not (is_new and tokens[at].word in _MUSING)

    def _is_past(self, words: list[str], at: int, sign: int) -> bool:
        """Whether the word at `at` puts the sign into the past: `years ago`, `last winter`, `in 2015` without `and now`."""
        if not _NOW.isdisjoint(words[at + 1 : sign]):
            return False
        word, before = words[at], words[at - 1] if at else ""
        following = words[at + 1] if at + 1 < len(words) else ""
        return (
            word in self._english.past
            or (word == "ago" and before in self._english.long_time)
            or (word == "last" and following in self._english.long_time)
            or (before in {"in", "since"} and word.isdecimal() and len(word) == 4)
        )

    def _watch(self, understanding: Understanding, start: int) -> Watch:
        """How the clause of token `start` is put; what is told around it counts for person and present."""
        english = self._english
        tokens = understanding.utterance.tokens
        clause = tokens[start].clause
        first = next(at for at, token in enumerate(tokens) if token.clause == clause)
        own = [token.word for token in tokens if token.clause == clause]
        every = [token.word for token in tokens]
        asks = bool(own) and (own[0] in english.wh or own[0] in english.openers or any(w in english.wh for w in own[:4]))
        of_pack = any(
            m.kind in {"thing", "attribute", "kind"} and tokens[m.tokens[0]].clause == clause for m in understanding.mentions
        )
        return Watch(
            person=any(word in english.persons for word in every),
            present=any(word in english.present for word in every),
            past=any(self._is_past(own, at, start - first) for at in range(len(own))),
            supposed=any(self._is_supposed(at, start, understanding) for at in range(first, start)),
            general=asks and of_pack and not any(word in english.persons for word in own),
        )

    def _alarming(self, guard: Guard, sign: Sign, span: tuple[int, int], understanding: Understanding, in_talk: bool) -> str:
        """Why the sign counts; empty when it does not."""
        tokens = understanding.utterance.tokens
        start, end = span
        clause = tokens[start].clause
        if self._is_denied(start, understanding) or self._is_denied_within(sign, span, understanding):
            return ""
        if guard.kind == "refer" and understanding.asking and clause not in understanding.asking:
            return ""  # what is told before a question asks for no decision
        shown = " ".join(token.word for token in tokens[start:end])
        if guard.whenever:
            return f"'{shown}'"
        seen = self._watch(understanding, start)
        if guard.of_pack and not in_talk and not any(m.kind in {"thing", "kind", "background"} for m in understanding.mentions):
            return ""
        if guard.kind == "refer":
            return f"'{shown}'" if sign.role == "always" or seen.person else ""
        if seen.past or seen.supposed or seen.general:
            return ""
        if sign.role == "always":
            return f"'{shown}'"
        return f"'{shown}', somebody, now" if seen.person or seen.present else ""
