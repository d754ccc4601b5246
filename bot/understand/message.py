"""A message as a whole: the features by which the engine learns what kind of message it is."""

from itertools import pairwise

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.mentions import Mention
from bot.understand.utterance import Token, Utterance

_MOST = 400
"""Tokens that are looked at."""

_PAIR = 0.5
"""Value of a pair, beside 1 for a word: a pair is rare, and what it says holds for fewer messages."""

_BIAS = 4.0
"""Value of what every message has: a message of unknown words is told by what most messages are."""


def message_features(utterance: Utterance, mentions: tuple[Mention, ...], pack: Pack, english: English) -> dict[str, float]:
    """Feature -> value: words, pairs of neighbours and of words with one between them, and how the message is put.

    `u:` word, `b:` pair, `s:` pair with a gap. A thing of the pack stands as its kind too, somebody's
    relation as `<who>`: what is learned of one drug and of somebody's mother holds for the others.
    """
    tokens = utterance.tokens[:_MOST]
    kinds = {at: f"<{pack.things[m.id].kind}>" for m in mentions if m.kind == "thing" for at in m.tokens}
    features = dict.fromkeys((f"u:{token.stem}" for token in tokens), 1.0)
    row = ["^"]
    for at, token in enumerate(tokens):
        word = kinds.get(at) or _shown(token, english)
        if word != row[-1] or word[0] != "<":
            row.append(word)
    row.append("$")
    features.update(dict.fromkeys((f"u:{word}" for word in row[1:-1]), 1.0))
    features.update(dict.fromkeys((f"b:{a} {b}" for a, b in pairwise(row)), _PAIR))
    features.update(dict.fromkeys((f"s:{a} {b}" for a, b in zip(row[1:], row[3:], strict=False)), _PAIR))
    words = {token.word for token in tokens}
    if words & english.persons:
        features["person"] = 1.0
    if words & english.past:
        features["past"] = 1.0
    if utterance.asked:
        features["asked"] = 1.0
    if tokens:
        features[f"first:{tokens[0].word}"] = 1.0
    features["length"] = min(len(tokens) / 20, 2.0)
    features["any"] = _BIAS
    return features


def _shown(token: Token, english: English) -> str:
    if token.word.replace(".", "", 1).isdecimal():
        return f"<{int(float(token.word))}>" if len(token.word) < 6 else "<number>"
    if token.word in english.persons and english.roles.get(token.word) != "function":
        return "<who>"
    return token.stem
