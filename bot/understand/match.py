"""Finds a template in a row of tokens without writing it out: sets of places move through its tree."""

from collections.abc import Iterable
from collections.abc import Sequence as Row
from typing import Protocol, TypeVar

from msgspec import Struct

from bot.language.english import English
from bot.language.template import Rule, Sequence, Slot, Word, parse
from bot.understand.lexicon import words_of
from bot.understand.utterance import Token

GAP = 5
"""Words that `*` may stand for."""

_SKIPS = 2
"""Words of grammar that may be left out between two words of a template."""

_PASSED_OVER = frozenset({"function", "filler"})

Places = dict[str, dict[int, tuple[int, ...]]]
"""kind -> index of the first token of a thing of that kind -> where it ends"""

_State = tuple[int, int]
"""A place, and how many words of any kind may come before the next one."""


class AnyWord(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """One of these words."""

    stems: frozenset[str]


class Blank(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """`{person}`, `{38..43}`, or a thing of a kind: `{drug}`."""

    kind: str


class Gap(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """`*`: up to GAP words of any kind."""


class Branch(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """One of these paths."""

    options: "tuple[Path, ...]"


class Path(Struct, frozen=True, gc=False, array_like=True):
    """These parts one after the other."""

    parts: "tuple[AnyWord | Blank | Gap | Branch, ...]"


class Pattern(Struct, frozen=True, gc=False, array_like=True):
    """A template ready for matching."""

    text: str
    path: Path
    firsts: frozenset[str]
    """stems that it can begin with; empty when it can begin with anything"""
    needs: tuple[frozenset[str], ...]
    """of each of these sets a stem must be there"""
    keys: tuple[str, ...]
    """the fewest stems of which one must be there; an empty stem when nothing must"""

    def may_match(self, stems: frozenset[str]) -> bool:
        """Whether the words that the pattern cannot do without are there, in whatever order."""
        return all(not need.isdisjoint(stems) for need in self.needs)


class HasPattern(Protocol):
    """Anything that goes by a pattern: a rule, a sign, a courtesy."""

    @property
    def pattern(self) -> Pattern: ...


T = TypeVar("T", bound=HasPattern)


def by_stem(items: Iterable[T]) -> dict[str, list[T]]:
    """The items under each stem of which their patterns need one."""
    found: dict[str, list[T]] = {}
    for item in items:
        for stem in item.pattern.keys:
            found.setdefault(stem, []).append(item)
    return found


def candidates(index: dict[str, list[T]], stems: frozenset[str]) -> list[T]:
    """The items whose patterns have the words they cannot do without in `stems`; each once, in a fixed order."""
    found: dict[int, T] = {}
    for stem in ("", *sorted(stems)):
        for item in index.get(stem, ()):
            if id(item) not in found and item.pattern.may_match(stems):
                found[id(item)] = item
    return list(found.values())


class PatternBuilder:
    """Turns templates into patterns when a pack is compiled."""

    def __init__(self, english: English, shared: dict[str, Sequence]) -> None:
        """`shared`: the rules that templates may name as `<rule>`."""
        self._english = english
        self._shared = shared

    def pattern(self, template: str) -> Pattern:
        """`template` as a pattern."""
        path = self._path(parse(template))
        needs = tuple(need for need in map(_need, path.parts) if need)
        firsts = self._firsts(path)
        keys = sorted(min(needs, key=lambda need: (len(need), sorted(need)), default=())) or [""]
        return Pattern(template, path, frozenset() if "" in firsts else firsts, needs, tuple(keys))

    def _path(self, tree: Sequence) -> Path:
        parts: list[AnyWord | Blank | Gap | Branch] = []
        for part in tree.parts:
            if isinstance(part, Word):
                parts.extend([Gap()] if part.text == "*" else [AnyWord(frozenset({form})) for form in self._forms(part.text)])
            elif isinstance(part, Slot):
                parts.append(Blank(part.kind))
            else:
                options = [self._shared[part.name]] if isinstance(part, Rule) else part.options
                parts.append(_branch([self._path(option) for option in options]))
        return Path(tuple(parts))

    def _forms(self, word: str) -> list[str]:
        """Stems; but words of grammar are compared as they are: `doing it` is not `does it`."""
        return [w if self._english.roles.get(w) == "function" else self._english.stem(w) for w in words_of(word, self._english)]

    def _firsts(self, path: Path) -> frozenset[str]:
        """What `path` can begin with; with an empty stem in it when that may be anything."""
        found: frozenset[str] = frozenset()
        for part in path.parts:
            if isinstance(part, Branch):
                found = found.union(*(self._firsts(option) for option in part.options))
                if not any(map(_may_be_empty, part.options)):
                    return found
            elif isinstance(part, AnyWord):
                return found | part.stems
            elif isinstance(part, Blank) and part.kind == "person":
                return found | self._english.persons
            else:
                return found | {""}
        return found


def _may_be_empty(path: Path) -> bool:
    """Whether nothing at all matches `path`: it is made of optional parts."""
    return all(isinstance(part, Branch) and any(map(_may_be_empty, part.options)) for part in path.parts)


def _branch(options: list[Path]) -> AnyWord | Branch:
    """The options, those of a single word taken together."""
    single = [option.parts[0] for option in options if len(option.parts) == 1]
    words = frozenset[str]().union(*(part.stems for part in single if isinstance(part, AnyWord)))
    others = [option for option in options if not (len(option.parts) == 1 and isinstance(option.parts[0], AnyWord))]
    if not others:
        return AnyWord(words)
    return Branch((*([Path((AnyWord(words),))] if words else []), *others))


def _need(part: AnyWord | Blank | Gap | Branch) -> frozenset[str]:
    """Stems of which one must be there for `part` to match; empty when it may match without any."""
    if isinstance(part, AnyWord):
        return part.stems
    if isinstance(part, Branch):
        needs = [next((need for need in map(_need, option.parts) if need), frozenset[str]()) for option in part.options]
        return frozenset[str]().union(*needs) if all(needs) else frozenset()
    return frozenset()


def words_in(path: Path) -> frozenset[str] | None:
    """Every stem that `path` names; None when it has room for others."""
    found: set[str] = set()
    for part in path.parts:
        inside = part.stems if isinstance(part, AnyWord) else frozenset[str]()
        if isinstance(part, Branch):
            options = [words_in(option) for option in part.options]
            if None in options:
                return None
            inside = frozenset[str]().union(*(option for option in options if option is not None))
        elif not isinstance(part, AnyWord):
            return None
        found |= inside
    return frozenset(found)


def named(path: Path) -> frozenset[str]:
    """Every stem that `path` names, whatever else it has room for."""
    found: frozenset[str] = frozenset()
    for part in path.parts:
        if isinstance(part, AnyWord):
            found |= part.stems
        elif isinstance(part, Branch):
            found = found.union(*(named(option) for option in part.options))
    return found


class Line:
    """A row of tokens, ready to be matched."""

    def __init__(
        self, tokens: Row[Token], english: English, places: Places | None = None, passed_over: frozenset[str] = _PASSED_OVER
    ) -> None:
        """`places`: where the things of each kind stand, for patterns with blanks such as `{drug}`.
        `passed_over`: roles of the words that may stand between those of a pattern.
        """
        self.stems = [token.stem for token in tokens]
        self.words = [token.word for token in tokens]
        self.forms = frozenset((*self.stems, *self.words))
        self._skips = [english.roles.get(word) in passed_over and word not in english.negations for word in self.words]
        self._persons = english.persons
        self._places = places or {}

    def search(self, pattern: Pattern) -> tuple[int, int] | None:
        """The first place, start and end, where the pattern stands; a few words of grammar may lie between its own."""
        firsts = pattern.firsts
        for start in range(len(self.stems)):
            if firsts and self.stems[start] not in firsts and self.words[start] not in firsts:
                continue
            reached = [end for end, _ in self._ends(pattern.path, {(start, 0)}) if end > start]
            if reached:
                return start, max(reached)
        return None

    def is_whole(self, pattern: Pattern) -> bool:
        """Whether the pattern is all there is, but for a few words of grammar and courtesy in between and around it."""
        size = len(self.stems)
        for start in range(min(size, _SKIPS + 1)):
            if start and not self._skips[start - 1]:
                return False
            for end, gap in self._ends(pattern.path, {(start, 0)}):
                if size - end <= gap or (size - end <= _SKIPS and all(self._skips[end:])):
                    return True
        return False

    def _ends(self, path: Path, states: set[_State]) -> set[_State]:
        """The states after `path`."""
        for part in path.parts:
            if isinstance(part, AnyWord):
                states = {(at, 0) for state in states for at in self._after_word(part.stems, state)}
            elif isinstance(part, Branch):
                states = set().union(*(self._ends(option, states) for option in part.options))
            elif isinstance(part, Gap):
                states = {(at, GAP) for at, _ in states}
            else:
                states = {(end, 0) for state in states for end in self._after_blank(part.kind, state)}
            if not states:
                break
        return states

    def _after_word(self, stems: frozenset[str], state: _State) -> list[int]:
        return [at + 1 for at in self._reach(state) if self.stems[at] in stems or self.words[at] in stems]

    def _after_blank(self, kind: str, state: _State) -> list[int]:
        if kind in self._places:
            return [end for at in self._reach(state) for end in self._places[kind].get(at, ())]
        if kind == "person":
            return [at + 1 for at in self._reach(state) if self.words[at] in self._persons]
        low, dots, high = kind.partition("..")
        return [at + 1 for at in self._reach(state) if dots and _is_between(self.words[at], float(low), float(high))]

    def _reach(self, state: _State) -> range:
        """The places where the next word of the pattern may stand."""
        at, gap = state
        size = len(self.stems)
        if gap:
            return range(at, min(size, at + gap + 1))
        last = at
        while last < size and last - at < _SKIPS and self._skips[last]:
            last += 1
        return range(at, min(size, last + 1))


def _is_between(word: str, low: float, high: float) -> bool:
    number = word.replace(",", ".")
    return number.replace(".", "", 1).isdecimal() and low <= float(number) <= high
