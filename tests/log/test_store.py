"""The log of questions: what it keeps, for how long, and what happens when the file is not as it should be."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.log.store import LogError, QuestionLog, purge, questions_in, version_of
from bot.reply import Candidate, Kind, Reply
from tests.documents import ROOT
from tests.packs import bakery, write_bakery


def reply(kind: Kind, intent: str | None = None) -> Reply:
    return Reply(kind=kind, text="-", markdown="-", confidence=0.25, intent=intent, candidates=(Candidate("keeping", 0.25),))


def test_what_is_not_answered_is_kept_and_the_rest_is_not(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "q.db", pack="abc", now=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert log.add("who won, I am Ann Lee?", reply("fallback")) == 1
    assert log.add("which?", reply("clarify")) == 2
    assert log.add("How should bread be kept?", bakery().ask("How should bread be kept?")) is None
    assert log.rate("is it good?", reply("answer", "keeping"), helpful=False, note="too short, ring 0123 456 7890") == 3
    assert log.rate("fine", reply("answer"), helpful=True) is None
    first, second, third = questions_in(tmp_path / "q.db")
    assert (first.reason, second.reason, third.reason) == ("unanswered", "clarified", "bad")
    assert (first.time, first.question, first.pack) == ("2026-03-01T12:00:00Z", "who won, I am [name]?", "abc")
    assert (first.kind, first.confidence, first.candidates) == ("fallback", 0.25, (Candidate("keeping", 0.25),))
    assert (third.intent, third.note) == ("keeping", "too short, ring [phone]")


def test_a_bad_rating_joins_the_question_that_is_kept_already(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "q.db")
    kept = log.add("who won", reply("fallback"))
    assert log.rate("who won", None, helpful=False, note="you should know", kept=kept) == kept
    (one,) = questions_in(tmp_path / "q.db")
    assert (one.reason, one.note) == ("bad", "you should know")


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    QuestionLog(tmp_path / "q.db").add("who won", reply("fallback"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_questions_go_when_their_time_is_over(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    log = QuestionLog(tmp_path / "q.db", keep_days=30, now=lambda: now)
    log.add("old", reply("fallback"))
    now += timedelta(days=29)
    log.add("newer", reply("fallback"))
    assert [one.question for one in questions_in(tmp_path / "q.db")] == ["old", "newer"]
    now += timedelta(days=2)
    log.add("newest", reply("fallback"))
    assert [one.question for one in questions_in(tmp_path / "q.db")] == ["newer", "newest"]
    now += timedelta(days=40)
    QuestionLog(tmp_path / "q.db", keep_days=30, now=lambda: now)
    assert list(questions_in(tmp_path / "q.db")) == []


def test_a_purged_question_is_nowhere_in_the_files(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "q.db")
    for number in range(50):
        log.add(f"secretword {number}", reply("fallback"))
    assert purge(tmp_path / "q.db", before=datetime(2020, 1, 1, tzinfo=UTC)) == (0, 50)
    assert purge(tmp_path / "q.db") == (50, 0)
    assert [path.name for path in tmp_path.iterdir() if b"secretword" in path.read_bytes()] == []


DIES = """
import os, sys
from bot.log.store import QuestionLog
from bot.reply import Reply
log = QuestionLog(sys.argv[1])
for number in range(20):
    log.add(f"question {number}", Reply(kind="fallback", text="-", markdown="-"))
    print(number, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_process_that_is_killed_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(tmp_path / "q.db")], env={**os.environ, "PYTHONPATH": str(ROOT)},
                          check=False, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == -9
    acknowledged = done.stdout.split()
    assert [one.question for one in questions_in(tmp_path / "q.db")] == [f"question {number}" for number in acknowledged]
    assert len(acknowledged) == 20


def test_threads_and_logs_on_one_file_lose_nothing(tmp_path: Path) -> None:
    logs = [QuestionLog(tmp_path / "q.db", patience=60) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: logs[number % 2].add(f"q{number}", reply("fallback")), range(100)))
    assert {one.question for one in questions_in(tmp_path / "q.db")} == {f"q{number}" for number in range(100)}


def test_a_file_that_another_process_holds_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    told: list[str] = []
    log = QuestionLog(tmp_path / "q.db", patience=0.01, on_trouble=told.append)
    strict = QuestionLog(tmp_path / "q.db", patience=0.01)
    other = sqlite3.connect(tmp_path / "q.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert log.add("who won", reply("fallback")) is None
    with pytest.raises(LogError, match="another process holds it"):
        strict.add("who won", reply("fallback"))
    assert told == [f"{tmp_path / 'q.db'}: another process holds it; try again when that is done"]
    other.execute("ROLLBACK")
    other.close()
    assert log.add("who won", reply("fallback")) == 1


def test_files_that_are_no_log(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("many words that are no database\n" * 99, encoding="utf-8")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()
    for name in ("text", "other.db"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(LogError, match="is no log of questions; name another file"):
            QuestionLog(tmp_path / name)
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(LogError, match="cannot be opened: No such file or directory"):
        QuestionLog(tmp_path / "nowhere" / "q.db")
    with pytest.raises(LogError, match="cannot be opened: Is a directory"):
        QuestionLog(tmp_path)
    with pytest.raises(LogError, match="there is no such log"):
        list(questions_in(tmp_path / "missing.db"))


def test_the_version_of_a_pack_follows_its_files(tmp_path: Path) -> None:
    write_bakery(tmp_path)
    before = version_of(tmp_path)
    assert len(before) == 12
    assert version_of(tmp_path) == before
    with (tmp_path / "bakery.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert version_of(tmp_path) != before
