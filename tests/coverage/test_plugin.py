"""`pytest --faqbot`, run as somebody else's project would run it: in a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packs import write_bakery

Run = Callable[..., tuple[int, str]]

CASES = """\
- {ask: Which breads contain milk?, has: [Brioletta], tags: [milk]}
- {ask: who won the cup, kind: fallback}
- id: talk
  turns:
    - {ask: What is sourdough?, expect: {kind: answer}}
    - {ask: and its allergens?, expect: {has: milk}}
- {ask: nobody says what is right}
"""


@pytest.fixture
def project(tmp_path: Path) -> Run:
    """Run pytest in a project that has a pack, cases and a test of its own: exit code and output."""
    (tmp_path / "bakery").mkdir()
    write_bakery(tmp_path / "bakery")
    (tmp_path / "questions" / "more").mkdir(parents=True)
    (tmp_path / "questions" / "cases.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "questions" / "more" / "table.csv").write_text("ask,kind\nwho won the cup,fallback\n", encoding="utf-8")
    (tmp_path / "questions" / "notes.txt").write_text("no questions\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env={**env, "FAQBOT_CACHE": str(tmp_path / "cache"), "COLUMNS": "100"},
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
        return done.returncode, done.stdout

    return run


def test_cases_are_items_beside_the_tests_of_the_project(project: Run) -> None:
    code, out = project("--faqbot", "questions", "--faqbot-pack", "bakery")
    assert code == 1
    assert "1 failed, 4 passed, 1 skipped" in out
    assert "questions/cases.yaml:3: wrong: lacks 'milk'\n" in out
    assert "> What is sourdough?\nSourdough rises with a starter." in out
    assert "\n> and its allergens?\n" in out
    assert "\nE   lacks 'milk'\n" in out
    assert "Traceback" not in out
    assert "SKIPPED [1] questions/cases.yaml: nobody says what is right" in out


@pytest.mark.parametrize(
    ("arguments", "summary"),
    [
        (["questions", "-k", "milk"], "1 passed, 4 deselected"),
        (["questions/cases.yaml::talk"], "1 failed"),
        (["test_own.py"], "1 failed, 4 passed, 1 skipped"),
        ([".", "-n", "2"], "1 failed, 4 passed, 1 skipped"),
    ],
)
def test_cases_are_chosen_like_tests(project: Run, arguments: list[str], summary: str) -> None:
    assert summary in project("--faqbot", "questions", "--faqbot-pack", "bakery", *arguments)[1]


def test_settings_in_a_file_do_as_well(project: Run, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nfaqbot_cases = questions/more\nfaqbot_pack = bakery\n", encoding="utf-8")
    code, out = project()
    assert (code, "2 passed" in out) == (0, True)


def test_nothing_of_faqbot_is_imported_unless_it_is_asked_for(project: Run, tmp_path: Path) -> None:
    own = "import sys\n\ndef test_own():\n    assert not {'bot.engine', 'bot.coverage.cases', 'yaml'} & set(sys.modules)\n"
    (tmp_path / "test_own.py").write_text(own, encoding="utf-8")
    code, out = project("-p", "no:hypothesispytest")
    assert (code, "1 passed" in out) == (0, True)


def test_faults_are_told_with_their_places(project: Run, tmp_path: Path) -> None:
    (tmp_path / "questions" / "bad.yaml").write_text("- {ask: x, intent: crusts}\n- {aks: y}\n", encoding="utf-8")
    code, out = project("--faqbot", "questions/bad.yaml", "--faqbot-pack", "bakery")
    assert code == 2
    assert "questions/bad.yaml:2:4: unknown key 'aks' in the case (did you mean 'ask'?)" in out
    code, out = project("--faqbot", "questions", "--faqbot-pack", "nowhere")
    assert code == 2
    assert "nowhere: there is no such folder" in out
    code, out = project("--faqbot", "missing")
    assert code == 4
    assert "--faqbot: there is no file or folder" in out
