"""Questions with expectations: what a case is, and how it is written.

A case is a conversation; every turn of it is a question that is judged by itself. Files of cases are read by `reading`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct, field

from bot.errors import BotError, Fault
from bot.pack.decode import close_name
from bot.pack.format import Pack
from bot.reply import Kind, Verdict
from bot.understand.query import Form

_FORMS = frozenset(get_args(Form))


class Expectation(Struct, frozen=True, omit_defaults=True):
    """What a right reply must be; what is left out is not looked at."""

    kind: tuple[Kind, ...] = ()
    """kinds of reply that are right; empty for any"""
    has: tuple[tuple[str, ...], ...] = ()
    """of every group at least one must occur in the text; lower case"""
    lacks: tuple[str, ...] = ()
    """none of these may occur in the text; lower case"""
    verdict: Verdict | None = None
    """the reply must say so, in its field or as the first word of its text"""
    never: Verdict | None = None
    """the reply must not say so; it may say neither"""
    intent: tuple[str, ...] = ()
    """intents that are right; `side_effects.list` is met by `side_effects.list:velcade` too"""
    entities: tuple[str, ...] = ()
    """ids of things that must all have been recognised"""


class Turn(Struct, frozen=True, omit_defaults=True):
    ask: str
    expect: Expectation | None = None
    """None: the question is asked and nobody says what is right, as in a log"""


class Case(Struct, frozen=True, omit_defaults=True):
    """One conversation."""

    id: str
    turns: tuple[Turn, ...]
    tags: tuple[str, ...] = ()
    source: str = "cases"
    """where it comes from: the name of a file, `pack`, `self-test`, `facts`, `dialogues`, `perturbed`, `probes`"""
    facets: dict[str, str] = field(default_factory=dict)
    """of generated cases: how they were made (`form`, `attribute`, `thing`, `perturbation`, …)"""
    path: str = ""
    """the file that it stands in; empty for a generated one"""
    line: int = 0
    """1 or more; 0 for a generated one"""


class CaseError(BotError):
    """Cases that cannot be used; `faults` holds every mistake found, in the order of file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


# ---- as an author writes them -------------------------------------------------------------------------------------------

KindName = Literal["answer", "clarify", "fallback", "urgent", "refer", "chitchat"]


class WrittenExpectation(Struct, frozen=True, forbid_unknown_fields=True):
    """What a right reply must be; every key may be left out."""

    kind: KindName | list[KindName] = field(default_factory=list)
    """kind of reply that is right, or a list of them"""
    has: str | list[str | list[str]] = field(default_factory=list)
    """texts that must occur; a list among them is a group of which one is enough. Upper and lower case are the same"""
    lacks: str | list[str] = field(default_factory=list)
    """texts that must not occur"""
    verdict: Literal["yes", "no"] | None = None
    """what the reply to a yes/no question must say; in YAML in quotes"""
    never: Literal["yes", "no"] | None = None
    """what the reply must not say, while it may say neither; in YAML in quotes"""
    intent: str | list[str] = field(default_factory=list)
    """id of the entry or fact question that must answer, or a list of them"""
    entities: str | list[str] = field(default_factory=list)
    """ids of things that must have been recognised"""


class WrittenTurn(Struct, frozen=True, forbid_unknown_fields=True):
    ask: str
    """the question"""
    expect: WrittenExpectation | None = None


class WrittenCase(WrittenExpectation, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One case: a single question (`ask`, with what is expected beside it or under `expect`), or a conversation (`turns`)."""

    id: str | None = None
    """any name; left out, the place in the file is the name"""
    tags: str | list[str] = field(default_factory=list)
    ask: str | None = None
    expect: WrittenExpectation | None = None
    turns: list[WrittenTurn] = field(default_factory=list)


class WrittenFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of cases."""

    cases: list[WrittenCase]


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a file of cases: a list, a table with the key `cases`, or one case, which is a JSON line."""
    found = msgspec.json.schema(WrittenFile)["$defs"]
    listed = found["WrittenFile"]["properties"]["cases"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of faqbot cases",
        "anyOf": [listed, {"$ref": "#/$defs/WrittenFile"}, {"$ref": "#/$defs/WrittenCase"}],
        "$defs": found,
    }


def case_of(written: WrittenCase, *, id: str, source: str, path: str = "", line: int = 0) -> tuple[Case, list[str]]:
    """The case that `written` stands for, and what is wrong with it as a whole. `id` names it when it names itself not."""
    wrong: list[str] = []
    beside = [name for name in WrittenExpectation.__struct_fields__ if getattr(written, name)]
    turns = tuple(Turn(str(turn.ask), _expectation(turn.expect)) for turn in written.turns)
    if written.ask is None:
        if not turns:
            wrong.append("a case needs 'ask', the question, or 'turns', a list of questions")
        elif beside or written.expect is not None:
            wrong.append(f"{_listed(beside or ['expect'])} stands beside 'turns': say in each turn what is expected of it")
    elif turns:
        wrong.append("a case has 'ask' or 'turns', not both")
    else:
        if beside and written.expect is not None:
            wrong.append(f"{_listed(beside)} stands beside 'expect': put all of it there, or leave 'expect' out")
        turns = (Turn(str(written.ask), _expectation(written.expect or (written if beside else None))),)
    if any(not turn.ask.strip() for turn in turns):
        wrong.append("a question is empty")
    return Case(str(written.id or id), turns, _texts(written.tags), source, path=path, line=line), wrong


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _texts(written: str | list[str]) -> tuple[str, ...]:
    return (str(written),) if isinstance(written, str) else tuple(str(text) for text in written)


def _expectation(written: WrittenExpectation | None) -> Expectation | None:
    if written is None:
        return None
    groups = [written.has] if isinstance(written.has, str) else written.has
    return Expectation(
        kind=_texts(written.kind),  # type: ignore[arg-type]
        has=tuple(tuple(text.lower() for text in _texts(group)) for group in groups),
        lacks=tuple(text.lower() for text in _texts(written.lacks)),
        verdict=written.verdict,
        never=written.never,
        intent=_texts(written.intent),
        entities=_texts(written.entities),
    )


# ---- against a pack -----------------------------------------------------------------------------------------------------


def unknown_names(case: Case, pack: Pack) -> Iterator[Fault]:
    """A fault for every intent and thing that `case` expects and that `pack` does not have."""
    entries = [*pack.entries, *pack.guards, *pack.smalltalk]
    for turn in case.turns:
        for intent in turn.expect.intent if turn.expect else ():
            head, _, rest = intent.partition(":")
            attribute, dot, form = head.partition(".")
            if intent in entries or head in _FORMS or (dot and form in _FORMS and _is_attribute(attribute, pack)):
                for name in rest.split("+") if rest else ():
                    if name not in pack.things and name not in pack.kinds:
                        what = f"expects the intent '{intent}', and the pack has no thing '{name}'"
                        yield _fault(case, what, name, pack.things)
            else:
                yield _fault(case, f"expects the intent '{intent}', and the pack has none of that id", intent, entries)
        for thing in turn.expect.entities if turn.expect else ():
            if thing not in pack.things:
                yield _fault(case, f"expects the entity '{thing}', and the pack has no thing of that id", thing, pack.things)


def _is_attribute(name: str, pack: Pack) -> bool:
    return any(name in kind.attributes for kind in pack.kinds.values())


def _fault(case: Case, message: str, name: str, known: Iterable[str]) -> Fault:
    return Fault(case.path or case.source, case.line, 1, f"'{case.id}' {message}{close_name(name, [str(k) for k in known])}")
