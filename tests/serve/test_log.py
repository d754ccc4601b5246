"""What is logged: never what was asked, unless the operator wants a question log; and nobody can forge a line."""

import io
import json
import logging
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.log.store import LogError, QuestionLog, questions_in, version_of
from bot.serve.log import JsonLines, Plain, configure
from bot.serve.settings import fingerprint
from tests.packs import bakery, write_bakery
from tests.serve.conftest import Open
from tests.serve.test_api import begin, say

SECRET = "my name is Rosalind Zimmer and I want a car"
MASKED = "my name is [name] and I want a car"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the server logs in this test."""
    stream = io.StringIO()
    loggers = [logging.getLogger(name) for name in ("faqbot", "uvicorn.error")]
    before = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    configure(stream)
    yield stream
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_no_text_and_no_id_is_logged(serving: Open, lines: io.StringIO) -> None:
    client = serving(access_log=True)
    id = begin(client)
    say(client, id, SECRET)
    client.post("/v1/ask", json={"text": SECRET})
    client.post(f"/v1/ask?text={SECRET}", content=SECRET.encode())
    client.get(f"/{SECRET}")
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["route"], line["status"]) for line in logged] == [
        ("/v1/conversations", 201),
        ("/v1/conversations/{id}/messages", 200),
        ("/v1/ask", 200),
        ("/v1/ask", 415),
        ("other", 404),
    ]
    assert "Zimmer" not in lines.getvalue()
    assert id not in lines.getvalue()


def test_without_the_access_log_nothing_is_said_of_a_request(serving: Open, lines: io.StringIO) -> None:
    serving().post("/v1/ask", json={"text": SECRET})
    assert lines.getvalue() == ""


def test_a_failure_is_logged_without_the_text(serving: Open, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serving()

    def fail(text: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(client.app.state.service.current.engine, "ask", fail)  # type: ignore[attr-defined]
    response = client.post("/v1/ask", json={"text": SECRET})
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["event"], line["request"]) == ("a request failed", response.headers["x-request-id"])
    assert "RuntimeError: broken" in line["traceback"]
    assert "Zimmer" not in lines.getvalue()


FORGED = 'x\r\n{"level": "error", "event": "all is lost"}\n\x1b[2J\u2028\u202e'


@pytest.mark.parametrize("formatter", [JsonLines(), Plain()])
def test_a_line_cannot_be_forged(formatter: logging.Formatter) -> None:
    record = logging.makeLogRecord({"msg": FORGED, "levelname": "INFO", "why": FORGED})
    text = formatter.format(record)
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


def test_a_header_cannot_be_injected(serving: Open) -> None:
    client = serving(origins=("https://shop.example",))
    response = client.get("/v1/models/a%0d%0aSet-Cookie:%20b=c", headers={"Origin": "https://shop.example"})
    assert response.status_code == 404
    assert "set-cookie" not in response.headers


def test_the_question_log_holds_what_was_not_answered_and_nothing_personal(serving: Open, tmp_path: Path) -> None:
    path = tmp_path / "questions.db"
    client = serving(question_log=str(path))
    id = begin(client)
    say(client, id, SECRET)
    for text in ("what is proofing", "who won the cup", " "):
        client.post("/v1/ask", json={"text": text})
    client.post("/v1/feedback", json={"helpful": False, "intent": "keeping", "text": SECRET})
    client.post("/v1/feedback", json={"helpful": True, "intent": "keeping", "text": "how is bread kept"})
    client.post("/v1/feedback", json={"helpful": False})
    assert [(one.reason, one.question, one.kind, one.intent) for one in questions_in(path)] == [
        ("unanswered", MASKED, "fallback", None),
        ("unanswered", "who won the cup", "fallback", None),
        ("bad", MASKED, None, "keeping"),
    ]
    assert id.encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_question_log_forgets_in_time(serving: Open, tmp_path: Path) -> None:
    path = tmp_path / "questions.db"
    long_ago = QuestionLog(path, now=lambda: datetime.now(UTC) - timedelta(days=10))
    long_ago.add("who won the cup", bakery().ask("who won the cup"))
    long_ago.close()
    serving(question_log=str(path), question_log_days=11)
    assert len(list(questions_in(path))) == 1
    serving(question_log=str(path), question_log_days=9)
    assert list(questions_in(path)) == []


def test_the_question_log_tells_which_pack_was_asked(serving: Open, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    pack = write_bakery(tmp_path / "pack")
    path = tmp_path / "questions.db"
    client = serving(pack=str(pack), question_log=str(path), admin_tokens=(fingerprint("the-keeper-of-horses"),))
    client.post("/v1/ask", json={"text": "who won the cup"})
    file = pack / "bakery.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Proofing is the last rise", "Proofing is what we call it"))
    assert client.post("/v1/reload", headers={"Authorization": "Bearer the-keeper-of-horses"}).status_code == 200
    client.post("/v1/ask", json={"text": "who won the cup"})
    before, after = [one.pack for one in questions_in(path)]
    assert before != after == version_of(pack)


def test_a_question_log_that_cannot_be_used_stops_the_start(serving: Open, tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text("no database, but a text that is long enough" * 99)
    with pytest.raises(LogError, match="is no log of questions; name another file"):
        serving(question_log=str(path))


def test_a_question_log_that_cannot_be_written_is_told_once_and_stops_nobody(
    serving: Open, lines: io.StringIO, tmp_path: Path
) -> None:
    path = tmp_path / "questions.db"
    client = serving(question_log=str(path))
    held = sqlite3.connect(path)
    held.execute("BEGIN EXCLUSIVE")
    assert [client.post("/v1/ask", json={"text": "who won the cup"}).status_code for _ in range(3)] == [200] * 3
    held.close()
    assert client.post("/v1/ask", json={"text": "who won the cup"}).status_code == 200
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["level"], line["event"]) == ("error", "questions are not kept")
    assert line["why"].endswith("another process holds it; try again when that is done")
    assert len(list(questions_in(path))) == 1
