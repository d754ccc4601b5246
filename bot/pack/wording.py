"""The words for generated questions, from what a pack declares: names of things, nouns and clauses of attributes, verbs."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from bot.language.template import Sequence, TemplateError, expand, parse
from bot.pack.format import Attribute, Pack
from bot.pack.knowledge import Knowledge


def without_places(pack: Pack) -> Pack:
    """`pack` with plain texts, which do not know where they stand: whatever is made from them travels as it is."""
    return msgspec.convert(msgspec.to_builtins(pack, enc_hook=str), Pack)


_CLAUSE = re.compile(r"(?P<wh>how|what|who|where|when|why) (?P<subject>it|they) (?P<verb>\w+)(?P<rest>.*)", re.IGNORECASE)
_LEADS = frozenset({"in", "by", "with", "as", "through", "under", "on", "at", "into", "from", "over", "via", "during"})
_PLAIN = {"does": "do", "has": "have", "goes": "go"}
_BE = frozenset({"is", "are", "was", "were", "can", "will", "may"})


def ranked(items: Iterable[str], salt: str = "") -> list[str]:
    """`items` in an order that is the same everywhere and that nobody chose."""
    return sorted(items, key=lambda item: (hashlib.sha256(f"{salt}\n{item}".encode()).digest(), item))


def is_plural(name: str) -> bool:
    """Whether a noun phrase is a plural, as far as its head tells: `side effects`, `kinds of dough`."""
    head = re.split(r" (?:of|for|with|in|to|from) ", name)[0].split()[-1:]
    return bool(head) and head[0].endswith("s") and not head[0].endswith(("ss", "us", "is"))


def is_clause(attribute: Attribute) -> bool:
    """Whether the attribute is named by a clause (`how it is given`) rather than by a noun (`side effects`)."""
    return attribute.name.split()[0].lower() in {"how", "what", "who", "where", "when", "why", "whether"}


def leads_with_preposition(name: str) -> bool:
    """`by mouth`: a value that stands in no place of a noun."""
    return name.split()[0].lower() in _LEADS


def clause_about(attribute: Attribute, thing: str) -> str | None:
    """`how it works` -> `how Velcade works`; None when the clause has no place for a thing."""
    found = _CLAUSE.fullmatch(attribute.name)
    return f"{found['wh']} {thing} {found['verb']}{found['rest']}" if found else None


def question_about(attribute: Attribute, thing: str, *, plural: bool) -> str | None:
    """`how it works` -> `How does Velcade work?`; None when the name of the attribute is no such clause."""
    found = _CLAUSE.fullmatch(attribute.name)
    if found is None:
        return None
    wh, verb, rest = found["wh"].capitalize(), found["verb"].lower(), found["rest"]
    if verb in _BE:
        verb = {"is": "are", "was": "were"}.get(verb, verb) if plural else {"are": "is", "were": "was"}.get(verb, verb)
        return f"{wh} {verb} {thing}{rest}?"
    base = _PLAIN.get(verb, verb.removesuffix("s")) if found["subject"].lower() == "it" else verb
    return f"{wh} {'do' if plural else 'does'} {thing} {base}{rest}?"


def participle(attribute: Attribute) -> str | None:
    """`given` of `how it is given`."""
    found = _CLAUSE.fullmatch(attribute.name)
    if found is None or found["wh"].lower() != "how" or found["verb"].lower() not in {"is", "are"}:
        return None
    rest = found["rest"].split()
    return rest[0] if len(rest) == 1 else None


class Words:
    """What the things of one pack are called."""

    def __init__(self, pack: Pack, knowledge: Knowledge) -> None:
        self._pack = pack
        self._know = knowledge
        self._rules: Mapping[str, Sequence] = {name: parse(text) for name, text in pack.rules.items()}
        owners: dict[str, set[str]] = {}
        for thing in pack.things:
            for name in (*self.names(thing), *self._aliases(thing)):
                owners.setdefault(name.lower(), set()).add(thing)
        self._owners = owners

    def names(self, thing: str) -> list[str]:
        """The proper names of a thing: the brand and the generic name of a drug."""
        return list({name.lower(): name for name in self._know.names(thing).values()}.values())

    def alternatives(self, thing: str) -> tuple[str, ...]:
        """What of a thing may stand in an answer that names it, in lower case."""
        shown = (self._know.shown(thing), self._know.shown(thing, short=True), *self.names(thing))
        return tuple(dict.fromkeys(name.lower() for name in shown))

    def is_plural(self, thing: str) -> bool:
        return self._know.thing(thing).plural

    def aliases(self, thing: str, most: int) -> list[str]:
        """Other words for a thing that stand for nothing else, at most `most` of each template."""
        known = {name.lower() for name in self.names(thing)}
        found: list[str] = []
        for template in self._know.thing(thing).aliases:
            own = [
                phrase
                for phrase in self._expanded(template)
                if phrase.lower() not in known and self._owners.get(phrase.lower()) == {thing}
            ]
            found.extend(ranked(own, thing)[:most])
        return list(dict.fromkeys(found))

    def verb(self, attribute: Attribute) -> str | None:
        """The first verb that joins a thing with a value of the attribute, in its plain form: `cause` of `(cause|causes)`."""
        for template in attribute.links:
            phrases = self._expanded(template)
            for phrase in phrases:
                if f"{phrase}s" in phrases and " " not in phrase:
                    return phrase
        return None

    def expanded(self, templates: Iterable[str]) -> list[str]:
        """Every phrase that the templates stand for."""
        return [phrase for template in templates for phrase in self._expanded(template)]

    def _aliases(self, thing: str) -> Iterator[str]:
        for template in self._know.thing(thing).aliases:
            yield from self._expanded(template)

    def _expanded(self, template: str) -> list[str]:
        try:
            return [phrase for phrase in expand(parse(template), self._rules) if phrase and "{" not in phrase]
        except TemplateError:
            return []
