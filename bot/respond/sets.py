"""Questions over many things: which have this and not that, is there one, how many, what most of them have."""

import operator
from collections.abc import Callable
from typing import TypedDict

from msgspec import Struct
from msgspec.structs import replace

from bot.pack.knowledge import Knowledge
from bot.respond.telling import SILENT, Finding, Teller, together
from bot.respond.wording import capital, join, number_word
from bot.understand.query import Query, Verdict

_NONE = ("None. ", "None: ")
"""How a list begins that is empty."""
_NEXT = 3
"""So many more are named behind those that most have."""


_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "": operator.eq,
    "least": operator.ge,
    "most": operator.le,
    "more": operator.gt,
    "fewer": operator.lt,
}


class _Number(TypedDict):
    """The blanks of a number."""

    count: int
    noun: str


class _Group(Struct, frozen=True):
    """Things that have what was asked for in the same way."""

    attribute: str
    values: tuple[str, ...]
    holders: list[str]


class Sets:
    """Answers questions over many things from the facts of one pack."""

    def __init__(self, knowledge: Knowledge, teller: Teller) -> None:
        self._know = knowledge
        self._tell = teller
        self._fill = teller.fill

    def verify_any(self, query: Query) -> Finding:
        """Is there anything with all these values: are A, B and C one of the combinations."""
        name, names = query.attribute, query.values
        holders = self._having(query)
        say = self._tell.say(name)
        verdict: Verdict
        if not names:  # is there anything without it, or of that size
            anything = self.reverse(replace(query, form="reverse"))
            verdict = "no" if anything.lines[0].startswith(_NONE) else "yes"
            text = capital(anything.lines[0].removeprefix(_NONE[0]).removeprefix(_NONE[1]))
            return Finding((f"{capital(verdict)}. {text}",), verdict, anything.sections)
        if query.mode == "every" and holders:
            return self._verify_every(query, holders)
        exact = [h for h in holders if set(self._know.all_values(h, name)) == set(names)]
        if exact and len(names) > 1:
            things = [self._tell.listed(h) for h in exact]
            line = self._fill(say.affirm or "Yes: {things}.", value=names, things=things)
            return Finding((line,), "yes", self._tell.sections(*exact))
        if not holders and len(names) > 1 and not self._tell.is_closed(name):
            return self._each(query)
        if holders and query.mode == "only" and len(names) > 1 and self._tell.is_closed(name):
            found = self._grouped(query)
            told = self.reverse(replace(query, form="reverse", mode="" if not found else "only"))
            verdict = "yes" if found else "no"
            lead = "Yes." if found else self._fill("No, the {source} names nothing that has only these.")
            return replace(told, lines=(f"{lead} {told.lines[0]}", *told.lines[1:]), verdict=verdict)
        if holders:
            told = self.reverse(Query("reverse", name, values=names, without=query.without, things=query.things))
            return replace(told, lines=(f"Yes. {told.lines[0]}", *told.lines[1:]), verdict="yes")
        if self._tell.is_closed(name):
            fits = len(names) > 1 and not query.without and say.deny and "{thing}" not in say.deny
            pattern = say.deny if fits and say.deny else f"No. {say.none or 'There is none.'}"
            return Finding((f"{self._fill(pattern, value=names)}{self._besides(query)}",), "no", self._tell.any_section(name))
        return Finding((self._fill(say.none or SILENT, value=names),), None, (), is_known=False)

    def verify_sole(self, query: Query) -> Finding:
        """Has nothing else these values: no, where something else has them; where the facts may not be all, no more than that."""
        told = self.reverse(Query("reverse", query.attribute, values=query.values))
        things = set(query.things)
        holders = self._having(Query("reverse", query.attribute, values=query.values))
        if not told.is_known or not holders:
            return told
        if any(h not in things and not self._is_part(h, things) for h in holders):
            return replace(told, lines=(f"No. {told.lines[0]}", *told.lines[1:]), verdict="no")
        if self._tell.is_closed(query.attribute):
            return replace(told, lines=(f"Yes. {told.lines[0]}", *told.lines[1:]), verdict="yes")
        return replace(told, lines=(self._fill("The {source} names no other."), *told.lines))

    def _is_part(self, holder: str, things: set[str]) -> bool:
        """Whether it belongs to one of the things, or all that belongs to it is among them."""
        members = self._know.members_of(holder)
        return bool(members and things.issuperset(members)) or not things.isdisjoint(self._know.groups_of(holder))

    def _verify_every(self, query: Query, holders: list[str]) -> Finding:
        """Do all of them have it."""
        every = list(self._know.holders(query.attribute))
        line = self.reverse(replace(query, form="reverse", mode="all"))
        verdict: Verdict = "yes" if len(holders) == len(every) else "no"
        return replace(line, lines=(f"{capital(verdict)}. {line.lines[0]}", *line.lines[1:]), verdict=verdict)

    def reverse(self, query: Query) -> Finding:
        """Which things have these values, and not those."""
        if query.mode.startswith("size:"):
            return self._of_size(query)
        if not query.values and query.without:
            return self._lacking(query)
        name = query.attribute
        say = self._tell.say(name)
        groups = self._grouped(query)
        if not groups and query.mode == "only":
            told = self.reverse(replace(query, mode=""))
            only = join(self._know.shown(value) for value in query.values)
            lead = self._fill(f"The {{source}} names nothing that has only {only}.")
            return replace(told, lines=(lead, *told.lines)) if told.is_known else told
        if not groups and len(query.values) > 1 and not self._tell.is_closed(name):
            return self._each(query)
        if not groups:
            text = self._fill(say.none or "The {source} names nothing with {value}.", value=query.values)
            closed = self._tell.is_closed(name)
            return Finding((f"{text}{self._besides(query)}",), None, self._tell.any_section(name), is_known=closed)
        lines = []
        for group in groups:
            pattern = self._tell.say(group.attribute).reverse or "{value}: {things}."
            things = [self._tell.listed(h, query.things) for h in group.holders]
            lines.append(self._fill(pattern, value=group.values, things=things, **self._number(group.holders)))
        if query.without or query.things:
            lines[0] = f"Leaving out {join(self._know.shown(one) for one in (*query.without, *query.things))}: {lines[0]}"
        return Finding(tuple(lines), None, self._tell.sections(*(h for group in groups for h in group.holders)))

    def _number(self, holders: list[str]) -> "_Number":
        """How many they are, and what they are called."""
        kind = self._know.pack.kinds[self._know.thing(holders[0]).kind]
        return {"count": len(holders), "noun": kind.name if len(holders) == 1 else kind.plural}

    def _besides(self, query: Query) -> str:
        """What was left out of a search that found nothing."""
        names = [self._know.shown(one) for one in (*query.without, *query.things)]
        return f" That is so when {join(names)} {'are' if len(names) > 1 else 'is'} left out." if names else ""

    def _lacking(self, query: Query) -> Finding:
        """Which things have none of these values."""
        name = query.attribute
        some = {h for unwanted in query.without for h in self._tell.having(name, (unwanted,), ())}
        rest = [h for h in self._know.holders(name) if h not in some and h not in query.things]
        if not rest:
            line = self._fill(f"None. Every one of them has {join((self._know.shown(one) for one in query.without), 'or')}.")
            return Finding((line,), None, self._tell.any_section(name))
        pattern = self._tell.say(name).lacking or "Without {value}: {things}."
        things = [self._tell.listed(h, query.things) for h in rest]
        line = self._fill(pattern, value=query.without, things=things, **self._number(rest))
        return Finding((line,), None, self._tell.sections(*rest))

    def _each(self, query: Query) -> Finding:
        """What has each of the values that nothing has together."""
        told = together(self.reverse(replace(query, form="reverse", values=(value,))) for value in query.values)
        if not told.is_known:
            return told
        names = join(self._know.shown(value) for value in query.values)
        line = self._fill(f"The {{source}} names nothing that has {names} together.")
        return Finding((line, *told.lines), None, told.sections)

    def _having(self, query: Query) -> list[str]:
        found = self._tell.having(query.attribute, query.values, query.without)
        return [holder for holder in found if holder not in query.things]

    def _grouped(self, query: Query) -> list[_Group]:
        """The things that have what was asked for, by the way in which they have it."""
        holders = self._having(query)
        if query.mode == "only":
            holders = [h for h in holders if len(self._know.all_values(h, query.attribute)) == len(query.values)]
        groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for holder in holders:
            kind = self._know.thing(holder).kind
            for part in self._know.parts_of(kind, query.attribute):
                held = self._know.held(holder, part)
                matched = tuple(
                    wanted if self._is_told_whole(wanted) else v
                    for wanted in query.values
                    for v in (held.values if held else ())
                    if self._know.is_form_of(v, wanted)
                )
                matched = tuple(dict.fromkeys(matched))
                if matched and (len(query.values) == 1 or len(matched) >= len(query.values)):
                    groups.setdefault((part, matched), []).append(holder)
                    break
            else:
                groups.setdefault((query.attribute, query.values), []).append(holder)
        ordered = sorted(groups.items(), key=lambda item: (item[0][1] != query.values, item[0]))
        return [_Group(part, values, members) for (part, values), members in ordered]

    def _is_told_whole(self, wanted: str) -> bool:
        """Whether a group is named rather than those of its members that were found: one that has a story of its own."""
        return self._know.is_group(wanted) and bool(self._know.pack.kinds[self._know.thing(wanted).kind].overview)

    def count(self, query: Query) -> Finding:
        """How many: values of a thing, or things with a value."""
        if query.things and not (query.values or query.without):
            found = together(self._count_of(thing, query.attribute) for thing in query.things)
            held = self._know.held(query.things[0], query.attribute)
            return _as_said(found, len(held.values), query.mode) if held is not None else found
        found = self.reverse(replace(query, form="reverse"))
        if not found.is_known or (not query.values and query.without):
            return found
        if query.mode == "parts" and self._having(query):
            return replace(found, lines=(*found.lines, self._sizes(query)))
        number = capital(number_word(len(self._having(query))))
        if "{count}" not in (self._tell.say(query.attribute).reverse or ""):
            return replace(found, lines=(f"{number}. {found.lines[0]}", *found.lines[1:]))
        return replace(found, lines=(f"{number} in all.", *found.lines)) if len(found.lines) > 1 else found

    def _sizes(self, query: Query) -> str:
        """Of how many things each of those is made up that have what was asked for."""
        holders = self._having(query)
        values = {h: self._know.all_values(h, query.attribute) for h in holders}
        noun = self._know.pack.kinds[self._know.thing(values[holders[0]][0]).kind].plural
        sizes = {len(held) for held in values.values()}
        if len(sizes) == 1:
            return f"{'Each of them' if len(holders) > 1 else 'That'} is {number_word(sizes.pop())} {noun}."
        return (
            f"{capital(noun)} in each: {join(f'{self._know.shown(h)} ({number_word(len(held))})' for h, held in values.items())}."
        )

    def _count_of(self, thing: str, name: str) -> Finding:
        attribute, held = self._know.attribute(thing, name), self._know.held(thing, name)
        if attribute is None or held is None or not held.values:
            return self._tell.told(thing, name)
        pattern = attribute.say.count or attribute.say.forward or "{count}: {values}."
        values = [self._know.shown(v) for v in held.values]
        line = self._fill(pattern, thing=thing, holder=held.holder, values=values, count=len(values))
        for part in self._know.parts_of(self._know.thing(thing).kind, name)[1:]:
            more, declared = self._know.held(thing, part), self._know.attribute(thing, part)
            if more is not None and declared is not None:
                line = f"{line}\n\n{self._tell.sentence(thing, declared, more)}"
        told = line if "{count}" in pattern else f"{capital(number_word(len(values)))}. {line}"
        return Finding((told,), None, self._tell.sections(held.holder))

    def count_kind(self, query: Query) -> Finding:
        """All things of a kind, or those of them that were told before."""
        kind = self._know.pack.kinds[query.kind]
        ids = list(query.things) or self._know.of_kind(query.kind)
        names = [self._know.shown(id_) for id_ in ids]
        if query.things:
            line = self._fill("That is {count}: {things}.", things=names, count=len(ids))
            return Finding((line,), None, self._tell.sections(*ids))
        pattern = "The {source} names {count} " + kind.plural + ": {things}."
        found = Finding((self._fill(pattern, things=names, count=len(ids)),), None, self._tell.sections(*ids))
        return _as_said(found, len(ids), query.mode)

    def most(self, query: Query) -> Finding:
        """What most of them have, the fewest, or every one."""
        name = query.attribute
        holders = list(self._know.holders(name))
        plural = self._know.pack.kinds[self._know.thing(holders[0]).kind].plural
        counts: dict[str, int] = {}
        for value in (v for holder in holders for v in self._know.all_values(holder, name)):
            is_out = any(self._know.is_form_of(value, group) for group in query.without)
            if not is_out and (not query.values or any(self._know.is_form_of(value, group) for group in query.values)):
                counts[value] = counts.get(value, 0) + 1
        total = number_word(len(holders))
        best = {"most": max, "least": min}.get(query.mode, max)(counts.values(), default=0)
        found = [value for value, count in counts.items() if count == best]
        if not found or (query.mode == "every" and best < len(holders)):
            line = self._fill(f"None of them is in every one of the {total} {plural} that the {{source}} lists.")
            return Finding((line,), None, self._tell.any_section(name))
        names = join(self._know.shown(value) for value in found)
        share = f"every one of the {total}" if best == len(holders) else f"{number_word(best)} of the {total}"
        line = capital(self._fill(f"{names}: in {share} {plural} that the {{source}} lists."))
        rest = sorted((v for v in counts if v not in found), key=lambda v: -counts[v])[:_NEXT]
        if query.mode == "most" and rest:
            line = f"{line} Next: {join(f'{self._know.shown(v, short=True)} (in {number_word(counts[v])})' for v in rest)}."
        return Finding((line,), None, self._tell.any_section(name))

    def _of_size(self, query: Query) -> Finding:
        """Things with so many values, or with the fewest or the most of those that have what was asked for."""
        name = query.attribute
        sizes = {h: len(self._know.all_values(h, name)) for h in self._having(query)}
        wanted = query.mode.partition(":")[2]
        extreme = {"least": min, "most": max}.get(wanted)
        size = extreme(sizes.values(), default=0) if extreme else int(wanted)
        found = [h for h in sizes if sizes[h] == size]
        kind = self._know.pack.kinds[query.kind or self._know.thing(next(iter(self._know.holders(name)))).kind]
        if not found:
            line = self._fill(f"None: the {{source}} lists no {kind.name} of {number_word(size)}.")
            return Finding((line,), None, self._tell.any_section(name))
        names = [self._know.shown(h) for h in found]
        noun = kind.name if len(found) == 1 else kind.plural
        pattern = f"The {{source}} lists {number_word(len(found))} {noun} of {number_word(size)}: {{things}}."
        return Finding((self._fill(pattern, things=names),), None, self._tell.sections(*found))


def _as_said(finding: Finding, count: int, mode: str) -> Finding:
    """`finding`, with a yes or no to what it was said to come to (`is:5`, `is:least5`)."""
    said = mode.partition("is:")[2]
    if not said:
        return finding
    bound = said.rstrip("0123456789")
    verdict: Verdict = "yes" if _COMPARED[bound](count, int(said[len(bound) :])) else "no"
    return replace(finding, lines=(f"{capital(verdict)}. {finding.lines[0]}", *finding.lines[1:]), verdict=verdict)
