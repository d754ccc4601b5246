"""The report on the banks, as its reader sees it."""

import json
import os
from pathlib import Path

import pytest

from benchmarks import accuracy
from bot import Engine
from bot.coverage.reading import read_cases
from tests.documents import ROOT

PACK = """\
pack: {title: Tea, greeting: Hello., notice: None., source: {title: The tea book, publisher: Leaf Press}}
entries:
  pot:
    question: What is a teapot for?
    answer: It keeps the leaves together.
    section: Pots
    phrasings: [use of a teapot, teapot purpose]
"""

WORK = """\
{"id": "w-1", "tags": ["pot"], "turns": [{"ask": "use of a teapot", "expect": {"kind": ["answer"], "has": [["leaves"]]}}]}
{"id": "w-2", "tags": ["pot", "odd"], "turns": [{"ask": "teapot purpose", "expect": {"kind": ["fallback"]}}]}
{"id": "w-3", "tags": ["odd"], "turns": [{"ask": "what is the moon made of", "expect": {"kind": ["answer"]}}]}
{"id": "w-4", "turns": [{"ask": "what is a teapot for, of which nobody says what is right"}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a pack, a bank to work with and one that is held out."""
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea" / "tea.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "a.work.jsonl").write_text(WORK, encoding="utf-8")
    (tmp_path / "a.held_out.jsonl").write_text(WORK.replace("w-", "h-"), encoding="utf-8")
    return tmp_path


def report(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert accuracy.main(list(map(str, arguments))) == 0
    return capsys.readouterr().out


def test_each_bank_and_each_group_has_its_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine, *lines = report(capsys, folder, "--pack", folder / "tea").splitlines()
    assert "Python " in machine and "rapidfuzz " in machine  # noqa: PT018
    assert lines == [
        "",
        "                               questions           right           wrong          silent",
        "a.work                                 3      1   33.33%      1   33.33%      1   33.33%",
        "a.held_out                             3      1   33.33%      1   33.33%      1   33.33%",
        "",
        "work, all                              3      1   33.33%      1   33.33%      1   33.33%",
        "  the wrong ones are: 1 answer",
        "",
        "held out, all                          3      1   33.33%      1   33.33%      1   33.33%",
        "  the wrong ones are: 1 answer",
    ]


def test_tags_and_failures_on_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = report(capsys, folder / "a.work.jsonl", "--pack", folder / "tea", "--tags", "--failures")
    assert "  odd                                  2      0    0.00%      1   50.00%      1   50.00%\n" in shown
    assert "\nWRONG w-2 turn 1 [pot, odd]: kind is answer, not fallback\n  > teapot purpose\n  answer " in shown
    assert "\nSILENT w-3 turn 1 [odd]: kind is fallback, not answer\n  > what is the moon made of\n  fallback " in shown


def test_what_is_held_out_is_shown_only_by_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tea = ("--pack", folder / "tea")
    assert "h-2" not in report(capsys, folder, *tea, "--failures")
    assert json.loads(report(capsys, folder, *tea, "--json"))["banks"]["a.held_out"]["marks"] == []
    assert "WRONG h-2" in report(capsys, folder / "a.held_out.jsonl", *tea, "--failures")


def test_a_limit_and_the_figures_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(report(capsys, folder / "a.work.jsonl", "--pack", folder / "tea", "--json", "--limit", "2"))
    group = {name: found["groups"]["work, all"][name] for name in ("questions", "right", "wrong", "silent")}
    assert group == {"questions": 2, "right": 1, "wrong": 1, "silent": 0}
    assert [one["ask"] for one in found["banks"]["a.work"]["marks"]] == ["use of a teapot", "teapot purpose"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.jsonl", "cannot run: there is no file or folder none.jsonl\n"),
        ("tea", "cannot run: the folder tea holds no bank (*.jsonl)\n"),
        ("tea/tea.yaml", "cannot run: a bank has faults\ntea/tea.yaml:1:1: a file of cases should be a list"),
    ],
)
def test_what_is_missing_is_said_plainly(
    folder: Path, name: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as left:
        accuracy.main([name])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith(message)


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "questions").glob("*.jsonl")), ids=lambda path: path.name)
def test_the_banks_of_this_project_are_sound(path: Path) -> None:
    cases = read_cases(path)
    assert sum(len(case.turns) for case in cases) > 20
    assert [case.id for case in cases for turn in case.turns if turn.expect is None or not turn.expect.kind] == []


@pytest.mark.skipif("FAQBOT_SHARED" not in os.environ, reason="needs shared data: set FAQBOT_SHARED to the folder that holds it")
def test_the_shared_sample_of_questions_is_mostly_answered_rightly() -> None:
    cases = read_cases(Path(os.environ["FAQBOT_SHARED"]) / "questions" / "sample.jsonl")
    figures = accuracy.tally(accuracy.marks_in(cases, Engine.load()))
    assert figures.right > 0.9 * figures.questions, figures
    assert figures.wrong < 0.05 * figures.questions, figures
