"""What is known of one thing, in whole sentences; every form of question is told with these."""

from collections.abc import Iterable

from msgspec import Struct

from bot.pack.format import Attribute, Say
from bot.pack.knowledge import Held, Knowledge
from bot.respond.wording import Wording, capital, join
from bot.understand.query import Query, Verdict

SILENT = "The {source} does not say."


class Finding(Struct, frozen=True):
    """What the facts say to a query."""

    lines: tuple[str, ...]
    """paragraphs of Markdown"""
    verdict: Verdict | None = None
    sections: tuple[str, ...] = ()
    is_known: bool = True
    """False when the pack holds nothing that answers"""
    options: tuple[tuple[str, str], ...] = ()
    """for a vague question: (title, question) of each choice"""


def together(found: Iterable[Finding]) -> Finding:
    """Several findings as one, each line once."""
    findings = list(found)
    lines = tuple(dict.fromkeys(line for finding in findings for line in finding.lines))
    sections = tuple(dict.fromkeys(section for finding in findings for section in finding.sections))
    return Finding(lines, None, sections, any(finding.is_known for finding in findings))


class Teller:
    """Look-ups in the facts of one pack, and the sentences for what they find."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.know = knowledge
        wording = Wording(knowledge)
        self.fill, self.many, self.listed = wording.fill, wording.many, wording.listed

    def told(self, thing: str, name: str, is_first: bool = True, *, with_parts: bool = True) -> Finding:
        """Attribute `name` of `thing`, with its parts, and by whose fact."""
        attribute = self.know.attribute(thing, name)
        if attribute is None:
            return Finding((), is_known=False)
        lines: list[str] = []
        sections: list[str] = []
        for part in self.know.parts_of(self.know.thing(thing).kind, name)[: None if with_parts else 1]:
            held = self.know.held(thing, part)
            declared = self.know.attribute(thing, part)
            if held is None or declared is None:
                continue
            if held.holder != thing and not lines and is_first:
                lines.append(self.belongs(thing, part))
            lines.append(self.sentence(thing, declared, held))
            sections.extend(self.sections(held.holder))
        if lines:
            return Finding(
                (" ".join(lines) if not any("\n" in line for line in lines) else "\n\n".join(lines),), sections=tuple(sections)
            )
        if attribute.otherwise is not None:
            return self.told(thing, attribute.otherwise)
        missing = attribute.say.missing or f"The {{source}} does not say: {attribute.name} of {{thing}}."
        return Finding((self.fill(missing, thing=thing),), sections=self.sections(thing), is_known=False)

    def told_in_part(self, thing: str, query: Query) -> Finding:
        """The values of an attribute without those that are left out, and only those of the groups that are asked for."""
        lines: list[str] = []
        sections: list[str] = []
        lead = f"Besides {join(self.know.shown(value) for value in query.without)}: " if query.without else ""
        for part in self.know.parts_of(self.know.thing(thing).kind, query.attribute):
            held = self.know.held(thing, part)
            declared = self.know.attribute(thing, part)
            if held is None or declared is None or not held.values:
                continue
            values = tuple(v for v in held.values if self._is_asked(v, query))
            if values:
                if held.holder != thing and not lines:
                    lines.append(self.belongs(thing, part))
                lines.append(f"{lead}{self.sentence(thing, declared, Held(held.holder, values))}")
                lead = ""
                sections.extend(self.sections(held.holder))
        if not lines:
            whole = self.told(thing, query.attribute)
            names = [self.know.shown(value) for value in (*query.values, *query.without)]
            preface = "names nothing of this kind besides {values}" if query.without else "names nothing here for {values}"
            line = self.fill(f"For {{thing}} the {{source}} {preface}.", thing=thing, values=names)
            return Finding((line, *whole.lines), sections=whole.sections, is_known=whole.is_known)
        return Finding(tuple(lines), sections=tuple(sections))

    def _is_asked(self, value: str, query: Query) -> bool:
        is_form_of = self.know.is_form_of
        wanted = not query.values or any(is_form_of(value, group) for group in query.values)
        return wanted and not any(is_form_of(value, unwanted) for unwanted in query.without)

    def overview(self, thing: str) -> Finding:
        """What a bare name asks for."""
        kind = self.know.pack.kinds[self.know.thing(thing).kind]
        names = [name for name in kind.overview if self.know.held(thing, name)]
        found = [self.told(thing, name, is_first=at == 0) for at, name in enumerate(names)]
        if found:
            return together(found)
        held = self.know.held(thing, "what")
        if held and held.text:
            return Finding((held.text,), sections=self.sections(held.holder))
        text = self.fill("The {source} says nothing more about {thing}.", thing=thing)
        return Finding((text,), sections=self.sections(thing), is_known=False)

    def belongs(self, thing: str, name: str) -> str:
        """Says by what attribute a fact comes to the thing: side effects come with the class."""
        attribute = self.know.attribute(thing, name)
        via = self.know.attribute(thing, attribute.via) if attribute and attribute.via else None
        held = self.know.held(thing, attribute.via) if attribute and attribute.via else None
        return self.sentence(thing, via, held) if via and held else ""

    def sentence(self, thing: str, attribute: Attribute, held: Held) -> str:
        """The sentence for what is held."""
        if held.text is not None and attribute.type == "text":
            return held.text
        values = [held.text] if held.text is not None else [self.know.shown(value) for value in held.values]
        pattern = attribute.say.forward or f"{capital(attribute.name)} of {{thing}}: {{values}}."
        return self.fill(pattern, thing=thing, holder=held.holder, values=values)

    def having(self, name: str, values: tuple[str, ...], without: tuple[str, ...]) -> list[str]:
        """Holders that have a form of each of `values` and none of `without`."""
        found = []
        for holder in self.know.holders(name):
            held = self.know.all_values(holder, name)
            if all(any(self.know.is_form_of(v, wanted) for v in held) for wanted in values) and not any(
                self.know.is_form_of(v, unwanted)
                for v in held
                if not any(self.know.is_form_of(v, wanted) for wanted in values)  # of the group but for those that are wanted
                for unwanted in without
            ):
                found.append(holder)
        return [holder for holder in found if self.know.thing(holder).variant_of not in found]

    def holder(self, thing: str, name: str) -> str:
        """The thing that the fact stands with."""
        held = self.know.held(thing, name)
        return held.holder if held else thing

    def say(self, name: str) -> Say:
        """The sentences of attribute `name` where it is declared first."""
        return next(k.attributes[name].say for k in self.know.pack.kinds.values() if name in k.attributes)

    def noun(self, name: str) -> str:
        """What attribute `name` is called where it is declared first."""
        return next(k.attributes[name].name for k in self.know.pack.kinds.values() if name in k.attributes)

    def is_closed(self, name: str) -> bool:
        """Whether what the facts do not hold is not so."""
        return any(k.attributes[name].closed for k in self.know.pack.kinds.values() if name in k.attributes)

    def sections(self, *things: str) -> tuple[str, ...]:
        """The sections of the source where the facts of `things` stand, each once."""
        return tuple(dict.fromkeys(s for s in (self.know.thing(thing).section for thing in things) if s))

    def any_section(self, name: str) -> tuple[str, ...]:
        """The section of the first thing that has `name`."""
        return self.sections(*list(self.know.holders(name))[:1])
