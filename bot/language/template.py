"""Sentence templates: `[what are] [the] side effects of {drug}`, `(a|b)`, `<shared rule>`.

    template = part*                     parts one after the other
    part     = word | [template] | (a|b) | {slot} | <rule>

A template stands for a finite set of phrases; `expand` lists them.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

MOST_PHRASES = 4000
"""A template that stands for more phrases than this is refused: it is a mistake, or a sentence in search of two rules."""

LONGEST_PHRASE = 100
"""A template that stands for a phrase of more words than this is refused: rules that name rules can double it without end."""

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

    Raises TemplateError for an unknown rule, or rules that lead back to themselves.
    """
    total = 1
    for part in tree.parts:
        if isinstance(part, Choice):
            total *= sum(count(option, rules, inside) for option in part.options)
        elif isinstance(part, Rule):
            if part.name in inside:
                raise TemplateError(f"rule '{part.name}' leads back to itself", part.position)
            if part.name not in rules:
                raise TemplateError(f"there is no rule '{part.name}'", part.position)
            total *= count(rules[part.name], rules, (*inside, part.name))
    return total


def expand(tree: Sequence, rules: Mapping[str, Sequence] | None = None) -> list[str]:
    """Every phrase that `tree` stands for, in the order written, each once; slots stay as `{kind}`.

    Raises TemplateError for an unknown rule, rules that name each other in a circle, phrases too many or too long.
    """
    return list(dict.fromkeys(" ".join(words) for words in _expand(tree, _Rules(rules or {}), 0)))


class _Rules:
    """The rules of one expansion, each expanded once."""

    def __init__(self, trees: Mapping[str, Sequence]) -> None:
        self._trees = trees
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        self._open: list[str] = []

    def expand(self, rule: Rule, depth: int) -> list[tuple[str, ...]]:
        if rule.name in self._open:
            raise TemplateError(f"rule '{rule.name}' leads back to itself", rule.position)
        if rule.name not in self._trees:
            raise TemplateError(f"there is no rule '{rule.name}'", rule.position)
        if rule.name not in self._phrases:
            self._open.append(rule.name)
            try:
                self._phrases[rule.name] = _expand(self._trees[rule.name], self, depth)
            except TemplateError as error:  # its position is one in the text of the rule
                raise TemplateError(f"in rule '{rule.name}': {error}", rule.position) from error
            self._open.pop()
        return self._phrases[rule.name]


def _expand(tree: Sequence, rules: _Rules, depth: int) -> list[tuple[str, ...]]:
    if depth > _DEEPEST_RULES:
        raise TemplateError(f"brackets and rules nest deeper than {_DEEPEST_RULES}", 0)
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
            tails = rules.expand(part, depth + 1)
        _check_size(len(phrases) * len(tails))
        phrases = [head + tail for head in phrases for tail in tails]
        if any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
            raise TemplateError(f"stands for a phrase of more than {LONGEST_PHRASE} words", 0)
    return phrases


def _check_size(phrases: int) -> None:
    if phrases > MOST_PHRASES:
        raise TemplateError(f"stands for more than {MOST_PHRASES} phrases; split it in two", 0)
