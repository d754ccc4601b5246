"""Questions that belong together: by their rare words and by the things that they name."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.coverage.suggest.gather import Open
from bot.language.english import English
from bot.reply import Entity
from bot.understand.lexicon import words_of

LIKE = 0.42
"""Cosine of a question with the first of a group, from which it belongs to it: the middle of one would drift."""

_THING = 0.3
"""What naming the same thing weighs, of what the most telling word does: two questions about one drug are two questions."""

_COMMON = 2000
"""A feature of more groups than this finds none."""

Vector = dict[str, float]


class Words:
    """Texts as vectors of weighted stems; grammar weighs nothing, and what many texts have weighs little."""

    def __init__(self, english: English, texts: Iterable[str]) -> None:
        self._english = english
        self._spread: Counter[str] = Counter()
        self._total = 1
        for text in texts:
            self._spread.update(set(self._stems(text)))
            self._total += 1

    def vector(self, text: str, things: Iterable[Entity] = ()) -> Vector:
        """Unit vector of `text`, in which `things` are named: each counts once, whatever it is called."""
        things = list(things)
        named = {self._english.stem(word) for thing in things for word in words_of(thing.words, self._english)}
        stems = [stem for stem in self._stems(text) if stem not in named]
        weights = {stem: math.log(1 + self._total / (1 + self._spread[stem])) for stem in stems}
        most = max(weights.values(), default=1.0)
        weights |= {f"t:{thing.id}": _THING * most for thing in sorted(things, key=lambda thing: thing.id)}
        return unit(weights)

    def _stems(self, text: str) -> list[str]:
        words = [word for word in words_of(text, self._english) if word.isalpha() and len(word) > 1]
        telling = [word for word in words if self._english.roles.get(word) not in {"function", "filler", "light"}]
        return [self._english.stem(word) for word in telling or words]


def unit(vector: Vector) -> Vector:
    """`vector` with the length 1."""
    norm = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {name: weight / norm for name, weight in vector.items()}


def cosine(one: Vector, other: Vector) -> float:
    """Of unit vectors, 0..1."""
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * large.get(name, 0.0) for name, weight in small.items())


class Group(Struct):
    """Questions that ask much the same."""

    members: list[Open]
    """what stands for the group first"""
    lead: Vector
    """of the question that began the group"""
    sum: Vector
    """of all members, as often as they were asked"""

    @property
    def count(self) -> int:
        """How often one of them was asked."""
        return sum(member.count for member in self.members)


def grouped(questions: Sequence[Open], words: Words) -> list[Group]:
    """The groups of `questions`, the most often asked first; the same whatever order they come in."""
    groups: list[Group] = []
    homes: dict[str, list[int]] = {}
    vectors = {id(one): words.vector(one.text, one.reply.entities) for one in questions}
    for one in sorted(questions, key=lambda one: (-one.count, len(one.text), one.text)):
        vector = vectors[id(one)]
        near = {number for name in vector if len(homes.get(name, ())) <= _COMMON for number in homes.get(name, ())}
        best = max(((cosine(vector, groups[number].lead), -number) for number in near), default=(0.0, 0))
        if best[0] >= LIKE:
            number = -best[1]
            groups[number].members.append(one)
        else:
            number = len(groups)
            groups.append(Group([one], vector, {}))
            for name in vector:
                homes.setdefault(name, []).append(number)
        total = groups[number].sum
        for name, weight in vector.items():
            total[name] = total.get(name, 0.0) + weight * one.count
    for group in groups:
        middle = unit(group.sum)
        group.members.sort(key=lambda one: (-round(cosine(vectors[id(one)], middle), 6), -one.count, one.text))
    return sorted(groups, key=lambda group: (-group.count, group.members[0].text))
