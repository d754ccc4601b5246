"""Finds a template in a row of tokens without writing it out: sets of places move through its tree."""

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Row
from typing import Protocol, TypeVar

from msgspec import Struct

from bot.language.english import English
from bot.language.template import Choice, Rule, Sequence, Slot, Word, parse
from bot.understand.lexicon import words_of
from bot.understand.utterance import Token

GAP = 5
"""Words that `*` may stand for."""

_SKIPS = 2
"""Function words that may be left out between two words of a template."""


T = TypeVar("T", bound="HasPattern")

Places = dict[str, dict[int, tuple[int, ...]]]
"""kind -> index of the first token of a thing of that kind -> where it ends"""


class Pattern(Struct, frozen=True, gc=False, array_like=True):
    """A template ready for matching."""

    text: str
    tree: Sequence
    firsts: frozenset[str]
    """stems that it can begin with; empty when it can begin with anything"""
    needs: tuple[frozenset[str], ...]
    """of each of these sets a stem must be there"""

    @property
    def keys(self) -> list[str]:
        """The fewest stems of which one must be there; an empty stem when nothing must."""
        return sorted(min(self.needs, key=lambda need: (len(need), sorted(need)), default=())) or [""]

    def may_match(self, stems: frozenset[str]) -> bool:
        """Whether the words that the pattern cannot do without are there, in whatever order."""
        return all(not need.isdisjoint(stems) for need in self.needs)


def stems_of(tokens: Row[Token]) -> frozenset[str]:
    """Everything that a word of a pattern can be compared with."""
    return frozenset(token.stem for token in tokens) | frozenset(token.word for token in tokens)


class HasPattern(Protocol):
    """Anything that goes by a pattern: a rule, a sign, a courtesy."""

    @property
    def pattern(self) -> Pattern: ...


def by_stem(items: Iterable[T]) -> dict[str, list[T]]:
    """The items under each stem of which their patterns need one."""
    found: dict[str, list[T]] = {}
    for item in items:
        for stem in item.pattern.keys:
            found.setdefault(stem, []).append(item)
    return found


def candidates(index: dict[str, list[T]], tokens: Row[Token]) -> list[T]:
    """The items whose patterns have the words they cannot do without in `tokens`; each once, in a fixed order."""
    stems = stems_of(tokens)
    found: dict[int, T] = {}
    for stem in ("", *sorted(stems)):
        for item in index.get(stem, ()):
            if id(item) not in found and item.pattern.may_match(stems):
                found[id(item)] = item
    return list(found.values())


class Matcher:
    """Matches patterns against tokens. `{person}`, `{38..43}` and `*` are understood."""

    def __init__(self, english: English) -> None:
        self._english = english

    def pattern(self, template: str, rules: dict[str, Sequence]) -> Pattern:
        """`template` as a pattern."""
        tree = self._stemmed(parse(template), rules)
        keys = [key for key in (self._key(part) for part in tree.parts) if key]
        firsts = self._firsts(tree)
        return Pattern(template, tree, frozenset() if "" in firsts else firsts, tuple(keys))

    def _stemmed(self, tree: Sequence, rules: dict[str, Sequence]) -> Sequence:
        parts: list[Word | Slot | Rule | Choice] = []
        for part in tree.parts:
            if isinstance(part, Word):
                words = [part.text] if part.text == "*" else words_of(part.text, self._english)
                parts.extend(Word(self._form(word)) for word in words)
            elif isinstance(part, Choice):
                parts.append(Choice(tuple(self._stemmed(option, rules) for option in part.options)))
            elif isinstance(part, Rule):
                parts.append(Choice((self._stemmed(rules[part.name], rules),)))
            else:
                parts.append(part)
        return Sequence(tuple(parts))

    def _form(self, word: str) -> str:
        """The stem of `word`; words of grammar are compared as they are: `doing it` is not `does it`."""
        return word if word == "*" or self._english.roles.get(word) == "function" else self._english.stem(word)

    def _key(self, part: object) -> frozenset[str]:
        """Stems of which one must be there for `part` to match; empty when it may match without any."""
        if isinstance(part, Word):
            return frozenset() if part.text == "*" else frozenset({part.text})
        if isinstance(part, Choice):
            keys = [next((key for key in map(self._key, option.parts) if key), frozenset[str]()) for option in part.options]
            return frozenset().union(*keys) if all(keys) else frozenset()
        return frozenset()

    def search(self, pattern: Pattern, tokens: Row[Token]) -> tuple[int, int] | None:
        """The first place, start and end, where the pattern stands within one clause of `tokens`; a few function words may lie
        between its own."""
        for start, token in enumerate(tokens):
            if pattern.firsts and token.stem not in pattern.firsts and token.word not in pattern.firsts:
                continue
            clause = tokens[: next((i for i in range(start, len(tokens)) if tokens[i].clause != token.clause), len(tokens))]
            ends = self._ends(pattern.tree, clause, frozenset({(start, 0)}), self._may_skip)
            reached = [end for end, _ in ends if end > start]
            if reached:
                return start, max(reached)
        return None

    def _firsts(self, tree: Sequence) -> frozenset[str]:
        """What `tree` can begin with; with an empty stem in it when that may be anything."""
        found: frozenset[str] = frozenset()
        for part in tree.parts:
            if isinstance(part, Choice):
                own = frozenset().union(*(self._firsts(option) for option in part.options))
                found |= own
                if all(option.parts for option in part.options):
                    return found
            elif isinstance(part, Word) and part.text != "*":
                return found | {part.text}
            elif isinstance(part, Slot) and part.kind == "person":
                return found | self._english.persons
            else:
                return found | {""}
        return found

    def is_whole(self, pattern: Pattern, tokens: Row[Token], places: Places | None = None) -> bool:
        """Whether the pattern is all of `tokens`; a few words of grammar and courtesy may stand in between and around it."""
        for start in range(min(len(tokens), _SKIPS + 1)):
            if start and not self._may_skip(tokens[start - 1]):
                return False
            for end, _ in self._ends(pattern.tree, tokens, frozenset({(start, 0)}), self._may_skip, places):
                if len(tokens) - end <= _SKIPS and all(self._may_skip(token) for token in tokens[end:]):
                    return True
        return False

    def _ends(
        self,
        tree: Sequence,
        tokens: Row[Token],
        states: frozenset[tuple[int, int]],
        may_skip: Callable[[Token], bool],
        places: Places | None = None,
    ) -> frozenset[tuple[int, int]]:
        """The states after `tree`. A state is a place and how many words of any kind may come before the next one."""
        for part in tree.parts:
            if isinstance(part, Choice):
                states = frozenset(end for option in part.options for end in self._ends(option, tokens, states, may_skip, places))
            elif isinstance(part, Word) and part.text == "*":
                states = frozenset((at, GAP) for at, _ in states)
            else:
                states = frozenset((at, 0) for state in states for at in self._after(part, tokens, state, may_skip, places))
            if not states:
                return states
        return states

    def _after(
        self, part: object, tokens: Row[Token], state: tuple[int, int], may_skip: Callable[[Token], bool], places: Places | None
    ) -> list[int]:
        at, gap = state
        found: list[int] = []
        skipped = 0
        while at < len(tokens):
            if isinstance(part, Slot) and places is not None and part.kind in places:
                found.extend(places[part.kind].get(at, ()))
            elif self._is(tokens[at], part):
                found.append(at + 1)
            if found and not gap:
                break
            if gap:
                gap -= 1
            elif skipped < _SKIPS and may_skip(tokens[at]):
                skipped += 1
            else:
                break
            at += 1
        return found

    def _is(self, token: Token, part: object) -> bool:
        if isinstance(part, Word):
            return part.text in (token.stem, token.word)
        assert isinstance(part, Slot)
        if part.kind == "person":
            return token.word in self._english.persons
        low, dots, high = part.kind.partition("..")
        if not dots:
            return False
        number = token.word.replace(",", ".")
        return number.replace(".", "", 1).isdigit() and float(low) <= float(number) <= float(high)

    def _may_skip(self, token: Token) -> bool:
        return self._english.roles.get(token.word) in {"function", "filler"} and token.word not in self._english.negations
