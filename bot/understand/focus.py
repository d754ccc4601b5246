"""Where in a long message the question is: people tell a story around it, often without a full stop.

The message is cut into segments, and the engine learns which of them ask from the `long` messages of a pack, in which the part
that asks is marked. What is asked gets all of the attention, and what is told around it a little.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.understand.learn import learn
from bot.understand.mentions import Mention
from bot.understand.model import Model, Teller
from bot.understand.utterance import Token, Utterance

LONG = 24
"""Tokens from which a message is looked through for the part that asks; a shorter one is rather asked as a whole."""

_ASKS, _TELLS = "asks", "tells"

_LEAST = 0.04
"""Probability that a segment needs to be taken for the question, when it is the likeliest."""

_CERTAIN = 0.35
"""Segments of at least this probability all ask."""

_FULL = 0.3
"""A segment of this probability gets all of the attention, even if another is likelier still."""

_ASKED, _BESIDE, _BEFORE, _AROUND = 0.7, 0.4, 0.3, 0.2
"""The least attention: of what is asked, of the rest of its sentence, of the sentence before that, and of all the others."""

_CHECK = 4
"""A yes/no question of at most so many words, right after what asks, goes with it."""

_LITTLE = 0.3
"""Words of so little weight beside a check say nothing by themselves."""

_SENTENCE = 18
"""A sentence of at most so many words is asked as a whole."""

_CUTS = ',()[]"\u2013\u2014\u201c\u201d'
_BEFORE_WH = frozenset({"to", "by", "for", "of", "in", "with", "from", "on", "about", "at", "under"})
"""Words that a question may begin with, before its question word: `by which name`."""

Span = tuple[int, int]
"""the first token, and the one after the last"""


class Focus(Struct, frozen=True):
    """A long message, and what in it is asked."""

    utterance: Utterance
    """the message, in which what is asked stands in clauses of its own"""
    asking: tuple[int, ...]
    """those clauses"""
    attention: tuple[float, ...]
    """for each token 0..1: how much it counts for what is asked"""


class Marked(Struct, frozen=True):
    """A long message as it is read, and the part of it that asks."""

    utterance: Utterance
    mentions: tuple[Mention, ...]
    asked: tuple[Span, ...]
    """the parts that ask, in characters"""


def unmarked(text: str) -> tuple[str, tuple[Span, ...]]:
    """A message of a pack without its marks, and where what stood between them is, in characters."""
    plain, spans = "", list[Span]()
    for part in text.split("[["):
        asked, closed, after = part.partition("]]")
        if closed:
            spans.append((len(plain), len(plain) + len(asked)))
        plain += asked + after
    return plain, tuple(spans)


def segments(utterance: Utterance, english: English) -> list[Span]:
    """`utterance` in pieces: clauses, what stands between commas, and what begins with a question word."""
    tokens, found, first = utterance.tokens, list[Span](), 0
    for at in range(1, len(tokens)):
        last, token = tokens[at - 1], tokens[at]
        is_cut = token.clause != last.clause or _is_cut(utterance.text[last.end : token.start])
        if is_cut or _opens(tokens, at, english):
            found.append((first, at))
            first = at
    return [*found, (first, len(tokens))] if tokens else []


def _is_cut(between: str) -> bool:
    return between != " " and (any(char in _CUTS for char in between) or " - " in between)


def _opens(tokens: tuple[Token, ...], at: int, english: English) -> bool:
    """Whether a question word stands at `at`, or right behind it where the word before belongs to it."""
    word, before = tokens[at].word, tokens[at - 1].word
    if word in english.wh:
        return before not in english.wh and before not in _BEFORE_WH
    return word in _BEFORE_WH and at + 1 < len(tokens) and tokens[at + 1].word in english.wh


def taught(messages: Iterable[Marked], english: English) -> Model:
    """What there is to learn from long messages of which the part that asks is known."""
    features: list[dict[str, float]] = []
    labels: list[str] = []
    for message in messages:
        tokens = message.utterance.tokens
        spans = segments(message.utterance, english)
        for (first, last), own in zip(spans, _features(message.utterance, message.mentions, spans, english), strict=True):
            inside = sum(start <= token.start < end for token in tokens[first:last] for start, end in message.asked)
            features.append(own)
            labels.append(_ASKS if 2 * inside > last - first else _TELLS)
    return learn(features, labels, least_weight=1)


class Asker:
    """Finds what is asked in a long message."""

    def __init__(self, model: Model, english: English) -> None:
        self._teller = Teller(model)
        self._english = english

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...]) -> Focus | None:
        """What is asked in `utterance`; None for a short one, where it cannot be told, and where nothing was learned."""
        if len(utterance.tokens) < LONG or not self._teller.labels:
            return None
        spans = segments(utterance, self._english)
        shares = [self._teller.probabilities(own)[_ASKS] for own in _features(utterance, mentions, spans, self._english)]
        most = max(shares)
        if most < _LEAST:
            return None
        asked = {mention.tokens[0] for mention in mentions if mention.kind == "asks"}
        asks = [
            share >= min(_CERTAIN, most) or not asked.isdisjoint(range(*span)) for share, span in zip(shares, spans, strict=True)
        ]
        asks = _completed(utterance, spans, _with_checks(utterance, mentions, spans, asks, self._english))
        if all(asks):
            return None
        cut, asking = _recut(utterance, spans, asks)
        return Focus(cut, asking, _attention(utterance, spans, [math.sqrt(min(1.0, s / max(most, _FULL))) for s in shares], asks))


def _with_checks(
    utterance: Utterance, mentions: tuple[Mention, ...], spans: list[Span], asks: list[bool], english: English
) -> list[bool]:
    """What asks, with what only asks for assent to it (`…, is that right?`), and with what such a check asks assent to."""
    found = list(asks)
    checks = {at for m in mentions if m.kind == "verify" and len(m.tokens) > 1 for at in m.tokens}
    framed = {at for m in mentions if m.kind in {"verify", "frame"} for at in m.tokens}
    for place, (first, end) in enumerate(spans):
        weight = sum(utterance.tokens[at].weight for at in range(first, end) if at not in framed)
        if place and weight <= _LITTLE and not checks.isdisjoint(range(first, end)):
            found[place] = found[place - 1] = asks[place] or asks[place - 1]
        elif place and asks[place - 1] and end - first <= _CHECK and utterance.tokens[first].clause in utterance.asked:
            found[place] = found[place] or utterance.tokens[first].word in english.openers  # `… Is Pam right?`
    return found


def _completed(utterance: Utterance, spans: list[Span], asks: list[bool]) -> list[bool]:
    """What asks, with the whole of its sentence where that is short, and what follows in its sentence where that is long."""
    sentences: dict[int, list[int]] = {}
    for place, (first, _) in enumerate(spans):
        sentences.setdefault(utterance.tokens[first].clause, []).append(place)
    found = list(asks)
    for places in sentences.values():
        own = [place for place in places if asks[place]]
        if own:
            is_short = spans[places[-1]][1] - spans[places[0]][0] <= _SENTENCE
            for place in places if is_short else range(own[0], places[-1] + 1):
                found[place] = True
    return found


def _recut(utterance: Utterance, spans: list[Span], asks: list[bool]) -> tuple[Utterance, tuple[int, ...]]:
    """`utterance` with what asks in clauses of its own, and the numbers of these."""
    tokens: list[Token] = []
    asked: set[int] = set()
    asking: dict[int, None] = {}
    clause, last = -1, (-1, False)
    for (first, end), does_ask in zip(spans, asks, strict=True):
        for token in utterance.tokens[first:end]:
            if (token.clause, does_ask) != last:
                clause, last = clause + 1, (token.clause, does_ask)
            if does_ask:
                asking[clause] = None
            if token.clause in utterance.asked:
                asked.add(clause)
            tokens.append(token if token.clause == clause else replace(token, clause=clause))
    return replace(utterance, tokens=tuple(tokens), clauses=clause + 1, asked=frozenset(asked)), tuple(asking)


def _attention(utterance: Utterance, spans: list[Span], shares: list[float], asks: list[bool]) -> tuple[float, ...]:
    """How much each token counts."""
    asking = {utterance.tokens[first].clause for (first, _), does_ask in zip(spans, asks, strict=True) if does_ask}
    found: list[float] = []
    for (first, end), share, does_ask in zip(spans, shares, asks, strict=True):
        clause = utterance.tokens[first].clause
        least = _ASKED if does_ask else _BESIDE if clause in asking else _BEFORE if clause + 1 in asking else _AROUND
        found.extend([max(share, least)] * (end - first))
    return tuple(found)


def _features(
    utterance: Utterance, mentions: tuple[Mention, ...], spans: list[Span], english: English
) -> Iterator[dict[str, float]]:
    """For each segment the features by which it is known whether it asks: how it begins and ends, what stands before it, its
    words, its place, and whether it ends in a question mark."""
    tokens, asked, count = utterance.tokens, utterance.asked, len(spans)
    shown = [_shown(token, english) for token in tokens]
    kinds: dict[int, set[str]] = {}
    for mention in mentions:
        kinds.setdefault(mention.tokens[0], set()).add(mention.kind)
    openers = min(3, sum(token.word in english.wh for token in tokens))
    first_asked, last_asked, marks = min(asked, default=-1), max(asked, default=-1), min(3, len(asked))
    for place, (first, end) in enumerate(spans):
        words = shown[first:end]
        clause = tokens[first].clause
        begins = first == 0 or tokens[first - 1].clause != clause
        ends = end == len(tokens) or tokens[end].clause != clause
        before = ["^"] if begins else shown[max(0, first - 3) : first]
        is_asked = clause in asked
        has_wh = any(token.word in english.wh for token in tokens[first:end])
        found = {f"u:{word}": 0.7 for word in words}
        found.update({f"b:{a} {b}": 0.7 for a, b in pairwise(words)})
        found.update({f"s:{token.stem}": 0.5 for token in tokens[first:end]})
        found.update({f"1:{words[0]}": 2.0, f"2:{' '.join(words[:2])}": 2.0, f"3:{' '.join(words[:3])}": 1.0})
        found.update(
            dict.fromkeys(
                (
                    f"last:{words[-1]}",
                    f"before:{before[-1]}",
                    f"before2:{' '.join(before[-2:])}",
                    f"before3:{' '.join(before)}",
                    f"joint:{before[-1]} {words[0]}",
                    f"begins:{begins}",
                    f"ends:{ends}",
                    f"place:{min(place, 3)}",
                    f"left:{min(count - 1 - place, 3)}",
                    f"length:{min(8, end - first)}",
                    f"wh:{has_wh},{openers}",
                    f"wh first:{tokens[first].word in english.wh}",
                    f"asked:{is_asked},{ends}",
                    f"one asked:{is_asked and clause == first_asked},{is_asked and clause == last_asked}",
                    "any",
                ),
                1.0,
            )
        )
        found[f"asked:{is_asked}"] = found[f"asked of:{is_asked},{marks}"] = 2.0
        found[f"put:{has_wh},{tokens[first].word in english.openers},{is_asked}"] = 2.0
        found.update({f"of:{kind}": 1.0 for at in range(first, end) for kind in kinds.get(at, ())})
        yield found


def _shown(token: Token, english: English) -> str:
    """A word by which a question may be known, or what stands for it."""
    role = english.roles.get(token.word)
    if token.word in english.persons and role != "function":
        return "<who>"
    return token.word if role is not None or token.word in english.wh else "<word>"
