"""Which of the things spoken of a message points at: `the first drug`, `the other one`, `those two`."""

from msgspec import Struct

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.respond.memory import Memory
from bot.respond.picks import place_of
from bot.understand.understanding import Understanding


class Pointing(Struct, frozen=True):
    """The things that a message points at, and the words that do it."""

    things: tuple[str, ...] = ()
    tokens: frozenset[int] = frozenset()
    shares: bool = False
    """what they have in common is asked for"""


def point(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing:
    """What `understanding` points at of what was spoken of; nothing when it does not."""
    if not memory.things:
        return Pointing()
    return _by_place(memory, understanding, knowledge, english) or _pair(memory, understanding, knowledge, english) or Pointing()


def _by_place(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`the second one`, `the last drug`, `the other one`."""
    tokens = understanding.utterance.tokens
    words = [token.word for token in tokens]
    for at, word in enumerate(words):
        is_other = word in english.pointers["other"]
        if not is_other and word not in english.ordinals and not (word.isdigit() and len(words) < 3):
            continue
        used = _used(at, words, understanding, english)
        if used is None:
            continue
        kinds = {m.id for m in understanding.mentions if m.kind == "kind" and set(m.tokens) & used}
        alike = [t for t in memory.listed if not kinds or knowledge.thing(t).kind in kinds]
        if is_other:
            rest = [t for t in alike if t != memory.things[0]] if len(alike) > 1 else []
            count = next((english.cardinals[words[i]] for i in used if words[i] in english.cardinals and words[i] != "one"), 1)
            chosen = rest[-count:] if word != "others" else rest
        else:
            place = place_of(word, len(alike), english)
            chosen = [alike[place - 1]] if len(alike) > 1 and 1 <= place <= len(alike) else []
        if chosen:
            return Pointing(tuple(chosen), frozenset(used))
    return None


def _used(at: int, words: list[str], understanding: Understanding, english: English) -> set[int] | None:
    """The words around the ordinal at `at` that point together with it; None when it belongs to a noun of its own."""
    taken = {index for m in understanding.mentions if m.kind in {"thing", "gap"} for index in m.tokens}
    nouns = {index for m in understanding.mentions if m.kind in {"kind", "attribute"} for index in m.tokens}
    used, end = {at}, at + 1
    while end < len(words) and (words[end] in english.pointers["noun"] or words[end] in english.cardinals):
        used.add(end)
        end += 1
    if words[end : end + 1] == ["of"] and end + 1 < len(words) and words[end + 1] in english.pointers["those"]:
        used |= {end, end + 1}  # `the first of them`
    elif len(used) == 1 and end < len(words):
        following = words[end]
        if end in nouns and end not in taken:
            used.add(end)
        elif english.roles.get(following) not in {"filler"} and following not in english.openers and following not in english.wh:
            return None
    before = words[at - 1] if at else ""
    alone = all(i in used or english.roles.get(w) in {"function", "filler"} or w in english.picking for i, w in enumerate(words))
    if at in taken or not (before in {"the", "that", "this", "very", "number", "no"} or len(used) > 1 or alone):
        return None
    return used | {at - 1} if before else used


def _pair(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`those two`, `both`, `do they have … in common`: the things that were last spoken of together."""
    words = [token.word for token in understanding.utterance.tokens]
    plural = {at for at, word in enumerate(words) if word in english.pointers["pair"] or word in english.pointers["all"]}
    shares = {
        at for at, word in enumerate(words) if word in english.pointers["share"] or words[at - 1 : at + 1] == ["in", "common"]
    }
    which = {at for at, word in enumerate(words[:-1]) if word == "which" and words[at + 1] in {"of", "one", "ones"}}
    query, group = memory.query, memory.listed
    if which and not shares and len(group) > 2 and not (query is not None and len(query.things) > 1):
        return None  # of a longer list that was told it asks something else
    if not (plural | which) or not (shares or which or any(words[at] in english.pointers["pair"] for at in plural)):
        return None
    if query is not None and len(query.things) > 1:
        group = query.things
    elif any(words[at] in {"both", "two", "pair", "either", "neither"} for at in plural):
        group = group[-2:]
    subjects = {m.id for m in understanding.mentions if m.kind == "thing" and knowledge.has_story(m.id)}
    if len(group) < 2 or (subjects and not (which and _are_values(subjects, group, knowledge))):
        return None
    return Pointing(tuple(group), frozenset(plural | shares | {at + step for at in which for step in (0, 1)}), bool(shares))


def _are_values(named: set[str], group: tuple[str, ...], knowledge: Knowledge) -> bool:
    """Whether what is named is something that the group can have: `which one is a monoclonal antibody?`"""
    attributes = knowledge.pack.kinds[knowledge.thing(group[0]).kind].attributes.values()
    wanted = {kind for attribute in attributes if not attribute.inverse for kind in attribute.of}
    return {knowledge.thing(thing).kind for thing in named} <= wanted
