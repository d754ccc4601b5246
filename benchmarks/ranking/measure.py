"""What counts: accuracy, out-of-scope recall, AUROC, and how much is answered when few answers may be wrong.

A prediction is given as an answer when its score is at least the threshold. One without an intent is never given.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import inf

from msgspec import Struct

from benchmarks.ranking.data import Example


class Prediction(Struct, frozen=True):
    """What a system takes a question for."""

    label: str | None
    """None when it has no idea"""
    score: float
    """the higher, the surer; scales differ from system to system"""


class Outcome(Struct, frozen=True):
    """Shares of the questions, 0..1, when answers below a threshold are not given."""

    in_scope: float
    """answered rightly, of those in scope"""
    out_of_scope: float | None
    """not answered, of those out of scope; None when there are none"""
    answered: float
    """answered rightly or wrongly, of those in scope"""
    wrong: float
    """answered wrongly, of all: the intent is another, or there is none"""


class Point(Struct, frozen=True):
    """One point of a risk-coverage curve."""

    answered: float
    """of those in scope, 0..1"""
    wrong: float
    """of all, 0..1"""


class _Step(Struct, frozen=True):
    """Answers given from `threshold` on, as counts."""

    threshold: float
    right: int
    wrong: int
    """those to questions in scope"""
    false: int
    """those to questions out of scope"""


def accuracy(examples: Sequence[Example], predictions: Sequence[Prediction]) -> float:
    """The share of the questions in scope whose intent is first, whatever its score; 0 when there are none."""
    hits = [p.label == e.label for e, p in zip(examples, predictions, strict=True) if e.label is not None]
    return sum(hits) / len(hits) if hits else 0.0


def best_threshold(examples: Sequence[Example], predictions: Sequence[Prediction]) -> float:
    """The threshold with the most right decisions, not to answer what is out of scope being one. Of several the highest."""
    steps = list(_steps(examples, predictions))
    return max(steps, key=lambda step: step.right - step.false).threshold


def safe_threshold(examples: Sequence[Example], predictions: Sequence[Prediction], risk: float) -> float:
    """The lowest threshold that keeps wrong answers to the share `risk` (0..1) of all questions."""
    return _safest(examples, predictions, risk).threshold


def answered_at(examples: Sequence[Example], predictions: Sequence[Prediction], risk: float) -> float:
    """The most questions in scope (0..1 of them) that can be answered while wrong answers are at most `risk` of all questions.

    It is a point of the curve of these very questions: no threshold chosen elsewhere reaches more.
    """
    step = _safest(examples, predictions, risk)
    return (step.right + step.wrong) / max(1, _in_scope(examples))


def at_threshold(examples: Sequence[Example], predictions: Sequence[Prediction], threshold: float) -> Outcome:
    """What becomes of the questions with that threshold."""
    given = [
        (example.label, prediction.label if prediction.score >= threshold else None)
        for example, prediction in zip(examples, predictions, strict=True)
    ]
    inside = [(wanted, label) for wanted, label in given if wanted is not None]
    outside = [label for wanted, label in given if wanted is None]
    return Outcome(
        in_scope=sum(wanted == label for wanted, label in inside) / max(1, len(inside)),
        out_of_scope=sum(label is None for label in outside) / len(outside) if outside else None,
        answered=sum(label is not None for _, label in inside) / max(1, len(inside)),
        wrong=sum(label not in {None, wanted} for wanted, label in given) / max(1, len(given)),
    )


def auroc(examples: Sequence[Example], predictions: Sequence[Prediction]) -> float | None:
    """How probable it is (0..1) that a question in scope has a higher score than one out of scope; None without both sorts."""
    scored = sorted(((p.score, e.label is not None) for e, p in zip(examples, predictions, strict=True)), key=lambda s: s[0])
    inside = sum(is_inside for _, is_inside in scored)
    outside = len(scored) - inside
    if not inside or not outside:
        return None
    below, higher = 0, 0.0
    for _, group in groupby(scored, key=lambda s: s[0]):
        sorts = [is_inside for _, is_inside in group]
        own = sum(sorts)
        higher += own * (below + (len(sorts) - own) / 2)
        below += len(sorts) - own
    return higher / (inside * outside)


def curve(examples: Sequence[Example], predictions: Sequence[Prediction], most: int = 100) -> list[Point]:
    """The risk-coverage curve, from no answer to every answer, at about `most` of its points."""
    steps = list(_steps(examples, predictions))
    inside, every = max(1, _in_scope(examples)), max(1, len(examples))
    kept = [steps[round(at * (len(steps) - 1) / most)] for at in range(most + 1)] if len(steps) > most else steps
    return [Point((step.right + step.wrong) / inside, (step.wrong + step.false) / every) for step in kept]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which the share (0..1) of `values` lies: the nearest of them. 0 when there are none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


def _in_scope(examples: Sequence[Example]) -> int:
    return sum(example.label is not None for example in examples)


def _safest(examples: Sequence[Example], predictions: Sequence[Prediction], risk: float) -> _Step:
    allowed = risk * len(examples)
    safe = [step for step in _steps(examples, predictions) if step.wrong + step.false <= allowed]
    return safe[-1]


def _steps(examples: Sequence[Example], predictions: Sequence[Prediction]) -> Iterator[_Step]:
    """What is answered with each threshold that makes a difference, the highest first: it answers nothing."""
    yield _Step(inf, 0, 0, 0)
    right = wrong = false = 0
    given = [(p.score, p.label, e.label) for e, p in zip(examples, predictions, strict=True) if p.label is not None]
    given.sort(key=lambda one: -one[0])
    for score, group in groupby(given, key=lambda one: one[0]):
        for _, label, wanted in group:
            right += label == wanted
            wrong += wanted is not None and label != wanted
            false += wanted is None
        yield _Step(score, right, wrong, false)
