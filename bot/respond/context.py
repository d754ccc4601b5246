"""How what was said before completes what is said next."""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.respond.memory import Memory
from bot.respond.narrowing import TELLING, Narrower, words_of
from bot.respond.picks import NONE
from bot.respond.pointing import Pointing
from bot.understand.query import Claim, Query
from bot.understand.relations import Relations
from bot.understand.understanding import Understanding

_FOLLOWING = 0.93
"""How sure it is that a bare name asks again what was asked before."""

_LONGEST_FOLLOW_UP = 10
"""Words; a longer message is a question of its own."""

_SHORT = 4
"""Words of a message that may be the end of what was said before."""

_WHAT_IS_IT = 3

_SPOKEN = 3
"""So many of the things spoken of last may be told step by step."""

_OF_SEVERAL = frozenset({"overview", "compare", "list", "verify"})
"""Forms of questions over several things that go on with all of them: `names?`."""

_LONGEST_COMPLETED = 14
"""Words of a message in which a pronoun is looked up."""


class Follower:
    """Completes messages from what a conversation remembers."""

    def __init__(self, knowledge: Knowledge, relations: Relations, english: English) -> None:
        self._know = knowledge
        self._english = english
        self._relations = relations
        attributes = (item for kind in knowledge.pack.kinds.values() for item in kind.attributes.items())
        self._ordered = sorted({name for name, attribute in attributes if attribute.ordered})
        self._narrower = Narrower(knowledge, self._relations, english)

    def follow_up(self, memory: Memory, understanding: Understanding, pointing: Pointing) -> Claim | None:
        """The last question asked again of what is named now: `and Kyprolis?`, `what about CAR-T?`; else None."""
        query, tokens = memory.query, understanding.utterance.tokens
        named = list(dict.fromkeys(m.id for m in understanding.mentions if m.kind == "thing")) or list(pointing.things)
        if len(tokens) > _LONGEST_FOLLOW_UP or (not memory.things and not memory.listed and query is None):
            return None
        in_order = self._in_order(memory, understanding) if set(named) <= set(pointing.things) else None
        if in_order is not None:
            return _claim(in_order, understanding, "what is told step by step")
        if query is not None:
            found = self._of_query(query, memory, named, understanding, pointing)
            if found is not None:
                return found
        elif not named and self._narrower.asks_for_number(understanding):
            counted = self._narrower.counted_list(memory)
            return _claim(counted, understanding, "how many were told") if counted is not None else None
        if not named:
            return self._of_last(memory, understanding)
        within = self._narrower.of_all_told(memory, named, understanding)
        if within is not None:
            return _claim(within, understanding, "those of what was told that have it")
        others = self._others(named, understanding)
        if others is not None:
            return _claim(others, understanding, "the others of the group")
        points_only = set(named) <= set(pointing.things)  # `a rash with either?` asks something of them
        if (
            points_only
            and pointing.things
            and not (_names_what(understanding, pointing) or self._asks_itself(understanding, pointing))
        ):
            return _claim(Query("overview", things=pointing.things), understanding, "what the message points at")
        return None

    def _in_order(self, memory: Memory, understanding: Understanding) -> Query | None:
        """What is told step by step of something just spoken of: `and what comes last?`, `then? next step`."""
        words, pointers = words_of(understanding), self._english.pointers
        if (
            understanding.cues.wh not in {"", "what"}
            or not words & pointers["order"]
            or words & pointers["noun"]
            or self._narrower.says_more(understanding, "order")
        ):
            return None
        things = memory.things[:_SPOKEN]
        told = ((thing, name) for thing in things for name in self._ordered if self._know.held(thing, name))
        asked = {m.id for m in understanding.mentions if m.kind in {"attribute", "kind", "gap"}}
        thing, name = next(told, ("", ""))
        return Query("list", name, things=(thing,)) if name and asked.issubset(self._ordered) else None

    def _others(self, named: list[str], understanding: Understanding) -> Query | None:
        """`the two that are not Rustino`: what else belongs where it belongs."""
        name = self._relations.grouping(named[0]) if len(named) == 1 and understanding.cues.negated else ""
        english, words = self._english, [token.word for token in understanding.utterance.tokens]
        things = {at for m in understanding.mentions if m.kind == "thing" for at in m.tokens}
        points = any(w in english.pointers["noun"] | english.pointers["other"] or w in english.cardinals for w in words)
        little = english.negations | english.cardinals.keys()
        small = all(at in things or w in little or english.roles.get(w) in {"function", "filler"} for at, w in enumerate(words))
        is_yes_no = bool(words) and words[0] in english.openers
        return Query("siblings", name, things=(named[0],)) if name and points and small and not is_yes_no else None

    def _of_last(self, memory: Memory, understanding: Understanding) -> Claim | None:
        """What the last thing is, or what has it: `what is it?`, `which breads?`."""
        what = self._what_is_it(understanding)
        if what:
            value = memory.query.values[0] if memory.query is not None and len(memory.query.values) == 1 else ""
            told = self._told_of(value) if value and not self._know.has_story(value) else None
            if told is not None:
                return _claim(Query("list", told, things=(value,)), understanding, "what was asked about")
        if what in self._english.pointers["stands"]:
            thing = next((t for t in memory.things if self._know.has_story(t)), None)
            if thing is None or (what == "they" and not self._know.thing(thing).plural and memory.kind != "answer"):
                return None
            return _claim(Query("overview", things=(thing,)), understanding, "what was spoken of")
        holders = self._holders(memory, understanding)
        return _claim(holders, understanding, "what has that which was spoken of") if holders is not None else None

    def _told_of(self, thing: str) -> str | None:
        """The attribute that says in a text what the thing is: for `what is that?` after `which breads have it?`"""
        attributes = self._know.pack.kinds[self._know.thing(thing).kind].attributes
        return next((n for n, a in attributes.items() if a.type == "text" and self._know.held(thing, n)), None)

    def _holders(self, memory: Memory, understanding: Understanding) -> Query | None:
        """`which breads?`, `breads?` after something that breads have."""
        nouns = [m for m in understanding.mentions if m.kind in {"kind", "attribute"}]
        if not nouns or not memory.things or self._narrower.says_more(understanding, "stands"):
            return None
        kinds = [m for m in nouns if m.kind == "kind"]
        is_bare = self._is_bare({at for m in nouns for at in m.tokens}, understanding)
        if not is_bare and not (understanding.cues.wh and {m.tokens for m in nouns} == {k.tokens for k in kinds}):
            return None
        last = memory.things[0]
        for name in self._relations.askable:
            declared = next((k.id for k in kinds if self._relations.declares(k.id, name)), None)
            named = is_bare and any(m.id == name for m in nouns) and not self._know.attribute(last, name)
            if (
                (declared or named)
                and name not in self._relations.inverse
                and self._relations.kind(last) in self._relations.value_kinds[name] | self._relations.group_kinds[name]
            ):
                return Query("reverse", name, values=(last,), kind=declared or "", mode="all")
        return None

    def _is_bare(self, nouns: set[int], understanding: Understanding) -> bool:
        """Whether there is nothing beside the nouns but small words that come before them: `and breads?`"""
        tokens, lead = understanding.utterance.tokens, self._english.cues["lead"]
        roles = self._english.roles
        return all(at in nouns or token.word in lead or roles.get(token.word) == "filler" for at, token in enumerate(tokens))

    def _of_query(
        self, query: Query, memory: Memory, named: list[str], understanding: Understanding, pointing: Pointing
    ) -> Claim | None:
        """The last question narrowed down, asked of all its things, for the rest of its answer, or of something else."""
        refined = self._narrower.narrowed(query, memory, [t for t in named if t not in pointing.things], understanding)
        if refined is not None and len(pointing.things) != 1:  # `and the first, how many` asks of that one
            return _claim(refined, understanding, "the question before, narrowed down")
        if not named:
            return self._of_all(query, understanding) or self._rest(query, understanding)
        beside = self._set_beside(query, named, understanding)
        if beside is not None:
            return _claim(beside, understanding, "what was asked about, beside something else")
        if _names_what(understanding, pointing) or self._asks_itself(understanding, pointing):
            return None
        changed = self._with_other(query, named, is_pointed_at=bool(pointing.things)) or self._whether(query.things, named)
        return _claim(changed, understanding, "the question before, asked of something else") if changed is not None else None

    def _set_beside(self, query: Query, named: list[str], understanding: Understanding) -> Query | None:
        """`compare that with Rustino`: the last question asked of its thing and of another, side by side."""
        if not understanding.cues.compares or len(named) != 1 or len(query.things) != 1 or named[0] in query.things:
            return None
        asked = {m.id for m in understanding.mentions if m.kind == "attribute"} - {query.attribute}
        english, words = self._english, words_of(understanding)
        if any(english.roles.get(w) not in {"function", "filler"} for w in words - english.cues["compare"]):
            return None
        have_stories = self._know.has_story(named[0]) and self._know.has_story(query.things[0])
        if asked or not have_stories or (query.attribute and self._know.attribute(named[0], query.attribute) is None):
            return None
        return Query("compare", query.attribute, things=(query.things[0], named[0]))

    def _of_all(self, query: Query, understanding: Understanding) -> Claim | None:
        """An attribute asked of all the things of the last question: `and how are they given, each of them?`, `names?`."""
        words, english = words_of(understanding), self._english
        asked = [m.id for m in understanding.mentions if m.kind == "attribute"]
        nouns = {at for m in understanding.mentions if m.kind == "attribute" for at in m.tokens}
        is_of_one = words & (english.pointers["stands"] | english.cues["pointing"]) - english.cues["plural"]
        is_bare = not is_of_one and query.form in _OF_SEVERAL and self._is_bare(nouns, understanding)
        things = query.things or tuple(value for value in query.values if is_bare and self._know.has_story(value))
        if len(things) < 2 or not (is_bare or words & english.pointers["all"]):
            return None
        name = next((a for a in asked if all(self._know.held(t, a) for t in things)), None)
        return _claim(Query("list", name, things=things), understanding, "asked of all of them") if name else None

    def _rest(self, query: Query, understanding: Understanding) -> Claim | None:
        """The whole of what one value was asked of: `what else does it do?` after `does it cause nausea?`."""
        tokens = understanding.utterance.tokens
        nouns = {m.tokens for m in understanding.mentions if m.kind == "kind"}
        asked = {
            m.id
            for m in understanding.mentions
            if m.kind in {"attribute", "link", "gap"}
            and m.tokens not in nouns
            and (len(m.tokens) > 1 or tokens[m.tokens[0]].weight > TELLING)
            and not any(tokens[at].word in self._english.pointers["else"] for at in m.tokens)
        }
        if query.form not in {"verify", "which_of"} or not query.things or asked - {query.attribute}:
            return None
        if not words_of(understanding) & self._english.pointers["else"] or self._narrower.says_more(understanding, "else"):
            return None
        return _claim(Query("list", query.attribute, things=query.things), understanding, "all of what was asked about")

    def _asks_itself(self, understanding: Understanding, pointing: Pointing) -> bool:
        """Whether the message is a question in its own words rather than a name with `and` or `what about` before it."""
        framed = {index for m in understanding.mentions if m.kind in {"frame", "thing"} for index in m.tokens}
        english, tokens = self._english, understanding.utterance.tokens
        before = ["", *(token.word for token in tokens)]
        left_out = self._leaves_out(understanding)
        return any(
            english.roles.get(token.word) not in {"function", "filler"}
            or token.word in english.wh
            or (token.word in english.openers and before[at] != "that" and not left_out)  # `the one that has it` asks nothing
            for at, token in enumerate(tokens)
            if at not in framed
            and at not in pointing.tokens
            and token.word not in english.pointers["again"] | english.pointers["plain"] | NONE
            and not (left_out and token.word in english.pointers["does"])
        )

    def of_value(self, memory: Memory, understanding: Understanding) -> Claim | None:
        """Whether the thing spoken of has the value that is all that a message names: `bad for the nerves?`; else None."""
        named = list(dict.fromkeys(m.id for m in understanding.mentions if m.kind == "thing"))
        if understanding.cues.wh or len(understanding.utterance.tokens) > _LONGEST_FOLLOW_UP:
            return None
        asked_of = (*memory.query.things, *memory.query.values) if memory.query is not None else memory.things[:1]
        things = tuple(t for t in asked_of if self._know.has_story(t))
        whether = self._whether(things, named)
        return _claim(whether, understanding, "whether what was spoken of has it") if whether is not None else None

    def bare_name(self, understanding: Understanding, pointing: Pointing) -> str | None:
        """The one thing that the message is the name of, with no more than small words around it; None when it says more."""
        named = {m.id for m in understanding.mentions if m.kind == "thing"}
        if len(named) != 1 or len(understanding.utterance.tokens) > _LONGEST_FOLLOW_UP or pointing.things:
            return None
        return None if _names_what(understanding, pointing) or self._asks_itself(understanding, pointing) else named.pop()

    def _leaves_out(self, understanding: Understanding) -> bool:
        """Whether the message opens like a question and leaves the rest of it to what was asked: `is Brioletta as well?`"""
        english, tokens = self._english, understanding.utterance.tokens
        things = [m for m in understanding.mentions if m.kind == "thing"]
        ends = {at for m in things for at in m.tokens}
        rest = [token.word for at, token in enumerate(tokens) if at not in ends]
        small = [word for word in rest if word not in english.cues["lead"] and english.roles.get(word) != "filler"]
        does = english.pointers["does"] if small and small[0] not in english.cues["copula"] else frozenset[str]()
        return (
            len({self._know.thing(m.id).kind for m in things}) == 1
            and bool(small)
            and small[0] in english.openers
            and not set(small[1:])
            - does
            - english.pointers["too"]
            - english.cues["within"]
            - english.joining
            - {"as", "or", "of", "one", "them", "those", "these", "the", "in", "on", "there", "among"}
        )

    def _with_other(self, query: Query, named: list[str], *, is_pointed_at: bool) -> Query | None:
        """`query` with its things, or its values, replaced by what is named."""
        kinds = {self._know.thing(t).kind for t in named}
        ids = tuple(named)
        is_of_value = query.form == "list" and bool(query.things) and not any(map(self._know.has_story, query.things))
        if query.form == "overview" or is_of_value:
            return self._has(ids, query.things)
        if query.form == "vague" and kinds <= self._know.value_kinds(query.attribute):
            return Query("reverse", query.attribute, values=ids, mode="all")
        if query.form in {"same", "compare", "vague"} and query.attribute:
            query = Query("list", query.attribute, things=query.things)
        if query.form in {"same", "compare", "vague"}:
            return None
        owned = all(self._know.attribute(t, query.attribute) is not None for t in named)
        if (query.things or query.form == "list") and owned:
            return replace(query, things=ids)
        return self._with_values(query, kinds, ids, is_one_of_them=owned and not is_pointed_at)

    def _with_values(self, query: Query, kinds: set[str], ids: tuple[str, ...], *, is_one_of_them: bool) -> Query | None:
        """`query` asked with other values: `and eggs?`, `a yeast dough?`; of a list, whether one is in it."""
        if kinds <= self._know.value_kinds(query.attribute) | self._relations.group_kinds.get(query.attribute, frozenset()):
            if query.form in {"list", "count"} and query.things and not query.values:
                return Query("verify", query.attribute, things=query.things, values=ids)
            if query.values:
                return replace(query, values=ids, mode="" if query.mode.startswith("size") else query.mode)
        if query.form in {"reverse", "count"} and is_one_of_them and query.values and not query.without:
            return Query("verify", query.attribute, things=ids, values=query.values)  # `which are nuts?`, `is Rustino as well?`
        return None

    def _has(self, things: tuple[str, ...], values: tuple[str, ...]) -> Query | None:
        """Whether the things have what was asked about: `and Rustino?` after `sesame`. None when it is nothing to be had."""
        if any(self._know.is_told_of(value) for value in values):
            return None
        attributes = self._know.pack.kinds[self._know.thing(things[0]).kind].attributes
        name = next((n for n, a in attributes.items() if {self._know.thing(v).kind for v in values} <= set(a.of)), None)
        if name is None or any(self._know.attribute(thing, name) is None for thing in things):
            return None
        return Query("verify", name, things=things, values=values) if len(values) == 1 else Query("list", name, things=things)

    def _whether(self, things: tuple[str, ...], values: list[str]) -> Query | None:
        """Whether what was asked about has what is named now, whatever was asked of it: `eggs?` after `what is Rustino`."""
        if len(things) != 1 or len(values) != 1 or self._know.has_story(values[0]):
            return None
        kind, attributes = self._know.thing(values[0]).kind, self._know.pack.kinds[self._know.thing(things[0]).kind].attributes
        name = next((n for n, a in attributes.items() if kind in a.of and self._know.held(things[0], n)), None)
        return Query("verify", name, things=things, values=(values[0],)) if name else None

    def _what_is_it(self, understanding: Understanding) -> str:
        """The pronoun of a message that is no more than `what is it?`; empty when it is another."""
        english = self._english
        words = [t.word for t in understanding.utterance.tokens if english.roles.get(t.word) != "filler"]
        while words and words[0] in english.cues["lead"]:
            words = words[1:]
        while len(words) > _WHAT_IS_IT and words[-1] in english.cues["lead"] | {"though"}:
            words = words[:-1]
        asks = len(words) == _WHAT_IS_IT and words[0] in {"what", "who"} and words[1] in english.openers
        return words[2] if asks and words[2] in english.pointers["stands"] | {"that", "this"} else ""

    def refers(self, understanding: Understanding) -> bool:
        """Whether a pronoun stands for something that the message does not name."""
        named = any(m.kind == "thing" and self._know.has_story(m.id) for m in understanding.mentions)
        words = [t.word for t in understanding.utterance.tokens if self._english.roles.get(t.word) != "filler"]
        pairs = self._english.pointers["pair"] | self._english.pointers["neither"]
        return not named and (any(word in self._english.pointers["stands"] for word in words) or set(words) <= pairs)

    def completed(
        self, memory: Memory, understanding: Understanding, *, only_pronouns: bool = False
    ) -> Iterator[tuple[str, str]]:
        """The message with what it leaves out, and the thing that was put in: its pronoun looked up, or its end supplied."""
        tokens, english = understanding.utterance.tokens, self._english
        if not memory.things or len(tokens) > _LONGEST_COMPLETED:
            return
        is_told = any(t.weight >= TELLING and english.roles.get(t.word) not in {"function", "filler"} for t in tokens)
        if not is_told:
            return
        stands = {at for at, t in enumerate(tokens) if t.word in english.pointers["stands"]} or self._demonstratives(
            understanding
        )
        named = any(m.kind == "thing" and self._know.has_story(m.id) for m in understanding.mentions)
        refers = bool(stands) and not named
        if memory.query is not None and len(memory.query.things) > 1 and any(t.word in english.cues["plural"] for t in tokens):
            return  # `which of them` asks of several
        for thing in memory.things[:2]:
            wider = self._know.thing(thing).variant_of or thing
            name = str(self._know.thing(wider).name)
            if refers:
                yield " ".join(name if at in stands else token.word for at, token in enumerate(tokens)), wider
            elif len(tokens) <= _SHORT and not only_pronouns:  # `and early?` after `late relapse`
                yield f"{' '.join(token.word for token in tokens)} {name}", wider

    def _demonstratives(self, understanding: Understanding) -> set[int]:
        """The places of `that`, `this` that stand for something by themselves: `why would anyone pick that?`"""
        english, tokens = self._english, understanding.utterance.tokens
        found: set[int] = set()
        for at, token in enumerate(tokens):
            after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].clause == token.clause else None
            if at and token.word in english.cues["pointing"] and tokens[at - 1].word not in english.cues["pointing"]:
                joins = after is not None and (
                    english.roles.get(after.word) != "function"
                    or after.word in english.persons | english.openers | english.pointers["stands"] | english.pointers["noun"]
                    or after.word in {"the", "a", "an", "there"}
                )
                if not joins:
                    found.add(at)
        return found


def _names_what(understanding: Understanding, pointing: Pointing) -> bool:
    """Whether the message names what it asks for, beside the words that point and those that frame it."""
    around = pointing.tokens | {at for m in understanding.mentions if m.kind == "frame" for at in m.tokens}
    return any(m.kind in {"attribute", "kind", "gap"} and not set(m.tokens) <= around for m in understanding.mentions)


def _claim(query: Query, understanding: Understanding, reason: str) -> Claim:
    name = f"{query.attribute}.{query.form}" if query.attribute else query.form
    everything = frozenset(range(len(understanding.utterance.tokens)))
    return Claim(
        f"{name}:{'+'.join((*query.things, *query.values))}",
        _FOLLOWING,
        everything,
        (reason,),
        query=query,
        confidence=_FOLLOWING,
    )
