"""The replies of two bots to the same questions, put side by side."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, field

from bot.coverage.judge import Mark
from bot.reply import Kind, Verdict

Sort = Literal["changed", "silent", "answers", "source"]
SORTS: tuple[Sort, ...] = ("silent", "changed", "answers", "source")
"""Worst first: `silent` was answered and is not any more; `changed` is answered otherwise; `answers` was not answered before;
`source` is answered in the same words from another source."""

_MOST_QUESTIONS = 25
"""Questions of a change that are kept; the rest are counted."""

_MOST_LOST = 200


class Side(Struct, frozen=True):
    """What one of the two said."""

    kind: Kind
    text: str
    verdict: Verdict | None
    intent: str | None
    sources: tuple[str, ...]


class Asked(Struct, frozen=True):
    """A question with its places: `cases.yaml:12`, or how it was named when it was generated."""

    ask: str
    place: str


class Change(Struct):
    """One difference, and who meets it."""

    sort: Sort
    old: Side
    new: Side
    count: int = 0
    """questions that meet it"""
    questions: list[Asked] = field(default_factory=list)
    """the first of them"""


class Lost(Struct, frozen=True):
    """A question that was answered, or rightly answered, and is not any more."""

    asked: Asked
    why: str


class Difference(Struct):
    """Everything that changed between `old` and `new`."""

    old: str
    new: str
    questions: int = 0
    same: int = 0
    """questions with the same reply, or with none from either"""
    counts: Counter[Sort] = field(default_factory=Counter)
    """questions, not changes"""
    changes: list[Change] = field(default_factory=list)
    """the sorts in order, and what most questions meet first"""
    lost_count: int = 0
    lost: list[Lost] = field(default_factory=list)


def differences(old: str, new: str, pairs: Iterable[tuple[Mark, Mark]]) -> Difference:
    """What changed between the marks of `old` and those of `new`, two of each question."""
    found = Difference(old, new)
    changes: dict[tuple[Sort, Side, Side], Change] = {}
    for before, after in pairs:
        found.questions += 1
        asked = Asked(before.ask, before.place + (f", turn {before.turn}" if before.turn > 1 else ""))
        if why := _lost(before, after):
            found.lost_count += 1
            found.lost.extend([Lost(asked, why)] if len(found.lost) < _MOST_LOST else ())
        sort = _sort(before, after)
        if sort is None:
            found.same += 1
            continue
        found.counts[sort] += 1
        sides = _side(before), _side(after)
        change = changes.setdefault((sort, *sides), Change(sort, *sides))
        change.count += 1
        if len(change.questions) < _MOST_QUESTIONS:
            change.questions.append(asked)
    found.changes = sorted(
        changes.values(), key=lambda change: (SORTS.index(change.sort), -change.count, change.questions[0].place)
    )
    return found


def _sort(old: Mark, new: Mark) -> Sort | None:
    if not old.is_answered and not new.is_answered:
        return None
    if old.is_answered != new.is_answered:
        return "answers" if new.is_answered else "silent"
    if (old.kind, old.verdict, old.text) != (new.kind, new.verdict, new.text):
        return "changed"
    return "source" if old.sources != new.sources else None


def _lost(old: Mark, new: Mark) -> str:
    """Why the question is lost; nothing when it is not."""
    if old.outcome == "right" and new.outcome != "right":
        return f"was right and is {new.outcome}: {'; '.join(new.faults)}"
    if old.outcome == "unjudged" and old.is_answered and not new.is_answered:
        return "was answered and is not"
    return ""


def _side(mark: Mark) -> Side:
    return Side(mark.kind, mark.text, mark.verdict, mark.intent, mark.sources)
