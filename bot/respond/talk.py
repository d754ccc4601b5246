"""Courtesies: hello, thanks, who are you. They answer only when they are all that was said."""

from bot.language.english import English
from bot.language.template import parse
from bot.pack.format import Pack
from bot.understand.match import Matcher, Pattern, stems_of
from bot.understand.utterance import Token

_PASSING = frozenset({"ok", "hello", "lol"})
"""Courtesies that give way to another in the same message."""


class SmallTalker:
    """Recognises the small talk of one pack."""

    def __init__(self, pack: Pack, english: English) -> None:
        self._matcher = Matcher(english)
        rules = {name: parse(text) for name, text in pack.rules.items()}
        self._by_stem: dict[str, list[tuple[str, Pattern]]] = {}
        for talk_id, talk in pack.smalltalk.items():
            for template in talk.phrasings:
                pattern = self._matcher.pattern(template, rules)
                for stem in pattern.key or {""}:
                    self._by_stem.setdefault(stem, []).append((talk_id, pattern))

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
        stems = stems_of(tokens)
        for stem in ("", *sorted(stems)):
            for talk_id, pattern in self._by_stem.get(stem, ()):
                if pattern.may_match(stems) and self._matcher.is_whole(pattern, tokens):
                    return talk_id
        return None
