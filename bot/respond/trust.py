"""How likely an answer is the right one, by how it came about.

A logistic regression over a handful of evidence, which is fused into one probability: how well the claim accounts for the words,
how likely what it answers is asked for by what was learned, and what makes questions hard. `python -m benchmarks.trust` learns
the weights from the questions to work with, and tells how well they do on others.
"""

import math

from msgspec import Struct
from msgspec.structs import astuple, replace

from bot.reply import Candidate, Reply
from bot.understand.query import Claim
from bot.understand.understanding import Understanding

TRUSTED = 0.72
"""Probability from which an answer is given. Of the answers that are held back then, on the questions to work with, as many are
wrong as right."""

_NEAR = 0.55
"""A claim of less confidence is not answered with, however trusted: what nobody knows in the question speaks against it."""

_NAMES = frozenset({"thing", "kind"})
_NAMELESS = 0.8
_NEVER = 1.0

_SUREST = 0.98
_LEAST_SHARE = 0.001
_UNLEARNED = -2.0
"""Stands for `likely` where nothing was learned: the best of several tried."""
_MOST_WORDS = 60
_MOST_CLAUSES = 4


class Evidence(Struct, frozen=True):
    """What speaks for an answer and against it."""

    fit: float
    """logarithm of the odds of the claim's confidence"""
    likely: float
    """logarithm of how many times likelier, as learned, what it answers is asked for than anything else"""
    ahead: float
    """-1..1: by how much its confidence is above that of the next claim"""
    outside: float
    """0..1: how likely the message asks for what the pack does not have"""
    asks_yes_no: float
    """0 or 1, as the rest: a yes or a no is asked for"""
    untold: float
    """it is, and the answer gives none"""
    untold_by_entry: float
    """the same of an answer of an entry"""
    untold_fit: float
    """`fit` where none is given: a doubtful claim is doubted more then"""
    facts: float
    """0..1: how likely facts are asked for, as learned, where an entry answers"""
    carried: float
    """the answer is about a thing that the message does not name"""
    denied: float
    """the question holds a denial"""
    unasked: float
    """no question word says what is asked for"""
    clauses: float
    """how many clauses ask"""
    length: float
    """tens of words"""


_BIAS = 1.689
_WEIGHTS = Evidence(
    fit=0.903,
    likely=0.184,
    ahead=0.838,
    outside=-2.724,
    asks_yes_no=0.731,
    untold=-0.491,
    untold_by_entry=-0.471,
    untold_fit=-0.61,
    facts=-6.718,
    carried=-1.101,
    denied=-0.802,
    unasked=-0.662,
    clauses=-0.436,
    length=-0.113,
)


def evidence_of(claim: Claim, answer: Reply, understanding: Understanding, outside: float) -> Evidence:
    """The evidence for `answer`, which is what `claim` comes to.

    outside: 0..1, how likely the message asks for what the pack does not have.
    """
    cues = understanding.cues
    rival = next((other.confidence for other in understanding.claims if other.intent != claim.intent), 0.0)
    sure = min(_SUREST, max(1 - _SUREST, claim.confidence))
    named = {mention.id for mention in understanding.mentions if mention.kind == "thing"}
    fit = math.log(sure / (1 - sure))
    shares = understanding.share_of(claim)
    is_told = answer.verdict is not None or (claim.query is not None and claim.query.form == "verify")  # of two: one so, one not
    untold = cues.verifies and not is_told
    tokens, asking = understanding.utterance.tokens, understanding.asking
    return Evidence(
        fit=fit,
        likely=_UNLEARNED if shares is None else math.log(max(_LEAST_SHARE, shares[0]) / max(_LEAST_SHARE, shares[1])),
        ahead=claim.confidence - rival,
        outside=outside,
        asks_yes_no=float(cues.verifies),
        untold=float(untold),
        untold_by_entry=float(untold and claim.entry is not None),
        untold_fit=fit if untold else 0.0,
        facts=understanding.share_of_facts if claim.entry is not None else 0.0,
        carried=float(not named.issuperset((*claim.query.things, *claim.query.values)) if claim.query is not None else False),
        denied=float(len([at for at in cues.denials if not asking or tokens[at].clause in asking]) % 2),
        unasked=float(not cues.wh),
        clauses=float(min(_MOST_CLAUSES, len(understanding.asking))),
        length=min(_MOST_WORDS, len(tokens)) / 10,
    )


def least_trust(claim: Claim, understanding: Understanding) -> float:
    """Probability from which a claim that is not sure enough by itself is the answer all the same: it must be near that, and
    about all that is named; where nothing is named, it must be likelier."""
    names = [mention.tokens for mention in understanding.mentions if mention.kind in _NAMES]
    if claim.confidence < _NEAR or any(claim.explained.isdisjoint(own) for own in names):
        return _NEVER
    tokens = understanding.utterance.tokens
    asked = {at for at, token in enumerate(tokens) if token.clause in understanding.asking and token.weight}
    if asked and claim.explained.isdisjoint(asked):
        return _NEVER  # it is about what is told around the question
    return TRUSTED if names else _NAMELESS


def trust_in(evidence: Evidence) -> float:
    """0..1: how likely the answer is right."""
    odds = _BIAS + sum(value * weight for value, weight in zip(astuple(evidence), astuple(_WEIGHTS), strict=True))
    return 1 / (1 + math.exp(-odds))


def rated(reply: Reply, trust: float, claim: Claim) -> Reply:
    """`reply` with this confidence, if `trust` is how likely `claim` is right; its candidates on the same scale."""
    share = trust / max(trust, claim.confidence)
    candidates = tuple(Candidate(one.intent, round(one.confidence * share, 4)) for one in reply.candidates)
    confidence = trust if reply.kind == "answer" else 1 - trust
    return replace(reply, confidence=round(confidence, 4), candidates=candidates)
