"""Marks -> figures. Marks are looked at once, in order, and forgotten: a million of them take no more room than a thousand.

Terms
    answered   the reply gives an answer of some kind; `clarified` and `silent` replies do not
    right      everything is as expected; `wrong`: an answer was given, and not the right one
    precision  right answers among the answers given; recall: right answers among the questions that have one
    coverage   answered questions among those asked; risk: wrong ones among the answered
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate

from msgspec import Struct, field

from bot.coverage.judge import Mark

_STEPS = 1000
"""Confidence is counted in so many steps."""

BINS = 10
"""Bins of the calibration table."""

MOST_FAILURES = 150
"""Marks of each source that are not right and that a report holds in full; the rest are counted."""

HELD_OUT = "held-out"

_MOST_SLOW = 10
_MOST_CONFUSIONS = 1000


class Tally(Struct):
    """How many questions earned what."""

    questions: int = 0
    judged: int = 0
    """questions of which somebody said what is right"""
    answered: int = 0
    right: int = 0
    wrong: int = 0
    clarified: int = 0
    silent: int = 0
    answerable: int = 0
    """judged questions to which an answer is a right kind of reply"""
    given: int = 0
    """judged questions that got an answer"""
    right_answers: int = 0
    """of those, the right ones"""

    def add(self, mark: Mark) -> None:
        self.questions += 1
        self.answered += mark.is_answered
        if mark.outcome == "unjudged":
            self.clarified += mark.kind == "clarify"
            self.silent += mark.kind == "fallback"
            return
        self.judged += 1
        self.right += mark.outcome == "right"
        self.wrong += mark.outcome == "wrong"
        self.clarified += mark.outcome == "clarified"
        self.silent += mark.outcome == "silent"
        self.answerable += _is_answerable(mark)
        self.given += mark.kind == "answer"
        self.right_answers += mark.kind == "answer" and mark.outcome == "right"

    @property
    def accuracy(self) -> float | None:
        """Right ones among the judged, 0..1; None when nothing was judged."""
        return _share(self.right, self.judged)

    @property
    def wrong_rate(self) -> float | None:
        """Wrong ones among the judged, 0..1."""
        return _share(self.wrong, self.judged)

    @property
    def coverage(self) -> float | None:
        """Answered ones among all, 0..1."""
        return _share(self.answered, self.questions)

    @property
    def precision(self) -> float | None:
        return _share(self.right_answers, self.given)

    @property
    def recall(self) -> float | None:
        return _share(self.right_answers, self.answerable)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return _f1(self.precision, self.recall)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _is_answerable(mark: Mark) -> bool:
    return mark.expect is not None and (not mark.expect.kind or "answer" in mark.expect.kind)


class Intent(Struct):
    """How often an intent was wanted and how often it was given, where somebody said which is right."""

    wanted: int = 0
    given: int = 0
    right: int = 0

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.given)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.wanted)

    @property
    def f1(self) -> float | None:
        return _f1(self.precision, self.recall)


class Bin(Struct, frozen=True):
    """Answers of about one confidence."""

    low: float
    high: float
    count: int
    confidence: float
    """mean, 0..1"""
    right: float
    """share of right ones, 0..1"""


class Point(Struct, frozen=True):
    """What happens when nothing below a confidence is answered."""

    threshold: float
    coverage: float
    """answered among all judged questions, 0..1"""
    risk: float
    """wrong among the answered, 0..1"""


class Robustness(Struct, frozen=True):
    """How a perturbation bears on the questions of one source."""

    perturbation: str
    source: str
    count: int
    clean: float
    """share of right ones before, 0..1"""
    right: float
    """share of right ones after, 0..1"""
    wrong: float
    """share of wrong ones after, 0..1"""


class Slow(Struct, frozen=True, order=True):
    seconds: float
    ask: str


class Measures(Struct):
    """Everything that is counted over the marks of a run."""

    all: Tally = field(default_factory=Tally)
    sources: dict[str, Tally] = field(default_factory=dict)
    tags: dict[str, Tally] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    """by entry or, for fact questions, by attribute and form"""
    reached: set[str] = field(default_factory=set)
    """intents that answered anything"""
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(wanted, given) of wrong intents"""
    matrix: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    """(thing, attribute, form) of generated fact questions"""
    failures: list[Mark] = field(default_factory=list)
    """marks that are not right, wrong ones first; the first MOST_FAILURES of each source"""
    failure_count: int = 0
    false_verdicts: int = 0
    """yes where no is right, or the other way round"""
    verdicts: int = 0
    """questions of which yes or no is right"""
    _wrong: dict[str, list[Mark]] = field(default_factory=dict)
    _silent: dict[str, list[Mark]] = field(default_factory=dict)
    _right_at: Counter[int] = field(default_factory=Counter)
    _wrong_at: Counter[int] = field(default_factory=Counter)
    _confidence_at: dict[int, float] = field(default_factory=dict)
    _clean: dict[str, bool] = field(default_factory=dict)
    _perturbed: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    _slow: list[Slow] = field(default_factory=list)
    _seconds: float = 0.0
    _timed: int = 0

    # ---- counting ---------------------------------------------------------------------------------------------------

    def add(self, mark: Mark, seconds: float = 0.0) -> None:
        """Count one mark. `seconds`: how long the question took.

        Held-out questions count for their own source alone: they are asked of a bot that lacks their phrasing.
        """
        self.sources.setdefault(mark.source, Tally()).add(mark)
        if mark.source == HELD_OUT:
            return
        self.all.add(mark)
        for tag in mark.tags:
            self.tags.setdefault(tag, Tally()).add(mark)
        if mark.intent is not None:
            self.reached.add(mark.intent)
        if mark.outcome != "unjudged":
            self._add_judged(mark)
        self._seconds += seconds
        self._timed += 1
        slow = Slow(seconds, mark.ask)
        if len(self._slow) < _MOST_SLOW:
            heapq.heappush(self._slow, slow)
        elif slow > self._slow[0]:
            heapq.heapreplace(self._slow, slow)

    def _add_judged(self, mark: Mark) -> None:
        expect, is_right = mark.expect, mark.outcome == "right"
        if mark.kind == "answer":
            at = min(_STEPS - 1, int(mark.confidence * _STEPS))
            (self._right_at if is_right else self._wrong_at)[at] += 1
            self._confidence_at[at] = self._confidence_at.get(at, 0.0) + mark.confidence
        if expect is not None and expect.intent:
            self._add_intent(mark, expect.intent[0])
        if expect is not None and expect.verdict is not None:
            self.verdicts += 1
            self.false_verdicts += mark.verdict is not None and mark.verdict != expect.verdict
        if not is_right:
            self._add_failure(mark)
        facets = mark.facets
        if "perturbation" in facets:
            pair = (facets["of"], mark.outcome)
            self._perturbed.setdefault((facets["perturbation"], facets["from"]), []).append(pair)
            return
        self._clean[mark.case] = is_right
        if "thing" in facets and "form" in facets:
            self.matrix.setdefault((facets["thing"], facets["attribute"], facets["form"]), Tally()).add(mark)

    def _add_intent(self, mark: Mark, wanted: str) -> None:
        given = group_of(mark.intent) if mark.intent and mark.is_answered else None
        is_right = not any(fault.startswith("intent is ") for fault in mark.faults)
        name = given if is_right and given is not None else group_of(wanted)
        self.intents.setdefault(name, Intent()).wanted += 1
        if given is not None:
            self.intents.setdefault(given, Intent()).given += 1
        if is_right:
            self.intents[name].right += 1
        elif len(self.confusions) < _MOST_CONFUSIONS or (name, given or "–") in self.confusions:
            self.confusions[name, given or "–"] += 1

    def _add_failure(self, mark: Mark) -> None:
        self.failure_count += 1
        of_outcome = self._wrong if mark.outcome == "wrong" else self._silent
        kept = of_outcome.setdefault(mark.source, [])
        if len(kept) < MOST_FAILURES:
            kept.append(mark)

    def close(self) -> "Measures":
        """The measures, when the last mark was counted."""
        chosen = {
            source: [*self._wrong.get(source, ()), *self._silent.get(source, ())][:MOST_FAILURES] for source in self.sources
        }
        self.failures = [
            mark
            for is_wrong in (True, False)
            for marks in chosen.values()
            for mark in marks
            if (mark.outcome == "wrong") == is_wrong
        ]
        return self

    # ---- what follows from the counts -------------------------------------------------------------------------------

    def bins(self) -> list[Bin]:
        """How sure the bot was of its answers, and how often they were right: BINS bins of equal width, empty ones left out."""
        found = []
        width = _STEPS // BINS
        for number in range(BINS):
            steps = range(number * width, (number + 1) * width)
            right, wrong = sum(self._right_at[at] for at in steps), sum(self._wrong_at[at] for at in steps)
            if right + wrong:
                mean = sum(self._confidence_at.get(at, 0.0) for at in steps) / (right + wrong)
                found.append(Bin(number / BINS, (number + 1) / BINS, right + wrong, mean, right / (right + wrong)))
        return found

    def calibration_error(self) -> float | None:
        """Expected calibration error, 0..1: how far confidence and the share of right answers lie apart, on the average."""
        bins = self.bins()
        total = sum(one.count for one in bins)
        return sum(one.count * abs(one.confidence - one.right) for one in bins) / total if total else None

    def risk_coverage(self) -> list[Point]:
        """What happens when nothing below a confidence is answered, for every confidence that occurs; surest first.

        The curve ends where the bot itself falls silent: what it would have said below its own threshold, nobody knows.
        """
        steps = sorted({*self._right_at, *self._wrong_at}, reverse=True)
        right = list(accumulate(self._right_at[at] for at in steps))
        wrong = list(accumulate(self._wrong_at[at] for at in steps))
        return [Point(at / _STEPS, (r + w) / self.all.judged, w / (r + w)) for at, r, w in zip(steps, right, wrong, strict=True)]

    def robustness(self) -> list[Robustness]:
        """Each perturbation against the same questions before; only where the clean questions were asked too."""
        found = []
        for (name, source), pairs in sorted(self._perturbed.items()):
            known = [(self._clean[of], outcome) for of, outcome in pairs if of in self._clean]
            if known:
                count = len(known)
                clean = sum(was for was, _ in known) / count
                right = sum(outcome == "right" for _, outcome in known) / count
                wrong = sum(outcome == "wrong" for _, outcome in known) / count
                found.append(Robustness(name, source, count, clean, right, wrong))
        return found

    def slowest(self) -> list[Slow]:
        """The questions that took longest, the slowest first."""
        return sorted(self._slow, reverse=True)

    @property
    def mean_seconds(self) -> float:
        """Of a question, while it was answered."""
        return self._seconds / self._timed if self._timed else 0.0

    def unreached(self, intents: Iterable[str]) -> list[str]:
        """Those of `intents` that answered nothing."""
        return [intent for intent in intents if intent not in self.reached]


def measure(marks: Iterable[Mark]) -> Measures:
    """The figures of `marks`."""
    measures = Measures()
    for mark in marks:
        measures.add(mark)
    return measures.close()


def group_of(intent: str) -> str:
    """`side_effects.list` of `side_effects.list:velcade`; entries stand for themselves."""
    return intent.partition(":")[0]


def worst_first(tallies: dict[str, Tally]) -> Iterator[tuple[str, Tally]]:
    """Name and tally, those with the most wrong ones first; ties by name."""
    yield from sorted(tallies.items(), key=lambda item: (-item[1].wrong, -(item[1].judged - item[1].right), item[0]))
