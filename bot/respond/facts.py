"""Evaluates a question over facts: each form to the one who answers it."""

from collections.abc import Callable

from msgspec.structs import replace

from bot.pack.knowledge import Knowledge
from bot.respond.compare import Comparer
from bot.respond.sets import Sets
from bot.respond.telling import SILENT, Finding, Teller, together
from bot.respond.wording import capital, join, without_verdict
from bot.understand.query import Query

__all__ = ["Evaluator", "Finding"]


class Evaluator:
    """Answers queries from the facts of one pack."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._know = knowledge
        self._tell = teller = Teller(knowledge)
        self._fill = teller.fill
        self._sets = sets = Sets(knowledge, teller)
        comparer = Comparer(knowledge, teller)
        self._forms: dict[str, Callable[[Query], Finding]] = {
            "list": self._list,
            "overview": self._overview,
            "reverse": sets.reverse,
            "verify": self._verify,
            "which_of": self._which_of,
            "count": sets.count,
            "count_kind": sets.count_kind,
            "most": sets.most,
            "compare": comparer.compare,
            "same": comparer.same,
            "siblings": comparer.siblings,
            "odd": comparer.odd,
            "vague": self._vague,
        }

    def evaluate(self, query: Query) -> Finding:
        """The finding for `query`."""
        names = query.things or query.values or query.without
        if query.form in {"verify", "reverse"} and not names and not query.mode.startswith("size:"):
            return Finding((self._fill(SILENT),), is_known=False)  # there is nothing to look for
        finding = self._forms[query.form](query)
        if query.premise is None:
            return finding
        return replace(finding, lines=(self._corrected(query.premise), *finding.lines), is_known=True)

    def _corrected(self, premise: tuple[str, str, str]) -> str:
        """What is so instead of a premise that is not: (attribute, thing, value)."""
        name, thing, value = premise
        finding = self._is_so(thing, value, Query("verify", name, things=(thing,), values=(value,)))
        return without_verdict(finding.lines[0])

    def _list(self, query: Query) -> Finding:
        if query.values or query.without:
            return together(self._tell.told_in_part(thing, query) for thing in query.things)
        told = together(self._tell.told(thing, query.attribute, with_parts=query.mode != "own") for thing in query.things)
        if query.also:
            return together(
                (told, *(self._tell.told(thing, name, is_first=False) for thing in query.things for name in query.also))
            )
        if query.mode != "exists" or not told.is_known:
            return told
        return replace(told, lines=("Yes.", *told.lines), verdict="yes")

    def _overview(self, query: Query) -> Finding:
        return together(self._overview_of(thing) for thing in query.things)

    def _overview_of(self, thing: str) -> Finding:
        """What a bare name asks for; of a value without a story of its own, what has it."""
        told = self._tell.overview(thing)
        if told.is_known:
            return told
        found = (self._sets.reverse(Query("reverse", name, values=(thing,))) for name in self._reversible(thing))
        return next((finding for finding in found if finding.is_known), told)

    def _reversible(self, thing: str) -> list[str]:
        kind = self._know.thing(thing).kind
        names = dict.fromkeys(
            n
            for k in self._know.pack.kinds.values()
            for n, a in k.attributes.items()
            if kind in a.of and not a.part_of and not a.inverse
        )
        return list(names)

    def _verify(self, query: Query) -> Finding:
        if not query.things or not query.values:
            return self._sets.verify_any(query)
        if query.mode == "sole":
            return self._sets.verify_sole(query)
        if query.without:
            return self._verify_apart(query)
        found = [self._is_so(thing, value, query) for thing in query.things for value in query.values]
        if query.mode == "against":
            found = [_turned_round(finding) for finding in found]
        verdicts = {finding.verdict for finding in found}
        verdict = verdicts.pop() if len(verdicts) == 1 else None
        finding = together(found)
        lines = finding.lines if verdict else tuple(without_verdict(line) for line in finding.lines)
        if query.mode == "not":  # `it does not cause X, right?`: say what is so, and no bare yes or no
            return Finding(tuple(without_verdict(line) for line in finding.lines), None, finding.sections, finding.is_known)
        if verdict and len(lines) > 1:
            lines = (lines[0], *(without_verdict(line) for line in lines[1:]))
        return Finding(lines, verdict, finding.sections, any(f.is_known for f in found))

    def _verify_apart(self, query: Query) -> Finding:
        """Whether things have some values and not others: `A contains B and no C`."""
        plain = replace(query, without=(), mode="")
        has, lacks = self._verify(plain), self._verify(replace(plain, values=query.without))
        finding = together((has, lacks))
        lines = tuple(without_verdict(line) for line in finding.lines)
        verdict = "no" if "no" in (has.verdict, _CONTRARY.get(str(lacks.verdict))) else has.verdict and lacks.verdict and "yes"
        lines = (f"{capital(verdict)}. {lines[0]}", *lines[1:]) if verdict else lines
        return Finding(lines, verdict, finding.sections, finding.is_known)

    def _is_so(self, thing: str, value: str, query: Query) -> Finding:
        """Whether `thing` has `value`, or any of the group `value`."""
        name = query.attribute
        attribute = self._know.attribute(thing, name)
        assert attribute is not None
        for part in self._know.parts_of(self._know.thing(thing).kind, name):
            held = self._know.held(thing, part)
            matches = tuple(v for v in held.values if self._know.is_form_of(v, value)) if held else ()
            if held and matches:
                declared = self._know.attribute(thing, part) or attribute
                if query.mode == "only" and len(held.values) > 1:
                    told = self._tell.sentence(thing, declared, held)
                    return Finding((f"No. {told}",), "no", self._tell.sections(held.holder))
                named = matches if self._know.is_group(value) else matches[:1]
                line = self._fill(declared.say.affirm or "Yes. {thing}: {value}.", thing=thing, holder=held.holder, value=named)
                if held.holder != thing:
                    line = f"{line} {self._tell.belongs(thing, part)}".rstrip()
                return Finding((line,), "yes", self._tell.sections(held.holder))
        return self._is_not_so(thing, value, query)

    def _is_not_so(self, thing: str, value: str, query: Query) -> Finding:
        name = query.attribute
        say = self._tell.say(name) if (own := self._know.attribute(thing, name)) is None else own.say
        held = self._know.held(thing, name)
        exists = any(self._know.is_form_of(v, value) for h in self._know.holders(name) for v in self._know.all_values(h, name))
        if not exists and (say.none is not None or held is None):
            text = say.none or say.missing or SILENT
            return Finding((self._fill(text, thing=thing, value=value),), None, (), is_known=False)
        if held is None:
            return Finding((self._fill(say.missing or SILENT, thing=thing, value=value),), None, (), is_known=False)
        values = [self._know.shown(v) for v in held.values]
        pattern = say.deny or "No. {thing}: {values}."
        line = self._fill(pattern, thing=thing, holder=held.holder, value=value, values=values)
        return Finding((line,), "no", self._tell.sections(held.holder))

    def _which_of(self, query: Query) -> Finding:
        """Which of the things have the value; asked with `not`, which have it not."""
        found = [
            (thing, self._is_so(thing, value, replace(query, mode=""))) for thing in query.things for value in query.values[:1]
        ]
        right = [(thing, one) for thing, one in found if (one.verdict == "yes") != (query.mode == "not")]
        lines = [without_verdict(finding.lines[0]) for _, finding in right or found]
        lead = f"{capital(join(self._know.shown(thing) for thing, _ in right))}." if right else "None of these."
        sections = tuple(dict.fromkeys(section for _, finding in found for section in finding.sections))
        return Finding((" ".join(dict.fromkeys((lead, *lines))),), None, sections)

    def _vague(self, query: Query) -> Finding:
        holders = list(self._know.holders(query.attribute))
        holders = holders or [thing for thing in self._know.pack.things if self._know.held(thing, query.attribute)]
        name = self._tell.noun(query.attribute)
        options = tuple((capital(self._know.shown(h)), f"{capital(name)}: {self._know.shown(h)}") for h in holders)
        return Finding((f"Which one do you mean? I can tell you {_told(name)} these:",), None, (), True, options)

    def everything(self, thing: str) -> str:
        """All that is known of `thing`, an attribute a paragraph; a text that says less than another is left out."""
        kind = self._know.pack.kinds[self._know.thing(thing).kind]
        names = [n for n, a in kind.attributes.items() if a.type != "name" and not a.part_of and self._know.held(thing, n)]
        told = {name: self._tell.told(thing, name, is_first=False).lines for name in names}
        texts = [line for name in names if kind.attributes[name].type == "text" for line in told[name]]
        less = {
            line
            for line in texts
            if any(line is not other and _opening(line) == _opening(other) and len(line) < len(other) for other in texts)
        }
        kept = [line for name in names for line in told[name] if line not in less]
        return "\n".join((capital(self._know.shown(thing)), *dict.fromkeys(kept)))


_CONTRARY = {"yes": "no", "no": "yes"}


def _opening(text: str) -> str:
    return " ".join(text.split()[:4])


def _turned_round(finding: Finding) -> Finding:
    """What is said of a thing where it is asked whether it works against that."""
    line = without_verdict(finding.lines[0])
    is_so = finding.verdict == "yes"
    return replace(finding, lines=(f"No. It is the other way round: {line}" if is_so else line,), verdict="no" if is_so else None)


def _told(name: str) -> str:
    """`the side effects of`, `how it is given for`: the name of an attribute as what is told of things."""
    return f"{name} for" if name.partition(" ")[0] in _CLAUSES else f"the {name} of"


_CLAUSES = frozenset({"how", "what", "when", "where", "who", "why"})
