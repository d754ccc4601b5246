"""README.md: what it prints is what the bot says, and its two commands are those that the checks run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import README, ROOT, Block, again, blocks, under, written

FIRST_SCREEN = "".join(README.read_text(encoding="utf-8").splitlines(keepends=True)[:40])


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a Unix shell")
@pytest.mark.parametrize("block", [block for block in blocks(README) if block.is_example], ids=str)
def test_the_bot_says_what_is_printed(block: Block, tmp_path: Path) -> None:
    assert again(block, tmp_path) == block.text, "if the change is meant: python -m tests.documents"


def test_the_first_screen_shows_a_question_that_is_declined() -> None:
    transcript = next(block for block in blocks(README) if block.is_session)
    assert transcript.text in FIRST_SCREEN
    assert re.search(r"^> .*\n\n  I don't have an answer to that\.", transcript.text, re.MULTILINE)


def test_the_first_screen_shows_the_library_in_four_lines() -> None:
    library = next(block for block in blocks(README) if block.language == "pycon")
    assert library.text in FIRST_SCREEN
    assert library.text.startswith(">>> from bot import Engine\n")
    assert len(library.text.splitlines()) == 4


@pytest.mark.parametrize(
    ("heading", "command"),
    [
        ("Install and start", "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/faqbot"),
        ("Install and test", "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/python -m pytest -n auto"),
    ],
)
def test_the_two_commands_stand_on_the_first_screen_and_the_checks_run_them(heading: str, command: str) -> None:
    assert under(heading) == command
    assert f"## {heading}\n```sh\n{command}\n```\n" in FIRST_SCREEN
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"command_under '{heading}'" in ci
    assert command not in ci  # it is read from here, so that the two cannot part


def test_the_pack_of_five_lines_has_five_lines_and_no_fault(tmp_path: Path) -> None:
    block = next(block for block in blocks(README) if block.language == "yaml")
    comment, *lines = block.text.splitlines()
    assert comment.startswith("# my-faq/")
    assert len(lines) == 5
    (folder,) = written(block, tmp_path)
    done = subprocess.run([sys.executable, "-m", "bot", "check", "--strict", folder], cwd=ROOT, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "command",
    ["chat", "ask", "check", "import", "export", "init", "schema", "coverage", "diff", "log", "suggest", "serve", "mcp"],
)
def test_every_command_is_in_the_table(command: str) -> None:
    assert re.search(rf"^\|.*`faqbot {command}\b", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_command_is_missing_from_the_tests_above() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, check=True, capture_output=True, text=True)
    commands = re.findall(r"^    (\w+) ", done.stdout, re.MULTILINE)
    assert commands == [
        "chat",
        "ask",
        "check",
        "import",
        "export",
        "init",
        "schema",
        "coverage",
        "diff",
        "log",
        "suggest",
        "serve",
        "mcp",
    ]
