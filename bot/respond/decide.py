"""Ranked claims -> what to do: answer, ask back, or say that we do not know."""

from typing import Literal

from msgspec import Struct

from bot.understand.query import Claim
from bot.understand.understanding import Understanding

THRESHOLD = 0.6
"""A claim of less confidence is not given as an answer."""


class Decision(Struct, frozen=True):
    action: Literal["answer", "fallback"]
    claim: Claim | None
    """the claim to answer with, or the nearest one"""
    reason: str


def decide(understanding: Understanding, threshold: float = THRESHOLD) -> Decision:
    """Whether the best claim is good enough."""
    if not understanding.claims:
        return Decision("fallback", None, "nothing in the question is known")
    best = understanding.claims[0]
    if best.confidence < threshold:
        return Decision("fallback", best, f"the best candidate '{best.intent}' reaches {best.confidence:.2f}, less than {threshold:.2f}")
    return Decision("answer", best, f"'{best.intent}' with {best.confidence:.2f}")
