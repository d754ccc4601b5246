"""Questions of which it is known what is right -> how many get an answer at every threshold, and how many of these are wrong.

Terms
    answered  questions in scope that get an answer, right or wrong, among those in scope
    wrong     questions that get a wrong answer, among all questions. Half of these are taken to be out of scope, as it is where
              bots are in use, and every answer to such a question is wrong
    expected  what `wrong` comes to for questions that were never seen, as far as so few can tell: never less than `wrong`
    risk      wrong answers among the answers
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal

from msgspec import Struct

STEPS = 10_000
"""Thresholds are counted in so many steps."""

STRICTEST = 0.98
"""The highest threshold: with a higher one the pack's own phrasings would not be answered, word for word."""

OUTSIDE = 0.5
"""Share of all questions that are out of scope."""

_MOST = 400
"""Questions of a sort count by their number up to this one, for a sort may be made in any number."""

_WRITTEN = 4
"""Examples of what is outside of the pack count so many times: somebody wrote them, and the others are made."""

Scope = Literal["in scope", "out of scope"]


class Trial(Struct, frozen=True):
    """What came of one question."""

    threshold: float
    """the highest one with which it is answered, 0..1; 0: it never is"""
    is_right: bool
    """whether that answer is right; never out of scope"""


class Sort(Struct, frozen=True):
    """What came of questions of one sort."""

    name: str
    scope: Scope
    asked: int
    is_written: bool
    """whether somebody wrote these questions as examples of what is out of scope"""
    right: dict[int, int]
    """step of the highest threshold with which a question is answered -> such questions whose answer is right"""
    wrong: dict[int, int]
    """the same where it is wrong"""


class Calibration(Struct, frozen=True):
    """Everything that was asked to find out how sure an answer must be."""

    sorts: tuple[Sort, ...]


class Point(Struct, frozen=True):
    """What happens when nothing below a threshold is answered. Shares 0..1; see the terms above."""

    threshold: float
    answered: float
    wrong: float
    expected: float
    outside: float
    """questions out of scope that get an answer, among those"""

    @property
    def risk(self) -> float:
        """Wrong answers among the answers; 0 when there are none."""
        given = (1 - OUTSIDE) * self.answered + OUTSIDE * self.outside
        return self.wrong / given if given else 0.0


class Choice(Struct, frozen=True):
    """A threshold for a stated rate of wrong answers."""

    rate: float
    point: Point
    keeps: bool
    """whether `expected` keeps to the rate there; if not, the point is the surest that there is"""


def sort_of(name: str, scope: Scope, trials: Iterable[Trial], *, is_written: bool = False) -> Sort:
    """The counts of some trials."""
    asked = 0
    counts: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for trial in trials:
        asked += 1
        if trial.threshold > 0:
            counts[trial.is_right][int(trial.threshold * STEPS + 1e-6)] += 1
    right, wrong = (dict(sorted(counts[is_right].items())) for is_right in (True, False))
    return Sort(name, scope, asked, is_written, right, wrong)


def curve(calibration: Calibration) -> list[Point]:
    """The risk-coverage curve: a point for every threshold that makes a difference, the highest first. It ends where the bot
    would answer all that it has any idea of. Empty where questions in scope, or out of scope, are missing."""
    mix = _Mix(calibration)
    return [mix.at(step) for step in mix.steps()] if mix.has_both else []


def point_at(calibration: Calibration, threshold: float) -> Point:
    """What happens with `threshold`."""
    return _Mix(calibration).at(round(threshold * STEPS))


def choose(calibration: Calibration, rate: float, least: float) -> Choice:
    """The lowest threshold that keeps `expected` to `rate`, at most STRICTEST.

    Where none does, often because too few questions were asked to tell, it is the lowest of at least `least` with which no answer
    was wrong.
    """
    mix = _Mix(calibration)
    strictest = round(STRICTEST * STEPS)
    kept = None
    for step in (strictest, *(step for step in mix.steps() if step < strictest)):
        point = mix.at(step)
        if point.expected > rate or not mix.has_both:
            break
        kept = point
    if kept is not None:
        return Choice(rate, kept, keeps=True)
    wrong = [step for sort in calibration.sorts for step in sort.wrong]
    surest = min(max(least, (max(wrong, default=0) + 1) / STEPS), STRICTEST)
    return Choice(rate, mix.at(round(surest * STEPS)), keeps=False)


class _Counts:
    """How many of some values are at least so high."""

    def __init__(self, counts: dict[int, int]) -> None:
        self._steps = sorted(counts)
        self._sums = [*accumulate((counts[step] for step in reversed(self._steps)), initial=0)]

    def from_(self, step: int) -> int:
        return self._sums[len(self._steps) - bisect_left(self._steps, step)]


def _weight(sort: Sort) -> int:
    """What a sort counts among those of its scope."""
    return min(sort.asked * (_WRITTEN if sort.is_written else 1), _MOST)


class _Mix:
    """The sorts of a calibration, each with its weight among all questions."""

    def __init__(self, calibration: Calibration) -> None:
        self._sorts = [sort for sort in calibration.sorts if sort.asked]
        self._weights = [self._share(sort) for sort in self._sorts]
        self._right = [_Counts(sort.right) for sort in self._sorts]
        self._wrong = [_Counts(sort.wrong) for sort in self._sorts]
        self.has_both = {sort.scope for sort in self._sorts} == {"in scope", "out of scope"}

    def _share(self, sort: Sort) -> float:
        """The share of all questions that a sort stands for. Those of the other sorts of its scope stand for the rest."""
        whole = sum(_weight(other) for other in self._sorts if other.scope == sort.scope)
        return (1 - OUTSIDE if sort.scope == "in scope" else OUTSIDE) * _weight(sort) / whole

    def steps(self) -> list[int]:
        """Every step from which on something more is answered, the highest first."""
        return sorted({step for sort in self._sorts for step in (*sort.right, *sort.wrong)}, reverse=True)

    def at(self, step: int) -> Point:
        rows: Sequence[tuple[Sort, float, int, int]] = [
            (sort, weight, right.from_(step), wrong.from_(step))
            for sort, weight, right, wrong in zip(self._sorts, self._weights, self._right, self._wrong, strict=True)
        ]
        return Point(
            threshold=step / STEPS,
            answered=sum(w * (right + wrong) / sort.asked for sort, w, right, wrong in rows if sort.scope == "in scope")
            / (1 - OUTSIDE),
            wrong=sum(w * wrong / sort.asked for sort, w, _, wrong in rows),
            # One more question of each sort, answered wrongly: on the average over what might have been asked the rate of unseen
            # questions is not higher (conformal risk control, Angelopoulos et al. 2022).
            expected=sum(w * (wrong + 1) / (sort.asked + 1) for sort, w, _, wrong in rows),
            outside=sum(w * wrong / sort.asked for sort, w, _, wrong in rows if sort.scope != "in scope") / OUTSIDE,
        )
