"""FAQ entries -> claims, by how likely a question asks for each: learned from the ways in which they are asked."""

import math
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

import msgspec
from msgspec import Struct

from bot.language.english import English
from bot.pack.format import FACTS, Pack, Phrasings
from bot.understand.focus import Marked, unmarked
from bot.understand.learn import Model, Teller, learn
from bot.understand.lexicon import Lexicon
from bot.understand.mentions import Finder, Mention
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Reader, Token, Utterance

_WH_WEIGHT = {"why": 1.0, "when": 0.7, "where": 0.6, "how": 0.4, "who": 0.5, "whose": 0.7, "which": 0.05, "what": 0.05}

_OWN_SHARE = 0.15
"""An entry is about a thing when this share of its phrasings name it."""

_LIKELY = 8
"""The likeliest entries become claims."""

_LEAST = 0.02
"""Probability that an entry needs to become a claim."""

_ALONE = 0.5
"""Probability of the only entry of a pack: it has no rivals to be told from."""

_KNOWN = 0.98
"""Score of an entry one of whose phrasings the question is."""

_SLOPE, _SHIFT = 1.05, 1.9
"""Fitted on 1,240 phrasings that the model had not learned from, and lowered for questions that no entry answers."""

_MODIFIER_WEIGHT = 1.6
"""The most that a word weighs: one that changes what is asked, such as `best`."""

_OWN_WORD = 0.05
"""A word belongs to an entry when this share of its phrasings have it, and at least two."""

_MANY = 8
"""From so many phrasings on, a word must stand in two of them to belong to the entry."""

_NOBODY: dict[str, int] = {}

_PAIR = 2.0
_PIECE = 0.8
"""Values of a pair of words and of a piece of a word, beside about 1 to 8 for a word."""

_OVER_FACTS = "\n"
"""Begins the labels of questions over facts, before the attribute that is asked for: no entry has such an id."""

_FACTS_SHARE = 0.4
"""Examples of questions over facts count together as so many for each phrasing of an entry."""

_SURE = 0.5
"""Probability from which an attribute that no word names is what is asked for."""

_NAMED = 0.4
"""Attention of a thing that is named anywhere: it may be what the question is about."""

_NEAR = 0.25
"""Attention from which pairs and pieces of a word count."""

_LETTERS = 4
_NO_WEIGHT = 0.05
"""Words up to this weight are grammar, and nobody means another by them: they have no pieces."""
_MOST = 60
"""Tokens of which pairs and pieces are taken."""


class Index(Struct, frozen=True):
    known: dict[int, int]
    """checksum of a phrasing -> which of `ways` it is"""
    ways: tuple[tuple[str, Verdict | None], ...]
    """each entry with each verdict that its phrasings can have"""
    idf: dict[str, float]
    sizes: dict[str, int]
    """entry -> how many phrasings it has"""
    counts: dict[str, bytes]
    """feature -> entry -> phrasings of the entry that have it; 0 for a feature of its answer alone; packed"""
    model: Model
    """feature -> entry, learned"""


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


class Asked(Struct, frozen=True):
    """One way in which an entry, or the facts, are asked, read."""

    entry: str
    """its id; for facts _OVER_FACTS and the attribute"""
    verdict: Verdict | None
    utterance: Utterance
    mentions: tuple[Mention, ...]


class IndexBuilder:
    """Turns the phrasings of a pack into an Index."""

    def __init__(self, pack: Pack, lexicon: Lexicon, english: English) -> None:
        self._pack = pack
        self._english = english
        self._reader = Reader(lexicon, english, corrects=False)
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

    def read_long(self) -> list[Marked]:
        """The long messages, with the part that asks; and two and two of them as one, for a message may ask more than once."""
        messages = [text for texts in self._pack.long.values() for text in texts]
        joined = [f"{one} {other}" for one, other in zip(messages[::2], messages[1::2], strict=False)]
        texts = [unmarked(text) for text in (*messages, *joined)]
        return [Marked(*self._read(text), asked) for text, asked in texts]

    def read_facts(self) -> list[Asked]:
        """The examples of questions over facts, as they are read."""
        return [
            Asked(_OVER_FACTS + attribute, None, *self._read(text))
            for label, texts in self._pack.examples.items()
            for attribute in attribute_of(label)
            for text in texts
        ]

    def build(self, asked: list[Asked]) -> Index:
        """The index of every entry, from what `read` gave."""
        facts = self.read_facts()
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
        features = [ranking_features(one.utterance, v, idf, len(asked)) for one, v in zip(asked, vectors, strict=True)]
        labels = [one.entry for one in asked]
        for _ in range(max(1, round(_FACTS_SHARE * len(asked) / max(1, len(facts))))):
            features.extend(ranking_features(one.utterance, v, idf, len(asked)) for one, v in zip(facts, over_facts, strict=True))
            labels.extend(one.entry for one in facts)
        ways = {(one.entry, one.verdict): None for one in asked}
        places = {way: place for place, way in enumerate(ways)}
        return Index(
            known={_checksum(one.utterance): places[one.entry, one.verdict] for one in asked},
            ways=tuple(ways),
            idf=idf,
            sizes=sizes,
            counts={feature: msgspec.msgpack.encode(owners) for feature, owners in sorted(counts.items())},
            model=learn(features, labels),
        )

    def _read(self, text: str) -> tuple[Utterance, tuple[Mention, ...]]:
        utterance = self._reader.read(text)
        return utterance, self._finder.find(utterance)

    def _vector(self, utterance: Utterance, mentions: tuple[Mention, ...]) -> dict[str, float]:
        return vector_of(utterance, features_of(utterance, mentions, self._english, self._broader))


def _checksum(utterance: Utterance) -> int:
    """A number of 64 bits for the stems of an utterance."""
    stems = " ".join(token.stem for token in utterance.tokens)
    return int.from_bytes(blake2b(stems.encode(), digest_size=8).digest(), "big")


@lru_cache(maxsize=8192)
def _owners(packed: bytes) -> dict[str, int]:
    """entry -> phrasings of it that have a feature."""
    return msgspec.msgpack.decode(packed, type=dict[str, int])


def attribute_of(label: str) -> list[str]:
    """What the examples under `label` ask of facts: the attribute, or an empty text for any; nothing for other labels."""
    name, dot, attribute = label.partition(".")
    return [attribute] if name == FACTS and bool(dot) == bool(attribute) else []


def is_template(text: str) -> bool:
    """Whether `text` stands for more than itself; such phrasings are rules, matched whole."""
    return any(char in text for char in "[(<{|")


def asked_as(pack: Pack, entry_id: str) -> tuple[tuple[Verdict | None, list[str]], ...]:
    """Verdict and texts of every way to ask an entry."""
    entry, more = pack.entries[entry_id], pack.phrasings.get(entry_id, Phrasings())
    return (
        (None, [entry.question, *entry.phrasings, *more.asks]),
        ("yes", [*entry.confirms, *more.confirms]),
        ("no", [*entry.denies, *more.denies]),
    )


def broader_of(pack: Pack) -> dict[str, str]:
    """variant -> the wider thing."""
    return {id_: thing.variant_of for id_, thing in pack.things.items() if thing.variant_of}


def vector_of(utterance: Utterance, features: list[tuple[str, ...]]) -> dict[str, float]:
    """Feature -> weight, before rarity is taken into account."""
    vector: dict[str, float] = {}
    for token, own in zip(utterance.tokens, features, strict=True):
        base = min(token.weight, _MODIFIER_WEIGHT)
        if any(f[0] in "tcag" for f in own):
            base = max(base, 0.3)
        for feature in own:
            kind = feature[0]
            weight = _WH_WEIGHT.get(feature[2:], 0.0) if kind == "w" else max(base, 1.0) if kind in "tc" else base
            if weight > vector.get(feature, 0.0):
                vector[feature] = weight
    return vector


def features_of(
    utterance: Utterance, mentions: tuple[Mention, ...], english: English, broader: dict[str, str]
) -> list[tuple[str, ...]]:
    """For each token what it can stand for.

    `t:` thing, `a:` attribute, `k:` kind, `c:` concept, `g:` gap, `w:` question word, `s:` stem.
    """
    found: list[set[str]] = [_own(token, english) for token in utterance.tokens]
    for mention in mentions:
        prefix = {"thing": "t:", "attribute": "a:", "kind": "k:", "concept": "c:", "gap": "g:"}.get(mention.kind)
        if prefix is None:
            continue
        for index in mention.tokens:
            found[index].add(prefix + mention.id)
            if mention.kind == "thing" and mention.id in broader:
                found[index].add("t:" + broader[mention.id])
    return [tuple(sorted(features)) for features in found]


def _own(token: Token, english: English) -> set[str]:
    if token.word in english.wh:
        return {"w:" + token.word}
    role = english.roles.get(token.word)
    return set() if role == "function" else {"s:" + token.stem}


def ranking_features(
    utterance: Utterance,
    vector: Mapping[str, float],
    idf: Mapping[str, float],
    size: int,
    features: list[tuple[str, ...]] | None = None,
    attention: tuple[float, ...] = (),
) -> dict[str, float]:
    """Feature -> value, to learn from and to rank by: words by their rarity, pairs of neighbours, and pieces of words, which know
    a word in another form or spelling.

    vector: the words with their weights; idf: how rare each is among the `size` phrasings.
    features, attention: what each token stands for, and how much it counts, 0..1; left out, all of them count in full.
    """
    rarest = math.log(1 + size)
    values = {feature: max(weight * idf.get(feature, rarest), 0.3) for feature, weight in vector.items()}
    near = list(range(len(utterance.tokens)))
    if attention and features is not None:
        shares: dict[str, float] = {}
        for own, share in zip(features, attention, strict=True):
            for feature in own:
                shares[feature] = max(share, shares.get(feature, _NAMED if feature[0] == "t" else 0.0))
        values = {feature: value * shares[feature] for feature, value in values.items()}
        near = [at for at in near if attention[at] >= _NEAR]
    last, before = "^", ""
    for at in near[:_MOST]:
        token, share = utterance.tokens[at], attention[at] if attention else 1.0
        pair = f"b:{last} {token.stem}"
        values[pair] = max(values.get(pair, 0.0), _PAIR * share)
        if before:
            around = f"k:{before} {token.stem}"
            values[around] = max(values.get(around, 0.0), _PAIR * 0.6 * share)
        before, last = last, token.stem
        if token.weight > _NO_WEIGHT:
            word, value = f"^{token.word}$", _PIECE * share
            for start in range(len(word) - _LETTERS + 1):
                piece = f"x:{word[start : start + _LETTERS]}"
                values[piece] = max(value, values.get(piece, 0.0))
    return values


class Retriever:
    """Ranks the entries of one pack."""

    def __init__(self, index: Index, pack: Pack, english: English) -> None:
        self._index = index
        self._broader = broader_of(pack)
        self._english = english
        self._size = sum(index.sizes.values())
        self._teller = Teller(index.model)

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], attention: tuple[float, ...] = ()) -> Found:
        """The entries that are likely asked for, and how likely facts are asked for instead.

        attention: how much each token counts, 0..1; left out, all of them count in full.
        """
        index = self._index
        if not utterance.tokens:
            return Found((), 1.0, None)
        features = features_of(utterance, mentions, self._english, self._broader)
        values = ranking_features(utterance, vector_of(utterance, features), index.idf, self._size, features, attention)
        shares = self._teller.probabilities(values) if self._teller.labels else dict.fromkeys(index.sizes, _ALONE)
        over_facts = {label[1:]: shares.pop(label) for label in list(shares) if label.startswith(_OVER_FACTS)}
        likely = sorted((item for item in shares.items() if item[1] >= _LEAST), key=_by_share)[:_LIKELY]
        owners = [[(f, _owners(index.counts[f]) if f in index.counts else _NOBODY) for f in own] for own in features]
        found = {
            entry: self._claim(entry, score_of(share), owners, f"likely by its phrasings ({share:.2f})")
            for entry, share in likely
        }
        way = index.known.get(_checksum(utterance))
        if way is not None:
            entry, verdict = index.ways[way]
            gaps = frozenset(f[2:] for own in features for f in own if f[0] == "g")
            everything = frozenset(range(len(utterance.tokens)))
            reasons = ("one of its phrasings",)
            found[entry] = Claim(entry, _KNOWN, everything, reasons, entry=entry, verdict=verdict, gaps=gaps, to_the_word=True)
        attribute, share = min(over_facts.items(), key=_by_share, default=("", 0.0))
        relation = None
        if attribute and share >= _SURE:
            claim = self._claim(_OVER_FACTS + attribute, score_of(share), owners, "")
            relation = Relation(attribute, claim.score, claim.explained)
        return Found(tuple(found.values()), sum(over_facts.values()) if over_facts else 1.0, relation)

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

    The model is too sure of some and not sure enough of others: the logistic curve is that of phrasings which it had not seen.
    """
    return 1 / (1 + math.exp(-(_SLOPE * math.log(share + 1e-4) + _SHIFT)))
