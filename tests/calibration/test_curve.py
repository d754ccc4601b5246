import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calibration.curve import STRICTEST, Calibration, Scope, Trial, choose, curve, point_at, sort_of

BUILT_IN = 0.65


def trials(*results: tuple[float, bool, int]) -> list[Trial]:
    """So many trials with each threshold and each end."""
    return [Trial(threshold, is_right) for threshold, is_right, number in results for _ in range(number)]


def calibration(inside: list[Trial], outside: list[Trial]) -> Calibration:
    return Calibration((sort_of("phrasings", "in scope", inside), sort_of("probes", "out of scope", outside)))


WELL_KNOWN = calibration(
    trials((0.9, True, 600), (0.8, True, 200), (0.8, False, 100), (0.0, False, 100)),
    trials((0.8, False, 50), (0.5, False, 950)),
)
"""Of 1,000 questions in scope 600 are right from 0.9 on, and 200 more, with 100 wrong ones, from 0.8 on."""


def test_half_of_all_questions_are_taken_to_be_out_of_scope() -> None:
    first, second, last = curve(WELL_KNOWN)
    assert (first.threshold, first.wrong, first.risk) == (0.9, 0.0, 0.0)
    assert first.answered == pytest.approx(0.6)
    assert second.threshold == 0.8
    assert second.answered == pytest.approx(0.9)
    assert second.wrong == pytest.approx((0.1 + 0.05) / 2)
    assert second.outside == pytest.approx(0.05)
    assert second.risk == pytest.approx(0.15 / (0.9 + 0.05))
    assert last.wrong == pytest.approx((0.1 + 1.0) / 2)


def test_what_is_expected_makes_room_for_one_more_wrong_answer_of_each_sort() -> None:
    assert curve(WELL_KNOWN)[0].expected == pytest.approx((1 / 1001 + 1 / 1001) / 2)


def test_the_lowest_threshold_that_keeps_to_the_rate_is_chosen() -> None:
    strict, loose = choose(WELL_KNOWN, 0.01, BUILT_IN), choose(WELL_KNOWN, 0.1, BUILT_IN)
    assert (strict.point.threshold, strict.keeps) == (0.9, True)
    assert (loose.point.threshold, loose.keeps) == (0.8, True)


def test_few_questions_cannot_show_that_a_rate_is_kept() -> None:
    few = calibration(trials((0.9, True, 9), (0.7, False, 1)), trials((0.72, False, 1), (0.0, False, 9)))
    found = choose(few, 0.01, BUILT_IN)
    assert not found.keeps
    assert found.point.threshold == pytest.approx(0.7201)  # nothing was wrong above
    assert found.point.expected > 0.01
    never_wrong = calibration(trials((0.9, True, 10)), trials((0.0, False, 10)))
    assert choose(never_wrong, 0.01, BUILT_IN).point.threshold == BUILT_IN


def test_the_packs_own_words_are_always_answered() -> None:
    hopeless = calibration(trials((1.0, False, 500)), trials((1.0, False, 500)))
    found = choose(hopeless, 0.01, BUILT_IN)
    assert (found.point.threshold, found.keeps) == (STRICTEST, False)


@pytest.mark.parametrize("scope", ["in scope", "out of scope"])
def test_both_scopes_must_be_asked(scope: Scope) -> None:
    alone = Calibration((sort_of("some", scope, trials((0.9, True, 500))),))
    assert curve(alone) == []
    assert not choose(alone, 0.4, BUILT_IN).keeps
    assert not choose(Calibration(()), 0.4, BUILT_IN).keeps


def test_a_sort_that_is_made_in_any_number_drowns_no_other() -> None:
    made = sort_of("probes", "out of scope", trials((0.9, False, 100_000)))
    written = sort_of("examples", "out of scope", trials((0.0, False, 100)), is_written=True)
    inside = sort_of("phrasings", "in scope", trials((0.9, True, 100)))
    assert point_at(Calibration((inside, made, written)), 0.9).outside == pytest.approx(0.5)


counted = st.lists(st.builds(Trial, st.integers(0, 10_000).map(lambda step: step / 10_000), st.booleans()), max_size=60)


@given(counted, counted, st.floats(0.001, 0.49))
def test_a_choice_is_what_its_point_says(inside: list[Trial], outside: list[Trial], rate: float) -> None:
    """Against the slow way: every threshold is looked at, and every trial counted."""
    asked = calibration(inside, [Trial(trial.threshold, False) for trial in outside])
    found = choose(asked, rate, BUILT_IN)

    def expected(threshold: float) -> float:
        wrong = sum(trial.threshold >= threshold and not trial.is_right for trial in inside if trial.threshold)
        answered = sum(trial.threshold >= threshold for trial in outside if trial.threshold)
        return (wrong + 1) / (len(inside) + 1) / 2 + (answered + 1) / (len(outside) + 1) / 2

    if found.keeps:
        assert found.point.threshold <= STRICTEST
        assert expected(found.point.threshold) == pytest.approx(found.point.expected)
        assert expected(found.point.threshold) <= rate + 1e-9
        lower = [t.threshold for t in (*inside, *outside) if 0 < t.threshold < found.point.threshold]
        assert all(expected(threshold) > rate - 1e-9 for threshold in lower)
    elif inside and outside:
        assert expected(STRICTEST) > rate - 1e-9


@given(counted, counted)
def test_the_lower_the_threshold_the_more_is_answered_and_the_more_is_wrong(inside: list[Trial], outside: list[Trial]) -> None:
    points = curve(calibration(inside, outside))
    assert all(
        one.threshold > other.threshold and one.answered <= other.answered + 1e-9 and one.wrong <= other.wrong + 1e-9
        for one, other in itertools.pairwise(points)
    )
