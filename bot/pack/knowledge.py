"""The facts of a pack, with `via` and `inverse` followed, so that every question over them is one look-up."""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from bot.pack.format import Attribute, Entry, Pack, Thing


class Held(Struct, frozen=True):
    """What is known of one attribute of one thing."""

    holder: str
    """id of the thing that the fact stands with"""
    values: tuple[str, ...] = ()
    """ids of things, in the author's order"""
    text: str | None = None


class Knowledge:
    """Look-ups over the facts of `pack`. Immutable."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._inverse: dict[tuple[str, str], tuple[str, ...]] = {}
        self.groupings = frozenset(
            kind.attributes[kind.members].inverse for kind in pack.kinds.values() if kind.members in kind.attributes
        ) - {None}
        """attributes that say to what group a thing belongs: those that the `members` of a kind are the inverse of"""
        for id_, thing in pack.things.items():
            for name, value in thing.facts.items():
                attribute = pack.kinds[thing.kind].attributes.get(name)
                if attribute is not None and attribute.type == "things":
                    for other in [value] if isinstance(value, str) else value:
                        self._inverse[other, name] = (*self._inverse.get((other, name), ()), id_)

    def thing(self, id_: str) -> Thing:
        return self.pack.things[id_]

    def about_things(self) -> Iterable[tuple[str, Entry]]:
        """The entries, with their ids; of those on disk only those with things or a fact: reading all takes long."""
        entries = self.pack.entries
        if isinstance(entries, dict):
            return entries.items()
        from bot.pack.entries import EntryTable

        return entries.about_things() if isinstance(entries, EntryTable) else entries.items()

    def attribute(self, thing: str, name: str) -> Attribute | None:
        """The declaration of attribute `name` for the kind of `thing`."""
        return self.pack.kinds[self.pack.things[thing].kind].attributes.get(name)

    def held(self, thing: str, name: str, passed: frozenset[str] = frozenset()) -> Held | None:
        """What is known of attribute `name` of `thing`; None when nothing is.

        passed: things on the way here, which a `via` does not lead back to.
        """
        attribute = self.attribute(thing, name)
        if attribute is None:
            return None
        if attribute.via is not None:
            way = self.held(thing, attribute.via)
            passed |= {thing}
            found = [self.held(other, name, passed) for other in way.values if other not in passed] if way else []
            return next((held for held in found if held is not None), None)
        if attribute.inverse is not None:
            others = self._inverse.get((thing, attribute.inverse), ())
            others = tuple(o for o in others if self.pack.things[o].variant_of not in others)
            return Held(thing, others) if others else None
        value = self.pack.things[thing].facts.get(name)
        if value is None:
            return None
        if attribute.type == "things":
            return Held(thing, (str(value),) if isinstance(value, str) else tuple(value))
        return Held(thing, (), str(value))

    def parts_of(self, kind: str, name: str) -> list[str]:
        """Attribute `name` and those that are declared a part of it."""
        attributes = self.pack.kinds[kind].attributes
        return [name, *(other for other, a in attributes.items() if a.part_of == name)] if name in attributes else []

    def all_values(self, thing: str, name: str) -> tuple[str, ...]:
        """The values of `name` and of its parts, each once."""
        held = [self.held(thing, part) for part in self.parts_of(self.pack.things[thing].kind, name)]
        return tuple(dict.fromkeys(value for one in held if one for value in one.values))

    def holders(self, name: str) -> Iterator[str]:
        """Every thing that holds values of attribute `name` itself, rather than by way of another; file order."""
        for id_ in self.pack.things:
            attribute = self.attribute(id_, name)
            if attribute is not None and attribute.via is None and self.all_values(id_, name):
                yield id_

    def value_kinds(self, name: str) -> frozenset[str]:
        """Kinds that the values of attribute `name` can be of, whatever kind declares it."""
        return frozenset(kind for k in self.pack.kinds.values() if name in k.attributes for kind in k.attributes[name].of)

    def is_form_of(self, thing: str, other: str) -> bool:
        """Whether `thing` is `other`, a variant of it, however far, or a member of the group `other`."""
        seen: set[str] = set()
        here: str | None = thing
        while here is not None and here not in seen:
            if here == other or other in self.groups_of(here):
                return True
            seen.add(here)
            here = self.pack.things[here].variant_of
        return False

    def groups_of(self, thing: str) -> tuple[str, ...]:
        """The groups that `thing` belongs to."""
        facts = self.pack.things[thing].facts
        found = [facts[name] for name in facts if name in self.groupings]
        return tuple(group for value in found for group in ([value] if isinstance(value, str) else value))

    def is_group(self, thing: str) -> bool:
        """Whether `thing` is of a kind that has members."""
        return bool(self.pack.kinds[self.pack.things[thing].kind].members)

    def members_of(self, group: str) -> tuple[str, ...]:
        """The things that belong to `group`; empty when it is no group."""
        name = self.pack.kinds[self.pack.things[group].kind].members
        held = self.held(group, name) if name else None
        return held.values if held else ()

    def of_kind(self, kind: str) -> list[str]:
        """Ids of all things of `kind`, in file order."""
        return [id_ for id_, thing in self.pack.things.items() if thing.kind == kind]

    def names(self, thing: str) -> dict[str, str]:
        """The thing's names: `name` and every attribute of type name that it has."""
        found = {"name": str(self.thing(thing).name)}
        for name, value in self.thing(thing).facts.items():
            attribute = self.attribute(thing, name)
            if attribute is not None and attribute.type == "name" and isinstance(value, str):
                found[name] = value
        return found

    def shown(self, thing: str, *, short: bool = False) -> str:
        """The thing as an answer names it: `Velcade (bortezomib)`, in short `Velcade`."""
        kind = self.pack.kinds[self.thing(thing).kind]
        pattern = kind.short if short else kind.show
        try:
            return pattern.format(**self.names(thing))
        except (KeyError, IndexError, ValueError, AttributeError):
            return str(self.thing(thing).name)

    def has_story(self, thing: str) -> bool:
        """Whether the thing is told about when it is named alone; the others are values of such things."""
        return bool(self.pack.kinds[self.pack.things[thing].kind].overview)

    def is_told_of(self, thing: str) -> bool:
        """Whether a fact is known of the thing that its overview tells; if not, it tells what has the thing."""
        return any(self.held(thing, name) for name in self.pack.kinds[self.pack.things[thing].kind].overview)

    def told_in(self, text: str, besides: Collection[str] = ()) -> list[str]:
        """The things that an answer names, in its order: those of the kind of which it names most, besides some."""
        lowered = text.lower()
        found: list[tuple[int, int, str]] = []
        for name, thing in self._told_names:
            at = lowered.find(name)
            while at >= 0 and not _stands_alone(lowered, at, at + len(name)):
                at = lowered.find(name, at + 1)
            if at >= 0:
                found.append((at, at + len(name), thing))
        ends: dict[int, tuple[int, str]] = {}  # of names that lie over each other the longest counts
        for start, end, thing in sorted(found, key=lambda one: one[0] - one[1]):
            if not any(start < other and at < end for at, (other, _) in ends.items()):
                ends[start] = (end, thing)
        of_kind: dict[str, list[str]] = {}
        for _, (_, thing) in sorted(ends.items()):
            if thing in besides:
                continue
            of_kind.setdefault(self.pack.things[thing].kind, []).append(thing)
        return max(of_kind.values(), key=len, default=[])

    @cached_property
    def _told_names(self) -> list[tuple[str, str]]:
        """(name as answers have it, thing) of what has a story of its own."""
        told = [id_ for id_ in self.pack.things if self.has_story(id_)]
        return [(self.shown(id_, short=True).lower(), id_) for id_ in told if id_ != self.pack.pack.topic]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what lies between two places of `text` is no part of a longer word."""
    return not (text[:start][-1:].isalnum() or text[end : end + 1].isalnum())
