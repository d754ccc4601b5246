"""Courtesies: hello, thanks, who are you; and wishes about the last answer. They count only when they are all that was said."""

import re

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.match import Line, Pattern, PatternBuilder, by_stem, candidates, words_in
from bot.understand.utterance import Token

_WORD = re.compile(r"\w+")

_PASSING = frozenset({"ok", "hello", "lol"})
"""Courtesies that give way to another in the same message."""

_LONGEST = 40
"""Words of a message that may be a courtesy."""

_MODAL = frozenset({"should", "shall", "must", "may", "might", "can", "could", "will", "would", "do", "does", "did"})
_OURSELVES = frozenset({"i", "we", "he", "she"})
_LEAD = 2
"""So many words at most stand before what opens a question."""

_LONGEST_TAG = 3

_MOST_REMARK = 12
"""Words of a message that may hold a courtesy and a remark: `thanks, I feel a bit calmer`."""


class Courtesy(Struct, frozen=True, array_like=True):
    """One phrase of small talk."""

    talk: str
    pattern: Pattern
    remarks: bool = False
    """it may stand beside a remark"""
    words: frozenset[str] | None = None
    """every stem that it names; None when it has room for others"""


def build(pack: Pack, builder: PatternBuilder) -> tuple[Courtesy, ...]:
    """The small talk of a checked pack."""
    return tuple(
        _courtesy(talk_id, builder.pattern(template), remarks=talk.remarks)
        for talk_id, talk in pack.smalltalk.items()
        for template in talk.phrasings
    )


def build_meta(english: English, builder: PatternBuilder) -> tuple[Courtesy, ...]:
    """What asks for the last answer again, for less or for more of it."""
    return tuple(_courtesy(name, builder.pattern(template)) for name, templates in english.meta.items() for template in templates)


def _courtesy(talk: str, pattern: Pattern, *, remarks: bool = False) -> Courtesy:
    return Courtesy(talk, pattern, remarks, words_in(pattern.path))


class SmallTalker:
    """Recognises the small talk of one pack."""

    def __init__(self, talk: tuple[Courtesy, ...], english: English, *, to_the_word: bool = False) -> None:
        """`to_the_word`: only fillers may stand between the words of a phrase, and no others: `what` is not `what is it`."""
        self._english = english
        self._passed_over = frozenset({"filler"}) if to_the_word else frozenset({"filler", "function"})
        self._talk = by_stem(talk)
        self._open = by_stem(item for item in talk if item.words is None)
        self._words = frozenset[str]().union(*(item.words or () for item in talk))
        self._remarkable = by_stem(tuple(item for item in talk if item.remarks))

    def find(self, tokens: tuple[Token, ...], *, in_full: bool = False) -> str | None:
        """Id of the small talk that the message is made of; None when any clause is something else.

        in_full: only phrases that name every word of it count, and none with room for others.
        """
        found = self.clauses(tokens, in_full=in_full)
        if None in found:
            return None
        weighty = [talk for talk in found if talk not in _PASSING]
        return (weighty or found or [None])[-1]

    def clauses(self, tokens: tuple[Token, ...], *, in_full: bool = False) -> list[str | None]:
        """For each clause the small talk that it is; mere interjections are left out where anything else is said."""
        if len(tokens) > _LONGEST:
            return [None]
        clauses: dict[int, list[Token]] = {}
        for token in tokens:
            clauses.setdefault(token.clause, []).append(token)
        found = [(self._one(clause, in_full=in_full), clause) for clause in clauses.values()]
        if any(talk is not None for talk, _ in found):
            found = [(talk, clause) for talk, clause in found if talk is not None or not self._is_interjection(clause)]
        return [talk for talk, _ in found]

    def beside_a_remark(self, tokens: tuple[Token, ...]) -> str | None:
        """Id of the small talk that the message begins or ends with, whatever else it remarks; None when there is none."""
        if not 0 < len(tokens) <= _MOST_REMARK:
            return None
        line = Line(tokens, self._english)
        for item in candidates(self._remarkable, line.forms):
            place = line.search(item.pattern)
            if place is not None and (place[0] == 0 or place[1] == len(tokens)) and self._is_literal(tokens[slice(*place)], item):
                return item.talk
        return None

    def _is_literal(self, tokens: tuple[Token, ...], item: Courtesy) -> bool:
        """Whether the words stand as they are in the phrase: `help` is not `helpful`."""
        words = set(_WORD.findall(item.pattern.text))
        return all(token.word in words or self._english.roles.get(token.word) == "function" for token in tokens)

    def _is_interjection(self, tokens: list[Token]) -> bool:
        """`blimey`, and what only asks for a nod: `isn't it?`"""
        english = self._english
        roles = {"function", "filler"} if tokens[0].word in english.openers and len(tokens) <= _LONGEST_TAG else {"filler"}
        return all(english.roles.get(t.word) in roles or (len(roles) > 1 and t.word in english.negations) for t in tokens)

    def _one(self, tokens: list[Token], *, in_full: bool) -> str | None:
        """The small talk that a clause is; of several the one that has most of its words as they stand there."""
        line = Line(tokens, self._english, passed_over=self._passed_over)
        foreign = any(
            t.stem not in self._words and t.word not in self._words and self._english.roles.get(t.word) not in self._passed_over
            for t in tokens
        )
        own = self._open if foreign else self._talk  # a word that no phrase has leaves only those with gaps
        asks = {token.stem for token in tokens if token.word in self._english.wh}  # `what gets it` is no `got it`
        words = [token.word for token in tokens]
        asked = [at for at in range(len(words) - 1) if words[at] in _MODAL and words[at + 1] in _OURSELVES]
        asks |= {tokens[at].stem for at in asked[:1] if at <= _LEAD}  # `so should I quit` is no `quit`
        asks |= {token.stem for token in tokens[1:2] if token.word == "there"}  # `is there any good news` is no `good`
        known = (item for item in candidates(own, line.forms) if (not in_full if item.words is None else asks <= item.words))
        found = [item for item in known if line.is_whole(item.pattern)]
        if not found and len(tokens) > 1 and tokens[0].word in self._english.cues["lead"]:
            return self._one(tokens[1:], in_full=in_full)  # `and shorter?`
        if len(found) > 1:
            found.sort(key=lambda item: -len({token.word for token in tokens} & set(_WORD.findall(item.pattern.text))))
        return found[0].talk if found else None
