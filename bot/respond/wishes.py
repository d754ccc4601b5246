"""Wishes about the last answer: again, shorter, more of it, why."""

from bot.language.english import English
from bot.respond.guard import Guardian
from bot.respond.talk import SmallTalker
from bot.understand.understanding import Understanding

_LONGEST = 16
"""Words of a message that may be about the last answer."""

_BESIDE_AN_ASIDE = frozenset({"again", "shorter"})
"""Wishes that are understood beside a remark: `my eyes are poor. could you repeat that?`"""


class Wishes:
    """Finds wishes. meta: knows them to the word; talker: knows the courtesies that they may come with."""

    def __init__(self, meta: SmallTalker, talker: SmallTalker, guardian: Guardian, english: English) -> None:
        self._meta = meta
        self._talker = talker
        self._guardian = guardian
        self._english = english

    def find(self, understanding: Understanding) -> str | None:
        """The wish that the message is, perhaps with a courtesy or an aside; None when it is none."""
        tokens = understanding.utterance.tokens
        wishes = self._meta.clauses(tokens) if len(tokens) <= _LONGEST else []
        found = [wish for wish in wishes if wish is not None and wish != "nod"]
        if not found or self._names_what_by_the_way(understanding, found[-1]):
            return None
        if None in wishes and None in [w or t for w, t in zip(wishes, self._talker.clauses(tokens), strict=False)]:
            if found[-1] not in _BESIDE_AN_ASIDE or not self._only_wishes_ask(understanding):
                return None
            if not all(alarm.is_weak for alarm in self._guardian.sense(understanding, in_talk=True).alarms):
                return None
        return found[-1]

    def _names_what_by_the_way(self, understanding: Understanding, wish: str) -> bool:
        """Whether something is asked for by a word that says little elsewhere: `and what class?` is no `and what?`, and
        `where is it found?` no `where is that from?`"""
        words = ["", *(token.word for token in understanding.utterance.tokens)]
        names = [m.tokens for m in understanding.mentions if m.kind in {"attribute", "kind"}]
        little = {at for own in names for at in own if self._english.roles.get(words[at + 1]) == "filler"}
        return any(words[at] in self._english.wh or wish == "sure" for at in little)

    def _only_wishes_ask(self, understanding: Understanding) -> bool:
        """Whether nothing is named, and every clause that asks is a wish about the last answer."""
        tokens = understanding.utterance.tokens
        asking = (self._meta.clauses(tuple(t for t in tokens if t.clause == clause)) for clause in understanding.asking)
        return all(None not in wishes for wishes in asking) and not understanding.names_something
