"""What a conversation remembers: a small value that is handed in and handed back."""

import re
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.errors import StateError
from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.reply import Reply
from bot.respond.decide import THRESHOLD
from bot.understand.query import Claim, Query, Verdict
from bot.understand.understanding import Understanding

VERSION = 1
_MOST_THINGS = 12
_LAST = 2
_MOST_OWNED = 4
_MOST_SUBJECTS = 6
_MOST_QUESTION = 200
"""Characters of the last question that are kept."""

_COUNTED = re.compile(r"is:(least|most|more|fewer)?[0-9]{1,2}")
"""How a query is marked by which a number was told right or wrong."""


class Memory(Struct, frozen=True):
    """What was spoken of, what was asked last, and what was offered."""

    version: int = VERSION
    pack: str = ""
    """title of the pack that it belongs to"""
    things: tuple[str, ...] = ()
    """ids of things spoken of, the latest first"""
    listed: tuple[str, ...] = ()
    """things of one kind that were named together or one after the other, in that order: `the first one`, `the other`"""
    subjects: tuple[str, ...] = ()
    """the first things that were asked about, in that order: `back to the first drug`"""
    query: Query | None = None
    """the last question over facts"""
    asked: str = ""
    """the last message that was a question in its own words, as it was typed"""
    owned: tuple[tuple[str, str], ...] = ()
    """(whose it is, thing): `mum has Rustino` makes it hers; nobody's: what was named last"""
    options: tuple[tuple[str, str], ...] = ()
    """(title, question) of each choice of the last clarification"""
    text: str = ""
    """what was said last, courtesies aside"""
    told: str = ""
    """what was told since the last question, so that `more` does not tell it again"""
    kind: Literal["answer", "refer", "clarify", "fallback", "urgent"] = "answer"
    verdict: Verdict | None = None
    sections: tuple[str, ...] = ()
    """what it was, the verdict in it, and the sections that it came from"""


def restore(state: dict[str, Any] | None, pack: Pack) -> Memory:
    """The memory saved as `state`. Raises StateError when it is malformed, of a later version, or of another pack."""
    if state is None:
        return Memory(pack=str(pack.pack.title))
    if not isinstance(state, dict):
        raise StateError(f"a saved conversation should be a table, got {type(state).__name__}")
    version = state.get("version")
    if version != VERSION:
        raise StateError(f"this conversation was saved as version {version!r}; this program reads version {VERSION}")
    try:
        memory = msgspec.convert(state, Memory)
    except msgspec.ValidationError as error:
        raise StateError(f"not a saved conversation: {error}") from error
    if memory.pack != str(pack.pack.title):
        raise StateError(f"this conversation belongs to the pack '{memory.pack}', not to '{pack.pack.title}'")
    return replace(
        memory,
        things=_known(memory.things, pack),
        listed=_known(memory.listed, pack),
        subjects=_known(memory.subjects, pack),
        asked=memory.asked[:_MOST_QUESTION],
        owned=tuple(pair for pair in memory.owned if pair[1] in pack.things)[-_MOST_OWNED:],
        query=memory.query if memory.query and _fits(memory.query, pack) else None,
    )


def _known(things: tuple[str, ...], pack: Pack) -> tuple[str, ...]:
    return tuple(thing for thing in things if thing in pack.things)[:_MOST_THINGS]


def _fits(query: Query, pack: Pack) -> bool:
    """Whether the pack can still answer a saved query: it may have been edited since."""
    named = (*query.things, *query.values, *query.without)
    kinds = {pack.things[thing].kind for thing in query.things if thing in pack.things}
    declared = not query.attribute or any(query.attribute in kind.attributes for kind in pack.kinds.values())
    return (
        all(thing in pack.things for thing in named)
        and declared
        and (not query.kind or query.kind in pack.kinds)
        and (not query.attribute or all(query.attribute in pack.kinds[kind].attributes for kind in kinds))
        and query.premise is None
        and (not query.mode.startswith("is:") or _COUNTED.fullmatch(query.mode) is not None)
        and (not query.mode.startswith("size:") or query.mode[5:].isdecimal() or query.mode[5:] in {"least", "most"})
    )


def remember(
    memory: Memory,
    understanding: Understanding,
    claim: Claim | None,
    reply: Reply,
    knowledge: Knowledge,
    english: English,
    pointed_at: tuple[str, ...] = (),
) -> Memory:
    """The memory after `reply`.

    pointed_at: what the message chose of the things listed before; the next message may choose of these, too.
    """
    if reply.kind == "chitchat":
        return replace(memory, options=())
    pack = knowledge.pack
    named = _named(understanding, pack)
    query = claim.query if claim is not None and (reply.kind in {"answer", "clarify"} or claim.confidence >= THRESHOLD) else None
    asked = [m.id for m in understanding.mentions if m.kind == "attribute" and len(m.tokens) > 1]
    if reply.kind == "fallback" and asked and not named:
        query = Query("list", asked[0])  # of something unknown: the next message may name what was meant
    subjects = list(query.things) if query else []
    spoken = [*reversed(subjects), *(query.values if query else ()), *named]
    if claim is not None and claim.entry is not None and reply.kind == "answer":
        entry = pack.entries[claim.entry]
        about = (*entry.about, *([entry.fact.partition(".")[0]] if entry.fact else []))
        about = tuple(sorted(about, key=lambda t: t not in memory.things[:_LAST]))  # of several the one spoken of stays first
        spoken.extend(t for t in about if t != pack.pack.topic)
    told = (
        [value for thing in subjects if query for value in knowledge.all_values(thing, query.attribute)][:3]
        if query and query.attribute
        else []
    )
    things = tuple(dict.fromkeys((*spoken, *told, *memory.things)))[:_MOST_THINGS]
    own = [thing for thing in (*subjects, *named) if knowledge.has_story(thing)]
    return replace(
        memory,
        things=things,
        subjects=tuple(dict.fromkeys((*memory.subjects, *own)))[:_MOST_SUBJECTS],
        listed=memory.listed
        if len(pointed_at) == 1 and pointed_at[0] in memory.listed
        else _listed(
            memory, _together(subjects, named, understanding), _is_list(query, reply, knowledge), query, reply.text, knowledge
        ),
        query=query if query is not None or reply.kind == "answer" else memory.query,
        asked=understanding.utterance.text[:_MOST_QUESTION] if _is_question(understanding) else memory.asked,
        owned=_owned(memory, understanding, knowledge, english),
        options=tuple((option.title, option.question) for option in reply.options),
        text=reply.text,
        told=reply.text,
        kind=reply.kind,
        verdict=reply.verdict,
        sections=tuple(s.section for s in reply.sources),
    )


def _is_question(understanding: Understanding) -> bool:
    """Whether the message says more than names and the small words around them."""
    named = {at for m in understanding.mentions if m.kind in {"thing", "frame"} for at in m.tokens}
    tokens = understanding.utterance.tokens
    return len(tokens) > 2 and any(token.weight > 0 for at, token in enumerate(tokens) if at not in named)


def owners_in(understanding: Understanding, knowledge: Knowledge, english: English) -> list[tuple[str, str]]:
    """Whose each thing is that the message names behind somebody: `mum has Rustino, dad's on Mandorla`."""
    if not any(token.word in english.owners for token in understanding.utterance.tokens):
        return []
    starts = {m.tokens[0]: m.id for m in understanding.mentions if m.kind == "thing" and knowledge.groups_of(m.id)}
    found: list[tuple[str, str]] = []
    owner, clause = "", -1
    for at, token in enumerate(understanding.utterance.tokens):
        if token.clause != clause:
            owner, clause = "", token.clause
        owner = english.owners.get(token.word, owner)
        if at in starts and owner:
            found.append((owner, starts[at]))
    return found


def _owned(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> tuple[tuple[str, str], ...]:
    found = owners_in(understanding, knowledge, english)
    found.extend(("", t) for t in _named(understanding, knowledge.pack)[:1] if knowledge.groups_of(t))
    return tuple(dict((*memory.owned, *found)).items())[-_MOST_OWNED:] if found else memory.owned


def _named(understanding: Understanding, pack: Pack) -> list[str]:
    """The things that the message names; those of the clause that asks come first."""
    tokens, asking = understanding.utterance.tokens, understanding.asking
    mentions = [m for m in understanding.mentions if m.kind == "thing" and m.id != pack.pack.topic]
    mentions.sort(key=lambda m: tokens[m.tokens[0]].clause not in asking)
    return list(dict.fromkeys(m.id for m in mentions))


def _together(subjects: list[str], named: list[str], understanding: Understanding) -> list[str]:
    """What is spoken of together: what the message names, in that order, or the one thing that it is about."""
    if len(subjects) > 1 or len(named) < 2:
        return subjects or named
    firsts = {m.id: m.tokens[0] for m in reversed(understanding.mentions) if m.kind == "thing"}
    return sorted(named, key=lambda thing: firsts[thing])


def _is_list(query: Query | None, reply: Reply, knowledge: Knowledge) -> bool:
    """Whether the reply may be a list that the next message chooses from."""
    if query is not None:
        told_by_others = query.form == "overview" and not any(knowledge.is_told_of(thing) for thing in query.things)
        return told_by_others or query.form in {"list", "reverse", "count", "count_kind", "siblings", "vague"}
    return reply.kind == "answer"


def _listed(
    memory: Memory, subjects: list[str], is_list: bool, query: Query | None, text: str, knowledge: Knowledge
) -> tuple[str, ...]:
    """What `the first one` and `the other one` choose from after a reply."""
    left_out = {*query.without, *(query.things if query.form in {"reverse", "count"} else ())} if query else set()
    subjects = [thing for thing in subjects if thing not in left_out]
    kind_of = {thing: knowledge.thing(thing).kind for thing in (*subjects, *memory.listed)}
    alike = [thing for thing in dict.fromkeys(subjects) if kind_of[thing] == kind_of[subjects[0]]]
    if len(alike) < 2 and is_list and not set(alike) & set(memory.listed):
        told = knowledge.told_in(text, left_out)
        if len(told) == 1 and query is not None and query.form in {"reverse", "count"}:
            told = list(knowledge.all_values(told[0], query.attribute)) or told  # the parts of the only one
        alike = told if len(told) > 1 else alike
    if not alike or (len(alike) == 1 and alike[0] in memory.listed):
        return memory.listed
    if len(alike) == 1 and all(kind_of[thing] == kind_of[alike[0]] for thing in memory.listed):
        alike = [*memory.listed, *alike]  # spoken of one after the other
    return tuple(alike)[-_MOST_THINGS:]
