"""FAQ entries -> claims, by how likely a question asks for each: learned from the ways in which they are asked."""

import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from bot.language.english import English
from bot.pack.format import OUTSIDE, Pack
from bot.understand.asked import asked_as, attribute_of, is_template
from bot.understand.assent import OPEN, Statement
from bot.understand.features import broader_of, features_of, ranking_features, vector_of
from bot.understand.focus import Marked, unmarked
from bot.understand.known import Known, KnownReader
from bot.understand.lexicon import Lexicon
from bot.understand.margins import learn_margins
from bot.understand.meaning import meanings
from bot.understand.mentions import Finder, Mention
from bot.understand.model import Model, Teller
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Reader, Utterance

if TYPE_CHECKING:
    from bot.semantic import Embedder

_OWN_SHARE = 0.15
"""An entry is about a thing when this share of its phrasings name it."""

LIKELY = 8
"""The likeliest entries become claims."""

LEAST = 0.002
"""Probability that an entry needs to become a claim."""

_ALONE = 0.5
"""Probability of the only entry of a pack: it has no rivals to be told from."""

KNOWN = 0.98
"""Score of an entry one of whose phrasings the question is."""

_MOVED, _ALIKE = 0.95, 0.9
"""Score of an entry one of whose phrasings is the question in another order, or in other words."""

_SLOPE, _SHIFT = 0.85, 4.1
_SUREST = 0.9
"""Chosen on the work questions of `benchmarks.accuracy`, where wrong answers weigh as much as right ones, and by what `coverage`
asks over facts: a claim over facts that accounts for every word is surer than any entry."""

_OWN_WORD = 0.05
"""A word belongs to an entry when this share of its phrasings have it, and at least two."""

_MANY = 8
"""From so many phrasings on, a word must stand in two of them to belong to the entry."""

_NOBODY: dict[str, int] = {}

OVER_FACTS = "\n"
"""Begins the labels of questions over facts, before the attribute that is asked for: no entry has such an id."""

_OUTSIDE = "\t"
"""The label of messages that ask for something outside of the pack: an entry must be likelier than that."""

_SURE = 0.3
"""Probability from which an attribute that no word names is what is asked for."""


class Index(Struct, frozen=True):
    known: Known
    """the phrasings -> which of `ways` each is"""
    ways: tuple[tuple[str, Verdict | None], ...]
    """each entry with each verdict that its phrasings can have"""
    idf: dict[str, float]
    sizes: dict[str, int]
    """entry -> how many phrasings it has"""
    counts: dict[str, bytes]
    """feature -> entry -> phrasings of the entry that have it; 0 for a feature of its answer alone; packed"""
    model: Model
    """feature -> entry, learned"""


class Large(Struct, frozen=True):
    """What is known of a pack whose entries and phrasings lie on disk, beside those: see `bot.understand.large`."""

    folder: str
    """where they lie; empty in what is kept, for a folder knows its place when it is read"""
    chance: tuple[float, ...]
    """weights of the logistic curve that tells how likely the first entry is the right one"""
    without: tuple[int, int] = (0, 0)
    """the numbers of phrasings, from and to before, that are passed over: for a bot that is to lack them"""


class Relation(Struct, frozen=True):
    """An attribute that a question seems to ask for, by the examples of such questions."""

    attribute: str
    score: float
    """how well it fits, 0..1"""
    explained: frozenset[int]
    """indices of the words that such questions have"""


class Found(Struct, frozen=True):
    """What a question seems to ask for."""

    claims: tuple[Claim, ...]
    """one for each entry that is likely"""
    facts: float
    """0..1: how likely facts are asked for instead; 1 when there is nothing to tell that by"""
    relation: Relation | None
    outside: float = 0.0
    """0..1: how likely something is asked for that is not in the pack"""
    shares: dict[str, float] = {}
    """0..1: how likely each entry is asked for, and, behind OVER_FACTS, each attribute; empty for a large pack"""


class Asked(Struct, frozen=True):
    """One way in which an entry, or the facts, are asked, read."""

    entry: str
    """its id; for facts OVER_FACTS and the attribute"""
    verdict: Verdict | None
    utterance: Utterance
    mentions: tuple[Mention, ...]


class IndexBuilder:
    """Turns the phrasings of a pack into an Index."""

    def __init__(self, pack: Pack, lexicon: Lexicon, english: English, embedder: "Embedder | None" = None) -> None:
        self._pack = pack
        self._embedder = embedder
        self._english = english
        self._reader = Reader(lexicon, english)
        self._finder = Finder(lexicon, english)
        self._broader = broader_of(pack)

    def read(self) -> list[Asked]:
        """Every phrasing of every entry, as it is read."""
        return [
            Asked(entry_id, verdict, *self._read(text))
            for entry_id in self._pack.entries
            for verdict, texts in asked_as(self._pack, entry_id)
            for text in texts
            if not is_template(text)
        ]

    def read_statements(self, asked: Iterable[Asked]) -> list[Statement]:
        """What is said of the entries, and whether it is so; `asked` from `read`."""
        found = [Statement(one.entry, one.verdict, one.utterance, one.mentions) for one in asked if one.verdict is not None]
        for entry_id, own in self._pack.verdicts.items():
            for label, texts in (("yes", own.holds), ("no", own.fails), (OPEN, own.open)):
                found.extend(Statement(entry_id, label, *self._read(text)) for text in texts)
        return found

    def read_long(self) -> list[Marked]:
        """The long messages, with the part that asks; and two and two of them as one, for a message may ask more than once."""
        messages = [text for texts in self._pack.long.values() for text in texts]
        joined = [f"{one} {other}" for one, other in zip(messages[::2], messages[1::2], strict=False)]
        texts = [unmarked(text) for text in (*messages, *joined)]
        return [Marked(*self._read(text), asked) for text, asked in texts]

    def read_facts(self) -> list[Asked]:
        """The examples of questions over facts, as they are read."""
        return [
            Asked(OVER_FACTS + attribute, None, *self._read(text))
            for label, texts in self._pack.examples.items()
            for attribute in attribute_of(label)
            for text in texts
        ]

    def build(self, asked: list[Asked], facts: list[Asked]) -> Index:
        """The index of every entry, from what `read` and `read_facts` gave."""
        vectors = [self._vector(one.utterance, one.mentions) for one in asked]
        frequency: dict[str, int] = {}
        counts: dict[str, dict[str, int]] = {}
        for vector in vectors:
            for feature in vector:
                frequency[feature] = frequency.get(feature, 0) + 1
        over_facts = [self._vector(one.utterance, one.mentions) for one in facts]
        for one, vector in zip((*asked, *facts), (*vectors, *over_facts), strict=True):
            for feature in vector:
                owners = counts.setdefault(feature, {})
                owners[one.entry] = owners.get(one.entry, 0) + 1
        for entry_id, entry in self._pack.entries.items():
            for feature in self._vector(*self._read(entry.answer or "")):
                counts.setdefault(feature, {}).setdefault(entry_id, 0)
        idf = {feature: math.log(1 + len(asked) / count) for feature, count in sorted(frequency.items())}
        sizes = dict.fromkeys(self._pack.entries, 0)
        for one in (*asked, *facts):
            sizes[one.entry] = sizes.get(one.entry, 0) + 1
        named = [(str(entry_id), self._read(_as_words(str(entry_id)))) for entry_id in self._pack.entries]
        outside = [(_OUTSIDE, self._read(text)) for text in self._pack.examples.get(OUTSIDE, ())]
        more = [(label, read[0], self._vector(*read)) for label, read in (*named, *outside)]
        labels = [*(one.entry for one in (*asked, *facts)), *(label for label, _, _ in more)]
        utterances = [*(one.utterance for one in (*asked, *facts)), *(utterance for _, utterance, _ in more)]
        every = [*vectors, *over_facts, *(vector for _, _, vector in more)]
        features = [
            {**ranking_features(utterance, vector, idf, len(asked)), **meaning}
            for utterance, vector, meaning in zip(utterances, every, meanings(self._embedder, utterances), strict=True)
        ]
        ways = {(one.entry, one.verdict): None for one in asked}
        places = {way: place for place, way in enumerate(ways)}
        return Index(
            known=self._known(asked, places),
            ways=tuple(ways),
            idf=idf,
            sizes=sizes,
            counts={feature: msgspec.msgpack.encode(owners) for feature, owners in sorted(counts.items())},
            model=learn_margins(features, labels),
        )

    def _known(self, asked: list[Asked], places: dict[tuple[str, Verdict | None], int]) -> Known:
        """Every phrasing as it is read where somebody asks it."""
        found = [(one.utterance, one.mentions, places[one.entry, one.verdict]) for one in asked]
        return KnownReader(self._english, self._broader).build(found)

    def _read(self, text: str) -> tuple[Utterance, tuple[Mention, ...]]:
        utterance = self._reader.read(text)
        return utterance, self._finder.find(utterance)

    def _vector(self, utterance: Utterance, mentions: tuple[Mention, ...]) -> dict[str, float]:
        return vector_of(utterance, features_of(utterance, mentions, self._english, self._broader))


def _as_words(entry_id: str) -> str:
    """What the name of an entry says: `card_arrival`, `cardArrival`, `card-arrival`."""
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry_id))


@lru_cache(maxsize=8192)
def _owners(packed: bytes) -> dict[str, int]:
    """entry -> phrasings of it that have a feature."""
    return msgspec.msgpack.decode(packed, type=dict[str, int])


class Retriever:
    """Ranks the entries of one pack."""

    def __init__(self, index: Index, pack: Pack, english: English, embedder: "Embedder | None" = None) -> None:
        self._index = index
        self._embedder = embedder
        self._broader = broader_of(pack)
        self._english = english
        self._size = sum(index.sizes.values())
        self._teller = Teller(index.model)
        reader = KnownReader(english, self._broader)
        self._ways_known = (
            (reader.exactly, KNOWN, "one of its phrasings"),
            (reader.moved, _MOVED, "one of its phrasings in another order"),
            (reader.alike, _ALIKE, "one of its phrasings in other words"),
        )

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], attention: tuple[float, ...] = ()) -> Found:
        """The entries that are likely asked for, and how likely facts are asked for instead.

        attention: how much each token counts, 0..1; left out, all of them count in full.
        """
        index = self._index
        if not utterance.tokens:
            return Found((), 1.0, None)
        features = features_of(utterance, mentions, self._english, self._broader)
        shares = self._shares(utterance, features, attention) if self._teller.labels else dict.fromkeys(index.sizes, _ALONE)
        outside = shares.pop(_OUTSIDE, 0.0)
        owners = self._owners(features)
        facts, relation = self._over_facts(shares, owners)
        likely = [item for item in shares.items() if item[1] >= LEAST and not item[0].startswith(OVER_FACTS)]
        found = {
            entry: self._claim(entry, score_of(share), owners, f"likely by its phrasings ({share:.2f})")
            for entry, share in sorted(likely, key=_by_share)[:LIKELY]
        }
        found |= {claim.intent: claim for claim in self._known_as(utterance, mentions, features)}
        return Found(tuple(found.values()), facts, relation, outside, shares)

    def _known_as(self, utterance: Utterance, mentions: tuple[Mention, ...], features: list[tuple[str, ...]]) -> Iterator[Claim]:
        """A claim for the entry one of whose phrasings the question is, or says the same as."""
        for find, score, reason in self._ways_known:
            way = find(self._index.known, utterance, mentions)
            if way is None:
                continue
            entry, verdict = self._index.ways[way]
            gaps = frozenset(f[2:] for own in features for f in own if f[0] == "g")
            everything = frozenset(range(len(utterance.tokens)))
            yield Claim(entry, score, everything, (reason,), entry=entry, verdict=verdict, gaps=gaps, to_the_word=score == KNOWN)
            return

    def facts(
        self, utterance: Utterance, mentions: tuple[Mention, ...], attention: tuple[float, ...] = ()
    ) -> tuple[float, Relation | None]:
        """How likely facts are asked for, 0..1, and the attribute that is, as in Found; arguments as in `find`."""
        if not self._teller.labels:
            return 1.0, None
        features = features_of(utterance, mentions, self._english, self._broader)
        return self._over_facts(self._shares(utterance, features, attention), self._owners(features))

    def _shares(self, utterance: Utterance, features: list[tuple[str, ...]], attention: tuple[float, ...]) -> dict[str, float]:
        """Entry, or attribute behind OVER_FACTS -> probability."""
        vector = vector_of(utterance, features)
        values = ranking_features(utterance, vector, self._index.idf, self._size, features, attention)
        values.update(self._meaning(utterance, attention))
        return self._teller.probabilities(values)

    def _meaning(self, utterance: Utterance, attention: tuple[float, ...]) -> dict[str, float]:
        """What the embedder says of the question. One that fails is done without: no question raises."""
        if self._embedder is None:
            return {}
        from bot.semantic import EmbedderError

        try:
            return meanings(self._embedder, [utterance], attention)[0]
        except EmbedderError:
            from logging import getLogger

            getLogger("faqbot").exception("the embedder failed")
            return {}

    def _owners(self, features: list[tuple[str, ...]]) -> list[list[tuple[str, dict[str, int]]]]:
        """For each token its features, with the entries that have them."""
        counts = self._index.counts
        return [[(f, _owners(counts[f]) if f in counts else _NOBODY) for f in own] for own in features]

    def _over_facts(
        self, shares: dict[str, float], owners: list[list[tuple[str, dict[str, int]]]]
    ) -> tuple[float, Relation | None]:
        over_facts = {label[1:]: share for label, share in shares.items() if label.startswith(OVER_FACTS)}
        attribute, share = min(over_facts.items(), key=_by_share, default=("", 0.0))
        relation = None
        if attribute and share >= _SURE:
            claim = self._claim(OVER_FACTS + attribute, score_of(share), owners, "")
            relation = Relation(attribute, claim.score, claim.explained)
        return (sum(over_facts.values()) if over_facts else 1.0), relation

    def _claim(self, entry: str, score: float, owners: list[list[tuple[str, dict[str, int]]]], reason: str) -> Claim:
        """A claim for `entry`; owners: for each token its features, with the entries that have them."""
        size = self._index.sizes[entry]
        least = max(2, round(_OWN_WORD * size)) if size >= _MANY else 1
        typical = max(float(least), _OWN_SHARE * size)
        explained: set[int] = set()
        partly: set[int] = set()
        gaps: set[str] = set()
        unmet: set[str] = set()
        for at, own in enumerate(owners):
            met = True
            for feature, of_entry in own:
                count, kind = of_entry.get(entry, -1), feature[0]
                if count >= (typical if kind in "ta" else least):
                    explained.add(at)
                if count >= 0:
                    partly.add(at)
                if kind in "gs" and count < typical:
                    met = False
            found = {feature[2:] for feature, _ in own if feature[0] == "g"}
            gaps |= found
            if not met:
                unmet |= found
        return Claim(
            entry,
            score,
            frozenset(explained),
            (reason,),
            entry=entry,
            partly=frozenset(partly - explained),
            gaps=frozenset(gaps - unmet),
        )


def _by_share(item: tuple[str, float]) -> tuple[float, str]:
    return (-item[1], item[0])


def score_of(share: float) -> float:
    """How well an entry fits, 0..1, to which the model gives the probability `share`.

    A logistic curve, set as _SLOPE says: the model leaves much to what fits no entry, and a share that looks small may be sure.
    """
    return _SUREST / (1 + math.exp(-(_SLOPE * math.log(share + 1e-4) + _SHIFT)))
