"""Words of a text -> features: what entries and attributes are learned by and ranked by."""

import math
from collections.abc import Mapping

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.mentions import Mention
from bot.understand.utterance import Token, Utterance

_WH_WEIGHT = {"why": 1.0, "when": 0.7, "where": 0.6, "how": 0.4, "who": 0.5, "whose": 0.7, "which": 0.05, "what": 0.05}
_MODIFIER_WEIGHT = 1.6
"""The most that a word weighs: one that changes what is asked, such as `best`."""
_PAIR = 2.0
_PIECE = 0.8
"""Values of a pair of words and of a piece of a word, beside about 1 to 8 for a word."""
_NAMED = 0.4
"""Attention of a thing that is named anywhere: it may be what the question is about."""
_NEAR = 0.25
"""Attention from which pairs and pieces of a word count."""
_LETTERS = 4
_NO_WEIGHT = 0.05
"""Words up to this weight are grammar, and nobody means another by them: they have no pieces."""
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
