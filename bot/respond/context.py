"""What a conversation remembers, and how it completes what is said next."""

from itertools import pairwise
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.errors import StateError
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.reply import Reply
from bot.understand.query import Claim, Query, Verdict
from bot.understand.understanding import Understanding

VERSION = 1
_MOST_THINGS = 12
_FOLLOWING = 0.93
"""How sure it is that a bare name asks again what was asked before."""

_LONGEST_FOLLOW_UP = 8
"""Words; a longer message is a question of its own."""


class Memory(Struct, frozen=True):
    """A small value: what was spoken of, what was asked last, and what was offered."""

    version: int = VERSION
    pack: str = ""
    """title of the pack that it belongs to"""
    things: tuple[str, ...] = ()
    """ids of things spoken of, the latest first"""
    query: Query | None = None
    """the last question over facts"""
    options: tuple[tuple[str, str], ...] = ()
    """(title, question) of each choice of the last clarification"""
    text: str = ""
    """the last answer"""
    kind: Literal["answer", "refer", "clarify"] = "answer"
    verdict: Verdict | None = None
    sections: tuple[str, ...] = ()
    """what the last answer was, what it said, and the sections that it came from"""


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
    known = tuple(thing for thing in memory.things if thing in pack.things)[:_MOST_THINGS]
    return replace(memory, things=known, query=memory.query if memory.query and _fits(memory.query, pack) else None)


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
        and (not query.mode.startswith("size:") or query.mode[5:].isdigit())
    )


def remember(
    memory: Memory, understanding: Understanding, claim: Claim | None, reply: Reply, pack: Pack, knowledge: Knowledge
) -> Memory:
    """The memory after `reply`."""
    named = [m.id for m in understanding.mentions if m.kind == "thing" and m.id != pack.pack.topic]
    query = claim.query if claim is not None and reply.kind in {"answer", "clarify"} else None
    asked = [m.id for m in understanding.mentions if m.kind == "attribute" and len(m.tokens) > 1]
    if reply.kind == "fallback" and asked and not named:
        query = Query("list", asked[0])  # of something unknown: the next message may name what was meant
    subjects = list(query.things) if query else []
    spoken = [*reversed(subjects), *(query.values if query else ()), *named]
    if claim is not None and claim.entry is not None and reply.kind == "answer":
        spoken.extend(t for t in pack.entries[claim.entry].about if t != pack.pack.topic)
    told = (
        [value for thing in subjects if query for value in knowledge.all_values(thing, query.attribute)][:3]
        if query and query.attribute
        else []
    )
    things = tuple(dict.fromkeys((*spoken, *told, *memory.things)))[:_MOST_THINGS]
    kind = reply.kind
    if kind == "answer" or kind == "refer" or kind == "clarify":
        memory = replace(
            memory, text=reply.text, kind=kind, verdict=reply.verdict, sections=tuple(s.section for s in reply.sources)
        )
    elif kind != "chitchat":
        memory = replace(memory, text="")
    return replace(
        memory,
        things=things,
        query=query if query is not None or reply.kind == "answer" else memory.query,
        options=tuple((option.title, option.question) for option in reply.options),
    )


def follow_up(memory: Memory, understanding: Understanding, knowledge: Knowledge) -> Claim | None:
    """The last question asked again of what is named now: `and Kyprolis?`, `what about CAR-T?`; else None."""
    query, tokens = memory.query, understanding.utterance.tokens
    named = list(dict.fromkeys(m.id for m in understanding.mentions if m.kind == "thing"))
    if query is None or len(tokens) > _LONGEST_FOLLOW_UP:
        return None
    refined = _refined(query, named, understanding, knowledge)
    if refined is not None:
        return _claim(refined, understanding, "the question before, narrowed down")
    if not named:
        return _of_all(query, understanding, knowledge)
    if any(m.kind in {"attribute", "kind", "gap"} for m in understanding.mentions) or _asks_itself(understanding):
        return None
    changed = _with_other(query, named, knowledge)
    return _claim(changed, understanding, "the question before, asked of something else") if changed is not None else None


def _of_all(query: Query, understanding: Understanding, knowledge: Knowledge) -> Claim | None:
    """An attribute asked of all the things of the last question at once: `and how are they given, each of them?`."""
    words = {token.word for token in understanding.utterance.tokens}
    asked = [m.id for m in understanding.mentions if m.kind == "attribute"]
    if len(query.things) < 2 or not words & _ALL:
        return None
    name = next((a for a in asked if all(knowledge.held(t, a) for t in query.things)), None)
    return _claim(Query("list", name, things=query.things), understanding, "asked of all of them") if name else None


_ALL = frozenset({"they", "them", "their", "both", "each", "all", "these", "those"})


def _claim(query: Query, understanding: Understanding, reason: str) -> Claim:
    name = f"{query.attribute}.{query.form}:{'+'.join((*query.things, *query.values))}"
    everything = frozenset(range(len(understanding.utterance.tokens)))
    return Claim(name, _FOLLOWING, everything, (reason,), query=query, confidence=_FOLLOWING)


def _refined(query: Query, named: list[str], understanding: Understanding, knowledge: Knowledge) -> Query | None:
    """A reverse question with more to ask for (`which of those have Kyprolis`), less (`and without Pomalyst?`), or counted."""
    if query.form not in {"reverse", "count"} or not (query.values or query.without):
        return None
    words = {token.word for token in understanding.utterance.tokens}
    cues = understanding.cues
    if not named:
        return replace(query, form="count") if (cues.how_many or "count" in words) and words & _THOSE else None
    if not {knowledge.thing(t).kind for t in named} <= knowledge.value_kinds(query.attribute):
        return None
    asks_itself = any(m.kind in {"attribute", "kind"} for m in understanding.mentions) and not words & _THOSE
    if asks_itself or set(named) & {*query.values, *query.without}:
        return None
    if cues.without:
        return replace(query, without=(*query.without, *named))
    if words & _THOSE and any(m.kind != "attribute" for m in understanding.mentions):
        return replace(query, values=tuple(dict.fromkeys((*query.values, *named))))
    return None


_THOSE = frozenset({"those", "these", "them", "that", "it", "ones"})


def _asks_itself(understanding: Understanding) -> bool:
    """Whether the message is a question in its own words rather than a name with `and` or `what about` before it."""
    framed = {index for m in understanding.mentions if m.kind in {"frame", "thing"} for index in m.tokens}
    others = [t for at, t in enumerate(understanding.utterance.tokens) if at not in framed]
    return any(
        t.weight > 0.1 or t.word in {"what", "who", "is", "does", "do", "can", "are", "how", "why", "which"} for t in others
    )


def _with_other(query: Query, named: list[str], knowledge: Knowledge) -> Query | None:
    """`query` with its things, or its values, replaced by what is named."""
    kinds = {knowledge.thing(t).kind for t in named}
    ids = tuple(named)
    if query.form in {"same", "compare"} and query.attribute:
        query = Query("list", query.attribute, things=query.things)
    if query.form in {"overview", "same", "compare"}:
        return None
    if (query.things or query.form == "list") and all(knowledge.attribute(t, query.attribute) is not None for t in named):
        return replace(query, things=ids)
    if query.values and kinds <= knowledge.value_kinds(query.attribute):
        return replace(query, values=ids, mode="" if query.mode.startswith("size") else query.mode)
    return None


def pointed(memory: Memory, understanding: Understanding, knowledge: Knowledge) -> tuple[str, ...]:
    """The things spoken of, the one pointed at first: `the first drug`, `the other one`."""
    words = [token.word for token in understanding.utterance.tokens]
    things = memory.things
    of_kind = {index for m in understanding.mentions if m.kind in {"kind", "attribute"} for index in m.tokens}
    pairs = {(a, b) for at, (a, b) in enumerate(pairwise(words)) if b in {"one", "thing"} or at + 1 in of_kind}
    kinds = {m.id for m in understanding.mentions if m.kind == "kind"}
    alike = [t for t in things if not kinds or knowledge.thing(t).kind in kinds] or list(things)
    if len(alike) < 2:
        return things
    if any(a == "first" for a, _ in pairs):
        return (alike[-1], *things)
    if any(a in {"other", "previous", "earlier"} for a, _ in pairs):
        return (alike[1], *things)
    return things


def picked(memory: Memory, words: list[str]) -> list[str] | None:
    """The questions of the options that `words` pick: by number, ordinal, name, `both` or `all`.

    An empty list for none of them; None when nothing is picked.
    """
    options = memory.options
    if not options or not words or len(words) > 6:
        return None
    chosen = " ".join(words)
    if any(word in {"neither", "none"} for word in words):
        return []
    if chosen in {"both", "both of them"} and len(options) >= 2:
        return [question for _, question in options[:2]]
    if words[0] in {"all", "everything"} or "all" in words:
        return [question for _, question in options]
    if any(word != "one" and word not in _AROUND for word in words):  # `the second one`, `the puff one`: one of them
        words = [word for word in words if word != "one"]
    numbers = [_ORDINALS[word] for word in words if word in _ORDINALS]
    if numbers and len(numbers) + sum(word in _AROUND for word in words) == len(words):
        places = [len(options) if n < 0 else n for n in numbers]
        return [options[n - 1][1] for n in places if 1 <= n <= len(options)]
    found = [question for title, question in options if _names(title, words)]
    return found[:1] if len(found) == 1 else None


_NUMERALS = (
    "first one 1 1st",
    "second two 2 2nd",
    "third three 3 3rd",
    "fourth four 4 4th",
    "fifth five 5 5th",
    "sixth six 6 6th",
    "seventh seven 7 7th",
    "eighth eight 8 8th",
    "ninth nine 9 9th",
)
_ORDINALS = {word: number for number, words in enumerate(_NUMERALS, 1) for word in words.split()} | {"last": -1}
_AROUND = frozenset(
    [
        "the",
        "number",
        "option",
        "choice",
        "please",
        "no",
        "st",
        "nd",
        "rd",
        "th",
        "a",
        "pick",
        "take",
        "and",
        "i",
        "want",
        "would",
        "like",
    ]
)


def _names(title: str, words: list[str]) -> bool:
    """Whether every word that carries meaning stands in the title."""
    own = title.lower().replace("-", " ").split()
    meant = [word for word in words if word not in _AROUND and len(word) > 2]
    return bool(meant) and all(any(part.startswith(word[: max(4, len(word) - 2)]) for part in own) for word in meant)
