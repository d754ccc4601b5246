"""What to write for each group of questions."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bot.coverage.suggest.gather import Open
from bot.coverage.suggest.groups import Group, Words, cosine, grouped, unit
from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.asked import asked_as, is_template
from bot.understand.lexicon import words_of

_NEAR = 0.3
"""From this likeness on, a group is taken for other words for an entry; below it, for a question of its own."""

_FAR = 0.1
"""Below this likeness nothing is near."""

_MOST_PHRASINGS = 10


class Nearest(Struct, frozen=True):
    """The entry or fact that comes nearest to a group."""

    intent: str
    likeness: float
    """0..1: the mean of the engine's confidence and the cosine with the nearest phrasing"""
    question: str
    """of the entry; empty for a fact"""
    place: str
    """where the entry stands, as file:line; empty for a fact"""


class Proposal(Struct, frozen=True):
    """What could be written into the pack for one group of questions."""

    sort: Literal["phrasings", "entry", "answer"]
    """`phrasings`: more of an entry that is there; `entry`: a new one; `answer`: somebody found this answer bad"""
    count: int
    """how often it was asked"""
    questions: tuple[str, ...]
    """the one that stands for all first"""
    nearest: Nearest | None
    entry: str
    """id of the entry to add to, or a free one for a new entry"""
    phrasings: tuple[str, ...]
    """to be added; those of a new entry do not hold its question"""
    notes: tuple[str, ...] = ()
    """what was said with bad ratings"""


def proposals(questions: Sequence[Open], pack: Pack) -> list[Proposal]:
    """A proposal for each group of questions, the most often asked first. `pack` as its authors wrote it."""
    return list(_Proposer(questions, pack).proposals())


class _Proposer:
    def __init__(self, questions: Sequence[Open], pack: Pack) -> None:
        self._pack = pack
        self._questions = questions
        self._english = English.load()
        phrasings = [
            (str(entry), str(text))
            for entry in pack.entries
            for _, texts in asked_as(pack, entry)
            for text in texts
            if not is_template(text)
        ]
        self._words = Words(self._english, (text for _, text in phrasings))
        self._known = {text.lower().rstrip("?!. ") for _, text in phrasings}
        self._vectors = [(entry, self._words.vector(text)) for entry, text in phrasings]
        self._homes: dict[str, list[int]] = {}
        for number, (_, vector) in enumerate(self._vectors):
            for name in vector:
                self._homes.setdefault(name, []).append(number)
        self._taken = {*map(str, pack.entries)}

    def proposals(self) -> Iterator[Proposal]:
        unanswered = [one for one in self._questions if not one.is_bad]
        bad: dict[str, list[Open]] = {}
        for one in self._questions:
            if one.is_bad:
                bad.setdefault(str(one.reply.intent or one.reply.kind), []).append(one)
        found = [self._of_group(group) for group in grouped(unanswered, self._words)]
        found += [self._of_bad(intent, ones) for intent, ones in bad.items()]
        yield from sorted(found, key=lambda one: (-one.count, one.questions[0]))

    def _of_group(self, group: Group) -> Proposal:
        texts = tuple(one.text for one in group.members)
        nearest = self._nearest(group)
        fresh = tuple(text for text in texts if text.lower().rstrip("?!. ") not in self._known)[:_MOST_PHRASINGS]
        if nearest is not None and nearest.intent in self._pack.entries and nearest.likeness >= _NEAR:
            return Proposal("phrasings", group.count, texts, nearest, nearest.intent, fresh)
        return Proposal(
            "entry", group.count, texts, nearest, self._free_id(texts[0]), fresh[1:] if fresh[:1] == texts[:1] else fresh
        )

    def _of_bad(self, intent: str, ones: list[Open]) -> Proposal:
        ones = sorted(ones, key=lambda one: (-one.count, one.text))
        notes = tuple(dict.fromkeys(note for one in ones for note in one.notes))
        texts = tuple(one.text for one in ones)
        nearest = self._shown(intent, max(one.reply.confidence for one in ones))
        return Proposal("answer", sum(one.count for one in ones), texts, nearest, "", texts[:_MOST_PHRASINGS], notes)

    def _nearest(self, group: Group) -> Nearest | None:
        """What the engine and the words together come nearest to: either alone is easily led astray."""
        scores: dict[str, float] = {}
        for one in group.members:
            for rival in one.reply.candidates:
                share = rival.confidence * one.count / group.count / 2
                scores[str(rival.intent)] = scores.get(str(rival.intent), 0.0) + share
        middle = unit(group.sum)
        likeness: dict[str, float] = {}
        for number in {number for name in middle for number in self._homes.get(name, ())}:
            entry, vector = self._vectors[number]
            likeness[entry] = max(likeness.get(entry, 0.0), cosine(vector, middle))
        for entry, like in likeness.items():
            scores[entry] = scores.get(entry, 0.0) + like / 2
        best = max(scores.items(), key=lambda item: (round(item[1], 4), item[0]), default=("", 0.0))
        return self._shown(*best) if best[1] >= _FAR else None

    def _shown(self, intent: str, likeness: float) -> Nearest:
        entry = self._pack.entries.get(intent)
        if entry is None:
            return Nearest(intent, round(likeness, 2), "", "")
        place = f"{getattr(entry.question, 'path', '')}:{getattr(entry.question, 'line', 0)}"
        return Nearest(intent, round(likeness, 2), str(entry.question), place)

    def _free_id(self, text: str) -> str:
        words = words_of(text, self._english)
        grammar = {"function", "filler", "light"}
        telling = [word for word in words if self._english.roles.get(word) not in grammar and word not in self._english.wh]
        slug = "-".join(re.sub(r"[^a-z0-9]", "", word) for word in (telling or words)[:3]).strip("-") or "entry"
        name, number = slug, 2
        while name in self._taken:
            name, number = f"{slug}-{number}", number + 1
        self._taken.add(name)
        return name
