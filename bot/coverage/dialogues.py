"""Short dialogues over the facts of a pack: a question, and one after it that leaves out what the first one said.

What the last question means is what the same fact question says in full, so its answer is right if it has what that one's must
have (`bot/coverage/facts.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from bot.coverage.cases import Case, Turn
from bot.coverage.facts import Fact, worded_facts
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.pack.wording import Words, is_clause, question_about, ranked, without_places

FOLLOW_UPS = ("another-thing", "another-value", "another-question", "back")

_VALUES = ("And {name}?", "What about {name}?", "{name}?", "Thanks. And {name}?", "I see. What about {name}?")
_THINGS = (*_VALUES, "Is it the same for {name}?")
_LEADS = ("", "And ", "Thanks. ", "I see. ")
_MOST_VERIFIED = 2
"""Dialogues over each thing, and over each value, in which a yes or a no is asked for."""

Asked = tuple[Fact, str]
"""A fact question and its first wording."""
Talk = tuple[Fact, tuple[str, ...]]
"""What the last turn asks, and all turns."""


def dialogues(pack: Pack) -> Iterator[Case]:
    """Every generated dialogue, in the order of the pack. Only the last turn expects anything: the others are fact questions."""
    yield from _Dialogues(without_places(pack)).cases()


class _Dialogues:
    """Generates the dialogues of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._know = Knowledge(pack)
        self._words = Words(pack, self._know)
        self._asked = [(fact, surfaces[0][1]) for fact, surfaces in worded_facts(pack) if surfaces]

    def cases(self) -> Iterator[Case]:
        listed = [one for one in self._asked if one[0].form == "list"]
        verified = [one for one in self._asked if one[0].form in {"verify-true", "verify-false", "membership"}]
        reverse = [one for one in self._asked if one[0].form == "reverse"]
        made = (
            ("another-thing", self._of_others(listed, verified)),
            ("another-value", self._with_others(verified, reverse)),
            ("another-question", self._questions(listed)),
            ("back", self._back(listed)),
        )
        for follow_up, found in made:
            for at, (fact, turns) in enumerate(found):
                *before, last = turns
                facets = {"follow-up": follow_up, "attribute": fact.attribute, "thing": fact.thing, "kind": fact.kind}
                name = ".".join(filter(None, (follow_up, fact.kind, fact.attribute, fact.form, fact.thing, fact.value, str(at))))
                asked = (*(Turn(text) for text in before), Turn(last, fact.expect))
                yield Case(name, asked, (f"follow-up:{follow_up}",), "dialogues", facets)

    def _of_others(self, listed: list[Asked], verified: list[Asked]) -> Iterator[Talk]:
        """The same asked of another thing: `what are the allergens of sourdough?`, `and puff pastry?`"""
        for group in _grouped(listed, lambda fact: (fact.kind, fact.attribute)):
            for (_, first), (then, _) in pairwise(group):
                yield then, (first, self._next(then.thing))
        for group in _grouped(verified, lambda fact: (fact.kind, fact.attribute, fact.value)):
            for (_, first), (then, _) in list(pairwise(_mixed(group)))[:_MOST_VERIFIED]:
                yield then, (first, self._next(then.thing))

    def _with_others(self, verified: list[Asked], reverse: list[Asked]) -> Iterator[Talk]:
        """The same asked with another value: `does sourdough contain milk?`, `and eggs?`"""
        for group in _grouped(verified, lambda fact: (fact.thing, fact.attribute)):
            for (_, first), (then, _) in list(pairwise(_mixed(group)))[:_MOST_VERIFIED]:
                yield then, (first, self._next(then.value, plain=True))
        for group in _grouped(reverse, lambda fact: (fact.kind, fact.attribute)):
            for (_, first), (then, _) in pairwise(group):
                yield then, (first, self._next(then.thing, plain=True))

    def _questions(self, listed: list[Asked]) -> Iterator[Talk]:
        """Something else asked of the same thing: `what are the allergens of sourdough?`, `how is it baked?`"""
        for group in _grouped(listed, lambda fact: (fact.thing,)):
            for (_, first), (then, _) in pairwise(group):
                question = self._about_it(then)
                if question is not None:
                    lead = _LEADS[len(then.thing + then.attribute) % len(_LEADS)]
                    begin = question[0].lower() if lead == "And " else question[0]
                    yield then, (first, lead + begin + question[1:])

    def _back(self, listed: list[Asked]) -> Iterator[Talk]:
        """Something else asked of the thing before the last one: `back to sourdough: how is it baked?`"""
        of_thing = {group[0][0].thing: group for group in _grouped(listed, lambda fact: (fact.thing,))}
        for group in _grouped(listed, lambda fact: (fact.kind, fact.attribute)):
            for (fact, first), (other, _) in list(pairwise(group))[:_MOST_VERIFIED]:
                then = next((one for one, _ in of_thing[fact.thing] if one.attribute != fact.attribute), None)
                question = self._about_it(then) if then is not None else None
                if then is not None and question is not None:
                    name = self._words.names(fact.thing)[0]
                    yield then, (first, self._next(other.thing, plain=True), f"Back to {name}. {question}")

    def _next(self, thing: str, *, plain: bool = False) -> str:
        """What goes on with `thing`. plain: only in the words that fit a value as well."""
        named = _VALUES if plain else _THINGS
        return named[len(thing) % len(named)].format(name=self._words.names(thing)[0])

    def _about_it(self, fact: Fact) -> str | None:
        """The question with a pronoun for its thing; None where the attribute has no name to ask for it by."""
        attribute = self._know.attribute(fact.thing, fact.attribute)
        plural = self._words.is_plural(fact.thing)
        if attribute is None:
            return None
        if is_clause(attribute):
            return question_about(attribute, "they" if plural else "it", plural=plural)
        return f"What about {'their' if plural else 'its'} {attribute.name}?"


def _grouped(asked: Iterable[Asked], key: Callable[[Fact], tuple[str, ...]]) -> list[list[Asked]]:
    """The questions of the same key, in the order in which they come."""
    groups: dict[tuple[str, ...], list[Asked]] = {}
    for one in asked:
        groups.setdefault(key(one[0]), []).append(one)
    return list(groups.values())


def _mixed(group: list[Asked]) -> list[Asked]:
    """The questions in an order that nobody chose, so that a yes may follow a no."""
    named = {f"{fact.thing} {fact.value}": (fact, text) for fact, text in group}
    return [named[name] for name in ranked(named)]
