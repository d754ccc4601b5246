"""Figures: counted by hand on a few marks."""

import pytest
from msgspec.structs import replace

from bot.coverage.cases import Expectation
from bot.coverage.judge import Mark, Outcome
from bot.coverage.measure import MOST_FAILURES, Measures, Point, measure
from bot.coverage.rivals import rivals
from bot.reply import Kind, Verdict
from tests.packs import bakery_pack

ANSWER = Expectation(kind=("answer",))


def mark(
    outcome: Outcome,
    kind: Kind = "answer",
    confidence: float = 0.9,
    expect: Expectation | None = ANSWER,
    *,
    case: str = "c",
    intent: str | None = None,
    faults: tuple[str, ...] = (),
    verdict: Verdict | None = None,
    facets: dict[str, str] | None = None,
    source: str = "s",
) -> Mark:
    return Mark(case, 1, "ask", outcome, kind, "text", confidence, source, ("t",), facets or {}, faults, verdict, intent, expect)


def test_what_is_answered_is_not_what_is_right() -> None:
    found = measure(
        [
            mark("right"), mark("right", "refer", expect=Expectation(kind=("refer",))), mark("wrong"), mark("silent", "fallback"),
            mark("clarified", "clarify"), mark("right", "fallback", expect=Expectation(kind=("fallback",))),
            mark("unjudged", expect=None), mark("unjudged", "fallback", expect=None),
        ]
    )  # fmt: skip
    one = found.all
    assert (one.questions, one.judged, one.answered, one.right, one.wrong, one.clarified, one.silent) == (8, 6, 4, 3, 1, 1, 2)
    assert (one.accuracy, one.wrong_rate, one.coverage) == (3 / 6, 1 / 6, 4 / 8)
    assert (one.precision, one.recall, one.f1) == (1 / 2, 1 / 4, 1 / 3)
    assert found.sources["s"] == found.tags["t"] == one


def test_without_judged_questions_there_is_no_figure() -> None:
    one = measure([mark("unjudged", expect=None)]).all
    assert (one.accuracy, one.wrong_rate, one.precision, one.recall, one.f1, one.coverage) == (None, None, None, None, None, 1.0)
    assert measure([]).risk_coverage() == []
    assert measure([]).calibration_error() is None


def test_risk_and_coverage_go_together() -> None:
    marks = [
        mark("right", confidence=0.95),
        mark("right", confidence=0.9),
        mark("wrong", confidence=0.7),
        mark("silent", "fallback"),
    ]
    assert measure(marks).risk_coverage() == [Point(0.95, 0.25, 0.0), Point(0.9, 0.5, 0.0), Point(0.7, 0.75, 1 / 3)]


def test_calibration_is_how_far_confidence_lies_from_the_truth() -> None:
    marks = [mark("right", confidence=0.95), mark("wrong", confidence=0.95), mark("right", confidence=0.75)]
    found = measure(marks)
    assert [(one.low, one.count, one.right) for one in found.bins()] == [(0.7, 1, 1.0), (0.9, 2, 0.5)]
    assert found.calibration_error() == pytest.approx((2 * 0.45 + 1 * 0.25) / 3)


def test_intents_and_confusions() -> None:
    wants_a = Expectation(intent=("a",))
    found = measure(
        [
            mark("right", expect=wants_a, intent="a"),
            mark("wrong", expect=wants_a, intent="b.list:x", faults=("intent is b.list:x, not a",)),
            mark("silent", "fallback", expect=wants_a, faults=("kind is fallback, not answer", "intent is none, not a")),
            mark("right", expect=Expectation(intent=("b.list",)), intent="b.list:y"),
        ]
    )
    assert (found.intents["a"].wanted, found.intents["a"].given, found.intents["a"].right) == (3, 1, 1)
    assert (found.intents["b.list"].precision, found.intents["b.list"].recall) == (0.5, 1.0)
    assert found.confusions == {("a", "b.list"): 1, ("a", "–"): 1}
    assert found.unreached(["a", "z"]) == ["z"]


def test_a_false_verdict_is_counted_apart() -> None:
    wants_no = Expectation(verdict="no")
    found = measure(
        [
            mark("wrong", expect=wants_no, verdict="yes"),
            mark("wrong", expect=wants_no),
            mark("right", expect=wants_no, verdict="no"),
        ]
    )
    assert (found.false_verdicts, found.verdicts) == (1, 3)


def test_a_perturbation_is_held_against_the_same_questions_before() -> None:
    def made(of: str, outcome: Outcome) -> Mark:
        return mark(outcome, case=f"typo.{of}", facets={"perturbation": "typo", "of": of, "from": "facts"}, source="perturbed")

    clean = [mark("right", case="a"), mark("silent", case="b"), mark("right", case="c")]
    (row,) = measure([*clean, made("a", "right"), made("b", "wrong"), made("x", "right")]).robustness()
    assert (row.perturbation, row.source, row.count, row.clean, row.right, row.wrong) == ("typo", "facts", 2, 0.5, 0.5, 0.5)


def test_held_out_questions_count_for_themselves() -> None:
    found = measure([mark("right"), mark("wrong", source="held-out")])
    assert (found.all.questions, found.sources["held-out"].wrong, found.failure_count) == (1, 1, 0)


def test_wrong_replies_come_first_and_the_slowest_are_kept() -> None:
    found = Measures()
    for number in range(30):
        found.add(mark("wrong" if number % 3 == 0 else "silent", "answer", case=str(number)), seconds=number % 7)
    found.close()
    assert [one.outcome for one in found.failures] == ["wrong"] * 10 + ["silent"] * 20
    assert len(measure([mark("wrong", source=source) for source in "ab" for _ in range(900)]).failures) == 2 * MOST_FAILURES
    assert [one.seconds for one in found.slowest()] == [6, 6, 6, 6, 5, 5, 5, 5, 4, 4]
    assert found.mean_seconds == pytest.approx(sum(n % 7 for n in range(30)) / 30)


def test_phrasings_of_two_entries_that_are_nearly_the_same() -> None:
    pack = bakery_pack()
    twin = replace(pack.entries["stale"], phrasings=["My loaf, where do I store?"])
    (found,) = rivals(replace(pack, entries={**pack.entries, "stale": twin}))
    assert (found.likeness, found.entry, found.other) == (1.0, "keeping", "stale")
    assert rivals(pack) == []
