"""What comes out of the engine."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

Kind = Literal["answer", "clarify", "fallback", "urgent", "refer", "chitchat"]
Verdict = Literal["yes", "no"]


class Entity(Struct, frozen=True):
    """Something of the pack that was recognised in the question."""

    id: str
    kind: str
    """id of the kind of thing it is"""
    words: str
    """the words that named it, as typed"""
    span: tuple[int, int]
    """their place in the question, in characters: start, end"""


class Option(Struct, frozen=True):
    """One choice of a clarification."""

    title: str
    question: str
    """what picking it asks"""


class Source(Struct, frozen=True):
    """Where an answer comes from."""

    title: str
    section: str
    url: str | None
    reviewed: str | None
    """date of the last review, YYYY-MM-DD; None when it is not known"""


class Candidate(Struct, frozen=True):
    """A rival that was considered."""

    intent: str
    confidence: float
    """0..1"""


class Trace(Struct, frozen=True):
    """Why the engine said what it said, one line a step."""

    steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.steps)


def _no_trace() -> Trace:
    return Trace()


class Reply(Struct, frozen=True, kw_only=True):
    """The reply to one question. Immutable; `to_dict` is the one JSON shape used everywhere."""

    kind: Kind
    text: str
    """plain text, complete by itself"""
    markdown: str
    verdict: Verdict | None = None
    """set for yes/no questions; the text begins with it too"""
    confidence: float = 0.0
    """0..1: how probable it is that this reply is the right one"""
    intent: str | None = None
    """id of the FAQ entry or fact question that answered"""
    entities: tuple[Entity, ...] = ()
    options: tuple[Option, ...] = ()
    suggestions: tuple[str, ...] = ()
    """good next questions"""
    sources: tuple[Source, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """ranked rivals, best first"""
    explain: Callable[[], Trace] = _no_trace
    """makes the trace; called when the trace is read, so that nobody else pays for it"""

    @property
    def trace(self) -> Trace:
        """Why, step by step."""
        return self.explain()

    def to_dict(self, *, trace: bool = False) -> dict[str, Any]:
        """The reply as JSON-able values; `trace` adds the reasons."""
        fields = {name: msgspec.to_builtins(getattr(self, name)) for name in self.__struct_fields__ if name != "explain"}
        if trace:
            fields["trace"] = list(self.trace.steps)
        return fields
