"""The same question as somebody else would have typed it: slips, another tone, another order; and its denial.

A perturbed question has the answer of the question that it was made from, but for `negation`, which must change it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain, pairwise
from random import Random

from msgspec.structs import replace

from bot.coverage.cases import Case, Expectation, Turn
from bot.language.template import TemplateError, expand, parse
from bot.pack.format import Kind, Pack
from bot.pack.knowledge import Knowledge
from bot.pack.wording import Words, ranked, without_places

Perturb = Callable[[str, Random], str | None]
"""A question as typed by somebody else; None where there is nothing to change."""

_WORD = re.compile(r"[A-Za-z]+")


def _long_words(text: str, least: int) -> list[re.Match[str]]:
    return [match for match in _WORD.finditer(text) if len(match.group()) >= least]


def _typo(text: str, random: Random) -> str | None:
    """Two letters inside a word change places."""
    return _inside(text, random, lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :])


def _dropped_letter(text: str, random: Random) -> str | None:
    return _inside(text, random, lambda word, at: word[:at] + word[at + 1 :])


def _doubled_letter(text: str, random: Random) -> str | None:
    return _inside(text, random, lambda word, at: word[:at] + word[at] + word[at:])


def _inside(text: str, random: Random, change: Callable[[str, int], str]) -> str | None:
    words = _long_words(text, 6)
    if not words:
        return None
    match = random.choice(words)
    word = match.group()
    places = [at for at in range(1, len(word) - 2) if word[at] != word[at + 1]]
    if not places:
        return None
    return text[: match.start()] + change(word, random.choice(places)) + text[match.end() :]


def _lower(text: str, _: Random) -> str | None:
    return text.lower()


def _upper(text: str, _: Random) -> str | None:
    return text.upper()


def _bare(text: str, _: Random) -> str | None:
    return re.sub(r"[?.!,;:]+(?=\s|$)", "", text)


def _excited(text: str, _: Random) -> str | None:
    return f"{text.rstrip('?.!')}??!"


_CONTRACTED = (
    (r"\b(what|who|where|how|that|it) is\b", r"\1's"),
    (r"\b(do|does|did|is|are|was|were|have|has|could|would|should) not\b", r"\1n't"),
    (r"\bcannot\b", "can't"),
    (r"\bI am\b", "I'm"),
    (r"\bwhat are\b", "what're"),
)


def _contracted(text: str, _: Random) -> str | None:
    for pattern, short in _CONTRACTED:
        text = re.sub(pattern, short, text, count=1, flags=re.IGNORECASE)
    return text


def _polite(text: str, random: Random) -> str | None:
    before, after = random.choice(
        [("Could you please help me? ", ""), ("Good morning! ", " Thank you very much."), ("Sorry to bother you. ", " Thanks!")]
    )
    return f"{before}{text}{after}"


def _rambling(text: str, random: Random) -> str | None:
    before = random.choice(
        [
            "I have been reading for hours and I am more confused than before, so here goes: ",
            "We talked about this over lunch and nobody could agree. ",
            "It is late and I cannot sleep, so I thought I would just ask. ",
        ]
    )
    return f"{before}{text}"


def _front(text: str, _: Random) -> str | None:
    """`What are the side effects of Velcade?` -> `Velcade, what are the side effects?`"""
    found = re.fullmatch(r"(?P<ask>(?:what (?:is|are)|tell me|list) the .+) (?:of|for) (?P<name>[^,]+?)[?.]", text, re.IGNORECASE)
    if found is None:
        return None
    ask = found["ask"]
    return f"{found['name']}, {ask[0].lower()}{ask[1:]}?"


PERTURBATIONS: dict[str, Perturb] = {
    "typo": _typo,
    "dropped-letter": _dropped_letter,
    "doubled-letter": _doubled_letter,
    "lower-case": _lower,
    "upper-case": _upper,
    "no-punctuation": _bare,
    "more-punctuation": _excited,
    "contraction": _contracted,
    "word-order": _front,
    "politeness": _polite,
    "rambling": _rambling,
}
"""Name -> what it does; `synonym` and `negation` come from the pack and are made by `Perturber`."""


class Perturber:
    """Perturbs questions about one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack = without_places(pack)
        self._words = Words(pack, Knowledge(pack))
        self._synonyms = _synonyms(pack)
        self._pairs = _pairs(pack)
        self._kinds = {str(kind.plural): _plurals(kind) for kind in pack.kinds.values()}

    def cases(self, parents: Iterable[Case], most: int) -> Iterator[Case]:
        """Perturbed cases: of each source at most `most` for each perturbation, chosen by their names alone.

        Only cases of one question that expect something are perturbed.
        """
        by_source: dict[str, dict[str, Case]] = {}
        for case in parents:
            if len(case.turns) == 1 and case.turns[0].expect is not None:
                by_source.setdefault(case.source, {})[case.id] = case
        for source, cases in by_source.items():
            for name in (*PERTURBATIONS, "synonym", "negation"):
                found = 0
                for id_ in ranked(cases, f"{source}/{name}"):
                    if found == most:
                        break
                    parent = cases[id_]
                    made = self._denied(parent) if name == "negation" else self._changed(parent, name)
                    if made is not None:
                        found += 1
                        yield made

    def _changed(self, parent: Case, name: str) -> Case | None:
        turn, random = parent.turns[0], Random(f"{name}/{parent.id}")
        text = self._synonym(parent, random) if name == "synonym" else PERTURBATIONS[name](turn.ask, random)
        if text is None or text == turn.ask or not text.strip():
            return None
        return _case(parent, name, Turn(text, turn.expect))

    def _synonym(self, parent: Case, random: Random) -> str | None:
        """A word gives way to another that the pack declares to mean the same: a thing's other name, another word for a kind, and
        in the phrasings of entries another word of a concept."""
        text = parent.turns[0].ask
        swaps = self._names_in(parent) if parent.source == "facts" else []
        swaps += [(plural, word) for plural, words in self._kinds.items() for word in words if plural in text]
        if parent.source != "facts":
            known = [word for word in self._alone(text) if word.lower() in self._synonyms]
            swaps += [(word, other) for word in known for other in self._synonyms[word.lower()]]
        if not swaps:
            return None
        old, new = random.choice(swaps)
        return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, text, count=1)

    def _alone(self, text: str) -> list[str]:
        """The words of a text that mean something by themselves: `find` does not in `find out`."""
        words = [match.group() for match in _WORD.finditer(text)]
        lower = ["", *(word.lower() for word in words), ""]
        beside = zip(words, pairwise(lower), pairwise(lower[1:]), strict=False)
        return [word for word, before, after in beside if self._pairs.isdisjoint({before, after})]

    def _names_in(self, parent: Case) -> list[tuple[str, str]]:
        """The name of the thing that is asked about, with each of its other names, where no name is what is asked for."""
        thing = parent.facets.get("thing", "")
        attribute = parent.facets.get("attribute", "")
        if thing not in self._pack.things or parent.facets.get("form") == "same":
            return []
        declared = self._pack.kinds[self._pack.things[thing].kind].attributes.get(attribute)
        if declared is not None and declared.type == "name":
            return []
        names = self._words.names(thing)
        return [(old, new) for old in names for new in names if old != new and old in parent.turns[0].ask]

    def _denied(self, parent: Case) -> Case | None:
        """`Does X cause Y?`, which is so, as `X does not cause Y, is that right?`: whoever says yes has not heard the `not`."""
        turn, thing = parent.turns[0], parent.facets.get("thing", "")
        if parent.facets.get("form") not in {"verify-true", "membership"} or thing not in self._pack.things:
            return None
        called = self._words.names(thing)[0]
        found = re.fullmatch(rf"(do|does|can|is|are) {re.escape(called)} (.+)\?", turn.ask, re.IGNORECASE)
        if found is None:
            return None
        text = f"{called} {found.group(1).lower()} not {found.group(2)}, is that right?"
        return _case(parent, "negation", Turn(text, Expectation(kind=("answer",), never="yes")))


def _case(parent: Case, name: str, turn: Turn) -> Case:
    facets = {key: value for key, value in parent.facets.items() if key == "form"}
    facets |= {"perturbation": name, "of": parent.id, "from": parent.source}
    return replace(
        parent,
        id=f"{name}.{parent.source}.{parent.id}",
        turns=(turn,),
        tags=(f"perturbation:{name}",),
        source="perturbed",
        facets=facets,
    )


def _synonyms(pack: Pack) -> dict[str, list[str]]:
    """Word -> other words of the same concept in the same form; words of several concepts are left out."""
    homes: dict[str, set[str]] = {}
    concepts: dict[str, list[str]] = {}
    for name, templates in pack.synonyms.items():
        for template in templates:
            try:
                phrases = expand(parse(template))
            except TemplateError:
                continue
            for phrase in phrases:
                if _WORD.fullmatch(phrase):
                    concepts.setdefault(name, []).append(phrase.lower())
                    homes.setdefault(phrase.lower(), set()).add(name)
    return {
        word: others
        for words in concepts.values()
        for word in words
        if len(homes[word]) == 1
        and len(word) > 3
        and (others := [w for w in words if w[:4] != word[:4] and _ending(w) == _ending(word) and len(homes[w]) == 1])
    }


def _pairs(pack: Pack) -> frozenset[tuple[str, str]]:
    """Words that stand beside each other in what the pack declares to mean something."""
    templates = [*chain.from_iterable(pack.synonyms.values()), *chain.from_iterable(gap.words for gap in pack.gaps.values())]
    templates += chain.from_iterable(thing.aliases for thing in pack.things.values())
    for kind in pack.kinds.values():
        templates += kind.words
        templates += chain.from_iterable((*own.words, *own.links) for own in kind.attributes.values())
    found: set[tuple[str, str]] = set()
    for template in templates:
        with suppress(TemplateError):
            for phrase in expand(parse(template)):
                found.update(pairwise(_WORD.findall(phrase.lower())))
    return frozenset(found)


def _plurals(kind: Kind) -> list[str]:
    """Other words for things of a kind, in one word and in the plural."""
    found: list[str] = []
    for template in kind.words:
        with suppress(TemplateError):
            found.extend(phrase for phrase in expand(parse(template)) if _WORD.fullmatch(phrase) and phrase.endswith("s"))
    return [word for word in found if word != kind.plural]


def _ending(word: str) -> str:
    """The form of a word, as far as its ending tells: only words of one form can stand for each other."""
    return next((end for end in ("ing", "ed", "ment", "tion", "s", "ly") if word.endswith(end)), "")
