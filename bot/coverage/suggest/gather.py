"""The questions of a log that are still not answered."""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from bot.coverage.cases import CaseError
from bot.coverage.reading import case_files, cases_of
from bot.engine import Engine
from bot.errors import Fault
from bot.log.store import is_log, questions_in
from bot.reply import Reply

_MASK = re.compile(r"\[(?:name|e-mail|date|phone|number)\]")
_TEMPLATE = str.maketrans(dict.fromkeys("[](){}<>|*", " "))
_UNANSWERED = frozenset({"fallback", "clarify"})

_MOST = 50_000
"""Different questions that are looked at; a log with more is for `faqbot coverage`."""


_MOST_FAULTS = 10


class Open(Struct):
    """A question that is not answered, or badly, with how often it was asked."""

    text: str
    reply: Reply
    """what the pack says to it now"""
    is_bad: bool = False
    """whether it is answered, and somebody found that bad"""
    notes: list[str] = field(default_factory=list)
    count: int = 1


class Gathered(Struct):
    open: list[Open] = field(default_factory=list)
    """in the order in which they were asked first"""
    answered: int = 0
    """different questions that are answered by now"""
    left_out: int = 0
    """lines that are no questions, or that say nothing without the personal data"""


def gather(path: Path, engine: Engine) -> Gathered:
    """The questions in `path`, asked again. Raises LogError or CaseError when it cannot be read."""
    found = Gathered()
    seen: dict[tuple[str, bool], Open | None] = {}
    for text, is_bad, note in _asked(path, found):
        plain = without_marks(text)
        if not plain:
            found.left_out += 1
            continue
        key = " ".join(plain.lower().rstrip("?!. ").split()), is_bad
        if key not in seen and len(seen) >= _MOST:
            found.left_out += 1
        elif key not in seen:
            reply = engine.ask(plain)
            is_open = is_bad or reply.kind in _UNANSWERED
            seen[key] = Open(plain, reply, is_bad, [note] if note else []) if is_open else None
            found.answered += not is_open
        elif (one := seen[key]) is not None:
            one.count += 1
            one.notes += [note] if note and note not in one.notes else []
    found.open = [one for one in seen.values() if one is not None]
    return found


def _asked(path: Path, found: Gathered) -> Iterator[tuple[str, bool, str]]:
    """Question, whether its answer was rated bad, and what was said with it."""
    if is_log(path):
        for one in questions_in(path):
            yield one.question, one.reason == "bad", one.note
        return
    faults: list[Fault] = []
    read = 0
    for file in case_files(path):
        for case in cases_of(file, faults):
            read += 1
            yield case.turns[0].ask, False, ""  # what follows means little without what was said before
    if len(faults) > read:
        raise CaseError(faults[:_MOST_FAULTS])
    found.left_out += len(faults)


def without_marks(text: str) -> str:
    """`text` without the clauses that held personal data, and without the signs that templates are made of."""
    clauses = re.split(r"(?<=[.!?,;:])\s+", text)
    kept = [clause for clause in clauses if not _MASK.search(clause)]
    plain = " ".join(" ".join(kept).translate(_TEMPLATE).split())
    return plain if any(char.isalnum() for char in plain) else ""
