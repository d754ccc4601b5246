"""Any bot behind HTTP: the three shapes, and what goes wrong with bots."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from msgspec import Struct, field

from bot.coverage.run import RunError
from bot.coverage.target import TOKEN, HttpBot, HttpTalk, Shape, checked_url, shape_of
from bot.engine import Conversation
from tests.packs import bakery

MILK, THEN = "Which breads contain milk?", "and sesame?"


class Seen(Struct):
    """What a server was asked."""

    paths: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)


@pytest.fixture
def talking() -> Iterator[Callable[[HttpBot], HttpTalk]]:
    """Begin a conversation with a bot; its connection is closed in the end."""
    with ExitStack() as stack:
        yield lambda bot: stack.enter_context(bot.opened()).conversation()


Answer = Callable[[str, Any], tuple[int, bytes]]


@pytest.fixture
def served() -> Iterator[Callable[[Answer], tuple[str, Seen]]]:
    """Start a server that answers as it is told; gives its address and what it has seen."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answer: Answer) -> tuple[str, Seen]:
        seen = Seen()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen.paths.append(self.path)
                seen.bodies.append(body)
                seen.tokens.append(self.headers["Authorization"])
                status, content = answer(self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}", seen

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def bakery_over_http() -> Answer:
    """The bakery in all three shapes, as `faqbot serve` speaks them."""
    talks: dict[str, Conversation] = {}

    def say(id: str, text: str) -> Any:
        return talks.setdefault(id, bakery().conversation()).ask(text).to_dict()

    def answer(path: str, body: Any) -> tuple[int, bytes]:
        if path == "/v1/ask":
            said: Any = bakery().ask(body["text"]).to_dict()
        elif path == "/v1/conversations":
            said = {"id": f"c{len(talks)}", "turns": 0}
        elif path.startswith("/v1/conversations/"):
            said = say(path.split("/")[3], body["text"])
        elif path == "/v1/chat/completions":
            talk = bakery().conversation()
            asked = [message["content"] for message in body["messages"] if message["role"] == "user"]
            replies = [talk.ask(text) for text in asked]
            message = {"role": "assistant", "content": replies[-1].text}
            said = {"choices": [{"message": message}], "faqbot": replies[-1].to_dict()}
        else:
            reply = say(body["sender"], body["message"])
            said = [{"recipient_id": body["sender"], "text": reply["text"], "custom": reply}]
        return 200, json.dumps(said).encode()

    return answer


@pytest.mark.parametrize(
    ("shape", "path"), [("own", ""), ("own", "/v1/ask"), ("openai", "/v1/chat/completions"), ("rasa", "/webhooks/rest/webhook")]
)
def test_a_conversation_is_the_same_in_every_shape(served: Any, talking: Any, shape: Shape, path: str) -> None:
    address, _ = served(bakery_over_http())
    assert shape_of(address + path) == shape
    talk, here = talking(HttpBot(address + path, shape)), bakery().conversation()
    for text in (MILK, THEN, "who won the cup"):
        told, known = talk.ask(text), here.ask(text)
        assert (told.kind, told.text, told.intent, told.confidence) == (known.kind, known.text, known.intent, known.confidence)
        assert told.entities == known.entities


def test_one_question_is_one_request(served: Any, talking: Any) -> None:
    address, seen = served(bakery_over_http())
    talking(HttpBot(address, "own")).ask(MILK)
    assert (seen.paths, seen.bodies) == (["/v1/ask"], [{"text": MILK}])


def test_every_conversation_has_a_sender_of_its_own(served: Any) -> None:
    address, seen = served(bakery_over_http())
    with HttpBot(address, "rasa").opened() as bot:
        for _ in range(2):
            talk = bot.conversation()
            talk.ask(MILK)
            talk.ask(THEN)
    senders = [body["sender"] for body in seen.bodies]
    assert senders[0] == senders[1] != senders[2] == senders[3]


@pytest.mark.parametrize(
    ("messages", "kind", "text"),
    [
        ([{"text": "Milk."}, {"image": "x"}, {"text": "And eggs."}], "answer", "Milk.\nAnd eggs."),
        ([{"text": "Sorry, I don’t know that."}], "fallback", "Sorry, I don’t know that."),
        ([{"text": "Keine Ahnung!"}], "fallback", "Keine Ahnung!"),
        ([], "fallback", ""),
    ],
)
def test_a_bot_that_says_only_text_knows_or_by_its_words_does_not(
    served: Any, talking: Any, messages: Any, kind: str, text: str
) -> None:
    address, _ = served(lambda path, body: (200, json.dumps(messages).encode()))
    reply = talking(HttpBot(address, "rasa", unsure=("keine ahnung",))).ask(MILK)
    assert (reply.kind, reply.text) == (kind, text)


def test_the_token_comes_from_the_environment(served: Any, talking: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address, seen = served(bakery_over_http())
    monkeypatch.setenv(TOKEN, "secret")
    talking(HttpBot(address, "own")).ask(MILK)
    assert seen.tokens == ["Bearer secret"]


@pytest.mark.parametrize(
    ("status", "content", "message"),
    [
        (500, b"oh\x1b[31m no", r"/v1/ask: answers with 500 Internal Server Error: oh \[31m no"),
        (200, b"<html>", r"/v1/ask: answers with something that is no JSON: Expecting value"),
        (200, b"[1]", r"answers in another shape than 'own' \(ValidationError: Expected `object`, .*--shape names another"),
        (200, b'{"kind": "maybe", "text": "x"}', r"answers in another shape than 'own'"),
    ],
)  # fmt: skip
def test_what_goes_wrong_with_a_bot_is_told(served: Any, talking: Any, status: int, content: bytes, message: str) -> None:
    address, _ = served(lambda path, body: (status, content))
    with pytest.raises(RunError, match=message):
        talking(HttpBot(address, "own")).ask(MILK)


def test_a_bot_that_is_not_there(talking: Any) -> None:
    with pytest.raises(RunError, match=r"http://127\.0\.0\.1:1: cannot be reached: .*refused"):
        talking(HttpBot("http://127.0.0.1:1", "own")).ask(MILK)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "http://", "http://x:port", "http://[x"])
def test_an_address_that_is_none(url: str) -> None:
    assert checked_url(url)
    assert checked_url("http://localhost:8000/v1/ask") is None
