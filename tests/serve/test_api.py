"""The API as a client meets it: questions, conversations, topics, and one shape for every error."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.inputs import request
from bot import Reply
from bot.serve.app import create_app
from bot.serve.settings import Settings
from tests.packs import bakery
from tests.serve.conftest import Open


def begin(client: TestClient) -> str:
    return str(client.post("/v1/conversations").json()["id"])


def say(client: TestClient, id: str, text: str) -> Any:
    return client.post(f"/v1/conversations/{id}/messages", json={"text": text})


def wire(reply: Reply, *, trace: bool = False) -> Any:
    """The reply as a client of the library would write it into JSON."""
    return json.loads(json.dumps(reply.to_dict(trace=trace)))


def error(response: Any) -> tuple[int, str]:
    """Status and code of an error, which must have the one shape."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "param", "type"}
    assert response.headers["content-type"] == "application/json"
    return response.status_code, body["error"]["code"]


def test_a_question_gets_the_reply_of_the_engine(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"text": "does Rustino contain milk?"})
    assert response.status_code == 200
    assert response.json() == wire(bakery().ask("does Rustino contain milk?"))


def test_reasons_are_given_when_they_are_asked_for(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"text": "what is proofing", "explain": True})
    assert response.json() == wire(bakery().ask("what is proofing"), trace=True)


def test_a_conversation_remembers(client: TestClient) -> None:
    id = begin(client)
    talk = bakery().conversation()
    for text in ("what is Rustino?", "how is it baked?", "allergens?", "the first one"):
        assert say(client, id, text).json() == wire(talk.ask(text))
    assert client.get(f"/v1/conversations/{id}").json()["turns"] == 4


def test_a_new_conversation_tells_how_to_begin(client: TestClient) -> None:
    response = client.post("/v1/conversations")
    about = bakery().pack.pack
    assert response.status_code == 201
    assert response.json() == {
        "id": response.json()["id"],
        "turns": 0,
        "expires_in": 3600,
        "title": about.title,
        "greeting": about.greeting,
        "notice": about.notice,
        "starters": list(about.starters),
    }


def test_ids_cannot_be_guessed(client: TestClient) -> None:
    ids = {begin(client) for _ in range(50)}
    assert len(ids) == 50
    assert all(len(id) == 32 for id in ids)  # 192 bits


def test_conversations_do_not_hear_each_other(client: TestClient) -> None:
    one, other = begin(client), begin(client)
    say(client, one, "what is Rustino?")
    assert say(client, other, "how is it baked?").json()["kind"] == "clarify"
    assert say(client, one, "how is it baked?").json()["kind"] == "answer"


@pytest.mark.parametrize("id", ["x", "A" * 32, "..%2f..%2fetc%2fpasswd", "%00", "' OR 1=1 --", "é" * 20, "x" * 5000])
def test_a_forged_id_is_unknown(client: TestClient, id: str) -> None:
    for response in (say(client, id, "hello"), client.get(f"/v1/conversations/{id}"), client.delete(f"/v1/conversations/{id}")):
        assert error(response)[0] == 404


def test_an_ended_conversation_cannot_be_replayed(client: TestClient) -> None:
    id = begin(client)
    assert client.delete(f"/v1/conversations/{id}").status_code == 204
    assert error(say(client, id, "hello")) == (404, "unknown_conversation")
    assert error(client.delete(f"/v1/conversations/{id}")) == (404, "unknown_conversation")


def test_what_can_be_asked(client: TestClient) -> None:
    found = client.get("/v1/topics").json()
    assert found["title"] == bakery().pack.pack.title
    assert [(topic["section"], topic["questions"]) for topic in found["topics"]] == bakery().topics()
    assert found["emergency"] == {"Europe": "112", "US": "911"}


def test_how_the_server_is(client: TestClient) -> None:
    assert client.get("/v1/health").json() == {"status": "ok"}
    ready = client.get("/v1/ready").json()
    assert (ready["status"], ready["store"], ready["faults"]) == ("ready", "ok", [])
    assert ready["pack"] == bakery().pack.pack.title


def test_feedback_is_counted(client: TestClient) -> None:
    for helpful in (True, True, False):
        assert client.post("/v1/feedback", json={"helpful": helpful, "intent": "keeping"}).status_code == 204
    figures = client.get("/metrics").text
    assert 'faqbot_feedback_total{helpful="yes"} 2.0' in figures
    assert 'faqbot_feedback_total{helpful="no"} 1.0' in figures


def test_figures(client: TestClient) -> None:
    client.post("/v1/ask", json={"text": "what is proofing"})
    client.post("/v1/ask", json={"text": "who won the cup"})
    client.post("/v1/ask", json={})
    id = begin(client)
    client.get(f"/v1/conversations/{id}")
    figures = client.get("/metrics").text
    assert 'faqbot_replies_total{kind="answer"} 1.0' in figures
    assert 'faqbot_replies_total{kind="fallback"} 1.0' in figures
    assert 'faqbot_requests_total{method="POST",route="/v1/ask",status="200"} 2.0' in figures
    assert 'faqbot_requests_total{method="GET",route="/v1/conversations/{id}",status="200"} 1.0' in figures
    assert 'faqbot_refused_total{code="invalid"} 1.0' in figures
    assert 'faqbot_request_seconds_count{route="/v1/ask"} 3.0' in figures
    assert id not in figures


# ---- bad requests --------------------------------------------------------------------------------------------------------

BAD_BODIES = {
    "nothing": (b"", 400),
    "no JSON": (b"text=hello", 400),
    "cut off": (b'{"text": "hel', 400),
    "invalid UTF-8": (b'{"text": "\xff\xfe"}', 400),
    "a lone surrogate": (b'{"text": "\\ud800"}', 400),
    "deep lists": (b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 422),
    "deep objects": (b'{"a":' * 8_000 + b"1" + b"}" * 8_000, 422),
    "deep from the start": (b"[" * 30_000, 422),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a number for a text": (b'{"text": 5}', 422),
    "an empty text": (b'{"text": ""}', 422),
    "no text": (b"{}", 422),
    "an unknown key": (b'{"text": "hi", "txt": 1}', 422),
    "a huge number": (b'{"text": "hi", "explain": ' + b"9" * 5000 + b"}", 422),
    "NaN": (b'{"text": NaN}', 400),
}


@pytest.mark.parametrize("name", BAD_BODIES)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions", "/webhooks/rest/webhook", "/v1/feedback"])
def test_a_bad_body_is_told_and_nothing_breaks(client: TestClient, path: str, name: str) -> None:
    body, status = BAD_BODIES[name]
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert error(response)[0] in ({status} if path == "/v1/ask" else {400, 422})
    assert client.post("/v1/ask", json={"text": "hello"}).status_code == 200


def test_the_field_that_is_wrong_is_named(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"text": 5}).json()["error"]["param"] == "text"
    response = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "a"}, {"role": 1}]})
    assert response.json()["error"]["param"] == "messages[1].role"


def test_a_text_may_be_so_long_and_no_longer(serving: Open) -> None:
    client = serving(longest_text=100)
    assert client.post("/v1/ask", json={"text": "a" * 100}).status_code == 200
    id = begin(client)
    chat = {"messages": [{"role": "user", "content": "a" * 101}]}
    for response in (
        client.post("/v1/ask", json={"text": "a" * 101}),
        say(client, id, "a" * 101),
        client.post("/v1/chat/completions", json=chat),
        client.post("/webhooks/rest/webhook", json={"sender": "s", "message": "a" * 101}),
    ):
        assert error(response) == (422, "text_too_long")


def test_a_long_text_is_answered_beside_the_short_ones(client: TestClient) -> None:
    text = "what is proofing? " * 200
    assert client.post("/v1/ask", json={"text": text}).json() == wire(bakery().ask(text))


def test_a_large_body_is_refused_with_and_without_its_length(serving: Open) -> None:
    client = serving(largest_body=1000)
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"text": "a" * 2000}).encode()
    parts = (body[at : at + 100] for at in range(0, len(body), 100))
    assert error(client.post("/v1/ask", content=body, headers=headers)) == (413, "body_too_large")
    assert error(client.post("/v1/ask", content=parts, headers=headers)) == (413, "body_too_large")


@pytest.mark.parametrize("length", [b"\xb9", b"9" * 5000, b"-1", b"1e3", b"", b"\xff"])
def test_a_length_that_is_no_number_or_a_huge_one_breaks_nothing(length: bytes, bakery_folder: Path) -> None:
    app = create_app(Settings(pack=str(bakery_folder), rate=0.0))
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    status, content = asyncio.run(request(app, "POST", "/v1/ask", headers, b'{"text": "what is Rustino?"}'))
    assert (status, "error" in json.loads(content)) in {(200, False), (413, True)}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_form_of_another_web_site_is_not_read(client: TestClient, kind: str) -> None:
    response = client.post("/v1/ask", content=b'{"text": "hi"}', headers={"Content-Type": kind})
    assert error(response) == (415, "not_json")


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/ask/", "/v1/../etc/passwd", "/..%2f..%2fetc/passwd", "/faq/pack.yaml"])
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert error(client.get(path)) == (404, "not_found")


def test_another_method_is_told_which_there_are(client: TestClient) -> None:
    response = client.get("/v1/ask")
    assert error(response) == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


def test_our_own_fault_shows_nothing_of_itself(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> None:
        raise RuntimeError("the secret")

    service = client.app.state.service  # type: ignore[attr-defined]
    monkeypatch.setattr(service.current.engine, "ask", fail)
    response = client.post("/v1/ask", json={"text": "hello"})
    assert error(response) == (500, "internal_error")
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_every_response_bears_what_browsers_need_to_be_careful(client: TestClient) -> None:
    for response in (client.get("/v1/topics"), client.get("/nowhere"), client.post("/v1/ask", content=b"x")):
        headers = response.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]
