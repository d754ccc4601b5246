"""Courtesies: hello, thanks, who are you. They answer only when they are all that was said."""

from bot.language.english import English
from bot.language.template import Choice, Sequence, Word, parse
from bot.pack.format import Pack
from bot.understand.lexicon import words_of

_LONGEST = 16


class SmallTalker:
    """Recognises the small talk of one pack."""

    def __init__(self, pack: Pack, english: English) -> None:
        rules = {name: parse(text) for name, text in pack.rules.items()}
        self._talks = [
            (talk_id, [_normal(parse(text), english, rules) for text in talk.phrasings]) for talk_id, talk in pack.smalltalk.items()
        ]
        self._words = frozenset(word for _, trees in self._talks for tree in trees for word in _all_words(tree))

    def find(self, sentences: list[list[str]]) -> str | None:
        """Id of the small talk that the message is made of; the last one when each sentence is another."""
        found: list[str] = []
        for words in sentences:
            talk = self._one(words)
            if talk is None:
                return None
            found.append(talk)
        weighty = [talk for talk in found if talk not in {"ok", "hello", "lol"}]
        return (weighty or found)[-1] if found else None

    def _one(self, words: list[str]) -> str | None:
        if not words or len(words) > _LONGEST or any(word not in self._words for word in words):
            return None
        for talk_id, trees in self._talks:
            if any(len(words) in _ends(tree, words, {0}) for tree in trees):
                return talk_id
        return None


def _normal(tree: Sequence, english: English, rules: dict[str, Sequence]) -> Sequence:
    """The tree with its words as they are compared."""
    parts: list[Word | Choice] = []
    for part in tree.parts:
        if isinstance(part, Word):
            parts.extend(Word(word) for word in words_of(part.text, english))
        elif isinstance(part, Choice):
            parts.append(Choice(tuple(_normal(option, english, rules) for option in part.options)))
        elif part.__class__.__name__ == "Rule":
            parts.append(Choice((_normal(rules[part.name], english, rules),)))  # type: ignore[union-attr]
    return Sequence(tuple(parts))


def _all_words(tree: Sequence) -> set[str]:
    found: set[str] = set()
    for part in tree.parts:
        if isinstance(part, Word):
            found.add(part.text)
        elif isinstance(part, Choice):
            for option in part.options:
                found |= _all_words(option)
    return found


def _ends(tree: Sequence, words: list[str], starts: set[int]) -> set[int]:
    """Every place where `tree` can end when it starts at one of `starts`."""
    here = starts
    for part in tree.parts:
        if isinstance(part, Word):
            here = {at + 1 for at in here if at < len(words) and words[at] == part.text}
        elif isinstance(part, Choice):
            here = {end for option in part.options for end in _ends(option, words, here)}
        if not here:
            return here
    return here
