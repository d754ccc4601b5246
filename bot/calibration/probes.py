"""Questions that the pack cannot answer, made from what it can: unknown names in known frames, facts that it does not hold."""

from collections.abc import Iterator
from random import Random

from bot.language.template import TemplateError, expand, parse
from bot.language.words import band
from bot.pack.decode import nearest
from bot.pack.format import Attribute, Pack
from bot.pack.knowledge import Knowledge
from bot.pack.wording import Words, clause_about, is_clause, is_plural, question_about, ranked, without_places

_SYLLABLES = (
    "bra",
    "cho",
    "dri",
    "fen",
    "gul",
    "hix",
    "jor",
    "kel",
    "lum",
    "mav",
    "nop",
    "pri",
    "quo",
    "rus",
    "tev",
    "vash",
    "wim",
    "zor",
)
_FOREIGN = ("postcode", "shoe size", "zodiac sign", "national anthem", "favourite colour", "phone number")
"""What no pack is likely to hold of anything; one that does is not asked for it."""


def probes(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Sort, name and text of every probe, each text once, in the order of the pack."""
    seen: set[str] = set()
    for probe, name, text in _Probes(without_places(pack)).asked():
        if text.lower() not in seen:
            seen.add(text.lower())
            yield probe, name, text


class _Probes:
    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._know = Knowledge(pack)
        self._words = Words(pack, self._know)
        self._known = sorted({name.lower() for thing in pack.things for name in self._words.names(thing)})
        self._declared = " ".join(
            text.lower()
            for kind in pack.kinds.values()
            for attribute in kind.attributes.values()
            for text in (attribute.name, *attribute.words)
        )

    def asked(self) -> Iterator[tuple[str, str, str]]:
        """Sort of probe, name, text."""
        for kind_id, kind in self._pack.kinds.items():
            things = [thing for thing in self._know.of_kind(kind_id) if kind.named and kind.attributes]
            if not things:
                continue
            unknown = self._unknown(kind_id)
            yield "unknown-thing", f"{kind_id}.what", f"What is {unknown}?"
            for name, attribute in kind.attributes.items():
                if not any(self._know.all_values(thing, name) or self._know.held(thing, name) for thing in things):
                    continue
                for number, text in enumerate(self._forward(attribute, unknown), 1):
                    yield "unknown-thing", f"{kind_id}.{name}.{number}", text
                yield from self._verified(kind_id, name, attribute, things, unknown)
            for thing in ranked(things, kind_id)[:3]:
                called = self._words.names(thing)[0]
                for noun in _FOREIGN:
                    if noun not in self._declared:
                        yield "unknown-attribute", f"{thing}.{noun.replace(' ', '-')}", f"What is the {noun} of {called}?"
                for gap, word in self._gaps():
                    yield "gap", f"{thing}.{gap}", f"{called} {word}?"
            yield from self._missing(kind_id, things)

    def _verified(
        self, kind_id: str, name: str, attribute: Attribute, things: list[str], unknown: str
    ) -> Iterator[tuple[str, str, str]]:
        """An unknown thing with a known value, and a known thing with an unknown value."""
        verb = self._words.verb(attribute)
        if verb is None:
            return
        values = [value for thing in things for value in self._know.all_values(thing, name)]
        for value in ranked(dict.fromkeys(values), kind_id)[:2]:
            text = f"Does {unknown} {verb} {self._words.names(value)[0]}?"
            yield "unknown-thing", f"{kind_id}.{name}.has-{value}", text
        strange = self._unknown(f"{kind_id}.{name}")
        for thing in ranked(things, name)[:2]:
            does = "Do" if self._words.is_plural(thing) else "Does"
            text = f"{does} {self._words.names(thing)[0]} {verb} {strange}?"
            yield "unknown-value", f"{kind_id}.{name}.{thing}", text

    def _forward(self, attribute: Attribute, called: str, *, plural: bool = False) -> list[str]:
        if is_clause(attribute):
            direct, clause = question_about(attribute, called, plural=plural), clause_about(attribute, called)
            return [direct, f"Can you tell me {clause}?"] if direct and clause else []
        are = "are" if is_plural(attribute.name) else "is"
        return [f"What {are} the {attribute.name} of {called}?", f"{called} {attribute.name}"]

    def _missing(self, kind_id: str, things: list[str]) -> Iterator[tuple[str, str, str]]:
        """Attributes that are declared, with words of their own, and that nothing is known of for this thing."""
        for name, attribute in self._pack.kinds[kind_id].attributes.items():
            if not attribute.words or attribute.otherwise or attribute.part_of or attribute.type != "things":
                continue
            if attribute.inverse or self._is_shared(kind_id, name, attribute):
                continue
            for thing in things:
                if not self._know.all_values(thing, name):
                    called, plural = self._words.names(thing)[0], self._words.is_plural(thing)
                    for text in self._forward(attribute, called, plural=plural)[:1]:
                        yield "missing-fact", f"{thing}.{name}", text

    def _is_shared(self, kind_id: str, name: str, attribute: Attribute) -> bool:
        """Whether another attribute of the kind answers to the name of this one as well."""
        others = self._pack.kinds[kind_id].attributes.items()
        return any(attribute.name in self._words.expanded(other.words) for other_name, other in others if other_name != name)

    def _gaps(self) -> Iterator[tuple[str, str]]:
        """Gap and the first word for it, for gaps that no entry is about."""
        for gap_id, gap in self._pack.gaps.items():
            try:
                yield gap_id, expand(parse(gap.words[0]))[0]
            except (TemplateError, IndexError):
                continue

    def _unknown(self, salt: str) -> str:
        """A name that is no word and near to nothing that the pack knows."""
        random = Random(salt)
        while True:
            name = "".join(random.sample(_SYLLABLES, 3))
            if band(name) is None and nearest(name, self._known) is None:
                return name.capitalize()
