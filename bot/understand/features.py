"""Words of a text -> features: what entries and attributes are learned by and ranked by."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.mentions import Mention
from bot.understand.utterance import Token, Utterance

_WH_WEIGHT = {"why": 1.0, "when": 0.7, "where": 0.6, "how": 0.4, "who": 0.5, "whose": 0.7, "which": 0.05, "what": 0.05}
_MODIFIER_WEIGHT = 1.6
"""The most that a word weighs: one that changes what is asked, such as `best`."""
_WORDS, _NEIGHBOURS, _PAIRS, _PIECES = 1.0, 1.0, 1.4, 1.4
"""The length of the vector of each kind of features. Two words count as much as a word, and pieces of words as well: chosen on
the validation questions of CLINC150 and BANKING77 (`benchmarks.clinc150`, `benchmarks.banking77`)."""
_NAMED = 0.4
"""Attention of a thing that is named anywhere: it may be what the question is about."""
NEAR = 0.25
"""Attention from which pairs and pieces of a word count."""
_LETTERS = (2, 3, 4, 5)
"""Letters of the pieces of words."""
_APART = 12
"""Two words further from each other are no pair."""
_MOST = 60
"""Tokens of which pairs and pieces are taken."""


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
    """Feature -> value, to learn from and to rank by. Each kind of features together has the same length whatever the text, so
    that what is not known of it takes from what is.

    The words by their rarity; `b:` two neighbours; `p:` two words near each other, in any order; `x:` pieces of words, which know
    a word in another form or spelling.

    vector: the words with their weights; idf: how rare each is among the `size` phrasings.
    features, attention: what each token stands for, and how much it counts, 0..1; left out, all of them count in full.
    """
    rarest = math.log(1 + size)
    words = {feature: max(weight * idf.get(feature, rarest), 0.3) for feature, weight in vector.items()}
    near = [(token, 1.0) for token in utterance.tokens[:_MOST]]
    if attention and features is not None:
        shares: dict[str, float] = {}
        for own, share in zip(features, attention, strict=True):
            for feature in own:
                shares[feature] = max(share, shares.get(feature, _NAMED if feature[0] == "t" else 0.0))
        words = {feature: value * shares[feature] for feature, value in words.items()}
        near = [(token, share) for token, share in zip(utterance.tokens, attention, strict=True) if share >= NEAR][:_MOST]
    stems = [token.stem for token, _ in near]
    values = _as_long_as(_WORDS, words)
    values.update(_as_long_as(_NEIGHBOURS, dict.fromkeys(map("b:{} {}".format, ("^", *stems), (*stems, "$")), 1.0)))
    values.update(_as_long_as(_PAIRS, dict.fromkeys(_pairs(stems), 1.0)))
    pieces: dict[str, float] = {}
    for token, share in near:
        for piece in _pieces(token.word):
            pieces[piece] = max(share, pieces.get(piece, 0.0))
    values.update(_as_long_as(_PIECES, pieces))
    return values


def _as_long_as(length: float, values: dict[str, float]) -> dict[str, float]:
    """The values, of that length together."""
    own = math.sqrt(sum([value * value for value in values.values()]))
    return {feature: value * length / own for feature, value in values.items()} if own else {}


def _pairs(stems: list[str]) -> Iterator[str]:
    for at, one in enumerate(stems):
        for other in stems[at + 1 : at + _APART]:
            if one != other:
                yield f"p:{one} {other}" if one < other else f"p:{other} {one}"


@lru_cache(maxsize=16384)
def _pieces(word: str) -> tuple[str, ...]:
    whole = f"^{word}$"
    return tuple(f"x:{whole[at : at + letters]}" for letters in _LETTERS for at in range(max(1, len(whole) - letters + 1)))
