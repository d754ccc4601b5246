"""FAQ entries -> claims, by how well a question fits the ways in which each entry is asked.

A phrasing is a bag of weighted features. It fits a question by cosine; what the phrasings of an entry have in common, against
all others, is the entry's log-likelihood ratio (naive Bayes; Manning, Raghavan and Schütze 2008, chapter 13).
"""

import math
from array import array

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Pack, Phrasings
from bot.understand.lexicon import Lexicon
from bot.understand.mentions import Finder, Mention
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Reader, Token, Utterance

_WH_WEIGHT = {"why": 1.0, "when": 0.7, "where": 0.6, "how": 0.4, "who": 0.5, "whose": 0.7, "which": 0.05, "what": 0.05}

_OWN_SHARE = 0.15
"""An entry is about a thing when this share of its phrasings name it."""

_NEAR_ENOUGH = 0.93
"""Cosine that a phrasing needs to lend its verdict."""

_CLEARLY = 0.95
"""A verdict stands when the nearest phrasing with the other one reaches less than this share of its cosine."""

_CRUCIAL = 1
"""Features of the question, the most telling first, that a phrasing needs to lend its verdict."""

_COMMON = 120
"""A feature of more phrasings than this does not find candidates; it only weighs them."""

_FINDERS = 2
"""So many of the rarest features find candidates, however common they are."""

_CLOSE = 80
"""Phrasings that are weighed with all features."""

_LIKELY = 6
"""Entries that become claims: so many of the likeliest, and of those with the nearest phrasings."""

_SAME = 0.97
"""Cosine from which a question counts as the phrasing itself."""

_MODIFIER_WEIGHT = 1.6
"""The most that a word weighs: one that changes what is asked, such as `best`."""

_OWN_WORD = 0.05
"""A word belongs to an entry when this share of its phrasings have it, and at least two."""

_NOBODY: dict[str, int] = {}

_MANY = 8
"""From so many phrasings on, a word must stand in two of them to belong to the entry."""

_SMOOTHING = 5.0
"""Phrasings that every entry is taken to have besides its own, with the words of the whole pack."""


class Phrasing(Struct, frozen=True, gc=False, array_like=True):
    entry: str
    verdict: Verdict | None
    negated: bool
    text: str


class Index(Struct, frozen=True):
    phrasings: tuple[Phrasing, ...]
    postings: dict[str, bytes]
    """feature -> numbers of the phrasings that have it (array of `I`), then its weights in their unit vectors (array of `f`)"""
    idf: dict[str, float]
    sizes: dict[str, int]
    """entry -> how many phrasings it has"""
    counts: dict[str, dict[str, int]]
    """feature -> entry -> phrasings of the entry that have it; 0 for a feature of its answer alone"""


class IndexBuilder:
    """Turns the phrasings of a pack into an Index."""

    def __init__(self, pack: Pack, lexicon: Lexicon, english: English) -> None:
        self._pack = pack
        self._english = english
        self._reader = Reader(lexicon, english, corrects=False)
        self._finder = Finder(lexicon, english)
        self._broader = broader_of(pack)

    def build(self) -> Index:
        """The index of every entry."""
        asked = [
            (entry_id, verdict, text)
            for entry_id in self._pack.entries
            for verdict, texts in asked_as(self._pack, entry_id)
            for text in texts
            if not is_template(text)
        ]
        read = [self._read(text) for _, _, text in asked]
        frequency: dict[str, int] = {}
        counts: dict[str, dict[str, int]] = {}
        for (entry_id, _, _), (vector, _) in zip(asked, read, strict=True):
            for feature in vector:
                frequency[feature] = frequency.get(feature, 0) + 1
                owners = counts.setdefault(feature, {})
                owners[entry_id] = owners.get(entry_id, 0) + 1
        for entry_id, entry in self._pack.entries.items():
            for feature in self._read(entry.answer or "")[0]:
                counts.setdefault(feature, {}).setdefault(entry_id, 0)
        idf = {feature: math.log(1 + len(read) / count) for feature, count in sorted(frequency.items())}
        phrasings: list[Phrasing] = []
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, ((entry_id, verdict, text), (vector, negated)) in enumerate(zip(asked, read, strict=True)):
            weights = {feature: weight * idf[feature] for feature, weight in vector.items()}
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            phrasings.append(Phrasing(entry_id, verdict, negated, text))
            for feature, weight in weights.items():
                postings.setdefault(feature, []).append((number, weight / norm))
        sizes = dict.fromkeys(self._pack.entries, 0)
        for entry_id, _, _ in asked:
            sizes[entry_id] += 1
        return Index(
            phrasings=tuple(phrasings),
            postings={feature: _packed(rows) for feature, rows in sorted(postings.items())},
            idf=idf,
            sizes=sizes,
            counts=dict(sorted(counts.items())),
        )

    def _read(self, text: str) -> tuple[dict[str, float], bool]:
        """The vector of a phrasing, and whether it denies."""
        utterance = self._reader.read(text)
        mentions = self._finder.find(utterance)
        features = features_of(utterance, mentions, self._english, self._broader)
        return vector_of(utterance, features), is_negated([token.word for token in utterance.tokens], self._english)


def _packed(rows: list[tuple[int, float]]) -> bytes:
    return array("I", [number for number, _ in rows]).tobytes() + array("f", [weight for _, weight in rows]).tobytes()


def _unpacked(data: bytes) -> tuple["array[int]", "array[float]"]:
    numbers, weights = array("I"), array("f")
    numbers.frombytes(data[: len(data) // 2])
    weights.frombytes(data[len(data) // 2 :])
    return numbers, weights


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


def is_negated(words: list[str], english: English) -> bool:
    """Whether an odd number of words deny; the one of `isn't it` at the beginning is a courtesy."""
    return sum(word in english.negations for at, word in enumerate(words) if at > 2 or words[0] not in english.openers) % 2 == 1


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


class Evidence(Struct):
    """What speaks for one entry."""

    likelihood: float = 0.0
    """log-likelihood ratio of the entry, before normalising"""
    posterior: float = 0.0
    """0..1 among all entries"""
    nearest: float = 0.0
    """cosine of the nearest phrasing, 0..1"""
    near: float = 0.0
    """mean cosine of the three nearest"""
    phrasing: str = ""
    verdict: Verdict | None = None
    """of the nearest yes/no phrasing"""
    verdict_cosine: float = 0.0
    opposite_cosine: float = 0.0
    """of the nearest phrasing with the other verdict"""


class Retriever:
    """Ranks the entries of one pack."""

    def __init__(self, index: Index, pack: Pack, english: English) -> None:
        self._index = index
        self._broader = broader_of(pack)
        self._english = english
        self._entries = list(pack.entries)
        self._rows: dict[str, dict[int, float]] = {}

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], verifies: bool, negated: bool) -> list[Claim]:
        """A claim for each entry that something speaks for."""
        features = features_of(utterance, mentions, self._english, self._broader)
        vector = vector_of(utterance, features)
        evidence: dict[str, Evidence] = {}
        self._add_phrasings(vector, evidence, negated)
        self._add_likelihood(vector, evidence)
        likely = sorted(evidence, key=lambda entry: (-evidence[entry].posterior, entry))[:_LIKELY]
        near = sorted(evidence, key=lambda entry: (-evidence[entry].nearest, entry))[:_LIKELY]
        owners = [{f: self._index.counts.get(f, _NOBODY) for f in own} for own in features]
        nearest = max(evidence.values(), key=lambda found: found.verdict_cosine, default=None)
        for found in evidence.values():  # a yes of one entry does not stand beside a nearer no of another
            if nearest is not None and nearest.verdict != found.verdict:
                found.opposite_cosine = max(found.opposite_cosine, nearest.verdict_cosine)
        return [self._claim(entry, evidence[entry], owners, verifies) for entry in dict.fromkeys((*likely, *near))]

    def _add_phrasings(self, vector: dict[str, float], evidence: dict[str, Evidence], negated: bool) -> None:
        """The nearest phrasings of each entry, by cosine."""
        grouped: dict[str, list[tuple[float, int]]] = {}
        for number, cosine in self._near(vector).items():
            grouped.setdefault(self._index.phrasings[number].entry, []).append((cosine, -number))
        crucial = self._crucial(vector)
        for entry, rows in grouped.items():
            rows.sort(reverse=True)
            found = evidence.setdefault(entry, Evidence())
            found.nearest = rows[0][0]
            found.near = sum(cosine for cosine, _ in rows[:3]) / 3
            found.phrasing = self._index.phrasings[-rows[0][1]].text
            self._vote(found, [row for row in rows if all(-row[1] in row_of for row_of in crucial)], negated)

    def _near(self, vector: dict[str, float]) -> dict[int, float]:
        """Phrasing -> cosine, for the _CLOSE nearest. The rare features find them; what many phrasings share only weighs them."""
        weights = {
            feature: weight * self._index.idf[feature] for feature, weight in vector.items() if feature in self._index.postings
        }
        norm = math.sqrt(sum((weight * self._index.idf.get(f, 0.0)) ** 2 for f, weight in vector.items())) or 1.0
        rare_first = sorted(weights, key=lambda feature: (len(self._index.postings[feature]), feature))
        totals: dict[int, float] = {}
        common: list[tuple[float, dict[int, float]]] = []
        for rank, feature in enumerate(rare_first):
            numbers, others = _unpacked(self._index.postings[feature])
            weight = weights[feature]
            if rank >= _FINDERS and len(numbers) > _COMMON:
                common.append((weight, self._row(feature, numbers, others)))
                continue
            for number, other in zip(numbers, others, strict=True):
                totals[number] = totals.get(number, 0.0) + weight * other
        nearest = sorted(totals.items(), key=_by_weight)[:_CLOSE]
        return {number: (total + sum(w * row.get(number, 0.0) for w, row in common)) / norm for number, total in nearest}

    def _row(self, feature: str, numbers: "array[int]", weights: "array[float]") -> dict[int, float]:
        """The postings of a common feature, to look single phrasings up."""
        if feature not in self._rows:
            self._rows[feature] = dict(zip(numbers, weights, strict=True))
        return self._rows[feature]

    def _crucial(self, vector: dict[str, float]) -> list[dict[int, float]]:
        """Phrasings of each of the most telling features: only a phrasing with all of them can say yes or no.

        `does it come from a donor` is not answered by whatever says yes to `does it come from your own body`.
        """
        known = [f for f in vector if f in self._index.postings]
        telling = sorted(known, key=lambda f: (-vector[f] * self._index.idf[f], f))[:_CRUCIAL]
        return [self._row(f, *_unpacked(self._index.postings[f])) for f in telling]

    def _vote(self, found: Evidence, rows: list[tuple[float, int]], negated: bool) -> None:
        """Yes or no as the nearest phrasing with a verdict has it; how near the other verdict comes is kept too."""
        for cosine, number in rows:
            phrasing = self._index.phrasings[-number]
            if phrasing.verdict is None:
                continue
            verdict = phrasing.verdict if phrasing.negated == negated else _OPPOSITE[phrasing.verdict]
            if found.verdict is None:
                found.verdict, found.verdict_cosine = verdict, cosine
            elif verdict != found.verdict:
                found.opposite_cosine = cosine
                return

    def _add_likelihood(self, vector: dict[str, float], evidence: dict[str, Evidence]) -> None:
        index = self._index
        total_asked = sum(index.sizes.values())
        least = math.log(_SMOOTHING / (max(index.sizes.values(), default=1) + _SMOOTHING))
        scores = dict.fromkeys(self._entries, 0.0)  # over what an entry without any of the features would have
        for feature, weight in vector.items():
            own = index.counts.get(feature)
            common = sum(own.values()) / total_asked if own else 0.0
            if not own or not common:
                continue
            for entry, count in own.items():
                if count:
                    ratio = math.log((count + _SMOOTHING * common) / (index.sizes[entry] + _SMOOTHING) / common)
                    scores[entry] += (ratio - least) * weight
        top = max(scores.values(), default=0.0)
        total = sum(math.exp(score - top) for score in scores.values())
        for entry, found in evidence.items():
            found.likelihood = scores[entry]
            found.posterior = math.exp(scores[entry] - top) / total

    def _claim(self, entry: str, found: Evidence, owners: list[dict[str, dict[str, int]]], verifies: bool) -> Claim:
        least = max(2, round(_OWN_WORD * self._index.sizes[entry])) if self._index.sizes[entry] >= _MANY else 1
        typical = max(float(least), _OWN_SHARE * self._index.sizes[entry])
        counts = [{f: of_entry.get(entry, -1) for f, of_entry in own.items()} for own in owners]
        explained = frozenset(
            at for at, own in enumerate(counts) if any(n >= (typical if f[0] in "ta" else least) for f, n in own.items())
        )
        partly = frozenset(at for at, own in enumerate(counts) if at not in explained and any(n >= 0 for n in own.values()))
        unmet = {f for own in counts if any(n < typical for s, n in own.items() if s[0] in "gs") for f in own if f[0] == "g"}
        gaps = frozenset(f[2:] for own in counts for f in own if f[0] == "g" and f not in unmet)
        reason = f"nearest phrasing '{found.phrasing}' ({found.nearest:.2f}), posterior {found.posterior:.2f}"
        verdict = _verdict(found) if verifies else None
        return Claim(entry, score_of(found), explained, (reason,), entry=entry, verdict=verdict, partly=partly, gaps=gaps)


def _verdict(found: Evidence) -> Verdict | None:
    """Yes or no, unless as near a phrasing says the opposite."""
    is_clear = found.verdict_cosine >= _NEAR_ENOUGH and found.opposite_cosine < _CLEARLY * found.verdict_cosine
    return found.verdict if is_clear else None


_OPPOSITE: dict[Verdict, Verdict] = {"yes": "no", "no": "yes"}


def _by_weight(item: tuple[int, float]) -> tuple[float, int]:
    return (-item[1], item[0])


def score_of(found: Evidence) -> float:
    """How well the evidence fits, 0..1."""
    if found.nearest > _SAME:
        return 0.93
    return min(0.88, 0.6 * found.nearest + 0.3 * found.near + 0.4 * found.posterior)
