"""What belongs to a question. People tell a story around it, and what they tell is no part of it; but a pronoun takes along what
it stands for."""

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.understand.cues import Cues, cues_of
from bot.understand.mentions import Mention
from bot.understand.polarity import polarity_of, sets_aside
from bot.understand.relations import Relations
from bot.understand.utterance import Utterance

_SIDE_BY_SIDE = 2
"""So many words stand between two names that are joined."""
_JOINING = frozenset({"and", "plus", "with"})
_CHOOSING = frozenset({"and", "or", "versus", "between", "of", "out"})
_TAG = 3
"""So many words a question has at the most that only asks whether that before it is so."""
_SAID = 6
"""So many words stand between a thing and what it is said to be."""


class Part(Struct, frozen=True):
    """Some clauses, as one question."""

    mentions: tuple[Mention, ...]
    cues: Cues


def asks_for_kind(mentions: tuple[Mention, ...], cues: Cues) -> bool:
    """Whether things of a kind are asked for: `which sort of bread …`; a pronoun in it stands for them."""
    return cues.wh in {"which", "what"} and any(
        m.kind == "kind" and 0 < m.tokens[0] - cues.wh_at <= _SIDE_BY_SIDE + cues.reach - cues.wh_at for m in mentions
    )


class Grouper:
    """Sorts the mentions of utterances into questions."""

    def __init__(self, relations: Relations, topic: str | None, subjects: set[str], english: English) -> None:
        """`subjects`: things that questions are about; what is only a value of others waits for its subject."""
        self._relations = relations
        self._topic = topic
        self._subjects = subjects
        self._english = english

    def parts(
        self,
        utterance: Utterance,
        mentions: tuple[Mention, ...],
        whole: Cues,
        cues: dict[int, Cues],
        asking: tuple[int, ...],
        is_story: bool = False,
    ) -> Iterator[Part]:
        """What may belong together: all clauses that ask, and each of them alone.

        whole, cues: the grammar of all that is asked, and of each clause. is_story: much is told around the question.
        """
        if is_story:
            if len(asking) > 1:
                yield self._part(frozenset(asking), utterance, mentions, whole)
            for clause in asking:
                yield from self._in_story(clause, utterance, mentions, cues[clause])
            return
        if not asking or utterance.clauses < 2:
            yield Part(mentions, whole)
        elif len(asking) > 1:
            clauses = frozenset(asking)
            yield self._part(clauses, utterance, mentions, cues_of(utterance, mentions, self._english, clauses))
        if utterance.clauses > 1:
            for clause in asking:
                said = cues[clause - 1] if clause else cues[clause]
                if self._is_tag(clause, utterance, mentions, cues[clause]) and (said.same or said.number or said.only):
                    both = frozenset({clause - 1, clause})
                    yield self._part(both, utterance, mentions, cues_of(utterance, mentions, self._english, both))
            for clause in asking or (utterance.clauses - 1,):
                yield self._part(frozenset({clause}), utterance, mentions, cues[clause])

    def _is_tag(self, clause: int, utterance: Utterance, mentions: tuple[Mention, ...], cues: Cues) -> bool:
        """Whether the clause only asks whether that before it is so: `…, are they?`"""
        at = [i for i, token in enumerate(utterance.tokens) if token.clause == clause]
        says = any(m.tokens[0] in at for m in mentions if m.kind in {"thing", "kind", "attribute", "link"})
        return clause > 0 and cues.verifies and len(at) <= _TAG and not says

    def _in_story(self, clause: int, utterance: Utterance, mentions: tuple[Mention, ...], cues: Cues) -> Iterator[Part]:
        """What may belong to a clause that asks amid a story. What it does not name itself is what the story is about, and not
        what is told of that; only who asks whether something is so, or what has it, points there."""
        tokens = utterance.tokens
        own = tuple(m for m in mentions if tokens[m.tokens[0]].clause == clause)
        named = [m for m in own if m.kind == "thing" and m.id != self._topic]
        pronouns = [at for at, t in enumerate(tokens) if t.clause == clause and t.word in self._english.cues["pronoun"]]
        yield Part(own, cues)
        asks_for_things = asks_for_kind(own, cues)
        if asks_for_things and named:
            return
        first = next(at for at, token in enumerate(tokens) if token.clause == clause)
        told = [m for m in mentions if m.kind == "thing" and m.id != self._topic and tokens[m.tokens[0]].clause != clause]
        told = [m for m in reversed(told) if m.tokens[0] < first] + [m for m in told if m.tokens[0] > first]
        subjects = [m for m in told if m.id in self._subjects]
        values = [m for m in told if m.id not in self._subjects]
        words = {token.word for token in tokens if token.clause == clause}
        is_several = not words.isdisjoint(self._english.cues["plural"])
        carried = self._with_sign(cues, frozenset({clause}), utterance)
        if subjects and (not any(m.id in self._subjects for m in named) or (pronouns and len(named) < 2)):
            if is_several or cues.odd or cues.compares or cues.more or cues.shared:
                yield Part((*subjects, *own), carried)
            beside = self._beside(subjects[0], subjects, utterance)
            yield Part((*beside, subjects[0], *own), carried)
            if cues.verifies and pronouns and values:
                yield Part((subjects[0], values[0], *own), carried)
        ends = {at for m in own if m.kind in {"kind", "thing"} for at in m.tokens}
        points = any(at - 1 not in ends for at in pronouns)  # `the drugs that cause it`: the first one points at nothing
        asks_what_has = asks_for_things or cues.verifies or (not subjects and any(m.kind == "link" for m in own))
        if asks_what_has and points and values and not named:
            together = self._beside(values[0], values, utterance) if is_several else []
            yield Part((*together, values[0], *own), carried)

    def _part(self, clauses: frozenset[int], utterance: Utterance, mentions: tuple[Mention, ...], cues: Cues) -> Part:
        """The clauses with what they refer to: the last thing before them when they point at it or name none; all that was named
        when they speak of several; a list that follows; and what a clause that depends on them says of it."""
        tokens = utterance.tokens
        own = tuple(m for m in mentions if tokens[m.tokens[0]].clause in clauses)
        words = {tokens[at].word for at in range(len(tokens)) if tokens[at].clause in clauses}
        first = min(clauses)
        things = [m for m in mentions if m.kind == "thing" and m.id != self._topic]
        before = [m for m in things if tokens[m.tokens[0]].clause < first]
        likened = [m for m in before if self._is_likened(m, utterance)]
        before = [m for m in before if m not in likened] or before  # `A does it, like B: does it?`
        named = any(m.kind == "thing" and m.id in self._subjects for m in own)
        several = bool(words & self._english.cues["plural"]) or cues.odd or cues.compares or cues.more or cues.shared
        told = {m.kind for m in own}
        if not before and not told & {"thing", "kind", "attribute", "link"}:  # `loaves: how many`
            own = (*(m for m in mentions if tokens[m.tokens[0]].clause == first - 1), *own)
        if several and not before:
            after = [m for m in things if tokens[m.tokens[0]].clause == max(clauses) + 1]
            return Part((*own, *after), cues)
        names_nothing = not any(m.kind == "thing" for m in own)
        if any(m.kind == "asks" and m.id == "alone" and tokens[m.tokens[0]].clause == first - 1 for m in mentions):
            cues = replace(cues, only=True)  # `A and B and nothing else: is there such a one?`
        taken = self._set_aside(mentions, first, utterance) or (
            self._fragment(mentions, first, utterance) if names_nothing else []
        )
        taken = taken or self._choices(mentions, own, cues, first, utterance)
        if taken:
            near = clauses | {first - 1}
            read = {at: token.word for at, token in enumerate(tokens) if token.clause in near}
            return Part((*taken, *own), replace(cues, polarity=polarity_of(read, self._english)))
        refers = bool(words & self._english.cues["pronoun"])
        if refers and not named and not names_nothing and cues.verifies and not any(m.id in self._subjects for m in before):
            return Part(own, cues)  # `he blames it for his stomach. does it make you tired`: it is neither
        if asks_for_kind(own, cues) and any(m.kind == "thing" and m.id != self._topic for m in own):
            return Part(own, cues)
        heading = self._heading(before, own, first, utterance)
        if heading:
            return Part((heading, *own), cues)
        if before and (not named or (refers and len([m for m in own if m.kind == "thing"]) < 2)):
            last = self._asked_of(before, own, cues)
            of_many = several or cues.verifies or bool(cues.rest)
            cues = self._with_sign(cues, clauses, utterance)
            if cues.verifies and not any(m.kind in {"thing", "attribute"} for m in own):  # `A does not cause B, is that right?`
                said = cues_of(utterance, mentions, self._english, frozenset({tokens[last.tokens[0]].clause}))
                cues = replace(cues, negated=said.negated, polarity=said.polarity, tokens=cues.tokens | said.tokens)
            beside = self._beside(last, before, utterance)
            return Part((*(m for m in before if of_many or m is last or m in beside), *own), cues)
        return Part(own, cues)

    def _asked_of(self, before: list[Mention], own: tuple[Mention, ...], cues: Cues) -> Mention:
        """What a clause refers to that names nothing: the last thing that can have what it asks for, else the last one."""
        attributes = [m.id for m in own if m.kind == "attribute"]
        owners = [m for m in before if any(self._relations.owns(m.id, name) for name in attributes)]
        return owners[-1] if owners and not asks_for_kind(own, cues) else before[-1]

    def _with_sign(self, cues: Cues, clauses: frozenset[int], utterance: Utterance) -> Cues:
        """`cues` in which what was named before is left out where the pronoun that stands for it is: `A is out. Which contain it
        not?`"""
        pronouns = self._english.cues["pronoun"] | self._english.cues["plural"]
        at = [i for i, token in enumerate(utterance.tokens) if token.clause in clauses and token.word in pronouns]
        signs = [cues.polarity.of(i + 1, i) for i in at]
        sign = next((sign for sign in signs if sign != "in"), "in")
        return cues if sign == "in" else replace(cues, polarity=replace(cues.polarity, marks=((-1, sign), *cues.polarity.marks)))

    def _is_likened(self, mention: Mention, utterance: Utterance) -> bool:
        """Whether something else is said to be like it: `A does it like B`, but not `I like B`."""
        before = [token.word for token in utterance.tokens[: mention.tokens[0]]][-2:]
        return len(before) > 1 and before[1] in self._english.cues["like"] and before[0] not in self._english.persons

    def _set_aside(self, mentions: tuple[Mention, ...], first: int, utterance: Utterance) -> list[Mention]:
        """What is left out in the clause before the question: `besides A, which …`."""
        tokens = utterance.tokens
        words = {at: token.word for at, token in enumerate(tokens) if token.clause == first - 1}
        opening = list(words.values())[:3]
        closes = bool(words) and list(words.values())[-1] in self._english.cues["after"]
        if not closes and not any(sets_aside(word, following, self._english) for word, following in pairwise((*opening, ""))):
            return []
        named = [m for m in mentions if tokens[m.tokens[0]].clause == first - 1 and m.id != self._topic]
        return [m for m in named if m.kind in {"thing", "attribute"}]

    def _fragment(self, mentions: tuple[Mention, ...], first: int, utterance: Utterance) -> list[Mention]:
        """What is named in the clause before the question where that is no sentence: `A but no B, which has that?`"""
        tokens, english = utterance.tokens, self._english
        at = [i for i, token in enumerate(tokens) if token.clause == first - 1]
        named = [m for m in mentions if m.tokens[0] in at and m.id != self._topic and m.kind in {"thing", "attribute"}]
        inside = {i for m in named for i in m.tokens}
        rest = [tokens[i].word for i in at if i not in inside]
        is_sentence = any((word in english.openers and word != "any") or word in english.persons for word in rest)
        is_short = all(english.roles.get(word) in {"function", "filler"} or word in english.negations for word in rest)
        denies = any(word in english.negations for word in rest)
        return named if denies and is_short and not is_sentence else []

    def _heading(self, before: list[Mention], own: tuple[Mention, ...], first: int, utterance: Utterance) -> Mention | None:
        """The value that stands alone before the question, which names what may have it: `nuts: Rustino or Brioletta?`"""
        at = [i for i, token in enumerate(utterance.tokens) if token.clause == first - 1]
        is_alone = len(before) == 1 and set(at) == set(before[0].tokens) and before[0].id not in self._subjects
        return before[0] if is_alone and any(m.kind == "thing" and m.id in self._subjects for m in own) else None

    def _choices(
        self, mentions: tuple[Mention, ...], own: tuple[Mention, ...], cues: Cues, first: int, utterance: Utterance
    ) -> list[Mention]:
        """The names of the clause before the question where it holds nothing else: `A, B or C: which one has it?`"""
        at = [i for i, token in enumerate(utterance.tokens) if token.clause == first - 1]
        named = [m for m in mentions if m.kind == "thing" and m.tokens[0] in at]
        inside = {i for m in named for i in m.tokens}
        kinds = {self._relations.kind(m.id) for m in named}
        is_asked = cues.wh in {"which", "what", "who"} and not any(
            self._relations.kind(m.id) in kinds for m in own if m.kind == "thing"
        )
        are_names = all(i in inside or utterance.tokens[i].word in _CHOOSING for i in at)
        return named if is_asked and len(named) > 1 and len(kinds) == 1 and are_names else []

    def _beside(self, last: Mention, things: list[Mention], utterance: Utterance) -> list[Mention]:
        """Those of `things` that stand side by side with `last`: `A, B and C`, `A with B`; and what it is said to be."""
        found: list[Mention] = []
        first = last
        for mention in sorted((m for m in things if m.tokens[0] < last.tokens[0]), key=lambda m: m.tokens, reverse=True):
            between = [token.word for token in utterance.tokens[mention.tokens[-1] + 1 : first.tokens[0]]]
            is_joined = len(between) <= _SIDE_BY_SIDE and not _JOINING.isdisjoint(between)
            is_listed = not between and len(found) > 0
            if is_joined or is_listed or (not found and self._is_said(mention, last, between)):
                found.append(mention)
                first = mention
        return found[::-1]

    def _is_said(self, mention: Mention, last: Mention, between: list[str]) -> bool:
        """Whether the last says what the other is: `A is a B`."""
        is_said = len(between) <= _SAID and not self._english.cues["being"].isdisjoint(between)
        return is_said and bool(self._relations.can_belong(mention.id, last.id))
