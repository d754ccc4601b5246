"""Sentence templates: `[what are] [the] side effects of {drug}`, `(a|b)`, `<shared rule>`.

    template = part*                     parts one after the other
    part     = word | [template] | (a|b) | {slot} | <rule>

A template stands for a finite set of phrases; `expand` lists them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

MOST_PHRASES = 4000
"""A template that stands for more phrases than this is refused: it is a mistake, or a sentence in search of two rules."""

LONGEST_PHRASE = 100
"""A template that stands for a phrase of more words than this is refused: rules that name rules can double it without end."""

MOST_PARTS = 10_000
"""A template of more words and brackets than this, with its rules put in, is refused."""

_DEEPEST = 40
_DEEPEST_RULES = 100
_LEXEME = re.compile(r"[\[\](){}<>|]|[^\[\](){}<>|\s]+")
_CLOSING = {"[": "]", "(": ")"}


class TemplateError(ValueError):
    """A template that cannot be read; `position` is the offset of the fault in it."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Word(Struct, frozen=True, gc=False, array_like=True, tag=True):
    text: str


class Slot(Struct, frozen=True, gc=False, array_like=True, tag=True):
    kind: str
    position: int


class Rule(Struct, frozen=True, gc=False, array_like=True, tag=True):
    name: str
    position: int


class Choice(Struct, frozen=True, gc=False, array_like=True, tag=True):
    options: "tuple[Sequence, ...]"


class Sequence(Struct, frozen=True, gc=False, array_like=True):
    parts: "tuple[Node, ...]"


Node = Word | Slot | Rule | Choice


def parse(text: str) -> Sequence:
    """The tree of `text`. Raises TemplateError with the position of the first fault."""
    lexemes = [(match.group(), match.start()) for match in _LEXEME.finditer(text)]
    return _options(lexemes, 0, None, 0)[0]


def _options(lexemes: list[tuple[str, int]], at: int, closing: str | None, depth: int) -> tuple[Sequence, int]:
    """Alternatives up to `closing`, as one Sequence; a single alternative needs no Choice around it."""
    if depth > _DEEPEST:
        raise TemplateError(f"brackets nest deeper than {_DEEPEST}", lexemes[at - 1][1])
    options: list[Sequence] = []
    parts: list[Node] = []
    opened = lexemes[at - 1][1] if at else 0
    while at < len(lexemes):
        lexeme, position = lexemes[at]
        if lexeme == closing:
            break
        at += 1
        if lexeme == "|":
            options.append(Sequence(tuple(parts)))
            parts = []
        elif lexeme in _CLOSING:
            inner, at = _options(lexemes, at, _CLOSING[lexeme], depth + 1)
            if at >= len(lexemes):
                raise TemplateError(f"'{lexeme}' is never closed", position)
            at += 1
            choices = _choices(inner)
            parts.append(Choice((*choices, Sequence(())) if lexeme == "[" else choices))
        elif lexeme in "{<":
            name, at = _name(lexemes, at, "}" if lexeme == "{" else ">", position)
            parts.append(Slot(name, position) if lexeme == "{" else Rule(name, position))
        elif lexeme in "])}>":
            if closing is None or lexeme not in _CLOSING.values():
                raise TemplateError(f"'{lexeme}' closes nothing", position)
            raise TemplateError(f"expected '{closing}' for the bracket at {opened + 1}, got '{lexeme}'", position)
        else:
            parts.append(Word(lexeme))
    if not options:
        return Sequence(tuple(parts)), at
    options.append(Sequence(tuple(parts)))
    return Sequence((Choice(tuple(options)),)), at


def _choices(tree: Sequence) -> tuple[Sequence, ...]:
    match tree.parts:
        case (Choice(options=options),):
            return options
    return (tree,)


def _name(lexemes: list[tuple[str, int]], at: int, closing: str, position: int) -> tuple[str, int]:
    words: list[str] = []
    while at < len(lexemes) and lexemes[at][0] not in "[](){}<>|":
        words.append(lexemes[at][0])
        at += 1
    if at >= len(lexemes) or lexemes[at][0] != closing:
        raise TemplateError(f"'{'{' if closing == '}' else '<'}' is never closed", position)
    if len(words) != 1:
        raise TemplateError("a slot or rule needs one name of one word", position)
    return words[0], at + 1


def slots(tree: Sequence) -> list[Slot | Rule]:
    """Every slot and rule that `tree` names, in order."""
    found: list[Slot | Rule] = []
    for part in tree.parts:
        if isinstance(part, Choice):
            for option in part.options:
                found.extend(slots(option))
        elif not isinstance(part, Word):
            found.append(part)
    return found


def count(tree: Sequence, rules: Mapping[str, Sequence], inside: tuple[str, ...] = ()) -> int:
    """How many phrases `tree` stands for, without writing them out; a phrase that two ways lead to counts twice.

    Returns at most MOST_PHRASES + 1. `inside`: rules that may not be named again, because `tree` is theirs.
    Raises TemplateError for an unknown rule, rules that lead back to themselves, or a template that is too deep, long or large.
    """
    return _size(tree, _Rules(rules, _size, inside), 0).phrases


def expand(tree: Sequence, rules: Mapping[str, Sequence] | None = None) -> list[str]:
    """Every phrase that `tree` stands for, in the order written, each once; slots stay as `{kind}`.

    Raises TemplateError for an unknown rule, rules that name each other in a circle, phrases too many or too long.
    """
    return list(dict.fromkeys(" ".join(words) for words in _expand(tree, _Rules(rules or {}, _expand), 0)))


T = TypeVar("T")


class _Rules(Generic[T]):
    """What `read` finds in each rule, read once however often it is named."""

    def __init__(
        self, trees: Mapping[str, Sequence], read: "Callable[[Sequence, _Rules[T], int], T]", inside: tuple[str, ...] = ()
    ) -> None:
        self._trees = trees
        self._read = read
        self._found: dict[str, T] = {}
        self._open = list(inside)

    def find(self, rule: Rule, depth: int) -> T:
        if rule.name in self._open:
            raise TemplateError(f"rule '{rule.name}' leads back to itself", rule.position)
        if rule.name not in self._trees:
            raise TemplateError(f"there is no rule '{rule.name}'", rule.position)
        if depth > _DEEPEST_RULES:
            raise TemplateError(f"brackets and rules nest deeper than {_DEEPEST_RULES}", rule.position)
        if rule.name not in self._found:
            self._open.append(rule.name)
            try:
                self._found[rule.name] = self._read(self._trees[rule.name], self, depth)
            except TemplateError as error:  # its position is one in the text of the rule
                where = "" if str(error).startswith("in rule ") else f"in rule '{rule.name}': "
                raise TemplateError(f"{where}{error}", rule.position) from error
            self._open.pop()
        return self._found[rule.name]


class _Size(Struct, frozen=True):
    phrases: int
    longest: int
    """words of the longest phrase"""
    parts: int
    """words, slots and brackets of the tree with its rules put in"""


def _size(tree: Sequence, rules: _Rules[_Size], depth: int) -> _Size:
    phrases, longest, parts = 1, 0, len(tree.parts)
    for part in tree.parts:
        if isinstance(part, Choice):
            options = [_size(option, rules, depth + 1) for option in part.options]
            inner = _Size(sum(o.phrases for o in options), max(o.longest for o in options), sum(o.parts for o in options))
        else:
            inner = rules.find(part, depth + 1) if isinstance(part, Rule) else _Size(1, 1, 0)
        phrases = min(phrases * inner.phrases, MOST_PHRASES + 1)
        longest, parts = longest + inner.longest, parts + inner.parts
    if longest > LONGEST_PHRASE:
        raise TemplateError(f"stands for a phrase of more than {LONGEST_PHRASE} words", 0)
    if parts > MOST_PARTS:
        raise TemplateError(f"holds more than {MOST_PARTS} words and brackets with its rules put in; split it in two", 0)
    return _Size(phrases, longest, parts)


def _expand(tree: Sequence, rules: _Rules[list[tuple[str, ...]]], depth: int) -> list[tuple[str, ...]]:
    phrases: list[tuple[str, ...]] = [()]
    for part in tree.parts:
        if isinstance(part, Word):
            tails: list[tuple[str, ...]] = [(part.text,)]
        elif isinstance(part, Slot):
            tails = [("{" + part.kind + "}",)]
        elif isinstance(part, Choice):
            tails = []
            for option in part.options:
                tails.extend(_expand(option, rules, depth + 1))
                _check_size(len(phrases) * len(tails))
        else:
            tails = rules.find(part, depth + 1)
        _check_size(len(phrases) * len(tails))
        phrases = [head + tail for head in phrases for tail in tails]
        if any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
            raise TemplateError(f"stands for a phrase of more than {LONGEST_PHRASE} words", 0)
    return phrases


def _check_size(phrases: int) -> None:
    if phrases > MOST_PHRASES:
        raise TemplateError(f"stands for more than {MOST_PHRASES} phrases; split it in two", 0)
