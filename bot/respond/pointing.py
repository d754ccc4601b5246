"""Which of the things spoken of a message points at: `the first drug`, `the other one`, `those two`."""

from msgspec import Struct

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.respond.memory import Memory
from bot.respond.picks import place_of
from bot.understand.understanding import Understanding

_SHORTEST_PART = 4
"""Letters of a part of a name."""

_PAIR = 2

_MOST_SORTS = 3
"""So many of the things spoken of last say of what sort the thing may be."""


class Pointing(Struct, frozen=True):
    """The things that a message points at, and the words that do it."""

    things: tuple[str, ...] = ()
    tokens: frozenset[int] = frozenset()
    shares: bool = False
    """what they have in common is asked for"""


def point(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing:
    """What `understanding` points at of what was spoken of; nothing when it does not."""
    if not (memory.things or memory.listed):
        return Pointing()
    return (
        _recalled(memory, understanding, knowledge, english)
        or _by_place(memory, understanding, knowledge, english)
        or _by_letter(memory, understanding, knowledge, english)
        or _by_part(memory, understanding, knowledge, english)
        or _plain(memory, understanding, knowledge, english)
        or _pair(memory, understanding, knowledge, english)
        or Pointing()
    )


def _by_place(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`the second one`, `the last drug`, `the other one`."""
    tokens = understanding.utterance.tokens
    words = [token.word for token in tokens]
    for at, word in enumerate(words):
        is_other = word in english.pointers["other"]
        if not is_other and word not in english.ordinals and not (word.isdecimal() and len(words) < 3):
            continue
        used = _used(at, words, understanding, english)
        if used is None:
            continue
        alike = _of_kinds(_nouns(used, understanding, knowledge), memory, knowledge)
        if is_other:
            rest = [t for t in alike if t not in memory.things[:1]] if len(alike) > 1 else _fellow(memory, knowledge)
            count = next((english.cardinals[words[i]] for i in used if words[i] in english.cardinals and words[i] != "one"), 1)
            chosen = rest[-count:] if word != "others" else rest
        else:
            place = place_of(word, len(alike), english)
            chosen = [alike[place - 1]] if len(alike) > 1 and 1 <= place <= len(alike) else _left_over(alike, place, knowledge)
        if chosen:
            return Pointing(tuple(chosen), frozenset(used))
    return None


def _recalled(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`back to the first drug`, `the one I asked about at the start`: where the conversation began."""
    words = [token.word for token in understanding.utterance.tokens]
    recalling = {at for at, word in enumerate(words) if word in english.pointers["recall"]}
    for at, word in enumerate(words):
        if recalling and english.ordinals.get(word) == 1:
            used = _used(at, words, understanding, english) or {at}
            kinds = _nouns(used, understanding, knowledge)
            begun = [t for t in memory.subjects if not kinds or knowledge.thing(t).kind in kinds]
            return Pointing(tuple(begun[:1]), frozenset(used | recalling)) if begun else None
    return None


def _nouns(used: set[int], understanding: Understanding, knowledge: Knowledge) -> set[str]:
    """The kinds of things that the nouns among the words can stand for; empty when they can stand for any."""
    kinds: set[str] = set()
    for m in understanding.mentions:
        if not set(m.tokens) & used:
            continue
        if m.kind == "kind":
            kinds.add(m.id)
        elif m.kind == "attribute":
            kinds |= knowledge.value_kinds(m.id)
    return kinds


def _of_kinds(kinds: set[str], memory: Memory, knowledge: Knowledge) -> list[str]:
    """What was listed; where that was a single thing, the members of the group that was spoken of last."""

    def fitting(things: tuple[str, ...]) -> list[str]:
        return [t for t in things if not kinds or knowledge.thing(t).kind in kinds]

    alike = fitting(memory.listed)
    return alike if len(alike) > 1 or not memory.things else fitting(knowledge.members_of(memory.things[0])) or alike


def _fellow(memory: Memory, knowledge: Knowledge) -> list[str]:
    """The one that belongs to a group together with the last thing, where these are all of it."""
    last = memory.things[0] if memory.things else ""
    members = [knowledge.members_of(group) for group in (knowledge.groups_of(last) if last else ())]
    return next(([t for t in own if t != last] for own in members if len(own) == _PAIR), [])


def _left_over(alike: list[str], place: int, knowledge: Knowledge) -> list[str]:
    """`the third member`, where two of a group of three were spoken of."""
    groups = set.intersection(*(set(knowledge.groups_of(t)) for t in alike)) if len(alike) > 1 else set[str]()
    members = [knowledge.members_of(group) for group in sorted(groups)]
    return next(([t for t in own if t not in alike] for own in members if place == len(own) == len(alike) + 1), [])


def _by_letter(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`the one that begins with E`."""
    tokens = understanding.utterance.tokens
    words = [token.word for token in tokens]
    start = next((at for at, word in enumerate(words) if word in english.pointers["begin"]), -1)
    if start < 0 or words[start + 1 : start + 2] != ["with"]:
        return None
    end = start + 2
    while end + 1 < len(words) and words[end] in english.pointers["letter"]:
        end += 1
    letter = (
        understanding.utterance.text[tokens[end].start : tokens[end].end].lower() if end < len(words) else ""
    )  # `n` is no `and`
    if len(letter) != 1 or not letter.isalpha():
        return None
    for group in (memory.listed, *(knowledge.members_of(t) for t in memory.things[:2])):
        chosen = [t for t in group if any(name.lower().startswith(letter) for name in knowledge.names(t).values())]
        if chosen:
            return Pointing(tuple(chosen), frozenset(range(end + 1)) - _asked(understanding))
    return None


def _by_part(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`the spelt one`: the only thing of the sort spoken of that has such a word in its name."""
    words = [token.word for token in understanding.utterance.tokens]
    taken = {at for m in understanding.mentions if m.kind in {"thing", "attribute", "kind", "gap"} for at in m.tokens}
    for at, word in enumerate(words[:-1]):
        if words[at + 1] not in english.pointers["noun"] or at in taken or len(word) < _SHORTEST_PART or word in english.roles:
            continue
        kinds = {knowledge.thing(t).kind for t in memory.things[:_MOST_SORTS]}
        chosen = [
            t
            for kind in sorted(kinds)
            for t in knowledge.of_kind(kind)
            if knowledge.has_story(t) and _has_part(t, word, knowledge)
        ]
        if len(chosen) == 1:
            return Pointing(tuple(chosen), frozenset({at, at + 1}))
    return None


def _plain(memory: Memory, understanding: Understanding, knowledge: Knowledge, english: English) -> Pointing | None:
    """`the ordinary one`: that of which another one spoken of is a form."""
    words = [token.word for token in understanding.utterance.tokens]
    for at, word in enumerate(words[:-1]):
        if word not in english.pointers["plain"] or words[at + 1] not in english.pointers["noun"]:
            continue
        for thing in memory.things[:_MOST_SORTS]:
            wider = knowledge.thing(thing).variant_of
            if wider is not None and knowledge.has_story(wider):
                return Pointing((wider,), frozenset({at, at + 1}))
    return None


def _has_part(thing: str, word: str, knowledge: Knowledge) -> bool:
    parts = (part for name in knowledge.names(thing).values() for part in name.lower().replace("-", " ").split())
    return any(part.startswith(word) for part in parts)


def _asked(understanding: Understanding) -> frozenset[int]:
    """The words that ask for something: those of attributes, but for what only calls for names (`name the one …`)."""
    taken = (m.tokens for m in understanding.mentions if m.kind == "attribute" and m.words not in {"name", "names", "list"})
    return frozenset(at for tokens in taken for at in tokens)


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
        is_last = end == len(words) - 1
        if is_last and (english.roles.get(following) in {"function", "light"} or "how" in words[:at]):
            pass  # `which baskets is the second in`, `how is the third made`
        elif end in nouns and end not in taken:
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
