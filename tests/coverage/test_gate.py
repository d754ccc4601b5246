"""Floors: what falls is told, what rises is kept, and nothing comes down by itself."""

from pathlib import Path

import pytest

from bot.coverage.cases import CaseError
from bot.coverage.gate import Floor, Floors, hold, raised, read_floors, write_floors
from bot.coverage.measure import Measures, Tally


def measured(right: int, wrong: int, *, false: int = 0) -> Measures:
    return Measures(sources={"facts": Tally(questions=1000, judged=1000, right=right, wrong=wrong)}, false_verdicts=false)


FLOORS = Floors("digest", {"facts": Floor(right=0.99, wrong=0.002)}, false_verdicts=0)


@pytest.mark.parametrize(("right", "wrong"), [(990, 2), (985, 2), (999, 3)])
def test_within_the_noise_it_passes(right: int, wrong: int) -> None:
    assert hold(measured(right, wrong), FLOORS, "digest").passed


def test_what_fell_is_told() -> None:
    assert hold(measured(984, 2), FLOORS, "digest").fell == (
        "facts: 98.40% right (984 of 1000); the floor is 99.00% and the noise 0.50%",
    )


def test_wrong_answers_have_a_narrower_floor_of_their_own() -> None:
    assert hold(measured(995, 4), FLOORS, "digest").fell == (
        "facts: 0.40% wrong (4 of 1000); at most 0.20% may be, and the noise is 0.10%",
    )
    assert hold(measured(1000, 0, false=1), FLOORS, "digest").fell == ("1 false yes or no; at most 0 may be",)


def test_other_cases_are_noted_and_so_is_what_was_not_asked() -> None:
    floors = Floors("digest", {"probes": Floor(1.0, 0.0)})
    assert hold(measured(1000, 0), floors, "other").notes == (
        "probes: has a floor and was not asked",
        "the cases are not those that the floors were set with; --set-floors takes the new ones over",
    )


def test_floors_rise_with_the_figures_and_come_down_only_when_told() -> None:
    better, kept = raised(measured(995, 1), FLOORS, "new", lower=False)
    assert (better.floors, better.cases, kept) == ({"facts": Floor(0.995, 0.001)}, "new", [])
    same, kept = raised(measured(900, 50, false=3), FLOORS, "new", lower=False)
    assert (same.floors, same.false_verdicts) == (FLOORS.floors, 0)
    assert kept == [
        "facts: right stays at 99.00%, and is 90.00%",
        "facts: wrong stays at 0.20%, and is 5.00%",
        "false yes or no: stays at 0, and is 3",
    ]
    lower, kept = raised(measured(900, 50, false=3), FLOORS, "new", lower=True)
    assert (lower.floors, lower.false_verdicts, kept) == ({"facts": Floor(0.9, 0.05)}, 3, [])


def test_a_figure_holds_the_floor_that_it_set() -> None:
    odd = Measures(sources={"facts": Tally(questions=7, judged=7, right=6, wrong=1)})
    floors, _ = raised(odd, None, "d", lower=False)
    strict = Floors("d", floors.floors, noise=floors.noise.__class__(0.0, 0.0))
    assert hold(odd, strict, "d").passed


def test_floors_are_the_same_after_a_journey(tmp_path: Path) -> None:
    write_floors(tmp_path / "floors.json", FLOORS)
    assert read_floors(tmp_path / "floors.json") == FLOORS
    assert [path.name for path in tmp_path.iterdir()] == ["floors.json"]
    assert read_floors(tmp_path / "none.json") is None


@pytest.mark.parametrize(
    "content", ["", "[]", '{"cases": "d", "floors": {"facts": {"right": 2, "wrong": 0}}}', '{"case": "d"}', "\ufffd"]
)
def test_a_file_that_is_none_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "floors.json").write_text(content, encoding="utf-8")
    with pytest.raises(CaseError, match=r"floors\.json:1:1: is no file of floors: .*; mend it, or remove it"):
        read_floors(tmp_path / "floors.json")
