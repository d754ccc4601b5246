"""Evaluates a question over facts and says the result in whole sentences."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from bot.pack.format import Attribute
from bot.pack.knowledge import Held, Knowledge
from bot.respond.wording import Wording, capital, join, number_word, without_verdict
from bot.understand.query import Query, Verdict

_SILENT = "The {source} does not say."
_NONE = ("None. ", "None: ")
"""How a list begins that is empty."""


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


class Evaluator:
    """Answers queries from the facts of one pack."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._know = knowledge
        wording = Wording(knowledge)
        self._fill, self._many, self._listed = wording.fill, wording.many, wording.listed
        self._forms: dict[str, Callable[[Query], Finding]] = {
            "list": self._list,
            "overview": self._overview,
            "reverse": self._reverse,
            "verify": self._verify,
            "which_of": self._which_of,
            "count": self._count,
            "count_kind": self._count_kind,
            "compare": self._compare,
            "same": self._same,
            "vague": self._vague,
            "siblings": self._siblings,
        }

    def evaluate(self, query: Query) -> Finding:
        """The finding for `query`."""
        names = query.things or query.values or query.without
        if query.form in {"verify", "reverse"} and not names and not query.mode.startswith("size:"):
            return Finding((self._fill(_SILENT),), is_known=False)  # there is nothing to look for
        finding = self._forms[query.form](query)
        return replace(finding, lines=(self._corrected(query.premise), *finding.lines)) if query.premise else finding

    def _corrected(self, premise: tuple[str, str, str]) -> str:
        """What is so instead of a premise that is not: (attribute, thing, value)."""
        name, thing, value = premise
        finding = self._is_so(thing, value, Query("verify", name, things=(thing,), values=(value,)))
        return without_verdict(finding.lines[0])

    # ---- forms ----------------------------------------------------------------------------------------------------

    def _list(self, query: Query) -> Finding:
        found = [self._told(thing, query.attribute) for thing in query.things]
        return _together(found)

    def _overview(self, query: Query) -> Finding:
        return _together([self._overview_of(thing) for thing in query.things])

    def _overview_of(self, thing: str) -> Finding:
        kind = self._know.pack.kinds[self._know.thing(thing).kind]
        names = [name for name in kind.overview if self._know.held(thing, name)]
        found = [self._told(thing, name, is_first=at == 0) for at, name in enumerate(names)]
        if found:
            return _together(found)
        held = self._know.held(thing, "what")
        if held and held.text:
            return Finding((held.text,), sections=self._sections(held.holder))
        for name in self._reversible(thing):
            finding = self._reverse(Query("reverse", name, values=(thing,)))
            if finding.is_known:
                return finding
        text = self._fill("The {source} says nothing more about {thing}.", thing=thing)
        return Finding((text,), sections=self._sections(thing), is_known=False)

    def _told(self, thing: str, name: str, is_first: bool = True) -> Finding:
        """Attribute `name` of `thing`, with its parts, and by whose fact."""
        attribute = self._know.attribute(thing, name)
        if attribute is None:
            return Finding((), is_known=False)
        lines: list[str] = []
        sections: list[str] = []
        for part in self._know.parts_of(self._know.thing(thing).kind, name):
            held = self._know.held(thing, part)
            declared = self._know.attribute(thing, part)
            if held is None or declared is None:
                continue
            if held.holder != thing and not lines and is_first:
                lines.append(self._belongs(thing, part))
            lines.append(self._sentence(thing, declared, held))
            sections.extend(self._sections(held.holder))
        if lines:
            return Finding(
                (" ".join(lines) if not any("\n" in line for line in lines) else "\n\n".join(lines),), sections=tuple(sections)
            )
        if attribute.otherwise is not None:
            return self._told(thing, attribute.otherwise)
        missing = attribute.say.missing or f"The {{source}} does not say: {attribute.name} of {{thing}}."
        return Finding((self._fill(missing, thing=thing),), sections=self._sections(thing), is_known=False)

    def _belongs(self, thing: str, name: str) -> str:
        """Says by what attribute a fact comes to the thing: side effects come with the class."""
        attribute = self._know.attribute(thing, name)
        via = self._know.attribute(thing, attribute.via) if attribute and attribute.via else None
        held = self._know.held(thing, attribute.via) if attribute and attribute.via else None
        return self._sentence(thing, via, held) if via and held else ""

    def _sentence(self, thing: str, attribute: Attribute, held: Held) -> str:
        if held.text is not None and attribute.type == "text":
            return held.text
        values = [held.text] if held.text is not None else [self._know.shown(value) for value in held.values]
        pattern = attribute.say.forward or f"{capital(attribute.name)} of {{thing}}: {{values}}."
        return self._fill(pattern, thing=thing, holder=held.holder, values=values)

    def _verify(self, query: Query) -> Finding:
        if not query.things:
            return self._verify_any(query)
        found = [self._is_so(thing, value, query) for thing in query.things for value in query.values]
        verdicts = {finding.verdict for finding in found}
        verdict = verdicts.pop() if len(verdicts) == 1 else None
        finding = _together(found)
        lines = finding.lines if verdict else tuple(without_verdict(line) for line in finding.lines)
        if query.mode == "not":  # `it does not cause X, right?`: say what is so, and no bare yes or no
            return Finding(tuple(without_verdict(line) for line in finding.lines), None, finding.sections, finding.is_known)
        if verdict and len(lines) > 1:
            lines = (lines[0], *(without_verdict(line) for line in lines[1:]))
        return Finding(lines, verdict, finding.sections, any(f.is_known for f in found))

    def _is_so(self, thing: str, value: str, query: Query) -> Finding:
        name = query.attribute
        kind = self._know.thing(thing).kind
        attribute = self._know.attribute(thing, name)
        assert attribute is not None
        own = name
        for part in self._know.parts_of(kind, name):
            held = self._know.held(thing, part)
            match = next((v for v in held.values if self._know.is_form_of(v, value)), None) if held else None
            if held and match:
                say = (self._know.attribute(thing, part) or attribute).say
                if query.mode == "only" and len(held.values) > 1:
                    told = self._sentence(thing, self._know.attribute(thing, part) or attribute, held)
                    return Finding((f"No. {told}",), "no", self._sections(held.holder))
                line = self._fill(say.affirm or "Yes. {thing}: {value}.", thing=thing, holder=held.holder, value=match)
                if held.holder != thing:
                    line = f"{line} {self._belongs(thing, part)}".rstrip()
                return Finding((line,), "yes", self._sections(held.holder))
        held = self._know.held(thing, own)
        exists = any(self._know.is_form_of(v, value) for h in self._know.holders(name) for v in self._know.all_values(h, name))
        if not exists and (attribute.say.none is not None or held is None):
            text = attribute.say.none or attribute.say.missing or _SILENT
            return Finding((self._fill(text, thing=thing, value=value),), None, (), is_known=False)
        if held is None:
            return Finding((self._fill(attribute.say.missing or _SILENT, thing=thing, value=value),), None, (), is_known=False)
        values = [self._know.shown(v) for v in held.values]
        line = self._fill(
            attribute.say.deny or "No. {thing}: {values}.", thing=thing, holder=held.holder, value=value, values=values
        )
        return Finding((line,), "no", self._sections(held.holder))

    def _verify_any(self, query: Query) -> Finding:
        """Is there anything with all these values: are A, B and C one of the combinations."""
        holders = self._having(query.attribute, query.values, query.without)
        exact = [h for h in holders if set(self._know.all_values(h, query.attribute)) == set(query.values)]
        say = self._say(query.attribute)
        names = query.values
        if not names:  # is there anything without it, or of that size
            anything = self._reverse(replace(query, form="reverse"))
            verdict: Verdict = "no" if anything.lines[0].startswith(_NONE) else "yes"
            text = capital(anything.lines[0].removeprefix(_NONE[0]).removeprefix(_NONE[1]))
            return Finding((f"{capital(verdict)}. {text}",), verdict, anything.sections)
        if exact and len(query.values) > 1:
            return Finding(
                (self._fill(say.affirm or "Yes: {things}.", value=names, things=[self._listed(h) for h in exact]),),
                "yes",
                self._sections(*exact),
            )
        if not holders and len(names) > 1 and not self._is_closed(query.attribute):
            return self._each(query)
        if holders:
            line = self._reverse(Query("reverse", query.attribute, values=query.values, without=query.without))
            return Finding((f"Yes. {line.lines[0]}", *line.lines[1:]), "yes", line.sections)
        if self._is_closed(query.attribute):
            fits = len(query.values) > 1 and say.deny and "{thing}" not in say.deny
            pattern = say.deny if fits and say.deny else f"No. {say.none or 'There is none.'}"
            return Finding((self._fill(pattern, value=names),), "no", self._any_section(query.attribute))
        return Finding((self._fill(say.none or _SILENT, value=names),), None, (), is_known=False)

    def _which_of(self, query: Query) -> Finding:
        found = [(thing, self._is_so(thing, value, query)) for thing in query.things for value in query.values[:1]]
        right = [self._know.shown(thing) for thing, finding in found if finding.verdict == "yes"]
        lines = [without_verdict(finding.lines[0]) for thing, finding in found if finding.verdict == "yes"]
        sections = tuple(dict.fromkeys(section for _, finding in found for section in finding.sections))
        if not right:
            lines = ["None of these.", *(without_verdict(finding.lines[0]) for _, finding in found)]
        else:
            lines = [f"{capital(join(right))}.", *lines]
        return Finding((" ".join(dict.fromkeys(lines)),), None, sections)

    def _reverse(self, query: Query) -> Finding:
        if query.mode.startswith("size:"):
            return self._of_size(query)
        say = self._say(query.attribute)
        names = query.values or query.without
        if not query.values and query.without:
            some = {h for unwanted in query.without for h in self._having(query.attribute, (unwanted,), ())}
            rest = [h for h in self._know.holders(query.attribute) if h not in some]
            pattern = say.lacking or "Without {value}: {things}."
            if not rest:
                return Finding(
                    (self._fill("None. Every one of them has {value}.", value=names),),
                    None,
                    self._any_section(query.attribute),
                )
            return Finding(
                (self._fill(pattern, value=names, things=[self._listed(h) for h in rest], count=len(rest)),),
                None,
                self._sections(*rest),
            )
        groups = self._grouped(query)
        if not groups and query.mode == "only":
            told = self._reverse(replace(query, mode=""))
            only = join(self._know.shown(value) for value in query.values)
            lead = self._fill(f"The {{source}} names nothing that has only {only}.")
            return replace(told, lines=(lead, *told.lines)) if told.is_known else told
        if not groups and len(query.values) > 1 and not self._is_closed(query.attribute):
            return self._each(query)
        if not groups:
            text = say.none or "The {source} names nothing with {value}."
            return Finding(
                (self._fill(text, value=names),),
                None,
                self._any_section(query.attribute),
                is_known=self._is_closed(query.attribute),
            )
        lines = []
        holders: list[str] = []
        for name, values, members in groups:
            pattern = self._say(name).reverse or "{value}: {things}."
            lines.append(self._fill(pattern, value=values, things=[self._listed(h) for h in members], count=len(members)))
            holders.extend(members)
        if query.without:
            lines[0] = f"Leaving out {join(self._know.shown(value) for value in query.without)}: {lines[0]}"
        return Finding(tuple(lines), None, self._sections(*holders))

    def _each(self, query: Query) -> Finding:
        """What has each of the values that nothing has together."""
        found = [self._reverse(replace(query, form="reverse", values=(value,))) for value in query.values]
        told = _together(found)
        if not told.is_known:
            return told
        names = join(self._know.shown(value) for value in query.values)
        line = self._fill(f"The {{source}} names nothing that has {names} together.")
        return Finding((line, *told.lines), None, told.sections)

    def _grouped(self, query: Query) -> list[tuple[str, tuple[str, ...], list[str]]]:
        """(attribute, values, holders) for each way in which holders have what was asked for."""
        holders = self._having(query.attribute, query.values, query.without)
        if query.mode == "only":
            holders = [h for h in holders if len(self._know.all_values(h, query.attribute)) == len(query.values)]
        groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for holder in holders:
            kind = self._know.thing(holder).kind
            for part in self._know.parts_of(kind, query.attribute):
                held = self._know.held(holder, part)
                matched = tuple(
                    v for wanted in query.values for v in (held.values if held else ()) if self._know.is_form_of(v, wanted)
                )
                if matched and (len(query.values) == 1 or len(matched) >= len(query.values)):
                    groups.setdefault((part, matched), []).append(holder)
                    break
            else:
                groups.setdefault((query.attribute, query.values), []).append(holder)
        ordered = sorted(groups.items(), key=lambda item: (item[0][1] != query.values, item[0]))
        return [(part, values, members) for (part, values), members in ordered]

    def _count(self, query: Query) -> Finding:
        if query.things:
            found = []
            for thing in query.things:
                attribute = self._know.attribute(thing, query.attribute)
                held = self._know.held(thing, query.attribute)
                if attribute is None or held is None or not held.values:
                    found.append(self._told(thing, query.attribute))
                    continue
                pattern = attribute.say.count or attribute.say.forward or "{count}: {values}."
                values = [self._know.shown(v) for v in held.values]
                line = self._fill(pattern, thing=thing, holder=held.holder, values=values, count=len(values))
                for part in self._know.parts_of(self._know.thing(thing).kind, query.attribute)[1:]:
                    more, declared = self._know.held(thing, part), self._know.attribute(thing, part)
                    if more is not None and declared is not None:
                        line = f"{line}\n\n{self._sentence(thing, declared, more)}"
                found.append(
                    Finding(
                        (line if "{count}" in pattern else f"{capital(number_word(len(values)))}. {line}",),
                        None,
                        self._sections(held.holder),
                    )
                )
            return _together(found)
        finding = self._reverse(
            Query("reverse", query.attribute, values=query.values, without=query.without, kind=query.kind, mode=query.mode)
        )
        holders = self._having(query.attribute, query.values, query.without)
        if "{count}" in (self._say(query.attribute).reverse or "") or not finding.is_known:
            return finding
        return Finding((f"{capital(number_word(len(holders)))}. {finding.lines[0]}", *finding.lines[1:]), None, finding.sections)

    def _count_kind(self, query: Query) -> Finding:
        kind = self._know.pack.kinds[query.kind]
        ids = self._know.of_kind(query.kind)
        names = [self._know.shown(id_) for id_ in ids]
        pattern = "The {source} names {count} " + kind.plural + ": {things}."
        return Finding((self._fill(pattern, things=names, count=len(ids)),), None, self._sections(*ids))

    def _compare(self, query: Query) -> Finding:
        if query.attribute:
            told = _together([self._told(thing, query.attribute) for thing in query.things])
            sets = [set(self._know.all_values(thing, query.attribute)) for thing in query.things]
            if not all(sets):
                return told
            shared = [v for v in self._know.all_values(query.things[0], query.attribute) if all(v in one for one in sets)]
            name = (self._know.attribute(query.things[0], query.attribute) or Attribute(name=query.attribute)).name
            common = (
                f"In common ({name}): {join(self._know.shown(v) for v in shared)}."
                if shared
                else f"They have no {name} in common."
            )
            if len({self._holder(thing, query.attribute) for thing in query.things}) == 1:
                common = f"They have the same {name}, because they belong together."
            return Finding((*told.lines, common), None, told.sections)
        told = _together([self._overview_of(thing) for thing in query.things])
        return Finding(told.lines, None, told.sections, told.is_known)

    def _same(self, query: Query) -> Finding:
        if len(query.things) == 1:
            thing = query.things[0]
            names = self._know.names(thing)
            kind = self._know.pack.kinds[self._know.thing(thing).kind]
            for attribute in kind.attributes.values():
                if attribute.type == "name" and attribute.say.affirm and len(set(names.values())) > 1:
                    return Finding((self._fill(attribute.say.affirm, thing=thing),), "yes", self._sections(thing))
            return Finding(
                (f"Yes. These are two names for the same thing: {self._know.shown(thing)}.",), "yes", self._sections(thing)
            )
        if query.attribute and self._know.value_kinds(query.attribute):
            holders = {self._know.held(thing, query.attribute) for thing in query.things}
            told = _together([self._told(thing, query.attribute) for thing in query.things])
            if None in holders:
                return Finding(told.lines, None, told.sections, told.is_known)
            same = len({held.values for held in holders if held}) == 1
            return Finding(("Yes." if same else "No.", *told.lines), "yes" if same else "no", told.sections)
        told = _together([self._overview_of(thing) for thing in query.things])
        return Finding((f"No. {told.lines[0]}", *told.lines[1:]), "no", told.sections, told.is_known)

    def _siblings(self, query: Query) -> Finding:
        """What else belongs where the thing belongs."""
        thing = query.things[0]
        told = self._told(thing, query.attribute)
        held = self._know.held(thing, query.attribute)
        others = [
            other
            for value in (held.values if held else ())
            for other in self._having(query.attribute, (value,), ())
            if other != thing
        ]
        if not others:
            return told
        return Finding(
            (*told.lines, f"The others in it: {self._many([self._know.shown(other) for other in others])}."),
            None,
            told.sections,
        )

    def _vague(self, query: Query) -> Finding:
        holders = list(self._know.holders(query.attribute))
        name = next(k.attributes[query.attribute].name for k in self._know.pack.kinds.values() if query.attribute in k.attributes)
        options = tuple((capital(self._know.shown(h)), f"{capital(name)}: {self._know.shown(h)}") for h in holders)
        return Finding((f"Which one do you mean? I can tell you the {name} of these:",), None, (), True, options)

    def everything(self, thing: str) -> str:
        """All that is known of `thing`, an attribute a paragraph; a text that says less than another is left out."""
        kind = self._know.pack.kinds[self._know.thing(thing).kind]
        names = [n for n, a in kind.attributes.items() if a.type != "name" and not a.part_of and self._know.held(thing, n)]
        told = [line for name in names for line in self._told(thing, name, is_first=False).lines]
        kept = [
            line
            for line in told
            if not any(line is not other and _opening(line) == _opening(other) and len(line) < len(other) for other in told)
        ]
        return "\n".join((capital(self._know.shown(thing)), *dict.fromkeys(kept)))

    # ---- help -----------------------------------------------------------------------------------------------------

    def _having(self, name: str, values: tuple[str, ...], without: tuple[str, ...]) -> list[str]:
        """Holders that have a form of each of `values` and none of `without`."""
        found = []
        for holder in self._know.holders(name):
            held = self._know.all_values(holder, name)
            if all(any(self._know.is_form_of(v, wanted) for v in held) for wanted in values) and not any(
                self._know.is_form_of(v, unwanted) for v in held for unwanted in without
            ):
                found.append(holder)
        return [holder for holder in found if self._know.thing(holder).variant_of not in found]

    def _of_size(self, query: Query) -> Finding:
        """Things with so many values."""
        size = int(query.mode.partition(":")[2])
        found = [
            h
            for h in self._having(query.attribute, query.values, query.without)
            if len(self._know.all_values(h, query.attribute)) == size
        ]
        kind = self._know.pack.kinds[query.kind or self._know.thing(next(iter(self._know.holders(query.attribute)))).kind]
        if not found:
            return Finding(
                (self._fill(f"None: the {{source}} lists no {kind.name} of {number_word(size)}."),),
                None,
                self._any_section(query.attribute),
            )
        names = [self._know.shown(h) for h in found]
        noun = kind.name if len(found) == 1 else kind.plural
        pattern = f"The {{source}} lists {number_word(len(found))} {noun} of {number_word(size)}: {{things}}."
        return Finding((self._fill(pattern, things=names),), None, self._sections(*found))

    def _reversible(self, thing: str) -> list[str]:
        kind = self._know.thing(thing).kind
        names = dict.fromkeys(
            n
            for k in self._know.pack.kinds.values()
            for n, a in k.attributes.items()
            if kind in a.of and not a.part_of and not a.inverse
        )
        return list(names)

    def _holder(self, thing: str, name: str) -> str:
        held = self._know.held(thing, name)
        return held.holder if held else thing

    def _say(self, name: str):  # type: ignore[no-untyped-def]
        """The sentences of attribute `name` where it is declared first."""
        return next(k.attributes[name].say for k in self._know.pack.kinds.values() if name in k.attributes)

    def _is_closed(self, name: str) -> bool:
        return any(k.attributes[name].closed for k in self._know.pack.kinds.values() if name in k.attributes)

    def _sections(self, *things: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for s in (self._know.thing(thing).section for thing in things) if s))

    def _any_section(self, name: str) -> tuple[str, ...]:
        return self._sections(*list(self._know.holders(name))[:1])


def _opening(text: str) -> str:
    return " ".join(text.split()[:4])


def _together(found: list[Finding]) -> Finding:
    """Several findings as one, each line once."""
    lines = tuple(dict.fromkeys(line for finding in found for line in finding.lines))
    sections = tuple(dict.fromkeys(section for finding in found for section in finding.sections))
    return Finding(lines, None, sections, any(finding.is_known for finding in found))
