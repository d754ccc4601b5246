"""The way from text to ranked claims, in one place."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.understand import verdicts
from bot.understand.assent import Assents
from bot.understand.clauses import Grouper, Part
from bot.understand.confidence import Weigher, entry_exponent_of
from bot.understand.cues import Cues, cues_of
from bot.understand.focus import Asker, Focus
from bot.understand.forms import FormFinder
from bot.understand.lexicon import Lexicon
from bot.understand.mentions import Finder, Mention
from bot.understand.model import Model
from bot.understand.query import Claim, Query
from bot.understand.retrieve import OVER_FACTS, Found, Index, Large, Relation, Retriever, score_of
from bot.understand.rules import Rule, RuleFinder
from bot.understand.utterance import Reader, Utterance

if TYPE_CHECKING:
    from bot.semantic import Embedder

_DOUBT = 0.25
_FACTS_LIKELY = 0.1
"""Where the question looks less like one over facts than this, claims over facts lose up to the share _DOUBT."""
_WHOLE = 0.9
"""Share of its score from which a claim accounts for the question as a whole."""
_LESS = 0.2
"""Share of the doubt that it meets then."""
_TELLING = 5
"""Words from which on the model can tell."""

_JUDGED = 3
"""Claims, the best first, that are asked for their yes or no."""

_LEFT_OPEN = 0.9
_LIKELY = 0.6
_BESIDE_IT = 0.8
"""An entry that does not speak of what is asked for is so much less sure, where the question for that is at least _LIKELY."""
_CARRIED = 0.98
"""A thing that was not named again makes a claim a little less sure."""


_SPOKEN, _ASKED_OF_IT = 10.0, 4.0
"""A message that names nothing asks so many times likelier for an entry about the last thing spoken of than for another; and for
a fact of it that it asks for by name."""

_BEHIND = 0.01
"""An entry stays so far behind a fact that was ahead of it before it became likelier."""

_KEPT = 64
"""Texts whose reading is kept."""

_MISSING = 0.9
"""That what a pronoun asks for is not known of the last thing that could have it."""


class Understanding(Struct, frozen=True):
    """What was understood of one utterance."""

    utterance: Utterance
    mentions: tuple[Mention, ...]
    cues: Cues
    asking: tuple[int, ...]
    """the clauses that ask something"""
    claims: tuple[Claim, ...]
    """best first; ties in the order of intents"""
    attention: tuple[float, ...] = ()
    """for each token of a long message 0..1, how much it counts for what is asked; empty when all of them count in full"""
    shares: dict[str, float] = {}
    """0..1: how likely each entry is asked for, and each attribute, as learned; see retrieve.Found"""

    def share_of(self, claim: Claim) -> tuple[float, float] | None:
        """0..1: how likely what `claim` answers is asked for, by what was learned alone, and how likely the likeliest other
        thing is; None when nothing was learned of it."""
        label = claim.entry or OVER_FACTS + (claim.query.attribute if claim.query is not None else "")
        if label not in self.shares:
            return None
        return self.shares[label], max((share for other, share in self.shares.items() if other != label), default=0.0)

    @property
    def names_something(self) -> bool:
        """Whether a thing, an attribute or a gap of the pack is named."""
        return any(m.kind in {"thing", "attribute", "gap"} for m in self.mentions)

    @property
    def share_of_facts(self) -> float:
        """0..1: how likely facts are asked for, by what was learned alone."""
        return sum(share for label, share in self.shares.items() if label.startswith(OVER_FACTS))


class _Reading(Struct, frozen=True):
    """What stands in a text, whatever was said before it."""

    understanding: Understanding
    parts: dict[int, Cues]
    """the cues of each clause"""


class Group(Protocol):
    """Things that are spoken of together, and the words that point at them."""

    @property
    def things(self) -> tuple[str, ...]: ...
    @property
    def tokens(self) -> frozenset[int]: ...
    @property
    def shares(self) -> bool: ...


class Understander:
    """Understands utterances with one pack."""

    def __init__(
        self,
        pack: Pack,
        knowledge: Knowledge,
        lexicon: Lexicon,
        index: Index,
        rules: tuple[Rule, ...],
        points: verdicts.Points,
        assents: Assents,
        asks: Model,
        english: English,
        large: Large | None = None,
        embedder: "Embedder | None" = None,
    ) -> None:
        """large: of a pack whose entries lie on disk. Raises OSError and MissingIndexError when they cannot be read."""
        self._english = english
        self._topic = pack.pack.topic
        self._entry_exponent = entry_exponent_of(pack)
        self._reader = Reader(lexicon, english)
        self._finder = Finder(lexicon, english)
        self._asker = Asker(asks, english)
        self._forms = FormFinder(knowledge, english)
        self.relations = self._forms.relations
        self._subjects = {id_ for id_, thing in pack.things.items() if pack.kinds[thing.kind].overview} - {self._topic}
        self._know = knowledge
        self._about = {
            id_: frozenset((*entry.about, *([entry.fact.partition(".")[0]] if entry.fact else []))) & self._subjects
            for id_, entry in knowledge.about_things()
        }
        self._grouper = Grouper(self.relations, self._topic, self._subjects, english)
        self._rules = RuleFinder(rules, pack, english)
        self._retriever = Retriever(index, pack, english, embedder) if large is None else _nearest(large, index, pack, english)
        self._judge = verdicts.Judge(points, assents, english)
        self._read = lru_cache(maxsize=_KEPT)(self._reading)  # a message is read again with what was spoken of before
        self._seeming = lru_cache(maxsize=_KEPT)(self._asked_for)

    def understand(
        self, text: str, carried: tuple[str, ...] = (), together: Group | None = None, topics: tuple[str, ...] | None = None
    ) -> Understanding:
        """Everything that `text` could ask, best first.

        carried: things that were spoken of before, the latest first; they stand in where the text names none itself.
        together: things that the text points at, and the words that do it; several of them stand in together.
        topics: those of `carried` that make an entry about them likelier; all of them when left out.
        """
        reading = self._read(text)
        read, parts, asked = reading.understanding, reading.parts, self._seeming(text)
        utterance, mentions, cues, asking = read.utterance, read.mentions, read.cues, read.asking
        opening = {clause: parts[clause].wh_at for clause in asking}
        weigher = Weigher(utterance, mentions, self._topic, opening, self._entry_exponent, read.attention)
        called = {  # `the Rustino one` is no pronoun, `is Rustino one` has one
            m.tokens[-1] + 1
            for m in mentions
            if m.kind == "thing" and not (m.tokens[0] and utterance.tokens[m.tokens[0] - 1].word in self._english.openers)
        }
        refers = frozenset(
            at
            for at, token in enumerate(utterance.tokens)
            if (not read.attention or token.clause in asking)
            and token.word in self._english.cues["pronoun"]
            and not (at in called and token.word in self._english.pointers["noun"])
        )
        found: list[Claim] = []
        for part in self._grouper.parts(utterance, mentions, cues, parts, asking, bool(read.attention)):
            own = [*self._forms.find(part.mentions, part.cues), *self._related(part, asked.relation, utterance)]
            is_settled = self._is_settled(part.mentions, utterance)
            more = [] if is_settled else list(self._carry(part.mentions, part.cues, carried, refers))
            if together is not None:
                more = self._pointed(part.mentions, part.cues, together, utterance)
                own = [replace(claim, score=claim.score * _LEFT_OPEN) for claim in own] if more else own
            elif more and refers:  # a pronoun is there for something: what leaves it open is less likely meant
                own = [c if self._is_whole(c, part.cues) else replace(c, score=c.score * _LEFT_OPEN) for c in own]
            found.extend((*own, *more))
        doubt = 1.0 - _DOUBT * max(0.0, 1.0 - asked.facts / _FACTS_LIKELY) if len(utterance.tokens) > _TELLING else 1.0
        weighed = [_doubted(weigher.weigh(claim), doubt) for claim in found]
        topics = carried if topics is None else topics
        shares = self._in_light(asked.shares, mentions, topics if together is None else ())
        named = {m.id for m in mentions if m.kind == "attribute"}
        carried_facts = (
            c.confidence for c in weighed if c.query and c.query.attribute in named and c.query.things[:1] == carried[:1]
        )
        most = max(carried_facts, default=1.0)
        ranked = [_likelier(weigher.weigh(claim), asked.shares, shares, most) for claim in asked.claims]
        ruled = [weigher.weigh(claim) for claim in self._rules.find(utterance, mentions, cues)]
        weighed.extend([self._beside_it(claim, weighed) for claim in (*ruled, *ranked)])
        best: dict[str, Claim] = {}
        for claim in sorted(weighed, key=_rank):
            if claim.confidence > 0.0:
                best.setdefault(claim.intent, claim)
        claims = list(best.values())
        by_clause = (cues, *(parts[clause] for clause in asking))
        is_so = verdicts.Check(utterance, mentions, by_clause, asking, is_story=bool(read.attention))
        for at, claim in enumerate(claims[:_JUDGED]):
            one = verdicts.judged(claim, self._judge, is_so)
            if one.explained == claim.explained:
                claims[at] = one
                continue
            # what a verdict rests on is accounted for; but a question over facts that is as sure reads more of the question
            gain = weigher.weigh(one).confidence / max(weigher.weigh(claim).confidence, claim.confidence)
            most = min((fact.confidence for fact in claims[:at] if fact.entry is None), default=1.0)
            claims[at] = replace(one, confidence=round(max(claim.confidence, min(most, claim.confidence * gain)), 4))
        claims.sort(key=lambda claim: -claim.confidence)
        return replace(read, claims=tuple(claims), shares=shares)

    def read(self, text: str) -> Understanding:
        """What stands in `text`, without what it could ask."""
        return self._read(text).understanding

    def _reading(self, text: str) -> _Reading:
        utterance = self._reader.read(text)
        mentions = self._finder.find(utterance)
        focus = self._asker.find(utterance, mentions)
        if focus is not None:
            return self._focused(focus, mentions)
        cues = cues_of(utterance, mentions, self._english)
        clauses = range(utterance.clauses)
        parts = {c: cues_of(utterance, mentions, self._english, frozenset({c})) if len(clauses) > 1 else cues for c in clauses}
        around = {at for m in mentions if m.kind == "frame" for at in m.tokens}
        told = {
            token.clause for at, token in enumerate(utterance.tokens) if at not in around
        }  # `could you help me?` asks nothing
        asks = [clause for clause, own in parts.items() if own.wh or own.verifies or own.asked or own.odd or own.related]
        asking = tuple(clause for clause in asks if clause in told or not told)
        return _Reading(Understanding(utterance, mentions, cues, asking, ()), parts)

    def _asked_for(self, text: str) -> Found:
        read = self._read(text).understanding
        return self._retriever.find(read.utterance, read.mentions, read.attention)

    def _focused(self, focus: Focus, mentions: tuple[Mention, ...]) -> _Reading:
        """What stands in a long message of which a part asks: the grammar is that of this part."""
        utterance, asking = focus.utterance, focus.asking
        parts = {clause: cues_of(utterance, mentions, self._english, frozenset({clause})) for clause in asking}
        cues = cues_of(utterance, mentions, self._english, frozenset(asking)) if len(asking) > 1 else parts[asking[0]]
        return _Reading(Understanding(utterance, mentions, cues, asking, (), focus.attention), parts)

    def _related(self, part: Part, relation: Relation | None, utterance: Utterance) -> list[Claim]:
        """Claims about the attribute that the question seems to ask for though none of its words names one."""
        if relation is None or any(m.kind in {"attribute", "link"} for m in part.mentions):
            return []
        taken = {index for m in part.mentions for index in m.tokens if m.kind == "thing"}
        own = sorted(relation.explained - taken, key=lambda at: (-utterance.tokens[at].weight, at))
        if not own:
            return []
        stand_in = Mention("attribute", relation.attribute, (own[0],), utterance.tokens[own[0]].word)
        return [
            replace(
                claim,
                score=claim.score * relation.score,
                explained=claim.explained | relation.explained,
                reasons=(*claim.reasons, f"it seems to ask for '{relation.attribute}'"),
            )
            for claim in self._forms.find((*part.mentions, stand_in), part.cues)
            if claim.query and claim.query.attribute == relation.attribute
        ]

    def _beside_it(self, entry: Claim, facts: list[Claim]) -> Claim:
        """The claim of an entry; less sure where it passes over the attribute that is asked for by name, of a thing of which that
        is not known: `how is chemotherapy given` is no question for what it does."""
        for claim in facts:
            query = claim.query
            if query is None or entry.to_the_word or query.form != "list" or len(query.things) != 1:
                continue
            if (
                claim.confidence >= _LIKELY
                and self._forms.lacks(query, query.things[0])
                and not claim.explained <= entry.explained
            ):
                return replace(entry, confidence=round(entry.confidence * _BESIDE_IT, 4))
        return entry

    def _carry(self, scene: tuple[Mention, ...], cues: Cues, carried: tuple[str, ...], refers: frozenset[int]) -> Iterator[Claim]:
        """Claims about what was spoken of before, where the scene asks for something that only such a thing can have.

        refers: the pronouns of the message, which stand for it.
        """
        named = {m.id for m in scene if m.kind == "thing"}
        for thing in carried:
            if thing in named:
                continue
            stand_in = Mention("thing", thing, ())
            found = self._forms.find((stand_in, *scene), cues)
            claims = [c for c in found if c.query and self._is_about(thing, c.query, bool(refers))]
            if not refers:  # what is named by itself is no value of what was spoken of before, and no false premise about it
                claims = [c for c in claims if c.query and not c.query.premise and self._subjects.isdisjoint(c.query.values)]
            if refers and not claims:  # a pronoun stands for the last thing that could have it, even if nothing is known of that
                claims = [replace(c, score=_MISSING) for c in found if c.query and self._forms.lacks(c.query, thing)]
            for claim in claims:
                reasons = (*claim.reasons, f"'{thing}' is carried over")
                yield replace(claim, score=claim.score * _CARRIED, explained=claim.explained | refers, reasons=reasons)
            if claims:
                return

    def _is_whole(self, claim: Claim, cues: Cues) -> bool:
        """Whether a claim leaves nothing open that a pronoun may stand for; `it is of the same sort as A` asks for no others, and
        `risk of infection with it` not what has that in general."""
        query = claim.query
        if query is None or not query.things or (query.form == "siblings" and cues.same):
            return False
        return bool(cues.wh) or query.form != "overview" or not self._subjects.isdisjoint(query.things)

    def _in_light(self, shares: dict[str, float], mentions: tuple[Mention, ...], carried: tuple[str, ...]) -> dict[str, float]:
        """How likely each label is asked for (see retrieve.Found). Where the message names nothing to speak of, it rather asks
        about what was just spoken of."""
        last = next((thing for thing in carried if thing in self._subjects), None)
        if last is None or any(m.kind == "thing" and m.id in self._subjects for m in mentions):
            return shares
        wanted = {last, *self._know.groups_of(last)}
        asked = {m.id for m in mentions if m.kind == "attribute"}
        times = dict.fromkeys((OVER_FACTS + name for name in asked if self._forms.has_to_do_with(last, name)), _ASKED_OF_IT)
        times |= {label: _SPOKEN for label in shares if not wanted.isdisjoint(self._about.get(label, ()))}
        odds = {label: share * times.get(label, 1.0) for label, share in shares.items()}
        whole = 1.0 + sum(odds[label] - shares[label] for label in times.keys() & shares.keys())
        return {label: one / whole for label, one in odds.items()}

    def _is_settled(self, scene: tuple[Mention, ...], utterance: Utterance) -> bool:
        """Whether a pronoun stands for something that the message itself names before it: `back to Rustino: how is it baked?`"""
        tokens = utterance.tokens
        clauses = [token.clause for token in tokens if token.word in self._english.pointers["stands"]]
        return bool(clauses) and any(
            m.kind == "thing" and m.id in self._subjects and tokens[m.tokens[0]].clause < clauses[-1] for m in scene
        )

    def _pointed(self, scene: tuple[Mention, ...], cues: Cues, group: Group, utterance: Utterance) -> list[Claim]:
        """Claims about the things that the scene points at, all of them together."""
        words = group.tokens
        stand_ins = tuple(Mention("thing", thing, ()) for thing in group.things)
        if len(stand_ins) > 1 and group.shares:
            cues = replace(cues, compares=True)
            little = {at for at, token in enumerate(utterance.tokens) if self._english.roles.get(token.word) == "light"}
            words |= little  # `do they have anything in common`
        wanted = set(group.things)
        claims = [
            replace(claim, score=claim.score * _CARRIED, reasons=(*claim.reasons, "pointed at"))
            for claim in self._forms.find((*stand_ins, *scene), cues)
            if claim.query
            and claim.query.form != "overview"
            and (set(claim.query.things) == wanted or (not claim.query.things and set(claim.query.values) == wanted))
        ]
        return [replace(claim, explained=claim.explained | words) for claim in claims]

    def _is_about(self, thing: str, query: Query, refers: bool) -> bool:
        """Whether the query asks for something that is known of `thing`, or, where a pronoun stands for it, for what has it."""
        if query.form == "same":  # `is it the same as Rustino`
            return refers and thing in query.things and len(query.things) > 1
        if query.form == "overview":
            return False
        return (query.things == (thing,) and self._forms.knows(thing, query.attribute)) or (refers and query.values == (thing,))


def _rank(claim: Claim) -> tuple[float, bool, str]:
    return (-claim.confidence, not claim.to_the_word, claim.intent)


def _likelier(claim: Claim, alone: dict[str, float], shares: dict[str, float], most: float) -> Claim:
    """A claim of an entry whose share of what is asked is `shares` and was taken for what it is of the message `alone`. It does
    not outdo by that the fact that is asked for by name of the same thing, which has the confidence `most`."""
    before, now = alone.get(str(claim.entry), 0.0), shares.get(str(claim.entry), 0.0)
    if before == now or claim.to_the_word:
        return claim
    likelier = min(1.0, claim.confidence * score_of(now) / score_of(before))
    if claim.confidence < most < likelier:
        likelier = most - _BEHIND
    return replace(claim, confidence=round(likelier, 4))


def _nearest(large: Large, index: Index, pack: Pack, english: English) -> Retriever:
    from bot.understand.large import NearestRetriever  # no other pack needs it

    return NearestRetriever(large, index, pack, english)


def _doubted(claim: Claim, doubt: float) -> Claim:
    """A claim over facts where the question looks like one for an entry; one that accounts for every word is doubted less."""
    if claim.confidence > _WHOLE * claim.score:
        doubt = 1.0 - _LESS * (1.0 - doubt)
    return claim if doubt == 1.0 else replace(claim, confidence=round(claim.confidence * doubt, 4))
