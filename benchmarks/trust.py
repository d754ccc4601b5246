"""How likely an answer is right, learned from the questions to work with: the weights of `bot/respond/trust.py`.

usage: python -m benchmarks.trust [--json]

Every question of the banks is asked of a bot that gives whatever it has. What speaks for each answer and against it, and whether
it was right, is learned from by logistic regression (Newton's method, weights kept small by L2). Printed are the weights, how
well they tell right answers from others (AUROC) in banks that they were not learned from, and what comes of every threshold.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple
from numpy.typing import NDArray

from benchmarks.accuracy import HELD_OUT
from benchmarks.machine import QUESTIONS, describe
from bot import Engine
from bot.compiled import Compiled
from bot.coverage.cases import Turn
from bot.coverage.judge import faults_of
from bot.coverage.reading import read_cases
from bot.replier import Replier
from bot.reply import Reply
from bot.respond.decide import Decision
from bot.respond.memory import Memory
from bot.respond.trust import Evidence, evidence_of
from bot.understand.retrieve import KNOWN
from bot.understand.understanding import Understanding

_PARTS = 8
"""The banks to work with are dealt into so many parts, and each part is told by what was learned from the others."""
_SHORTNESS = 20.0
"""How strongly weights, of evidence of unit variance, are held back."""
_STEPS = 30
_THRESHOLDS = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)

Floats = NDArray[np.float64]


class Weighed(Struct, frozen=True):
    """One answer, given or held back."""

    bank: str
    evidence: tuple[float, ...]
    confidence: float
    """of the claim"""
    is_right: bool
    """the answer is"""
    is_silence_right: bool
    """not to know is"""


class _Recorder(Replier):
    """Replies as a bot does that trusts whatever is clear enough, and keeps what it was about to weigh."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(compiled)
        self.kept: tuple[Evidence, Decision, Reply, Reply] | None = None

    def _trusted(
        self, decision: Decision, reply: Reply, understanding: Understanding, outside: float, spoken_of: tuple[str, ...]
    ) -> tuple[Decision, Reply]:
        claim = decision.claim
        is_settled = claim is not None and (decision.reason in claim.reasons or claim.confidence >= KNOWN)
        if (
            claim is not None
            and not is_settled
            and (reply.kind == "answer" or (decision.is_doubtful and reply.kind == "fallback"))
        ):
            answer = reply if reply.kind == "answer" else self._composer.answer(decision, understanding)
            silence = self._composer.fallback(decision, understanding, spoken_of)
            if answer.kind == "answer":
                self.kept = evidence_of(claim, answer, understanding, outside), decision, answer, silence
        return decision, reply


def main(argv: Sequence[str] | None = None) -> int:
    """Learn, print, and return 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.trust", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    args = parser.parse_args(argv)
    weighed = _weighed()
    work = [one for one in weighed if not one.bank.endswith(HELD_OUT)]
    held_out = [one for one in weighed if one.bank.endswith(HELD_OUT)]
    bias, weights = _learned(work)
    across = _across(work)
    found = {
        "weights": {"bias": round(bias, 3)} | dict(zip(Evidence.__struct_fields__, weights.round(3).tolist(), strict=True)),
        "work, from other banks": _figures(work, across),
        "held out": _figures(held_out, _told(held_out, bias, weights)),
    }
    print(json.dumps(found, indent=2) if args.json else _report(found))
    return 0


def _weighed() -> list[Weighed]:
    """Every answer that the banks lead to."""
    replier = _Recorder(Engine.load().compiled)
    found: list[Weighed] = []
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for case in read_cases(path):
            memory = Memory(pack=str(replier.pack.pack.title))
            for turn in case.turns:
                replier.kept = None
                _, memory = replier.reply(turn.ask, memory)
                found.extend(_judged(path.name, turn, replier.kept))
    return found


def _judged(bank: str, turn: Turn, kept: tuple[Evidence, Decision, Reply, Reply] | None) -> list[Weighed]:
    if kept is None or turn.expect is None:
        return []
    evidence, decision, answer, silence = kept
    right, silence_right = not faults_of(turn.expect, answer), not faults_of(turn.expect, silence)
    confidence = decision.claim.confidence if decision.claim is not None else 0.0
    return [Weighed(bank, astuple(evidence), confidence, right, silence_right)]


def _learned(weighed: list[Weighed]) -> tuple[float, Floats]:
    """The bias and the weights, of shape (evidence,)."""
    rows = np.array([one.evidence for one in weighed])
    right = np.array([one.is_right for one in weighed], dtype=float)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    inputs = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    hold = np.diag([_SHORTNESS] * rows.shape[1] + [0.0])
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        shares = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (shares - right) + hold @ weights
        bend = (inputs * (shares * (1 - shares))[:, None]).T @ inputs + hold
        weights -= np.linalg.solve(bend, slope)
    own = weights[:-1] / scale
    return float(weights[-1] - own @ mean), own


def _told(weighed: list[Weighed], bias: float, weights: Floats) -> Floats:
    """How likely each answer is right, of shape (answers,)."""
    told: Floats = 1 / (1 + np.exp(-(np.array([one.evidence for one in weighed]) @ weights + bias)))
    return told


def _across(weighed: list[Weighed]) -> Floats:
    """How likely each answer is right by what was learned from the banks of other parts, of shape (answers,)."""
    banks = sorted({one.bank for one in weighed})
    part = np.array([banks.index(one.bank) % _PARTS for one in weighed])
    told = np.zeros(len(weighed))
    for number in range(_PARTS):
        learned = _learned([one for one, own in zip(weighed, part, strict=True) if own != number])
        told[part == number] = _told([one for one, own in zip(weighed, part, strict=True) if own == number], *learned)
    return told


def _figures(weighed: list[Weighed], told: Floats) -> dict[str, Any]:
    right = np.array([one.is_right for one in weighed])
    silence_right = np.array([one.is_silence_right for one in weighed])
    confidence = np.array([one.confidence for one in weighed])
    thresholds = {}
    for least in _THRESHOLDS:
        given = told >= least
        good = float(np.where(given, right, silence_right).mean())
        thresholds[str(least)] = {"right": round(good, 4), "wrong": round(float((given & ~right).mean()), 4)}
    return {
        "answers": len(weighed),
        "right": round(float(right.mean()), 4),
        "AUROC": round(_auroc(told, right), 4),
        "AUROC of the confidence of claims": round(_auroc(confidence, right), 4),
        "calibration error": round(_calibration_error(told, right), 4),
        "thresholds": thresholds,
    }


def _auroc(told: Floats, right: NDArray[np.bool_]) -> float:
    """How often a right answer is told to be likelier than another, ties counting half."""
    wrong = np.sort(told[~right])
    below, up_to = np.searchsorted(wrong, told[right], "left"), np.searchsorted(wrong, told[right], "right")
    return float((below + up_to).mean() / 2 / len(wrong))


def _calibration_error(told: Floats, right: NDArray[np.bool_]) -> float:
    """How far what is told and what is so lie apart on the average, in ten bins (expected calibration error)."""
    bins = np.minimum(9, (told * 10).astype(int))
    return float(sum(abs(float((told - right)[bins == number].sum())) for number in range(10)) / len(told))


def _report(found: dict[str, Any]) -> str:
    lines = [describe(), "", "weights"]
    lines += [f"  {name:18}{weight:8.3f}" for name, weight in found["weights"].items()]
    for name, figures in list(found.items())[1:]:
        lines += ["", f"{name}: {figures['answers']} answers to weigh, {figures['right']:.1%} of them right"]
        lines += [f"  {key:36}{figures[key]:.3f}" for key in ("AUROC", "AUROC of the confidence of claims", "calibration error")]
        lines += [
            f"  from {least:5} {own['right']:6.1%} right {own['wrong']:6.1%} wrong"
            for least, own in figures["thresholds"].items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
