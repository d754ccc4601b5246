"""FAQ entries -> claims, by how well a question fits the ways in which each entry is asked.

Two kinds of evidence meet here. A template is kept as groups of words, each group a place where one of several alternatives may
stand; it fits when the question fills its groups. A plain phrasing is a bag of weighted features, and fits by cosine; what
the phrasings of an entry have in common, against all others, is its log-likelihood ratio (naive Bayes; Manning, Raghavan and
Schütze 2008, chapter 13).
"""

import math
from collections.abc import Iterable

from msgspec import Struct

from bot.language.english import English
from bot.language.template import Choice, Sequence, Word, parse
from bot.pack.format import Pack, Phrasings
from bot.understand.lexicon import Lexicon, words_of
from bot.understand.mentions import Finder, Mention
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Reader, Token, Utterance

_CLOSE = 10
"""Templates that are looked at closely."""

_WH_WEIGHT = {"why": 1.0, "when": 0.7, "where": 0.6, "how": 0.4, "who": 0.5, "whose": 0.7, "which": 0.05, "what": 0.05}

_SMOOTHING = 5.0
"""Phrasings that every entry is taken to have besides its own, with the words of the whole pack."""


class Alternative(Struct, frozen=True, array_like=True):
    features: tuple[str, ...]
    """all of these make it met; `a|b` is met by either"""
    weight: float


class Group(Struct, frozen=True, array_like=True):
    alternatives: tuple[Alternative, ...]
    weight: float
    """of its lightest alternative: what the question must bring; 0 when it may stay empty"""


class Template(Struct, frozen=True, array_like=True):
    entry: str
    verdict: str
    """`yes`, `no` or empty"""
    negated: bool
    text: str
    groups: tuple[Group, ...]
    features: frozenset[str]


class Phrasing(Struct, frozen=True, array_like=True):
    entry: str
    verdict: str
    negated: bool
    text: str
    norm: float
    """length of its vector"""


class Index(Struct, frozen=True):
    templates: tuple[Template, ...]
    phrasings: tuple[Phrasing, ...]
    template_postings: dict[str, tuple[int, ...]]
    """feature -> templates that have it"""
    postings: dict[str, tuple[tuple[int, float], ...]]
    """feature -> (phrasing, weight of the feature in it)"""
    rarity: dict[str, float]
    """feature -> 0..1, high when few entries have it"""
    idf: dict[str, float]
    likelihood: dict[str, dict[str, float]]
    """feature -> entry -> log-likelihood ratio of the entry, given the feature"""
    absent: dict[str, dict[str, float]]
    """feature -> {"": ratio for the entries that never have it}"""
    counts: dict[str, dict[str, int]]
    """entry -> feature -> phrasings of the entry that have it"""
    vocabulary: dict[str, frozenset[str]]
    """entry -> features of its templates and of its answer"""


class IndexBuilder:
    """Turns the phrasings of a pack into an Index."""

    def __init__(self, pack: Pack, lexicon: Lexicon, english: English) -> None:
        self._pack = pack
        self._english = english
        self._reader = Reader(lexicon, english)
        self._finder = Finder(lexicon, english)
        self._rules = {name: parse(text) for name, text in pack.rules.items()}
        self._broader = broader_of(pack)
        self._runs: dict[str, tuple[tuple[str, ...], ...]] = {}

    def build(self) -> Index:
        """The index of every entry."""
        asked = [
            (entry_id, verdict, text.rstrip("?.! "))
            for entry_id in self._pack.entries
            for verdict, texts in _asked(self._pack, entry_id)
            for text in texts
        ]
        bracketed = [draft for draft in asked if any(char in draft[2] for char in "[(<")]
        plain = [draft for draft in asked if draft not in set(bracketed)]
        trees = [parse(text) for _, _, text in bracketed]
        vocabulary: dict[str, set[str]] = {entry_id: set() for entry_id in self._pack.entries}
        for (entry_id, _, _), tree in zip(bracketed, trees, strict=True):
            vocabulary[entry_id].update(self._all_features(tree))
        vectors = [self._vector(text) for _, _, text in plain]
        counts: dict[str, dict[str, int]] = {entry_id: {} for entry_id in self._pack.entries}
        for (entry_id, _, _), vector in zip(plain, vectors, strict=True):
            for feature in vector:
                counts[entry_id][feature] = counts[entry_id].get(feature, 0) + 1
        rarity = _rarity([vocabulary[entry_id] | counts[entry_id].keys() for entry_id in self._pack.entries])
        templates = [self._template(draft, tree, rarity) for draft, tree in zip(bracketed, trees, strict=True)]
        for entry_id, entry in self._pack.entries.items():
            vocabulary[entry_id].update(f for run in self._requirements(entry.answer or "") for f in run)
        frequency: dict[str, int] = {}
        for vector in vectors:
            for feature in vector:
                frequency[feature] = frequency.get(feature, 0) + 1
        idf = {feature: math.log(1 + len(vectors) / count) for feature, count in sorted(frequency.items())}
        likelihood, absent = _likelihoods(counts, frequency, len(vectors), [draft[0] for draft in plain])
        phrasings: list[Phrasing] = []
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, ((entry_id, verdict, text), vector) in enumerate(zip(plain, vectors, strict=True)):
            weights = {feature: weight * idf[feature] for feature, weight in vector.items()}
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            phrasings.append(Phrasing(entry_id, verdict, self._is_negated(text), text, norm))
            for feature, weight in weights.items():
                postings.setdefault(feature, []).append((number, round(weight, 4)))
        template_postings: dict[str, list[int]] = {}
        for number, template in enumerate(templates):
            for feature in sorted(template.features):
                template_postings.setdefault(feature, []).append(number)
        return Index(
            tuple(templates),
            tuple(phrasings),
            {feature: tuple(numbers) for feature, numbers in sorted(template_postings.items())},
            {feature: tuple(rows) for feature, rows in sorted(postings.items())},
            rarity,
            idf,
            likelihood,
            absent,
            counts,
            {entry: frozenset(found) for entry, found in vocabulary.items()},
        )

    def _vector(self, text: str) -> dict[str, float]:
        utterance = self._reader.read(text)
        mentions = self._finder.find(utterance)
        return vector_of(utterance, features_of(utterance, mentions, self._english, self._broader))

    def _is_negated(self, text: str) -> bool:
        return is_negated([token.word for token in self._reader.read(text).tokens], self._english)

    def _template(self, draft: tuple[str, str, str], tree: Sequence, rarity: dict[str, float]) -> Template:
        entry, verdict, text = draft
        negated = is_negated(words_of(_plainest(tree), self._english), self._english)
        return Template(entry, verdict, negated, text, tuple(self._groups(tree, rarity)), frozenset(self._all_features(tree)))

    def _groups(self, tree: Sequence, rarity: dict[str, float]) -> list[Group]:
        """The places of the template that carry weight; words that stand side by side are read together."""
        groups: list[Group] = []
        run: list[str] = []
        for part in (*tree.parts, None):
            if isinstance(part, Word):
                run.append(part.text)
                continue
            for requirement in self._requirements(" ".join(run)):
                groups.append(_group([self._alternative([requirement], rarity)]))
            run = []
            if isinstance(part, Choice):
                options = [self._alternative(self._option(option), rarity) for option in part.options]
                groups.append(_group(options))
        return [group for group in groups if any(alternative.weight for alternative in group.alternatives)]

    def _option(self, tree: Sequence) -> list[tuple[str, ...]]:
        """What one alternative requires; of a choice inside it, any one word will do."""
        requirements: list[tuple[str, ...]] = []
        run: list[str] = []
        for part in (*tree.parts, None):
            if isinstance(part, Word):
                run.append(part.text)
                continue
            requirements.extend(self._requirements(" ".join(run)))
            run = []
            if isinstance(part, Choice) and all(option.parts for option in part.options):
                requirements.append(tuple(sorted({f for option in part.options for r in self._option(option) for f in r})))
        return requirements

    def _alternative(self, requirements: list[tuple[str, ...]], rarity: dict[str, float]) -> Alternative:
        kept = [(r, max((self._weight(f, rarity) for f in r), default=0.0)) for r in requirements]
        kept = [(r, weight) for r, weight in kept if weight > 0]
        return Alternative(tuple("|".join(r) for r, _ in kept), sum(weight for _, weight in kept))

    def _weight(self, feature: str, rarity: dict[str, float]) -> float:
        kind, _, name = feature.partition(":")
        if kind == "w":
            return _WH_WEIGHT.get(name, 0.0)
        return rarity.get(feature, 1.0) * {"t": 1.2, "c": 1.0, "a": 0.8, "k": 0.4}.get(kind, 1.0)

    def _all_features(self, tree: Sequence) -> set[str]:
        found: set[str] = set()
        run: list[str] = []
        for part in (*tree.parts, None):
            if isinstance(part, Word):
                run.append(part.text)
                continue
            found.update(f for requirement in self._requirements(" ".join(run)) for f in requirement)
            run = []
            if isinstance(part, Choice):
                for option in part.options:
                    found |= self._all_features(option)
        return found

    def _requirements(self, run: str) -> tuple[tuple[str, ...], ...]:
        """The features of each meaningful word or mention of `run`, in order."""
        if run not in self._runs:
            utterance = self._reader.read(run)
            mentions = self._finder.find(utterance)
            self._runs[run] = tuple(_requirements(features_of(utterance, mentions, self._english, {}), mentions))
        return self._runs[run]


def _asked(pack: Pack, entry_id: str) -> tuple[tuple[str, list[str]], ...]:
    """Verdict and templates of every way to ask an entry."""
    entry, more = pack.entries[entry_id], pack.phrasings.get(entry_id, Phrasings())
    return (
        ("", [entry.question, *entry.phrasings, *more.asks]),
        ("yes", [*entry.confirms, *more.confirms]),
        ("no", [*entry.denies, *more.denies]),
    )


def _plainest(tree: Sequence) -> str:
    """The phrase that the first alternative of every choice gives."""
    words = [part.text if isinstance(part, Word) else _plainest(part.options[0]) for part in tree.parts if isinstance(part, Word | Choice)]
    return " ".join(words)


def _group(alternatives: list[Alternative]) -> Group:
    return Group(tuple(alternatives), min(alternative.weight for alternative in alternatives))


def _requirements(features: list[tuple[str, ...]], mentions: tuple[Mention, ...]) -> list[tuple[str, ...]]:
    """One requirement for each mention of a thing, one for each other word."""
    whole = {index: m for m in mentions if m.kind == "thing" for index in m.tokens}
    found: list[tuple[str, ...]] = []
    for index, own in enumerate(features):
        mention = whole.get(index)
        if mention is None:
            if own:
                found.append(own)
        elif index == mention.tokens[0]:
            shared = {f for i in mention.tokens for f in features[i] if not f.startswith("s:") or len(mention.tokens) == 1}
            found.append(tuple(sorted(shared)))
    return found


def _rarity(vocabularies: Iterable[Iterable[str]]) -> dict[str, float]:
    """1 for what one entry has, less for what many have."""
    owners: dict[str, int] = {}
    total = 0
    for features in vocabularies:
        total += 1
        for feature in features:
            owners[feature] = owners.get(feature, 0) + 1
    return {feature: max(0.2, 1 - (count - 1) / (0.6 * max(2, total))) for feature, count in sorted(owners.items())}


def _likelihoods(
    counts: dict[str, dict[str, int]], frequency: dict[str, int], total: int, owners: list[str]
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """For each feature the log-likelihood ratio of each entry that has it, and that of the entries without it."""
    sizes: dict[str, int] = {}
    for owner in owners:
        sizes[owner] = sizes.get(owner, 0) + 1
    found: dict[str, dict[str, float]] = {feature: {} for feature in frequency}
    for entry, own in counts.items():
        for feature, count in own.items():
            common = frequency[feature] / total
            found[feature][entry] = round(math.log((count + _SMOOTHING * common) / (sizes[entry] + _SMOOTHING) / common), 4)
    typical = max(sizes.values(), default=1)
    absent = {feature: {"": round(math.log(_SMOOTHING / (typical + _SMOOTHING)), 4)} for feature in frequency}
    return found, absent


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
        base = min(token.weight, 1.0)
        if any(f[0] in "tcag" for f in own):
            base = max(base, 0.3)
        for feature in own:
            kind = feature[0]
            weight = _WH_WEIGHT.get(feature[2:], 0.0) if kind == "w" else 1.0 if kind in "tc" else base
            if weight > vector.get(feature, 0.0):
                vector[feature] = weight
    return vector


def features_of(utterance: Utterance, mentions: tuple[Mention, ...], english: English, broader: dict[str, str]) -> list[tuple[str, ...]]:
    """For each token what it can stand for: `t:` thing, `a:` attribute, `k:` kind, `c:` concept, `g:` gap, `w:` question word, `s:` stem."""
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
    recall: float = 0.0
    """share of the best template that is in the question, 0..1"""
    template: int = -1
    votes: float = 0.0
    """for yes (positive) and no (negative) among its nearest yes/no phrasings"""
    voted: float = 0.0


class Retriever:
    """Ranks the entries of one pack."""

    def __init__(self, index: Index, pack: Pack, english: English) -> None:
        self._index = index
        self._broader = broader_of(pack)
        self._english = english
        self._entries = list(pack.entries)

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], verifies: bool, negated: bool) -> list[Claim]:
        """A claim for each entry that something speaks for."""
        features = features_of(utterance, mentions, self._english, self._broader)
        vector = vector_of(utterance, features)
        evidence: dict[str, Evidence] = {}
        self._add_phrasings(vector, evidence, negated)
        self._add_templates(vector, evidence, verifies)
        self._add_likelihood(vector, evidence)
        return [self._claim(entry, found, features, vector, verifies, negated) for entry, found in sorted(evidence.items())]

    def _add_phrasings(self, vector: dict[str, float], evidence: dict[str, Evidence], negated: bool) -> None:
        weights = {feature: weight * self._index.idf.get(feature, 0.0) for feature, weight in vector.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        totals: dict[int, float] = {}
        for feature, weight in weights.items():
            if weight:
                for number, other in self._index.postings.get(feature, ()):
                    totals[number] = totals.get(number, 0.0) + weight * other
        grouped: dict[str, list[tuple[float, int]]] = {}
        for number, total in totals.items():
            phrasing = self._index.phrasings[number]
            grouped.setdefault(phrasing.entry, []).append((total / norm / phrasing.norm, -number))
        for entry, rows in grouped.items():
            rows.sort(reverse=True)
            found = evidence.setdefault(entry, Evidence())
            found.nearest = rows[0][0]
            found.near = sum(cosine for cosine, _ in rows[:3]) / 3
            found.phrasing = self._index.phrasings[-rows[0][1]].text
            self._vote(found, rows, negated)

    def _vote(self, found: Evidence, rows: list[tuple[float, int]], negated: bool) -> None:
        """Yes or no by the nearest phrasings that have a verdict."""
        voters = [(cosine, self._index.phrasings[-number]) for cosine, number in rows if self._index.phrasings[-number].verdict][:4]
        for cosine, phrasing in voters:
            sign = 1 if (phrasing.verdict == "yes") == (phrasing.negated == negated) else -1
            found.votes += sign * cosine**3
            found.voted += cosine**3

    def _add_templates(self, vector: dict[str, float], evidence: dict[str, Evidence], verifies: bool) -> None:
        totals: dict[int, float] = {}
        for feature in vector:
            weight = self._index.rarity.get(feature, 0.0)
            if weight > 0.2 and feature[0] != "w":
                for number in self._index.template_postings.get(feature, ()):
                    totals[number] = totals.get(number, 0.0) + weight
        for number in sorted(totals, key=lambda number: (-totals[number], number))[:_CLOSE]:
            template = self._index.templates[number]
            total = sum(group.weight for group in template.groups) or 1.0
            recall = sum(group.weight * _share(group, vector) for group in template.groups) / total
            if bool(template.verdict) != verifies:
                recall *= 0.97
            found = evidence.setdefault(template.entry, Evidence())
            if recall > found.recall:
                found.recall, found.template = recall, number

    def _add_likelihood(self, vector: dict[str, float], evidence: dict[str, Evidence]) -> None:
        scores = dict.fromkeys(self._entries, 0.0)
        for feature, weight in vector.items():
            own = self._index.likelihood.get(feature)
            if own is None:
                continue
            without = self._index.absent[feature][""] * weight
            for entry in self._entries:
                ratio = own.get(entry)
                scores[entry] += without if ratio is None else ratio * weight
        top = max(scores.values(), default=0.0)
        total = sum(math.exp(score - top) for score in scores.values())
        for entry, found in evidence.items():
            found.likelihood = scores[entry]
            found.posterior = math.exp(scores[entry] - top) / total

    def _claim(self, entry: str, found: Evidence, features: list[tuple[str, ...]], vector: dict[str, float], verifies: bool, negated: bool) -> Claim:
        template = self._index.templates[found.template] if found.template >= 0 else None
        counts, vocabulary = self._index.counts[entry], self._index.vocabulary[entry]
        named = template.features if template else frozenset[str]()
        explained = frozenset(at for at, own in enumerate(features) if any(f in named or counts.get(f, 0) > 1 for f in own))
        partly = frozenset(at for at, own in enumerate(features) if at not in explained and any(f in vocabulary or f in counts for f in own))
        gaps = frozenset(f[2:] for f in vector if f.startswith("g:") and (f in named or counts.get(f, 0) > 1))
        verdict = self._verdict(template, found, negated) if verifies else None
        reasons = (
            f"nearest phrasing '{found.phrasing}' ({found.nearest:.2f}), posterior {found.posterior:.2f}",
            *([f"template '{template.text}': {found.recall:.0%} of it is in the question"] if template else []),
        )
        return Claim(entry, score_of(found), explained, reasons, entry=entry, verdict=verdict, partly=partly, gaps=gaps)

    def _verdict(self, template: Template | None, found: Evidence, negated: bool) -> Verdict | None:
        """Yes or no, where the nearest phrasings agree."""
        votes, voted = found.votes, found.voted
        if template is not None and template.verdict and found.recall > 0.75:
            sign = 1 if (template.verdict == "yes") == (template.negated == negated) else -1
            votes, voted = votes + sign * found.recall**3, voted + found.recall**3
        if not voted or abs(votes) / voted < 0.4:
            return None
        return "yes" if votes > 0 else "no"


def score_of(found: Evidence) -> float:
    """How well the evidence fits, 0..1."""
    by_template = 0.97 * found.recall**1.1
    by_phrasing = min(0.97, 0.35 * found.nearest + 0.35 * found.near + 0.4 * found.posterior)
    return max(by_template * (0.85 + 0.15 * found.posterior), by_phrasing)


def _share(group: Group, asked: dict[str, float]) -> float:
    """How much of the group's best alternative is in the question, 0..1."""
    best = 0.0
    for alternative in group.alternatives:
        if not alternative.features:
            return 1.0
        met = sum(any(f in asked for f in feature.split("|")) for feature in alternative.features)
        best = max(best, met / len(alternative.features))
    return best
