"""The list that was just told, looked at more closely: fewer of it, how many, the smallest, those with both."""

from msgspec.structs import replace

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.respond.memory import Memory
from bot.respond.picks import place_of
from bot.understand.query import Form, Query
from bot.understand.relations import Relations
from bot.understand.understanding import Understanding

TELLING = 0.3
"""A word of this weight says something by itself."""

_KNOWN = frozenset({"kind", "attribute", "link", "frame"})
"""What is named by these is no more than what was asked for."""


class Narrower:
    """Asks the last question over facts for less, or for its number."""

    def __init__(self, knowledge: Knowledge, relations: Relations, english: English) -> None:
        self._know = knowledge
        self._relations = relations
        self._english = english

    def narrowed(self, query: Query, memory: Memory, named: list[str], understanding: Understanding) -> Query | None:
        """`query` with more to ask for (`which of those have nuts`), less (`and without milk?`), or counted."""
        if query.form == "verify" and not query.things:  # `are there any …?`, `do all of them …?` were answered with a list
            query = replace(query, form="reverse", mode="all", values=() if query.mode == "every" else query.values)
        if query.form not in {"reverse", "count"}:
            return None if named else self._counted(query, memory, understanding)
        if not named:
            return (
                self._listed(query, understanding)
                or self._of_size(query, understanding)
                or self._every(query, (query.values or query.without)[:1], understanding)
                or self._counted(query, memory, understanding)
                or self._both(query, memory, understanding)
            )
        if not (query.values or query.without) or not self._fits(query.attribute, named):
            return None
        every = self._every(query, tuple(named), understanding)
        return every or self._with_more(query, named, understanding)

    def of_all_told(self, memory: Memory, named: list[str], understanding: Understanding) -> Query | None:
        """`any with milk?`, `and without?` after most of the things there are were told."""
        words, cues = words_of(understanding), understanding.cues
        leaves_out = cues.without or words & self._english.pointers["drop"]
        if not (leaves_out or words & self._english.cues["within"]):
            return None
        small = self._english.cues["within"] | self._english.cues["leaving"]
        if self._names_a_noun(understanding) or self._says_besides(understanding, small):
            return None
        for name in sorted(self._relations.bundles):
            held = [str(self._know.thing(thing).name) for thing in self._know.holders(name)]
            if self._fits(name, named) and 2 * sum(one in memory.text for one in held) > len(held):
                is_every = cues.verifies and bool(cues.every) and not leaves_out
                form: Form = "count" if cues.how_many else "verify" if is_every else "reverse"
                values, without = ((), tuple(named)) if leaves_out else (tuple(named), ())
                return Query(form, name, values=values, without=without, mode="every" if is_every else "all")
        return None

    def _with_more(self, query: Query, named: list[str], understanding: Understanding) -> Query | None:
        words, cues, pointers = words_of(understanding), understanding.cues, self._english.pointers
        is_more = cues.how_many or cues.wh or words & self._english.cues["within"]  # `any with milk?`, `with milk too`
        those = pointers["those"] - {"it"}  # of several: `back to Rustino. what is it?` asks of that one
        points = bool(words & those or (words & pointers["too"] and is_more))
        asks_itself = any(m.kind in {"attribute", "kind"} for m in understanding.mentions) and not points
        asked = {m.id for m in understanding.mentions if m.kind == "attribute"} - {query.attribute}
        if cues.same or any(self._know.attribute(named[0], name) is not None for name in asked):
            return None  # `is it the same for Rustino?`, `back to Rustino: how is it baked?`
        form = "count" if cues.how_many else query.form
        if cues.how_many and query.form == "count" and not (words & (pointers["those"] | pointers["too"]) or asks_itself):
            return replace(query, values=tuple(named), without=())  # `and with Rustino how many?`
        if points and set(named) <= {*query.without, *query.things} and not (cues.without or words & pointers["drop"]):
            without, things = (tuple(t for t in left if t not in named) for left in (query.without, query.things))
            return replace(query, form=form, values=(*query.values, *named), without=without, things=things)
        if asks_itself or set(named) & {*query.values, *query.without}:
            return None
        if cues.without or words & pointers["drop"]:
            return replace(query, form=form, without=(*query.without, *named))
        if points and any(m.kind != "attribute" for m in understanding.mentions):
            return replace(query, form=form, values=tuple(dict.fromkeys((*query.values, *named))))
        return None

    def _listed(self, query: Query, understanding: Understanding) -> Query | None:
        """`list them`, `which ones?`: what was counted."""
        words = words_of(understanding)
        small = (
            self._english.cues["lead"]
            | self._english.pointers["those"]
            | {"which", "what", "who", "is", "are", "they", "me", "all"}
        )
        lists = understanding.cues.lists or understanding.cues.names
        points = lists and words & self._english.pointers["those"]
        is_bare = words <= small | self._english.cues["list"] and (lists or words & {"which", "what", "who"})
        if query.form != "count" or not (points or is_bare):
            return None
        nouns = {token for m in understanding.mentions if m.kind in {"kind", "attribute", "gap"} for token in m.words.split()}
        if is_bare:
            return replace(query, form="reverse" if query.values or query.without else "list")
        if nouns - self._english.cues["list"] - self._english.cues["names"] or self.says_more(understanding, "those"):
            return None
        return replace(query, form="reverse" if query.values or query.without else "list")

    def _counted(self, query: Query, memory: Memory, understanding: Understanding) -> Query | None:
        """`how many is that?`, `count?`, `total of those`."""
        words, pointers = words_of(understanding), self._english.pointers
        if not words & pointers["count"] or (words & {"many", "number"} and not understanding.cues.how_many and len(words) > 1):
            return None
        if not self._is_about_the_list(understanding):
            return None
        points = bool(words & pointers["those"] and (understanding.cues.how_many or words & pointers["count"]))
        if self.says_more(understanding, "count") or not (points or not self._names_a_noun(understanding)):
            return None
        if query.form in {"reverse", "count"}:
            return replace(query, form="count") if query.values or query.without or query.mode.startswith("size") else query
        if query.form == "list" and len(query.things) == 1 and self._know.all_values(query.things[0], query.attribute):
            return replace(query, form="count")
        if query.form == "count_kind":
            return query
        if query.form == "overview" and len(query.things) == 1 and self._know.members_of(query.things[0]):
            return Query("count", self._relations.members_of(query.things[0]), things=query.things)
        return self.counted_list(memory) if query.form in {"overview", "siblings"} else None

    def _is_about_the_list(self, understanding: Understanding) -> bool:
        """Whether the number of what was told is asked for: not `in how many of them`, and not `that makes two or three`."""
        words = [token.word for token in understanding.utterance.tokens]
        numbers = self._english.cardinals.keys() - {"one"}
        within = any(words[at - 1] in {"in", "with", "of"} for at, word in enumerate(words) if at and word == "how")
        return not within and not any(word.isdecimal() or word in numbers for word in words)

    def counted_list(self, memory: Memory) -> Query | None:
        """How many there were in the list that an answer told."""
        if len(memory.listed) < 2:
            return None
        return Query("count_kind", kind=self._know.thing(memory.listed[0]).kind, things=memory.listed)

    def asks_for_number(self, understanding: Understanding) -> bool:
        """Whether the message is no more than `count?`, `how many are they?`."""
        words = words_of(understanding)
        counts = bool(words & self._english.pointers["count"]) and not self.says_more(understanding, "count")
        return (
            counts
            and self._is_about_the_list(understanding)
            and not self._names_a_noun(understanding)
            and (understanding.cues.how_many != frozenset() or "many" not in words)
        )

    def _of_size(self, query: Query, understanding: Understanding) -> Query | None:
        """`the smallest one?`, `only two-drug ones?` of what consists of several parts."""
        name, words, pointers = query.attribute, words_of(understanding), self._english.pointers
        if name not in self._relations.plural or name not in self._relations.closed:
            return None
        if words & pointers["small"] or words & pointers["large"]:
            extreme = "least" if words & pointers["small"] else "most"
            return (
                None if self._says_besides(understanding, pointers["small"] | pointers["large"]) else self._sized(query, extreme)
            )
        nouns = {m.id for m in understanding.mentions if m.kind == "kind"}
        if any(m.kind == "attribute" and m.id in self._know.groupings for m in understanding.mentions):
            return None  # `what class is each of the three in`
        if not understanding.cues.size or not nouns & self._relations.value_kinds[name]:
            return None
        numbers = frozenset(self._english.numbers)
        return None if self._says_besides(understanding, numbers) else self._sized(query, str(understanding.cues.size))

    def _sized(self, query: Query, size: str) -> Query:
        return replace(query, form="reverse", mode=f"size:{size}")

    def _every(self, query: Query, values: tuple[str, ...], understanding: Understanding) -> Query | None:
        """`so all of them have it?`: whether there is none without it."""
        words, pointers = words_of(understanding), self._english.pointers
        if query.attribute not in self._relations.closed or len(values) != 1 or understanding.cues.wh:
            return None
        if not words & self._english.cues["every"] or not words & self._english.cues["within"]:
            return None
        total = sum(1 for _ in self._know.holders(query.attribute))
        counted = any(place_of(word, total, self._english) == total for word in words)
        is_whole = bool(words & (pointers["those"] - {"it"})) and {*query.values, *query.without} <= {*values}
        if not (counted or is_whole) or self._says_besides(understanding, frozenset()):
            return None
        return Query("verify", query.attribute, values=values, mode="every")

    def _both(self, query: Query, memory: Memory, understanding: Understanding) -> Query | None:
        """`both?`, `neither?`: the values of the last two questions together."""
        if not (query.values or query.without):
            return None  # a group was counted, and no question asked what has something
        words = words_of(understanding)
        is_both, is_neither = "both" in words, bool(words & self._english.pointers["neither"])
        spoken = dict.fromkeys((*query.values, *query.without, *memory.things))
        values = [t for t in spoken if self._fits(query.attribute, [t])][:2]
        if not (is_both or is_neither) or len(values) < 2 or self.says_more(understanding, "pair"):
            return None
        if any(m.kind == "attribute" and m.id in self._know.groupings - {query.attribute} for m in understanding.mentions):
            return None  # `both in one class?`
        pair = tuple(reversed(values))
        return replace(query, form="reverse", values=() if is_neither else pair, without=pair if is_neither else (), mode="all")

    def _fits(self, attribute: str, named: list[str]) -> bool:
        """Whether all that is named can be asked of the attribute: values of it, or groups of such values."""
        kinds = self._relations.value_kinds.get(attribute, frozenset()) | self._relations.group_kinds.get(attribute, frozenset())
        return {self._know.thing(t).kind for t in named} <= kinds

    def _names_a_noun(self, understanding: Understanding) -> bool:
        return any(m.kind in {"kind", "attribute", "gap"} for m in understanding.mentions)

    def says_more(self, understanding: Understanding, pointers: str) -> bool:
        """Whether the message says anything beyond the words that point and the nouns of what was asked."""
        return self._says_besides(understanding, self._english.pointers[pointers])

    def _says_besides(self, understanding: Understanding, words: frozenset[str]) -> bool:
        known = {index for m in understanding.mentions if m.kind in _KNOWN or m.kind == "thing" for index in m.tokens}
        return any(
            token.weight > TELLING and at not in known and token.word not in words
            for at, token in enumerate(understanding.utterance.tokens)
        )


def words_of(understanding: Understanding) -> frozenset[str]:
    """The words of the message, but for those of names."""
    named = {at for m in understanding.mentions if m.kind == "thing" for at in m.tokens}
    return frozenset(token.word for at, token in enumerate(understanding.utterance.tokens) if at not in named)
