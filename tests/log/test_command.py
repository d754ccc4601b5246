"""The log from outside: who turns it on, and `faqbot log`."""

import io
import json
from pathlib import Path

import pytest

from bot.coverage.reading import read_cases
from bot.engine import Engine
from bot.log.store import QuestionLog, questions_in
from bot.shell.commands import run as run_command
from bot.shell.later import Later
from bot.shell.talk import Talk
from tests.commands import Run, in_folder, run
from tests.packs import bakery


@pytest.fixture
def faqbot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command, with a standard input, in a folder that holds the pack `bakery`."""
    in_folder(tmp_path, monkeypatch)

    def call(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        return run(capsys, *arguments)

    return call


ASKED = "How should bread be kept?\nwho won the cup\n\nmy name is Ann Lee, who won the league?\n"


def test_nothing_is_kept_unless_somebody_says_so(faqbot: Run, tmp_path: Path) -> None:
    assert faqbot("chat", "--pack", "bakery", typed=ASKED)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bakery", "cache"]


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_log_is_kept_listed_exported_and_purged(faqbot: Run, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    if by == "environment":
        monkeypatch.setenv("FAQBOT_LOG", "q.db")
    option = ["--log", "q.db"] if by == "option" else []
    file = ["q.db"] if by == "option" else []
    code, out, err = faqbot("chat", "--pack", "bakery", *option, typed=ASKED)
    assert (code, out.count("\n"), err) == (0, 4, "")
    listed = faqbot("log", "list", *file)[1]
    assert "unanswered  who won the cup" in listed
    assert "unanswered  my name is [name], who won the league?" in listed
    assert "bread" not in listed
    assert [json.loads(line)["question"] for line in faqbot("log", "list", *file, "--json", "--most", "1")[1].splitlines()] == [
        "my name is [name], who won the league?"
    ]
    assert faqbot("log", "export", *file, "--as", "text")[1] == "who won the cup\nmy name is [name], who won the league?\n"
    assert faqbot("log", "export", *file, "--reason", "bad")[1] == ""
    assert faqbot("log", "export", *file, "--as", "csv", "--to", "q.csv") == (0, "", "")
    assert [case.turns[0].expect for case in read_cases(Path("q.csv"))] == [None, None]
    assert faqbot("log", "purge", *file, "--days", "1")[1] == "0 removed, 2 left\n"
    assert faqbot("log", "purge", *file, "--all")[1] == "2 removed, 0 left\n"
    assert faqbot("log", "list", *file)[1] == "no questions\n"


def test_what_cannot_be_done_is_told(faqbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "which log? Name the file, or set FAQBOT_LOG" in faqbot("log", "list")[2]
    assert faqbot("log", "list", "q.db") == (
        2,
        "",
        "faqbot: q.db: there is no such log; `--log FILE` of `faqbot chat` or `serve` keeps one\n",
    )
    Path("text").write_text("no database, but a text that is long enough" * 99, encoding="utf-8")
    code, out, err = faqbot("chat", "--pack", "bakery", "--log", "text", typed=ASKED)
    assert (code, out, err) == (2, "", "faqbot: error: text: is no log of questions; name another file\n")
    monkeypatch.setenv("FAQBOT_LOG_DAYS", "soon")
    code, _, err = faqbot("chat", "--pack", "bakery", "--log", "q.db", typed=ASKED)
    assert (code, err) == (2, "faqbot: error: FAQBOT_LOG_DAYS should be a whole number from 1 to 100000, got 'soon'\n")


def test_feedback_in_the_shell_reaches_the_log(tmp_path: Path) -> None:
    later: Later[Engine] = Later(bakery)
    talk = Talk(later, "Bakery", QuestionLog(tmp_path / "q.db"))
    talk.ask("How should bread be kept?")
    assert "the log that the operator keeps" in run_command("/feedback bad mine got mouldy", talk)[0].text
    talk.ask("who won the cup")
    assert "nothing is sent" in run_command("/feedback good", talk)[0].text
    first, second = questions_in(tmp_path / "q.db")
    assert (first.reason, first.intent, first.note) == ("bad", "keeping", "mine got mouldy")
    assert (second.reason, second.note) == ("unanswered", "")
