"""Courtesies: hello, thanks, who are you. They answer only when they are all that was said."""

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.match import Line, Pattern, PatternBuilder, by_stem, candidates
from bot.understand.utterance import Token

_PASSING = frozenset({"ok", "hello", "lol"})
"""Courtesies that give way to another in the same message."""


class Courtesy(Struct, frozen=True, array_like=True):
    """One phrase of small talk."""

    talk: str
    pattern: Pattern


def build(pack: Pack, builder: PatternBuilder) -> tuple[Courtesy, ...]:
    """The small talk of a checked pack."""
    return tuple(
        Courtesy(talk_id, builder.pattern(template)) for talk_id, talk in pack.smalltalk.items() for template in talk.phrasings
    )


def build_meta(english: English, builder: PatternBuilder) -> tuple[Courtesy, ...]:
    """What asks for the last answer again, for less or for more of it."""
    return tuple(Courtesy(name, builder.pattern(template)) for name, templates in english.meta.items() for template in templates)


class SmallTalker:
    """Recognises the small talk of one pack."""

    def __init__(self, talk: tuple[Courtesy, ...], english: English) -> None:
        self._english = english
        self._talk = by_stem(talk)

    def find(self, tokens: tuple[Token, ...]) -> str | None:
        """Id of the small talk that the message is made of; None when any clause is something else."""
        if len(tokens) > 40:
            return None
        clauses: dict[int, list[Token]] = {}
        for token in tokens:
            clauses.setdefault(token.clause, []).append(token)
        found = [self._one(clause) for clause in clauses.values()]
        if not found or None in found:
            return None
        weighty = [talk for talk in found if talk not in _PASSING]
        return (weighty or found)[-1]

    def _one(self, tokens: list[Token]) -> str | None:
        line = Line(tokens, self._english)
        return next((item.talk for item in candidates(self._talk, line.forms) if line.is_whole(item.pattern)), None)
