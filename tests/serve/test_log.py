"""What is logged: never what was asked, unless the operator wants a question log; and nobody can forge a line."""

import io
import json
import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serve.log import JsonLines, Plain, configure
from tests.packs import bakery
from tests.serve.conftest import Open
from tests.serve.test_api import begin, say, wire

SECRET = "my name is Rosalind Zimmer and I want rye"


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


def test_the_question_log_holds_what_was_asked_and_answered(serving: Open, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    client = serving(question_log=str(path))
    id = begin(client)
    say(client, id, SECRET)
    client.post("/v1/ask", json={"text": "what is\nproofing"})
    client.post("/v1/feedback", json={"helpful": False, "intent": "keeping", "text": SECRET})
    said, asked, feedback = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (said["ask"], said["reply"]) == (SECRET, wire(bakery().conversation().ask(SECRET)))
    assert (asked["ask"], asked["reply"]) == ("what is\nproofing", wire(bakery().ask("what is\nproofing")))
    assert {key: feedback[key] for key in ("ask", "intent", "helpful")} == {"ask": SECRET, "intent": "keeping", "helpful": False}
    assert id not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="needs /dev/full")
def test_a_question_log_that_cannot_be_written_is_told_once_and_stops_nobody(serving: Open, lines: io.StringIO) -> None:
    client = serving(question_log="/dev/full")
    assert [client.post("/v1/ask", json={"text": "what is proofing"}).status_code for _ in range(3)] == [200] * 3
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["level"], line["event"]) == ("error", "the question log cannot be written")
