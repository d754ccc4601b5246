"""Ranked claims -> what to do: answer, ask back, or say that we do not know."""

from functools import partial
from typing import Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.pack.format import Pack
from bot.understand.query import Claim
from bot.understand.understanding import Understanding

THRESHOLD = 0.65
"""A claim of less confidence is not given as an answer."""


_WARY = 0.25
_SUREST = 0.85

_BESIDE = 0.84
"""A second entry with at least this share of the best one's confidence is told as well: two answers beat a wrong one."""

_LENIENT = 0.05
"""Two entries that are told together may be this much less sure: one of them will do."""


def least_for(outside: float, threshold: float = THRESHOLD) -> float:
    """The confidence that an answer needs when the message looks so much (0..1) like those outside of the pack."""
    return max(threshold, min(_SUREST, threshold + _WARY * outside))


class Decision(Struct, frozen=True):
    action: Literal["answer", "fallback"]
    claim: Claim | None
    """the claim to answer with, or the nearest one"""
    reason: str
    beside: Claim | None = None
    """an entry that is almost as likely, to be told after it"""
    is_doubtful: bool = False
    """the claim is not sure enough by itself, and nothing else speaks against it"""


class Given(Struct, frozen=True):
    """What would be answered by a bot of any threshold."""

    threshold: float
    """the highest one with which it still is, 0..1; 0: there is no answer at all"""
    intents: tuple[str, ...] = ()
    """of the entries, or of the question over facts, that answer"""
    over_facts: bool = False


class Decider(Protocol):
    """`decide` as it is for one pack."""

    def __call__(self, understanding: Understanding, threshold: float, /) -> Decision: ...


def decider_of(pack: Pack) -> Decider:
    """`decide` for a pack. Where it states a rate of wrong answers an answer is one answer: a second one beside it would be
    given where neither is sure, and make no wrong one right."""
    return partial(decide, tells_two=pack.pack.wrong_answer_rate is None)


def decide(understanding: Understanding, threshold: float = THRESHOLD, *, tells_two: bool = True) -> Decision:
    """Whether the best claim is good enough. tells_two: an entry that is almost as likely may be told after the best one."""
    if not understanding.claims:
        return Decision("fallback", None, "nothing in the question is known")
    best = understanding.claims[0]
    beside = _beside(best, understanding) if tells_two else None
    if beside is not None and best.confidence >= threshold - _LENIENT:
        return Decision("answer", best, f"'{best.intent}' with {best.confidence:.2f}, and '{beside.intent}' as likely", beside)
    if best.confidence < threshold:
        reason = f"the best candidate '{best.intent}' reaches {best.confidence:.2f}, less than {threshold:.2f}"
        return Decision("fallback", best, reason, is_doubtful=True)
    return Decision("answer", best, f"'{best.intent}' with {best.confidence:.2f}")


def reach(decision: Decision, outside: float) -> float:
    """The highest threshold, 0..1, with which an answer that `decide` gave is still given: `decide` and `least_for` the other way
    round."""
    if decision.action != "answer" or decision.claim is None:
        return 0.0
    confidence = decision.claim.confidence + (_LENIENT if decision.beside is not None else 0.0)
    return round(min(1.0, confidence if confidence >= _SUREST else max(0.0, confidence - _WARY * outside)), 4)


def careful(decision: Decision, pack: Pack, least: float) -> Decision:
    """`decision`, but no answer of an entry of high risk with less confidence than `least`."""
    claim, beside = decision.claim, decision.beside
    if beside is not None and _is_risky(beside, pack) and beside.confidence < least:
        decision = replace(decision, beside=None)
    if decision.action == "answer" and claim is not None and _is_risky(claim, pack) and claim.confidence < least:
        reason = f"'{claim.intent}' is of high risk and reaches {claim.confidence:.2f}, less than {least:.2f}"
        return Decision("fallback", claim, reason)
    return decision


def _is_risky(claim: Claim, pack: Pack) -> bool:
    return claim.entry is not None and pack.entries[claim.entry].risk == "high"


def _beside(best: Claim, understanding: Understanding) -> Claim | None:
    """The entry that runs the best claim close; where a rule read the whole question there is none."""
    if best.confidence >= 0.95:
        return None
    rivals = [
        claim for claim in understanding.claims[1:] if claim.entry is not None and claim.confidence >= _BESIDE * best.confidence
    ]
    return rivals[0] if rivals and best.entry is not None else None
