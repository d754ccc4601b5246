"""Questions over the facts of a pack, with the answers that its facts give: thing × attribute × form, in several wordings.

What is right follows from the declarations and facts of the pack alone, never from what the engine says.
"""

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from bot.coverage.cases import Case, Expectation, Turn
from bot.pack.format import Attribute, Pack
from bot.pack.knowledge import Knowledge
from bot.pack.wording import (
    Words,
    clause_about,
    is_clause,
    is_plural,
    leads_with_preposition,
    participle,
    question_about,
    ranked,
    without_places,
)

FORMS = ("list", "alias", "reverse", "without", "verify-true", "verify-false", "membership", "count", "compare", "same")

_MOST_FALSE = 2
"""False yes/no questions for each thing and attribute."""

_MOST_ALIASES = 2
"""Aliases of each template that are asked with."""

_OPENING = 5
"""So many words of a text must stand in the reply."""

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class Fact(Struct, frozen=True):
    """One fact question before it is worded: what it is about, and what a right reply says."""

    form: str
    attribute: str
    thing: str
    kind: str
    expect: Expectation
    value: str = ""


def fact_cases(pack: Pack) -> Iterator[Case]:
    """Every generated fact question, in the order of the pack."""
    yield from _Facts(without_places(pack)).cases()


def worded_facts(pack: Pack) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
    """Every fact question with its surfaces, each a name and the words; in the order of the pack, without_places."""
    yield from _Facts(pack).worded()


class _Facts:
    """Generates the questions of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._know = Knowledge(pack)
        self._words = Words(pack, self._know)
        self._asked = [
            thing for thing, said in pack.things.items() if pack.kinds[said.kind].named and pack.kinds[said.kind].attributes
        ]

    def cases(self) -> Iterator[Case]:
        seen: set[str] = set()
        for fact, surfaces in self.worded():
            for surface, text in surfaces:
                key = " ".join(text.lower().split())
                if key in seen:
                    continue  # two ways to the same words ask one question
                seen.add(key)
                facets = {"form": fact.form, "attribute": fact.attribute, "thing": fact.thing, "kind": fact.kind}
                facets["surface"] = surface
                name = ".".join(filter(None, (fact.kind, fact.attribute, fact.form, fact.thing, fact.value, surface)))
                yield Case(name, (Turn(text, fact.expect),), (f"form:{fact.form}",), "facts", facets)

    def worded(self) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        for thing in self._asked:
            kind = self._know.thing(thing).kind
            yield from self._names_of(thing, kind)
            yield from self._overview(thing, kind)
            for name, attribute in self._pack.kinds[kind].attributes.items():
                if attribute.part_of is None:
                    yield from self._of_attribute(thing, kind, name, attribute)
        for kind_id, declared in self._pack.kinds.items():
            for name, attribute in declared.attributes.items():
                if (
                    self._has_words(attribute)
                    and attribute.type == "things"
                    and not attribute.via
                    and not attribute.inverse
                    and not attribute.part_of
                ):
                    yield from self._reversed(kind_id, name, attribute)
            yield from self._of_kind(kind_id)
            yield from self._compared(kind_id)

    # ---- one thing --------------------------------------------------------------------------------------------------

    def _of_attribute(
        self, thing: str, kind: str, name: str, attribute: Attribute
    ) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        held = self._know.held(thing, name)
        if not self._has_words(attribute):  # it groups things, and nobody is expected to name it
            if attribute.type == "things":
                yield from self._verified(thing, kind, name, attribute)
        elif attribute.type == "text":
            if held is not None and held.text:
                yield Fact("list", name, thing, kind, _says(held.text)), self._forward(thing, attribute)
        elif attribute.type == "name":
            if held is not None and held.text:
                others = [other for other in self._words.names(thing) if other.lower() != str(held.text).lower()]
                expect = Expectation(kind=("answer",), has=((held.text.lower(),),))
                yield Fact("list", name, thing, kind, expect), self._forward(thing, attribute, others)
        elif values := self._know.all_values(thing, name):
            expect = Expectation(kind=("answer",), has=tuple(self._words.alternatives(value) for value in values))
            yield Fact("list", name, thing, kind, expect), self._forward(thing, attribute)
            if held is not None and is_plural(attribute.name):
                yield self._counted(thing, kind, name, attribute, len(held.values))
            yield from self._verified(thing, kind, name, attribute)

    def _has_words(self, attribute: Attribute) -> bool:
        """Whether people have a way to ask for the attribute: words of its own or of its other side, or a question word."""
        other = attribute.inverse
        sides = [k.attributes[other] for k in self._pack.kinds.values() if other in k.attributes] if other is not None else []
        return is_clause(attribute) or any(side.words or side.links for side in (attribute, *sides))

    def _forward(self, thing: str, attribute: Attribute, names: list[str] | None = None) -> list[tuple[str, str]]:
        """What has it: each surface with each proper name of the thing."""
        found: list[tuple[str, str]] = []
        for at, called in enumerate(self._words.names(thing) if names is None else names):
            mark = f"-{at + 1}" if at else ""
            if is_clause(attribute):
                direct = question_about(attribute, called, plural=self._words.is_plural(thing))
                clause = clause_about(attribute, called)
                if direct is not None and clause is not None:
                    found += [(f"ask{mark}", direct), (f"tell{mark}", f"Can you tell me {clause}?")]
            else:
                are = "are" if is_plural(attribute.name) else "is"
                found += [
                    (f"ask{mark}", f"What {are} the {attribute.name} of {called}?"),
                    (f"short{mark}", f"{called} {attribute.name}"),
                    (f"tell{mark}", f"Tell me the {attribute.name} of {called}."),
                ]
        return found

    def _counted(self, thing: str, kind: str, name: str, attribute: Attribute, count: int) -> tuple[Fact, list[tuple[str, str]]]:
        called = self._words.names(thing)[0]
        does = "do" if self._words.is_plural(thing) else "does"
        expect = Expectation(kind=("answer",), has=(_number(count),))
        return Fact("count", name, thing, kind, expect), [
            ("ask", f"How many {attribute.name} {does} {called} have?"),
            ("are-there", f"How many {attribute.name} of {called} are there?"),
        ]

    def _overview(self, thing: str, kind: str) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        """What is it, by every name and alias."""
        told = [name for name in self._pack.kinds[kind].overview if self._know.held(thing, name)]
        first = self._know.held(thing, told[0]) if told else None
        if first is None:
            return
        expect = _says(first.text) if first.text else self._names_of_values(first.values)
        fact = Fact("alias", "", thing, kind, expect)
        are = "are" if self._words.is_plural(thing) else "is"
        names = [(f"name-{at}", name) for at, name in enumerate(self._words.names(thing), 1)]
        aliases = [(f"alias-{at}", alias) for at, alias in enumerate(self._words.aliases(thing, _MOST_ALIASES), 1)]
        known = Expectation(kind=expect.kind, has=expect.has, entities=(thing,))
        surfaces = [(mark, f"What {are} {called}?") for mark, called in (*names, *aliases)]
        yield Fact("alias", fact.attribute, thing, kind, known), surfaces

    def _names_of_values(self, values: tuple[str, ...]) -> Expectation:
        return Expectation(kind=("answer",), has=tuple(self._words.alternatives(value) for value in values))

    def _names_of(self, thing: str, kind: str) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        """Two names of one thing."""
        names = self._words.names(thing)
        has_names = any(attribute.type == "name" for attribute in self._pack.kinds[kind].attributes.values())
        if has_names and len(names) > 1:
            first, second = names[:2]
            expect = Expectation(kind=("answer",), verdict="yes")
            yield (
                Fact("same", "", thing, kind, expect),
                [
                    ("ask", f"Is {first} the same as {second}?"),
                    ("swapped", f"Are {second} and {first} the same {self._pack.kinds[kind].name}?"),
                ],
            )

    # ---- is it so ---------------------------------------------------------------------------------------------------

    def _verified(self, thing: str, kind: str, name: str, attribute: Attribute) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        has = self._know.all_values(thing, name)
        member = self._is_membership(name, attribute)
        for value in has:
            expect = Expectation(kind=("answer",), verdict="yes")
            form = "membership" if member else "verify-true"
            yield Fact(form, name, thing, kind, expect, value), self._is_it(thing, value, attribute, member)
        if self._know.held(thing, name) is None or attribute.inverse:
            return
        others = [
            value
            for holder in self._know.holders(name)
            for value in self._know.all_values(holder, name)
            if value not in has and not any(self._related(value, own) for own in has)
        ]
        for value in ranked(dict.fromkeys(others), thing)[:_MOST_FALSE]:
            expect = Expectation(kind=("answer",), verdict="no")
            yield Fact("verify-false", name, thing, kind, expect, value), self._is_it(thing, value, attribute, member)

    def _related(self, value: str, other: str) -> bool:
        """Whether one of two values is a form of the other, so that yes and no are both true of them."""
        return self._know.is_form_of(value, other) or self._know.is_form_of(other, value) or self._sister(value, other)

    def _sister(self, value: str, other: str) -> bool:
        wide = self._know.thing(value).variant_of
        return wide is not None and wide == self._know.thing(other).variant_of

    def _is_membership(self, name: str, attribute: Attribute) -> bool:
        """Whether the values are classes that the thing belongs to: their members are the inverse of this attribute."""
        for kind_id in attribute.of:
            kind = self._pack.kinds[kind_id]
            members = kind.attributes.get(kind.members) if kind.members else None
            if members is not None and members.inverse == name:
                return True
        return False

    def _is_it(self, thing: str, value: str, attribute: Attribute, member: bool) -> list[tuple[str, str]]:
        called, named = self._words.names(thing)[0], self._words.names(value)[0]
        does = "Do" if self._words.is_plural(thing) else "Does"
        is_ = "Are" if self._words.is_plural(thing) else "Is"
        if member:
            the = "the " if self._words.is_plural(value) else ""
            verb = "belong to"
            return [
                ("belongs", f"{does} {called} {verb} {the}{named}?"),
                ("one-of", f"{is_} {called} one of the {named}?" if the else f"{is_} {called} a type of {named}?"),
            ]
        given = participle(attribute)
        if given is not None:
            return [("ask", f"{is_} {called} {given} {named}?"), ("can", f"Can {called} be {given} {named}?")]
        verb = self._words.verb(attribute) or ""
        found = []
        if verb:
            found += [("ask", f"{does} {called} {verb} {named}?"), ("can", f"Can {called} {verb} {named}?")]
        if not leads_with_preposition(named) and not is_clause(attribute):
            is_value = "Are" if self._words.is_plural(value) else "Is"
            of = f"one of the {attribute.name}" if is_plural(attribute.name) else f"the {attribute.name}"
            found.append(("noun", f"{is_value} {named} {of} of {called}?"))
        return found

    # ---- which have it ----------------------------------------------------------------------------------------------

    def _reversed(self, kind: str, name: str, attribute: Attribute) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        holders = [holder for holder in self._know.holders(name) if self._know.thing(holder).kind == kind]
        values = dict.fromkeys(value for holder in holders for value in self._know.all_values(holder, name))
        for value in values:
            having = [h for h in holders if self._has(h, name, value)]
            narrow = [h for h in having if self._know.thing(h).variant_of not in having]
            expect = Expectation(
                kind=("answer",), has=tuple(self._held_by(h) for h in narrow), lacks=self._not_named(holders, having)
            )
            yield Fact("reverse", name, value, kind, expect), self._which(kind, value, name, attribute)
            rest = [h for h in holders if h not in having]
            others = {self._pack.things[h].kind for h in self._know.holders(name)} - {kind}
            verb = self._words.verb(attribute)
            if rest and verb and not others:
                narrow = [h for h in rest if self._know.thing(h).variant_of not in rest]
                lacks = self._not_named(holders, rest)
                without = Expectation(kind=("answer",), has=tuple(self._held_by(h) for h in narrow), lacks=lacks)
                text = f"Which {self._pack.kinds[kind].plural} do not {verb} {self._words.names(value)[0]}?"
                yield Fact("without", name, value, kind, without), [("ask", text)]

    def _has(self, holder: str, name: str, value: str) -> bool:
        return any(self._know.is_form_of(own, value) for own in self._know.all_values(holder, name))

    def _held_by(self, holder: str) -> tuple[str, ...]:
        """What stands for a holder in a list; for one without a name of its own, its parts."""
        return self._words.alternatives(holder)

    def _not_named(self, all_: list[str], right: list[str]) -> tuple[str, ...]:
        """Names that a right list does not hold: those of the other holders, where no right name contains them."""
        said = " | ".join(text for holder in right for text in (*self._words.alternatives(holder), *self._members(holder)))
        wrong = [self._know.shown(holder).lower() for holder in all_ if holder not in right]
        return tuple(name for name in wrong if name not in said)

    def _members(self, holder: str) -> Iterator[str]:
        members = self._pack.kinds[self._know.thing(holder).kind].members
        held = self._know.held(holder, members) if members else None
        for member in held.values if held else ():
            yield from self._words.alternatives(member)

    def _which(self, kind: str, value: str, name: str, attribute: Attribute) -> list[tuple[str, str]]:
        named, plural = self._words.names(value)[0], self._pack.kinds[kind].plural
        given = participle(attribute)
        if given is not None:
            return [("ask", f"Which {plural} are {given} {named}?")]
        if self._is_membership(name, attribute):
            the = "the " if self._words.is_plural(value) else ""
            return [("belong", f"Which {plural} belong to {the}{named}?")]
        verb = self._words.verb(attribute)
        found = []
        if verb:
            found += [("ask", f"Which {plural} {verb} {named}?"), ("short", f"{plural} that {verb} {named}")]
            found += [(f"alias-{at}", f"Which {plural} {verb} {alias}?") for at, alias in enumerate(self._noun_aliases(value), 1)]
        elif not self._pack.kinds[kind].named:
            found.append(("with", f"Which {plural} are there with {named}?"))
        elif not leads_with_preposition(named) and not is_clause(attribute) and not is_plural(attribute.name):
            found.append(("as", f"Which {plural} have {named} as their {attribute.name}?"))
        if is_plural(attribute.name) and self._pack.kinds[kind].named and not leads_with_preposition(named):
            found.append(("among", f"Which {plural} have {named} among their {attribute.name}?"))
        return found

    def _noun_aliases(self, value: str) -> list[str]:
        """One-word aliases of a value, which stand where its name stands."""
        return [alias for alias in self._words.aliases(value, 1) if " " not in alias]

    def _told_of(self, thing: str) -> tuple[str, ...]:
        """What shows that a thing was described: its name, or the opening of what is told of it."""
        texts = [
            held.text
            for name in self._pack.kinds[self._know.thing(thing).kind].overview
            if (held := self._know.held(thing, name))
        ]
        return (*self._words.alternatives(thing), *(_opening(text) for text in texts if text))

    # ---- whole kinds, and several things ----------------------------------------------------------------------------

    def _of_kind(self, kind_id: str) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        kind, things = self._pack.kinds[kind_id], self._know.of_kind(kind_id)
        if not kind.named or not kind.words or len(things) < 2:
            return
        number = _number(len(things))
        expect = Expectation(kind=("answer",), has=(number,))
        yield Fact("count", "", kind_id, kind_id, expect), [("ask", f"How many {kind.plural} are there?")]

    def _compared(self, kind_id: str) -> Iterator[tuple[Fact, list[tuple[str, str]]]]:
        kind = self._pack.kinds[kind_id]
        things = [thing for thing in self._asked if self._know.thing(thing).kind == kind_id]
        if not kind.overview:
            return
        for one, other in pairwise(ranked(things, kind_id)):
            first, second = self._words.names(one)[0], self._words.names(other)[0]
            expect = Expectation(kind=("answer",), has=(self._told_of(one), self._told_of(other)))
            if not self._know.is_form_of(one, other) and not self._know.is_form_of(other, one):
                yield (
                    Fact("compare", "", one, kind_id, expect, other),
                    [
                        ("difference", f"What is the difference between {first} and {second}?"),
                        ("compare", f"Compare {first} and {second}."),
                    ],
                )
            for name, attribute in kind.attributes.items():
                values = (*self._know.all_values(one, name), *self._know.all_values(other, name))
                both = self._know.all_values(one, name) and self._know.all_values(other, name)
                if (
                    attribute.type == "things"
                    and both
                    and self._has_words(attribute)
                    and not attribute.part_of
                    and not is_clause(attribute)
                ):
                    told = self._names_of_values(tuple(dict.fromkeys(values)))
                    text = f"Compare the {attribute.name} of {first} and {second}."
                    yield Fact("compare", name, one, kind_id, told, other), [("attribute", text)]


def _says(text: str) -> Expectation:
    """The reply must tell `text`: it must hold its opening."""
    return Expectation(kind=("answer",), has=((_opening(text),),))


def _opening(text: str) -> str:
    return " ".join(text.split()[:_OPENING]).lower()


def _number(count: int) -> tuple[str, ...]:
    return (_NUMBERS[count], str(count)) if count < len(_NUMBERS) else (str(count),)
