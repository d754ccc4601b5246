"""Question banks and marks: the one place that says what a right reply is.

A bank is a file of conversations, one JSON object a line:

    {"id": "f-1", "tags": ["typo"], "turns": [{"ask": "side effcts?", "expect": {"kind": ["answer"], "has": [["nausea"]]}}]}

Every turn is a question and is marked by itself; the turns of one line are asked in one conversation.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct

from bot.reply import Kind, Reply, Verdict

Outcome = Literal["right", "wrong", "silent"]

SILENT: frozenset[str] = frozenset({"fallback", "clarify"})
"""Kinds of reply that give no answer: not what was hoped for, perhaps, but nobody is misled. The rest can be wrong."""


class Expectation(Struct, frozen=True, forbid_unknown_fields=True):
    """What a right reply must be."""

    kind: tuple[Kind, ...]
    """kinds of reply that are right"""
    has: tuple[tuple[str, ...], ...] = ()
    """of every group at least one must occur in the text, in lower case"""
    lacks: tuple[str, ...] = ()
    """none of these may occur"""
    verdict: Verdict | None = None
    """the reply must say so, in its field or as the first word of its text"""


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    ask: str
    expect: Expectation


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One conversation."""

    id: str
    turns: tuple[Turn, ...]
    tags: tuple[str, ...] = ()


class Mark(Struct, frozen=True):
    """What one question earned."""

    case: str
    turn: int
    """1 for the first question of the conversation"""
    tags: tuple[str, ...]
    ask: str
    outcome: Outcome
    faults: tuple[str, ...]
    """what was not as expected; empty for a right reply"""
    kind: str
    """kind of the reply"""
    text: str
    """text of the reply"""
    confidence: float


class BankError(ValueError):
    """A bank that cannot be read; the message names every bad line."""


class Talks(Protocol):
    """An engine, or whatever stands in for one."""

    def conversation(self) -> Any: ...


def read_bank(path: Path) -> list[Case]:
    """The conversations of one file, in order. Raises BankError with every bad line, OSError when there is no such file."""
    cases: list[Case] = []
    faults: list[str] = []
    places: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = msgspec.json.decode(line, type=Case)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            faults.append(f"{path}:{number}: {error}")
            continue
        first = places.setdefault(case.id, number)
        if first != number:
            faults.append(f"{path}:{number}: the id '{case.id}' stands already on line {first}")
        if not case.turns or not all(turn.expect.kind for turn in case.turns):
            faults.append(f"{path}:{number}: '{case.id}' has no turns, or a turn that expects no kind of reply")
        cases.append(case)
    if faults:
        raise BankError("\n".join(faults))
    return cases


def faults_of(expect: Expectation, reply: Reply) -> tuple[str, ...]:
    """What is not as expected; nothing for a right reply."""
    text = reply.text.lower()
    faults = [] if reply.kind in expect.kind else [f"kind is {reply.kind}, not {' or '.join(expect.kind)}"]
    faults += [f"lacks {' or '.join(map(repr, group))}" for group in expect.has if not any(part in text for part in group)]
    faults += [f"has {part!r}" for part in expect.lacks if part in text]
    if expect.verdict is not None and expect.verdict not in (reply.verdict, _first_word(text)):
        faults.append(f"does not say {expect.verdict}")
    return tuple(faults)


def _first_word(text: str) -> str:
    found = re.match(r"\W*(\w+)", text)
    return found.group(1) if found else ""


def outcome_of(reply: Reply, faults: tuple[str, ...]) -> Outcome:
    """`right`; `silent` when it gave no answer where one was due; `wrong` when it gave one, and not the right one."""
    if not faults:
        return "right"
    return "silent" if reply.kind in SILENT else "wrong"


def mark(engine: Talks, cases: Iterable[Case]) -> Iterator[Mark]:
    """A mark for every question of `cases`, each case a conversation of its own."""
    for case in cases:
        conversation = engine.conversation()
        for number, turn in enumerate(case.turns, 1):
            reply = conversation.ask(turn.ask)
            faults = faults_of(turn.expect, reply)
            outcome = outcome_of(reply, faults)
            yield Mark(case.id, number, case.tags, turn.ask, outcome, faults, reply.kind, reply.text, reply.confidence)


class Tally(Struct, frozen=True):
    """How many questions earned what."""

    questions: int = 0
    right: int = 0
    wrong: int = 0
    silent: int = 0

    def share(self, outcome: Outcome) -> float:
        """0..1 of the questions; 0 when there are none."""
        return int(getattr(self, outcome)) / self.questions if self.questions else 0.0


def tally(marks: Iterable[Mark]) -> Tally:
    """The sums of `marks`."""
    outcomes = [mark.outcome for mark in marks]
    return Tally(len(outcomes), outcomes.count("right"), outcomes.count("wrong"), outcomes.count("silent"))


def by_tag(marks: Iterable[Mark]) -> dict[str, Tally]:
    """A tally for every tag, in the order of their names; a question counts for each of its tags."""
    found: dict[str, list[Mark]] = {}
    for one in marks:
        for tag in one.tags:
            found.setdefault(tag, []).append(one)
    return {tag: tally(own) for tag, own in sorted(found.items())}
