"""Messages in other words: what they leave to what was said before is spelled out, and the last question is asked with something
else in it."""

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.respond.memory import Memory, owners_in
from bot.understand.understanding import Understanding

_MOST_NAMED = 2
_MOST_SPOKEN = 5
_DEFINITE = frozenset({"the", "those", "these"})

_LONGEST = 8
"""Words of a message that may ask the last question again."""


class Recaster:
    """Writes messages anew in the light of what a conversation remembers."""

    def __init__(self, knowledge: Knowledge, english: English) -> None:
        self._know = knowledge
        self._english = english
        self._spelling = english.pointers["mine"] | english.pointers["group"] | english.pointers["noun"]

    def spelled_out(self, understanding: Understanding, memory: Memory) -> str | None:
        """The message with names for `his`, `mine`, `that family`; None when it has none of these."""
        tokens, english = understanding.utterance.tokens, self._english
        if self._lacks_subject(understanding, memory):
            return f"{self._name(memory.things[0])} {understanding.utterance.text}"
        fuller = self._fuller(understanding, memory)
        if not fuller and not any(token.word in self._spelling for token in tokens):
            return None
        owned = dict((*memory.owned, *owners_in(understanding, self._know, english)))
        changes = fuller
        for at, token in enumerate(tokens):
            following = tokens[at + 1].word if at + 1 < len(tokens) else ""
            owner = english.owners.get(token.word, "")
            if self._stands_alone(token.word, following):
                thing = owned.get(owner) or owned.get("")
                if thing is not None:
                    changes.append((at, at, thing))
            elif owner in owned and token.word in english.pointers["whose"] and following in english.pointers["noun"]:
                changes.append((at, at + 1, owned[owner]))  # `my ones`
        changes.extend(self._group(understanding, memory))
        return _changed(understanding, [(a, b, self._name(t)) for a, b, t in changes]) if changes else None

    def _lacks_subject(self, understanding: Understanding, memory: Memory) -> bool:
        """Whether the message begins with what is said of something, and does not name it: `goes with which breads`."""
        tokens = understanding.utterance.tokens
        named = any(m.kind == "thing" and self._know.has_story(m.id) for m in understanding.mentions)
        begins = bool(tokens) and tokens[0].word in self._english.pointers["predicate"]
        return begins and not named and len(tokens) <= _LONGEST and any(map(self._know.has_story, memory.things[:1]))

    def _stands_alone(self, word: str, following: str) -> bool:
        """Whether the word is a possession without its noun: `hers`, but `his` only where none follows."""
        if word not in self._english.pointers["mine"]:
            return False
        whose = word in self._english.pointers["whose"]
        return not whose or not following or self._english.roles.get(following) == "function"

    def _group(self, understanding: Understanding, memory: Memory) -> list[tuple[int, int, str]]:
        """`that family`, `the whole group`: where the last thing belongs."""
        tokens, english = understanding.utterance.tokens, self._english
        named = [m for m in understanding.mentions if m.kind == "thing" and self._know.has_story(m.id)]
        groups = self._know.groups_of(memory.things[0]) if memory.things else ()
        if named or len(groups) != 1:
            return []
        for at, token in enumerate(tokens):
            start = at
            while start and tokens[start - 1].word in english.pointers["whole"]:
                start -= 1
            points = start < at or (start and tokens[start - 1].word in english.cues["pointing"] - {"such"})
            if token.word in english.pointers["group"] and points and not _is_of(tokens[at + 1 : at + 2]):
                return [(start - 1 if start else 0, at, groups[0])]
        return []

    def _fuller(self, understanding: Understanding, memory: Memory) -> list[tuple[int, int, str]]:
        """`the breads`, `the rye ones`, where they are a part of the name of what was spoken of: `sweet breads`."""
        tokens, english = understanding.utterance.tokens, self._english
        things = [m for m in understanding.mentions if m.kind == "thing" and m.id != self._know.pack.pack.topic]
        if not memory.things or len(things) > _MOST_NAMED or understanding.attention:
            return []
        asks = any(m.kind in {"attribute", "kind", "link"} for m in understanding.mentions) or len(things) > 1
        for mention in things:
            first, last = mention.tokens[0], mention.tokens[-1]
            following = tokens[last + 1].word if last + 1 < len(tokens) else ""
            is_noun = following in english.pointers["noun"]
            points = first > 0 and tokens[first - 1].word in _DEFINITE
            if not (is_noun or (points and asks)):
                continue
            stems = [tokens[at].stem for at in mention.tokens]
            for thing in memory.things[:_MOST_SPOKEN]:
                if thing == mention.id:
                    break
                if self._is_part(stems, thing, at_end=not is_noun):
                    return [(first, last + is_noun, thing)]
        return []

    def _is_part(self, stems: list[str], thing: str, *, at_end: bool) -> bool:
        """Whether the words stand in the name of the thing, which says more than they do.

        at_end: they must end it: sweet breads are breads, and a bread basket is none.
        """
        own = [self._english.stem(word) for word in self._name(thing).lower().replace("-", " ").split()]
        size = len(stems)
        starts = range(len(own) - size if at_end else 0, len(own) - size + 1)
        return len(own) > size and any(own[at : at + size] == stems for at in starts)

    def contrary(self, understanding: Understanding) -> str | None:
        """The word that turns the last question round: `late` in `and late ones?`, `opposite` in `and the opposite?`."""
        english = self._english
        content = [t.word for t in understanding.utterance.tokens if self._says_something(t.word)]
        is_contrary = len(content) == 1 and (content[0] in english.opposites or content[0] in english.pointers["contrary"])
        return content[0] if is_contrary and len(understanding.utterance.tokens) <= _LONGEST else None

    def _says_something(self, word: str) -> bool:
        return self._english.roles.get(word) not in {"function", "filler"} and word not in self._english.pointers["again"]

    def with_thing(self, asked: Understanding, thing: str) -> str | None:
        """The question with `thing` in the place of the one like it, or else of the only one that it is about."""
        things = [m for m in asked.mentions if m.kind == "thing" and m.id != self._know.pack.pack.topic]
        like = [m for m in things if self._know.thing(m.id).kind == self._know.thing(thing).kind]
        like = like or [m for m in things if self._know.has_story(m.id)]
        if any(m.id == thing for m in things) or len({m.id for m in like}) != 1:
            return None
        return _changed(asked, [(m.tokens[0], m.tokens[-1], self._name(thing)) for m in like])

    def with_contrary(self, asked: Understanding, word: str) -> str | None:
        """The question with a word turned into its contrary: the contrary of `word`, or the first that has one."""
        opposites = self._english.opposites
        for at, token in enumerate(asked.utterance.tokens):
            contrary = opposites.get(token.word)
            if contrary is not None and (word not in opposites or opposites[word] == token.word):
                return _changed(asked, [(at, at, contrary)])
        return None

    def _name(self, thing: str) -> str:
        return str(self._know.thing(thing).name)


def _is_of(following: tuple[object, ...]) -> bool:
    return bool(following) and getattr(following[0], "word", "") in {"of", "as"}


def _changed(understanding: Understanding, changes: list[tuple[int, int, str]]) -> str:
    """The text with other words in the place of some tokens: (first, last, words)."""
    text, tokens = understanding.utterance.text, understanding.utterance.tokens
    for first, last, words in sorted(changes, reverse=True):
        text = f"{text[: tokens[first].start]}{words}{text[tokens[last].end :]}"
    return text
