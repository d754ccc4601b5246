"""FAQ entries -> claims, by how well a question fits their phrasings.

A phrasing is a template. It is not written out into sentences: it is kept as groups of words, each group a place where
one of several alternatives may stand. A group counts as met when all words of one alternative stand in the question.
"""

from msgspec import Struct

from bot.language.english import English
from bot.language.template import Choice, Sequence, Word, parse
from bot.pack.format import Pack, Phrasings
from bot.understand.lexicon import Lexicon, words_of
from bot.understand.mentions import Finder, Mention
from bot.understand.query import Claim
from bot.understand.utterance import Reader, Token, Utterance

_BEST = 24
"""Phrasings that are looked at closely."""

_WH_WEIGHT = {"why": 0.9, "when": 0.7, "where": 0.6, "how": 0.4, "who": 0.5, "whose": 0.7, "which": 0.1, "what": 0.1}


class Alternative(Struct, frozen=True, array_like=True):
    features: tuple[str, ...]
    """all of these make it met; `a|b` is met by either"""
    weight: float


class Group(Struct, frozen=True, array_like=True):
    alternatives: tuple[Alternative, ...]
    weight: float
    """of its lightest alternative: what the question must bring; 0 when it may stay empty"""


class Pattern(Struct, frozen=True, array_like=True):
    entry: str
    verdict: str
    """`yes`, `no` or empty"""
    negated: bool
    text: str
    groups: tuple[Group, ...]
    features: frozenset[str]


class Index(Struct, frozen=True):
    patterns: tuple[Pattern, ...]
    postings: dict[str, tuple[int, ...]]
    """feature -> patterns that have it"""
    rarity: dict[str, float]
    """feature -> 0..1, high when few entries have it"""
    vocabulary: dict[str, frozenset[str]]
    """entry -> every feature of its phrasings and its answer"""


class IndexBuilder:
    """Turns the phrasings of a pack into an Index."""

    def __init__(self, pack: Pack, lexicon: Lexicon, english: English) -> None:
        self._pack = pack
        self._english = english
        self._reader = Reader(lexicon, english)
        self._finder = Finder(lexicon, english)
        self._rules = {name: parse(text) for name, text in pack.rules.items()}
        self._runs: dict[str, tuple[tuple[str, ...], ...]] = {}

    def build(self) -> Index:
        """The index of every entry."""
        drafts = [
            (entry_id, verdict, text)
            for entry_id, entry in self._pack.entries.items()
            for verdict, texts in _phrasings(self._pack, entry_id)
            for text in texts
        ]
        trees = [parse(text.rstrip("?.! ")) for _, _, text in drafts]
        vocabulary: dict[str, set[str]] = {}
        for (entry_id, _, _), tree in zip(drafts, trees, strict=True):
            vocabulary.setdefault(entry_id, set()).update(self._all_features(tree))
        rarity = _rarity(vocabulary)
        patterns = [self._pattern(draft, tree, rarity) for draft, tree in zip(drafts, trees, strict=True)]
        postings: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            for feature in sorted(pattern.features):
                postings.setdefault(feature, []).append(number)
        for entry_id, entry in self._pack.entries.items():
            vocabulary[entry_id].update(f for run in self._requirements(entry.answer or "") for f in run)
        return Index(
            tuple(patterns),
            {feature: tuple(numbers) for feature, numbers in sorted(postings.items())},
            rarity,
            {entry: frozenset(found) for entry, found in vocabulary.items()},
        )

    def _pattern(self, draft: tuple[str, str, str], tree: Sequence, rarity: dict[str, float]) -> Pattern:
        entry, verdict, text = draft
        groups = tuple(self._groups(tree, rarity))
        words = words_of(_plainest(tree), self._english)
        negated = sum(word in self._english.negations for word in words) % 2 == 1
        return Pattern(entry, verdict, negated, text, groups, frozenset(self._all_features(tree)))

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


def _phrasings(pack: Pack, entry_id: str) -> tuple[tuple[str, list[str]], ...]:
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


def _rarity(vocabulary: dict[str, set[str]]) -> dict[str, float]:
    """1 for what one entry has, less for what many have."""
    owners: dict[str, int] = {}
    for features in vocabulary.values():
        for feature in features:
            owners[feature] = owners.get(feature, 0) + 1
    total = max(2, len(vocabulary))
    return {feature: max(0.2, 1 - (count - 1) / (0.6 * total)) for feature, count in sorted(owners.items())}


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


class Retriever:
    """Ranks the entries of one pack."""

    def __init__(self, index: Index, broader: dict[str, str], english: English) -> None:
        self._index = index
        self._broader = broader
        self._english = english

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], verifies: bool, negated: bool) -> list[Claim]:
        """The best claim of each entry that shares something with the question."""
        features = features_of(utterance, mentions, self._english, self._broader)
        asked = {feature for own in features for feature in own}
        best: dict[str, Claim] = {}
        for number in self._nearest(asked):
            claim = self._claim(self._index.patterns[number], features, asked, verifies, negated)
            known = best.get(claim.entry or "")
            if known is None or _rank(claim) > _rank(known):
                best[claim.entry or ""] = claim
        return list(best.values())

    def _nearest(self, asked: set[str]) -> list[int]:
        rarity = self._index.rarity
        totals: dict[int, float] = {}
        for feature in sorted(asked):
            weight = rarity.get(feature, 0.0)
            if weight <= 0.2 or feature.startswith("w:"):
                continue
            for number in self._index.postings.get(feature, ()):
                totals[number] = totals.get(number, 0.0) + weight
        return sorted(totals, key=lambda number: (-totals[number], number))[:_BEST]

    def _claim(self, pattern: Pattern, features: list[tuple[str, ...]], asked: set[str], verifies: bool, negated: bool) -> Claim:
        total = sum(group.weight for group in pattern.groups) or 1.0
        met = sum(group.weight * _share(group, asked) for group in pattern.groups)
        recall = met / total
        vocabulary = self._index.vocabulary[pattern.entry]
        explained = frozenset(at for at, own in enumerate(features) if any(f in pattern.features for f in own))
        partly = frozenset(at for at, own in enumerate(features) if at not in explained and any(f in vocabulary for f in own))
        gaps = frozenset(f[2:] for f in asked if f.startswith("g:") and f in pattern.features)
        verdict = pattern.verdict if verifies else ""
        if verdict and negated != pattern.negated:
            verdict = "no" if verdict == "yes" else "yes"
        score = 0.97 * recall**1.1
        if bool(pattern.verdict) != verifies:
            score *= 0.97
        reason = f"phrasing '{pattern.text}': {recall:.0%} of it is in the question"
        return Claim(pattern.entry, score, explained, (reason,), entry=pattern.entry, verdict=verdict or None, partly=partly, gaps=gaps)  # type: ignore[arg-type]


def _rank(claim: Claim) -> tuple[float, float]:
    return (claim.score * (1 + 0.05 * len(claim.explained)), claim.score)


def _share(group: Group, asked: set[str]) -> float:
    """How much of the group's best alternative is in the question, 0..1."""
    best = 0.0
    for alternative in group.alternatives:
        if not alternative.features:
            return 1.0
        met = sum(any(f in asked for f in feature.split("|")) for feature in alternative.features)
        best = max(best, met / len(alternative.features))
    return best
