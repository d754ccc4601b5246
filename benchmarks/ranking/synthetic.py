"""Synthetic packs of any size: questions of a trader's customers, each distinct, each as somebody would say it.

An entry is one wish about one thing: `return` and `a walnut desk from Lisbon`. There are more than twenty million of them, and a
pack takes as many as it needs, spread over all by a seed. Every word stands in hundreds or thousands of entries, so that only all
of them together tell what is meant: with one left out, the rest fits a second entry now and then, at a million phrasings often.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.ranking.data import Example, slip

PHRASINGS = 5
"""Ways to ask for each entry."""

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
WISHES: dict[str, list[str]] = _WORDS["wishes"]
TRAITS, THINGS, PLACES = (str(_WORDS[name]).split() for name in ("traits", "things", "places"))

_SAYINGS = (
    "a {trait} {thing} from {place}",
    "the {thing} from {place}, the {trait} one,",
    "my {trait} {thing}, bought in {place},",
)


def entries(number: int, seed: int = 1) -> Iterator[tuple[str, list[str]]]:
    """`number` entries: id, and PHRASINGS ways to ask for it. The same for the same seed, and no phrasing twice."""
    random = Random(seed)
    wishes = sorted(WISHES)
    sizes = (len(wishes), len(TRAITS), len(THINGS), len(PLACES))
    every = 1
    for size in sizes:
        every *= size
    for code in random.sample(range(every), number):
        places = []
        for size in sizes:
            code, at = divmod(code, size)
            places.append(at)
        wish = wishes[places[0]]
        words = {"trait": TRAITS[places[1]], "thing": THINGS[places[2]], "place": PLACES[places[3]]}
        id_ = "-".join((wish, *(word.lower() for word in words.values())))
        yield id_, [way.format(random.choice(_SAYINGS).format(**words)).rstrip(",") for way in WISHES[wish]]


def examples(phrasings: int, seed: int = 1) -> Iterator[Example]:
    """So many phrasings, PHRASINGS of each entry."""
    for id_, texts in entries(-(-phrasings // PHRASINGS), seed):
        yield from (Example(text, id_) for text in texts)


def questions(phrasings: int, number: int, seed: int = 1, *, typed_hurriedly: bool = True) -> list[Example]:
    """Some of the phrasings of such a pack, as they stand, or typed in a hurry: one word left out, one slip of the keyboard."""
    random = Random(f"questions {seed}")
    asked = []
    for id_, texts in entries(-(-phrasings // PHRASINGS), seed):
        asked.append((id_, random.choice(texts)))
    kept = [asked[at] for at in sorted(random.sample(range(len(asked)), min(number, len(asked))))]
    return [Example(hurried(text, random) if typed_hurriedly else text, id_) for id_, text in kept]


def beside(phrasings: int, number: int, seed: int = 1) -> list[Example]:
    """Questions of the same make that no entry of such a pack answers: one of its entries comes near to most of them."""
    inside = {id_ for id_, _ in entries(-(-phrasings // PHRASINGS), seed)}
    random = Random(f"beside {seed}")
    others = [texts for id_, texts in entries(2 * number, seed + 1) if id_ not in inside]
    return [Example(random.choice(texts), None) for texts in others[:number]]


def hurried(text: str, random: Random) -> str:
    """`text` without one of its words, whichever, and with one slip in the others."""
    words = text.split(" ")
    del words[random.randrange(len(words))]
    return slip(" ".join(words), random)
