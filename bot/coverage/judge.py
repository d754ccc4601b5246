"""Was a reply right? The one place that says so; whoever marks a question comes here."""

import re
from collections.abc import Iterator
from typing import Literal, Protocol

from msgspec import Struct, field

from bot.coverage.cases import Case, Expectation
from bot.reply import Kind, Reply, Verdict

Outcome = Literal["right", "wrong", "clarified", "silent", "unjudged"]

_NOT_RIGHT: dict[str, Outcome] = {"clarify": "clarified", "fallback": "silent"}
"""Replies that give no answer: not what was hoped for, perhaps, but nobody is misled. The rest can be wrong."""


class Talks(Protocol):
    """A conversation with an engine, or with whatever stands in for one."""

    def ask(self, text: str) -> Reply: ...


class Mark(Struct, frozen=True, omit_defaults=True):
    """What one question earned."""

    case: str
    turn: int
    """1 for the first question of the conversation"""
    ask: str
    outcome: Outcome
    kind: Kind
    """of the reply"""
    text: str
    """of the reply"""
    confidence: float
    source: str = "cases"
    tags: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    """what was not as expected; empty for a right reply"""
    verdict: Verdict | None = None
    """of the reply"""
    intent: str | None = None
    """of the reply"""
    expect: Expectation | None = None
    sources: tuple[str, ...] = ()
    """of the reply: title and section"""
    trace: tuple[str, ...] = ()
    """why, for a reply that is not right"""
    path: str = ""
    line: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether the reply gives an answer of some kind, right or wrong."""
        return self.kind not in _NOT_RIGHT

    @property
    def place(self) -> str:
        """Where the case stands: `cases.yaml:12`, or how it was named when it was generated."""
        return f"{self.path}:{self.line}" if self.path else f"{self.source}: {self.case}"


def faults_of(expect: Expectation, reply: Reply) -> tuple[str, ...]:
    """What is not as expected; nothing for a right reply."""
    text = reply.text.lower()
    faults = [f"kind is {reply.kind}, not {' or '.join(expect.kind)}"] if expect.kind and reply.kind not in expect.kind else []
    faults += [f"lacks {' or '.join(map(repr, group))}" for group in expect.has if not any(part in text for part in group)]
    faults += [f"has {part!r}" for part in expect.lacks if part in text]
    said = (reply.verdict, _first_word(text)) if expect.verdict or expect.never else ()
    if expect.verdict is not None and expect.verdict not in said:
        faults.append(f"does not say {expect.verdict}")
    if expect.never is not None and expect.never in said:
        faults.append(f"says {expect.never}")
    if expect.intent and not any(meets(reply.intent, wanted) for wanted in expect.intent):
        faults.append(f"intent is {reply.intent or 'none'}, not {' or '.join(expect.intent)}")
    if expect.entities:
        known = {entity.id for entity in reply.entities}
        faults += [f"does not recognise {thing}" for thing in expect.entities if thing not in known]
    return tuple(faults)


def _first_word(text: str) -> str:
    found = re.match(r"\W*(\w+)", text)
    return found.group(1) if found else ""


def meets(intent: str | None, wanted: str) -> bool:
    """Whether `intent` is the wanted one; a wanted `side_effects.list` stands for any thing that it is asked of."""
    return intent is not None and (intent == wanted or intent.startswith(f"{wanted}:"))


def outcome_of(reply: Reply, faults: tuple[str, ...]) -> Outcome:
    """`right`; `silent` or `clarified` when it gave no answer where one was due; `wrong` when it gave one, and a wrong one."""
    return "right" if not faults else _NOT_RIGHT.get(reply.kind, "wrong")


def judged(case: Case, turn: int, reply: Reply) -> Mark:
    """The mark that `reply` earns as the reply to question `turn`, from 1, of `case`."""
    asked = case.turns[turn - 1]
    faults = faults_of(asked.expect, reply) if asked.expect is not None else ()
    return Mark(
        case=case.id,
        turn=turn,
        ask=asked.ask,
        outcome=outcome_of(reply, faults) if asked.expect is not None else "unjudged",
        kind=reply.kind,
        text=reply.text,
        confidence=reply.confidence,
        source=case.source,
        tags=case.tags,
        facets=case.facets,
        faults=faults,
        verdict=reply.verdict,
        intent=reply.intent,
        expect=asked.expect,
        sources=tuple(f"{source.title}, {source.section}" if source.section else str(source.title) for source in reply.sources),
        trace=reply.trace.steps if faults else (),
        path=case.path,
        line=case.line,
    )


def marks_of(case: Case, talk: Talks) -> Iterator[Mark]:
    """A mark for every question of `case`, asked in the conversation `talk`, which nobody has used before."""
    for turn, asked in enumerate(case.turns, 1):
        yield judged(case, turn, talk.ask(asked.ask))
