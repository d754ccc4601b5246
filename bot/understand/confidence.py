"""How sure is a claim, given everything else that stands in the question?

A claim must account for the words that matter. What it leaves unexplained speaks against it: an unknown name most, then words
that change what is asked (`cost`, `when`), then rare words, and words of grammar not at all.
"""

from msgspec.structs import replace

from bot.pack.format import Pack
from bot.understand.mentions import Mention
from bot.understand.query import Claim
from bot.understand.utterance import Token, Utterance

_ELSEWHERE = 0.12
"""Weight of words in clauses that the claim does not touch: people tell a story around a question."""

_WHEN_WHY = 3.0
"""Against an answer that does not give the time or the reason that is asked for."""
_JOINING = 0.2
_HOW_MANY = 0.8
_ORDINARY = 0.85
"""Words up to this weight are ordinary; the first _FEW count in full and the rest at the share _RAMBLING."""
_FEW = 2
_RAMBLING = 0.3
_TOLD = 0.06
"""Weight of words around the question, in a long message of which the part that asks is known."""
_TOLD_MOST = 0.3
"""The most that a story says against a claim, however long it is."""
_LIGHT = 0.15
"""Words up to this weight ask for nothing in particular."""
_NAMED_IN_STORY = 0.6
_GAP_ELSEWHERE = 0.2
_POINTING = frozenset({"it", "its", "they", "them", "their"})
"""Words that may point at what another clause names, and so at a gap there."""
_REFERRING = _POINTING | {"that", "this", "those", "these"}
_ASKING_ELSEWHERE = 0.35
_ASKED_ELSEWHERE = 0.6
_GAP = 2.4
_LONGEST_NAME = 6
"""Words from `what` to `of` where what is asked of a thing has a name."""
_THING = 1.3
_STANDS_FOR = 0.5
_ATTRIBUTE = 0.8
_EXPLAINED_WORD = 0.4
_PARTLY = 0.35
_EXPONENT = 0.8
_ENTRY_EXPONENT = 0.6
"""Words that an entry does not know have made it less likely already."""
_MANY_ENTRIES = 20
"""Among so many entries, and with no facts beside them, what fits none of them is likely for none."""
_VAGUE_EXPONENT = 2.0
"""A vague question is short; a claim that most of a question is beside the point is worth little."""


def entry_exponent_of(pack: Pack) -> float:
    """How much the words that an entry leaves unexplained count against it in a pack.

    Nothing in a pack of many entries and no facts: how likely an entry is has every word in it already (`benchmarks.clinc150` and
    `benchmarks.banking77` are better for it).
    """
    return 0.0 if not pack.things and len(pack.entries) >= _MANY_ENTRIES else _ENTRY_EXPONENT


def _against(token: Token, opens: bool) -> float:
    """What a word says against a claim that does not explain it; a question word counts where it asks, not where it joins."""
    if token.word in {"when", "why", "where"}:
        return _WHEN_WHY if opens else _JOINING
    return token.weight


class Weigher:
    """Weighs the claims of one utterance."""

    def __init__(
        self,
        utterance: Utterance,
        mentions: tuple[Mention, ...],
        topic: str | None,
        asking: dict[int, int],
        entry_exponent: float = _ENTRY_EXPONENT,
        attention: tuple[float, ...] = (),
    ) -> None:
        """entry_exponent: see `entry_exponent_of`. attention: for a long message how much each token counts, 0..1.

        asking: the clauses that ask something, with the index of the question word that opens them (-1: none). What they hold
        matters more than what is told around them.
        """
        self._tokens = utterance.tokens
        self._entry_exponent = entry_exponent
        self._asking = asking.keys()
        things = {utterance.tokens[m.tokens[0]].clause for m in mentions if m.kind == "thing"}
        points = any(t.clause in asking and t.clause not in things and t.word in _POINTING for t in utterance.tokens)
        self._gap_elsewhere = 1.0 if points else _GAP_ELSEWHERE
        self._gaps = [mention for mention in mentions if mention.kind == "gap"]
        self._points = any(token.clause in asking and token.word in _REFERRING for token in utterance.tokens)
        self._told = self._story(mentions) if attention else frozenset[int]()
        self._elsewhere = [_ASKING_ELSEWHERE if token.clause in asking else _ELSEWHERE for token in utterance.tokens]
        opening = set(asking.values())
        self._against = [_against(token, index in opening) for index, token in enumerate(utterance.tokens)]
        for before, (index, token) in zip(utterance.tokens, enumerate(utterance.tokens[1:], 1), strict=False):
            if token.word == "many" and before.word == "how":
                self._against[index] = _HOW_MANY
        self._for = [min(token.weight, 0.5) for token in utterance.tokens]
        for mention in mentions:
            share = 1 / max(1, len(mention.tokens))
            for index in mention.tokens:
                if mention.kind in {"frame", "verify", "idiom"}:
                    self._against[index] = 0.0
                elif mention.kind == "background":
                    self._against[index] = min(self._against[index], 0.05)
                elif mention.kind in {"attribute", "link", "kind"}:
                    self._for[index] = max(self._for[index], _ATTRIBUTE * share)
                    if mention.kind == "attribute" and len(mention.tokens) > 1:
                        self._against[index] = max(self._against[index], 0.5 * share)
                    if mention.kind == "attribute" and self._against[index] > 0.2:
                        self._elsewhere[index] = _ASKED_ELSEWHERE
                elif mention.kind == "concept":
                    self._for[index] = max(self._for[index], _EXPLAINED_WORD)
        for index, token in enumerate(utterance.tokens):
            if token.word in _POINTING:
                self._for[index] = _STANDS_FOR  # a claim that knows what it stands for accounts for it as for a name
        for index in self._unknown_attribute(mentions, opening):
            self._against[index] = max(self._against[index], _GAP)
        if attention:
            self._for = [own * share for own, share in zip(self._for, attention, strict=True)]
        for mention in mentions:
            if mention.kind == "thing":
                weight = 0.1 if mention.id == topic else _THING
                for index in mention.tokens:
                    self._against[index] = weight / len(mention.tokens)
                    self._for[index] = max(weight, 0.4) / len(mention.tokens)

    def _unknown_attribute(self, mentions: tuple[Mention, ...], opening: set[int]) -> list[int]:
        """The words that nobody knows in the name of what is asked of a thing: `what is the zodiac sign of X`."""
        words = [token.word for token in self._tokens]
        known = {at for mention in mentions for at in mention.tokens}
        starts = {m.tokens[0] for m in mentions if m.kind == "thing"}
        found: list[int] = []
        for first in opening:
            of = first + next((at for at, word in enumerate(words[first : first + _LONGEST_NAME]) if word == "of"), 0)
            is_named = words[first : first + 2] in (["what", "is"], ["what", "are"]) and not starts.isdisjoint((of + 1, of + 2))
            if of > first >= 0 and is_named:
                found.extend(at for at in range(first + 2, of) if at not in known and self._tokens[at].weight > _LIGHT)
        return found

    def _story(self, mentions: tuple[Mention, ...]) -> frozenset[int]:
        """The indices of what is told around the question. A pronoun of the question stands for the last name before it, so that
        one is no mere story; an everyday word is no name."""
        told = {index for index, token in enumerate(self._tokens) if token.clause not in self._asking}
        named = [m for m in mentions if m.kind in {"thing", "gap"} and self._tokens[m.tokens[0]].clause < min(self._asking)]
        if (
            self._points
            and named
            and named[-1].kind == "gap"
            and max(self._tokens[at].weight for at in named[-1].tokens) > _ORDINARY
        ):
            told -= set(named[-1].tokens)
        return frozenset(told)

    def _rests_on_story(self, claim: Claim) -> bool:
        """Whether the claim explains no word of weight in what is asked."""
        return bool(self._told) and all(at in self._told or self._against[at] <= _LIGHT for at in claim.explained)

    def _support(self, index: int, claim: Claim) -> float:
        """What a word says for the claim. The names in a story tell what a question over facts is about, but little of which
        entry is asked for."""
        is_told = claim.query is None and index in self._told
        return min(self._for[index], _NAMED_IN_STORY) if is_told else self._for[index]

    def weigh(self, claim: Claim) -> Claim:
        """`claim` with its confidence; one of a phrasing to the word has all of its score, also where it is small words alone."""
        if claim.to_the_word:
            return replace(claim, confidence=claim.score)
        gapped = {index: _GAP / len(gap.tokens) for gap in self._gaps if gap.id not in claim.gaps for index in gap.tokens}
        accounted = claim.explained - gapped.keys()
        touched = {self._tokens[index].clause for index in accounted}
        touched = touched & self._asking or touched
        # said twice counts once
        explained = sum({self._tokens[index].stem: self._support(index, claim) for index in accounted}.values())
        left, told, ordinary = 0.0, 0.0, []
        for index, token in enumerate(self._tokens):
            if index in accounted:
                continue
            weight = max(self._against[index], gapped.get(index, 0.0))
            if index in claim.partly and index not in gapped:
                weight *= _PARTLY
            if index in self._told:
                told += weight * _TOLD
                continue
            if token.clause not in touched and not self._told:
                weight *= self._gap_elsewhere if index in gapped else self._elsewhere[index]
            if weight > _ORDINARY or index in gapped:
                left += weight
            else:
                ordinary.append(weight)
        ordinary.sort(reverse=True)  # who uses many words says little with each of them
        left += min(told, _TOLD_MOST) + sum(ordinary[:_FEW]) + _RAMBLING * sum(ordinary[_FEW:])
        coverage = explained / (explained + left) if explained + left else 0.0
        exponent = _EXPONENT
        form = claim.query.form if claim.query is not None else "entry"
        if form == "entry":
            exponent = self._entry_exponent
        elif form == "vague" or ((form == "overview" or not self._points) and self._rests_on_story(claim)):
            exponent = _VAGUE_EXPONENT
        return replace(claim, confidence=round(claim.score * coverage**exponent, 4))
