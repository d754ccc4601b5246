"""`faqbot diff`: what it tells of two packs, or two revisions of one, and the exit code."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coverage.diff.compare import differences
from bot.coverage.diff.telling import as_markdown
from bot.coverage.diff.words import word_diff
from bot.coverage.judge import Mark
from tests.commands import Run, in_folder, run
from tests.packs import BAKERY
from tests.tools import tool

ANSWER = "Keep bread in a box of clay or wood."


def write_pack(folder: str, text: str = BAKERY) -> None:
    Path(folder).mkdir(exist_ok=True)
    (Path(folder) / "bakery.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `faqbot diff` in an empty folder: exit code, output, errors."""
    in_folder(tmp_path, monkeypatch, bakery=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        return run(capsys, "diff", "--jobs", "1", *arguments)

    return call


def test_packs_that_answer_the_same(diff: Run) -> None:
    write_pack("a")
    write_pack("b", BAKERY + "# a remark\n")
    code, out, err = diff("a", "b")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"a → b\n(\d+) questions: \1 the same\n", out)


def test_every_sort_of_change(diff: Run) -> None:
    write_pack("a")
    changed = BAKERY.replace(ANSWER, "Keep bread in a box of steel.").replace("section: Baking", "section: Ovens")
    begin, end = changed.index("  freezing:\n"), changed.index("  crust:\n")
    new = "  parking:\n    question: Where can I park?\n    answer: Park behind the mill.\n    section: Shop\n"
    write_pack("b", changed[:begin] + new + changed[end:])
    Path("q.log").write_text(
        "How should bread be kept?\nputting bread into the freezer\nWhy does the crust crack?\n"
        "Where can I park?\nwho won the cup\n",
        encoding="utf-8",
    )
    code, out, _ = diff("a", "b", "q.log")
    assert code == 1
    assert out == (
        "a → b\n"
        "5 questions: 1 went silent, 1 answered otherwise, 1 answered now, 1 another source, 1 the same\n"
        "\n"
        "went silent (1)\n"
        "  > putting bread into the freezer\n"
        "    - Bread keeps for three months in the freezer.\n"
        "\n"
        "answered otherwise (1)\n"
        "  > How should bread be kept?\n"
        "      Keep bread in a box of [-clay or wood-]{+steel+}.\n"
        "\n"
        "answered now (1)\n"
        "  > Where can I park?\n"
        "    + Park behind the mill.\n"
        "\n"
        "another source (1)\n"
        "  > Why does the crust crack?\n"
        "      The crust cracks when the dough was not proofed for long enough.\n"
        "      source: [-Crumb Press: The bread book, Baking-]{+Crumb Press: The bread book, Ovens+}\n"
        "\n"
        "lost (1)\n"
        "  > putting bread into the freezer\n"
        "    q.log:2: was answered and is not\n"
    )
    assert diff("a", "b", "q.log", "--most-lost", "1")[0] == 0
    found = json.loads(diff("a", "b", "q.log", "--json")[1])
    assert found["counts"] == {"silent": 1, "changed": 1, "answers": 1, "source": 1}
    assert [piece for piece in found["changes"][1]["words"] if piece["was"] != "same"] == [
        {"was": "removed", "text": "clay or wood"},
        {"was": "added", "text": "steel"},
    ]
    marked = diff("a", "b", "q.log", "--markdown")[1]
    assert "| 5 | 1 | 1 | 1 | 1 | 1 | 1 |" in marked
    assert "Keep bread in a box of <del>clay or wood</del><ins>steel</ins>." in marked
    assert diff("b", "a", "q.log")[0] == 1  # the car park is lost


def test_what_was_right_and_is_not_is_lost(diff: Run) -> None:
    write_pack("a")
    write_pack("b", BAKERY.replace(ANSWER, "Keep bread in a box of steel."))
    Path("cases.yaml").write_text("- {ask: How should bread be kept?, has: clay}\n", encoding="utf-8")
    code, out, _ = diff("a", "b", "cases.yaml")
    assert code == 1
    assert "    cases.yaml:1: was right and is wrong: lacks 'clay'\n" in out
    assert diff("b", "a", "cases.yaml")[0] == 0


def test_the_packs_are_asked_what_both_say(diff: Run) -> None:
    write_pack("a")
    begin, end = BAKERY.index("  freezing:\n"), BAKERY.index("  crust:\n")
    write_pack("b", BAKERY[:begin] + BAKERY[end:])
    assert "went silent" in diff("a", "b", "--sources", "self-test")[1]
    assert "answered now" in diff("b", "a", "--sources", "self-test")[1]


def test_two_revisions_of_one_pack(diff: Run) -> None:
    git = [tool("git", "git"), "-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    write_pack("faq@home")
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    write_pack("faq@home", BAKERY.replace("clay or wood", "steel"))
    Path("q.log").write_text("How should bread be kept?\n", encoding="utf-8")
    code, out, err = diff("faq@home@HEAD", "faq@home/", "q.log")
    assert (code, err) == (0, "")
    assert out.startswith("faq@home@HEAD → faq@home/\n1 question: 1 answered otherwise, 0 the same\n")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    assert "[-clay or wood-]{+steel+}" in diff("faq@home/@HEAD~1", "faq@home@HEAD", "q.log")[1]
    (Path("faq@home") / "bakery.yaml").write_text("entries: {}\n", encoding="utf-8")
    subprocess.run([*git, "commit", "-qam", "three"], check=True)
    code, _, err = diff("faq@home@HEAD~1", "faq@home@HEAD", "q.log")
    assert code == 2
    assert err.startswith("faq@home@HEAD: no file has a section 'pack'")
    assert diff("faq@home@nope", "faq@home@HEAD~1")[2] == "faqbot: faq@home@nope: git knows no revision 'nope'\n"
    assert diff("other@HEAD", "faq@home@HEAD~1")[2] == "faqbot: other: was no folder at 'HEAD'\n"
    assert diff("faq@home@--help", "faq@home@HEAD~1")[0] == 2


def test_what_cannot_be_compared(diff: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack("a")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path.cwd().parent))
    assert diff("a@HEAD", "a")[::2] == (2, "faqbot: a: is in no git repository, so there is no revision of it\n")
    assert diff("a", "nowhere")[2].startswith("nowhere: there is no such folder\n")
    assert diff("a", "a", "none.yaml")[::2] == (2, "none.yaml: there is no such file or folder\n")
    assert "there is no source 'x'" in diff("a", "a", "--sources", "x")[2]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.was != "added") == old
    assert "".join(piece.text for piece in pieces if piece.was != "removed") == new


def test_nothing_in_an_answer_is_markdown() -> None:
    def mark(text: str) -> Mark:
        return Mark("c", 1, "who *is* <b>@team</b>?", "unjudged", "answer", text, 0.9)

    page = as_markdown(differences("a", "b", [(mark("old"), mark("<script>[x](y)</script>"))]), most=5)
    assert "<script>" not in page
    assert "@team" not in page
    assert "\\*is\\*" in page
    assert "\\[x\\](y)" in page
