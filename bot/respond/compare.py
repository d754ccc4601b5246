"""Questions about several things beside each other: how they differ, whether they are the same, which one does not belong."""

from collections import Counter

from msgspec.structs import replace

from bot.pack.format import Attribute
from bot.pack.knowledge import Held, Knowledge
from bot.respond.telling import Finding, Teller, together
from bot.respond.wording import capital, join, number_word, without_verdict
from bot.understand.query import Query


class Comparer:
    """Compares things of one pack."""

    def __init__(self, knowledge: Knowledge, teller: Teller) -> None:
        self._know = knowledge
        self._tell = teller

    def compare(self, query: Query) -> Finding:
        """What the things have, what they share, and what only one of them has."""
        if query.attribute:
            return self._compare_in(query)
        told = together(self._tell.overview(thing) for thing in query.things)
        shared = [line for name in self._comparable(query.things) if (line := self._shared_line(query.things, name))]
        return Finding((*told.lines, *shared), None, told.sections, told.is_known)

    def _comparable(self, things: tuple[str, ...]) -> list[str]:
        """Attributes of which all the things hold values, each from a fact of its own."""
        first = self._know.pack.kinds[self._know.thing(things[0]).kind].attributes
        return [
            name
            for name, attribute in first.items()
            if attribute.type == "things" and attribute.words and not (attribute.inverse or attribute.part_of)
            if name not in self._know.groupings and all(self._know.all_values(t, name) for t in things)
            if len({self._tell.holder(t, name) for t in things}) == len(things)
        ]

    def _compare_in(self, query: Query) -> Finding:
        name, things = query.attribute, query.things
        told = together(self._tell.told(thing, name) for thing in things)
        values = {thing: self._know.all_values(thing, name) for thing in things}
        if not all(values.values()):
            return told
        if len({self._tell.holder(thing, name) for thing in things}) == 1:
            line = f"They have the same {self._noun(things[0], name)}, because they belong together."
            return Finding((*told.lines, line), None, told.sections)
        shared = self._shared_line(things, name) or f"They have no {self._noun(things[0], name)} in common."
        if query.mode == "shared":
            ways = dict.fromkeys(self._tell.belongs(thing, name) for thing in things)
            return Finding((*(way for way in ways if way), shared), None, told.sections)
        if query.mode in {"more", "fewer"}:
            return Finding((self._most_line(query, values), *told.lines), None, told.sections)
        return Finding((*told.lines, *self._own_lines(values), shared), None, told.sections)

    def _own_lines(self, values: dict[str, tuple[str, ...]]) -> list[str]:
        """What only one of them has, where they share something."""
        counts = Counter(value for held in values.values() for value in set(held))
        if max(counts.values()) == 1:
            return []
        own = {thing: [v for v in held if counts[v] == 1] for thing, held in values.items()}
        return [
            f"Only {self._know.shown(thing)}: {join(self._know.shown(v) for v in rest)}." for thing, rest in own.items() if rest
        ]

    def _shared_line(self, things: tuple[str, ...], name: str) -> str:
        """What all of them have; empty when that is nothing."""
        sets = [set(self._know.all_values(thing, name)) for thing in things]
        shared = [v for v in self._know.all_values(things[0], name) if all(v in one for one in sets)]
        return f"In common ({self._noun(things[0], name)}): {join(self._know.shown(v) for v in shared)}." if shared else ""

    def _most_line(self, query: Query, values: dict[str, tuple[str, ...]]) -> str:
        """Which of them has more, by number."""
        noun = self._noun(query.things[0], query.attribute)
        counts = {thing: len(held) for thing, held in values.items()}
        best = (max if query.mode == "more" else min)(counts.values())
        found = [thing for thing, count in counts.items() if count == best]
        if len(found) == len(counts):
            return self._tell.fill(f"The {{source}} lists the same number of {noun} for each of them: {number_word(best)}.")
        names = join(self._know.shown(thing) for thing in found)
        others = join(f"for {self._know.shown(t)} ({number_word(n)})" for t, n in counts.items() if t not in found)
        return self._tell.fill(f"The {{source}} lists {query.mode} {noun} for {names} ({number_word(best)}) than {others}.")

    def _noun(self, thing: str, name: str) -> str:
        return (self._know.attribute(thing, name) or Attribute(name=name)).name

    def same(self, query: Query) -> Finding:
        """Whether two names, or two things, are the same."""
        if len(query.things) == 1:
            found = self._same_thing(query.things[0])
            if query.mode == "not":
                return replace(found, lines=(f"No. {without_verdict(found.lines[0])}",), verdict="no")
            return found
        if query.attribute:
            holders = {self._held(thing, query.attribute) for thing in query.things}
            told = together(self._tell.told(thing, query.attribute) for thing in query.things)
            if None in holders:
                return Finding(told.lines, None, told.sections, told.is_known)
            same = len({held.values or held.text for held in holders if held}) == 1
            return Finding(("Yes." if same else "No.", *told.lines), "yes" if same else "no", told.sections)
        told = together(self._tell.overview(thing) for thing in query.things)
        return Finding((f"No. {told.lines[0]}", *told.lines[1:]), "no", told.sections, told.is_known)

    def _held(self, thing: str, name: str) -> Held | None:
        """What is known of the attribute, or of the one that is told instead of it."""
        attribute = self._know.attribute(thing, name)
        instead = attribute.otherwise if attribute is not None else None
        return self._know.held(thing, name) or (self._know.held(thing, instead) if instead else None)

    def _same_thing(self, thing: str) -> Finding:
        names = self._know.names(thing)
        kind = self._know.pack.kinds[self._know.thing(thing).kind]
        for attribute in kind.attributes.values():
            if attribute.type == "name" and attribute.say.affirm and len(set(names.values())) > 1:
                return Finding((self._tell.fill(attribute.say.affirm, thing=thing),), "yes", self._tell.sections(thing))
        line = f"Yes. These are two names for the same thing: {self._know.shown(thing)}."
        return Finding((line,), "yes", self._tell.sections(thing))

    def siblings(self, query: Query) -> Finding:
        """What else belongs where the thing belongs."""
        thing = query.things[0]
        told = self._tell.told(thing, query.attribute)
        held = self._know.held(thing, query.attribute)
        others = [
            other
            for value in (held.values if held else ())
            for other in self._tell.having(query.attribute, (value,), ())
            if other != thing
        ]
        if not others:
            return told
        names = self._tell.many([self._know.shown(other) for other in others])
        if query.mode == "count":
            total = f"There are {number_word(len(others) + 1)} in this group with {self._know.shown(thing)}"
            rest = "The other one" if len(others) == 1 else f"The {number_word(len(others))} others"
            line = f"{total}. {rest}: {names}."
        else:
            line = f"The others in it: {names}."
        if query.mode == "exists":
            return Finding(("Yes.", *told.lines, line), "yes", told.sections)
        return Finding((*told.lines, line), None, told.sections)

    def odd(self, query: Query) -> Finding:
        """The one that belongs elsewhere than the others; where it is not one, what each belongs to."""
        held = {thing: self._know.held(thing, query.attribute) for thing in query.things}
        groups = Counter(value for one in held.values() if one for value in one.values)
        told = together(self._tell.told(thing, query.attribute) for thing in query.things)
        common = groups.most_common(1)[0][0] if groups else ""
        odd = [thing for thing, one in held.items() if one is None or common not in one.values]
        if len(odd) != 1:
            lead = "None of them: they all belong together." if not odd else "There is no single one:"
            return Finding((lead, *told.lines), None, told.sections)
        others = [thing for thing in query.things if thing not in odd]
        lines = (
            f"{capital(self._know.shown(odd[0]))}.",
            *(line for t in (*odd, *others) for line in self._tell.told(t, query.attribute).lines),
        )
        return Finding((" ".join(lines[:2]), *lines[2:]), None, told.sections)
