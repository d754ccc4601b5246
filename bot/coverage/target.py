"""Any bot behind HTTP, asked the same questions: our own shape, the OpenAI chat shape, the Rasa REST shape."""

import http.client
import json
import os
import secrets
from contextlib import AbstractContextManager, closing
from typing import Any, Literal, get_args
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Struct

from bot.coverage.run import RunError
from bot.language.clean import printable
from bot.reply import Kind, Reply

Shape = Literal["own", "openai", "rasa"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

TOKEN = "FAQBOT_TARGET_TOKEN"
"""Environment variable with the bearer token, if the bot wants one."""

_LARGEST = 8 * 1024 * 1024
"""Bytes of a response; a longer one is refused."""

_UNSURE = (
    "i don't know", "i do not know", "i'm not sure", "i am not sure", "i don't understand", "i didn't understand",
    "i do not understand", "i did not understand", "i don't have an answer", "i don't have information", "couldn't find",
    "could not find", "i can't help with", "i cannot help with", "could you rephrase", "please rephrase",
)  # fmt: skip
"""Beginnings of what bots say that do not know, where they have no field for it."""


def shape_of(url: str) -> Shape:
    """The shape that the path of `url` speaks of; our own when it says nothing."""
    path = urlsplit(url).path
    return "openai" if path.endswith("/chat/completions") else "rasa" if "/webhooks/rest" in path else "own"


def checked_url(url: str) -> str | None:
    """What is wrong with the address of a bot, None when nothing is."""
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError as error:
        return str(error)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_sound:
        return "should be an address such as http://localhost:8000"
    return None


class HttpBot(Struct, frozen=True):
    """A bot at `url`."""

    url: str
    shape: Shape
    unsure: tuple[str, ...] = ()
    """texts that mean `I don't know`, in lower case, beside the common ones"""
    timeout: float = 30.0
    """seconds to wait for a reply"""
    model: str = "faqbot"
    """for the OpenAI shape"""

    def opened(self) -> AbstractContextManager["HttpTarget"]:
        return closing(HttpTarget(self))

    def key(self) -> str:
        return ""  # nobody knows what its answers follow from: nothing of an earlier run is taken over


class HttpTarget:
    """A bot behind HTTP, on one connection that is kept."""

    def __init__(self, spec: HttpBot) -> None:
        self._spec = spec
        self._parts: SplitResult = urlsplit(spec.url)
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def conversation(self) -> "HttpTalk":
        return HttpTalk(self, self._spec)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON that comes back. Raises RunError, with the address, when none does."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "faqbot-coverage"}
        if token := os.environ.get(TOKEN):
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode()
        for is_last in (False, True):  # a kept connection may have been closed at the other end
            connection = self._connection
            is_new = connection is None
            try:
                if connection is None:
                    connection = self._connection = self._connected()
                connection.request("POST", path, data, headers)
                response = connection.getresponse()
                content = response.read(_LARGEST + 1)
                break
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if is_last or is_new:
                    raise RunError(f"{self._spec.url}: cannot be reached: {error or type(error).__name__}") from error
        if response.status >= 300:
            said = printable(content[:400].decode("utf-8", "replace"), 200)
            raise RunError(f"{self._address(path)}: answers with {response.status} {response.reason}: {said}")
        try:
            if len(content) > _LARGEST:
                raise ValueError(f"more than {_LARGEST} bytes")
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise RunError(f"{self._address(path)}: answers with something that is no JSON: {error}") from error

    def _address(self, path: str) -> str:
        return f"{self._parts.scheme}://{self._parts.netloc.rpartition('@')[2]}{path}"

    def _connected(self) -> http.client.HTTPConnection:
        is_safe = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        assert self._parts.hostname is not None  # checked_url has seen to it
        return kind(self._parts.hostname, self._parts.port, timeout=self._spec.timeout)

    @property
    def path(self) -> str:
        """Of the address, with its query."""
        query = f"?{self._parts.query}" if self._parts.query else ""
        return f"{self._parts.path}{query}"


class HttpTalk:
    """A conversation with a bot behind HTTP."""

    def __init__(self, target: HttpTarget, spec: HttpBot) -> None:
        self._target = target
        self._spec = spec
        self._id = ""
        self._asked: list[str] = []
        self._history: list[dict[str, str]] = []

    def ask(self, text: str) -> Reply:
        """The reply to `text`. Raises RunError when the bot gives none."""
        ask = {"own": self._ask_own, "openai": self._ask_openai, "rasa": self._ask_rasa}[self._spec.shape]
        try:
            return ask(text)
        except (KeyError, IndexError, TypeError, AttributeError, msgspec.MsgspecError) as error:
            what = f"answers in another shape than '{self._spec.shape}' ({type(error).__name__}: {error})"
            raise RunError(f"{self._spec.url}: {what}; --shape names another") from error

    def _ask_own(self, text: str) -> Reply:
        """The first question is asked by itself; a second one makes a conversation of it."""
        base = self._target.path.rstrip("/").removesuffix("/v1/ask")
        self._asked.append(text)
        if len(self._asked) == 1:
            return _own(self._target.post(f"{base}/v1/ask", {"text": text}))
        if not self._id:
            self._id = str(self._target.post(f"{base}/v1/conversations", {})["id"])
            for said in self._asked[:-1]:
                self._target.post(f"{base}/v1/conversations/{self._id}/messages", {"text": said})
        return _own(self._target.post(f"{base}/v1/conversations/{self._id}/messages", {"text": text}))

    def _ask_openai(self, text: str) -> Reply:
        self._history.append({"role": "user", "content": text})
        path = self._target.path
        path = path if path.endswith("/chat/completions") else f"{path.rstrip('/')}/v1/chat/completions"
        said = self._target.post(path, {"model": self._spec.model, "messages": self._history})
        content = str(said["choices"][0]["message"]["content"] or "")
        self._history.append({"role": "assistant", "content": content})
        return _own(said["faqbot"]) if isinstance(said.get("faqbot"), dict) else self._guessed(content)

    def _ask_rasa(self, text: str) -> Reply:
        self._id = self._id or f"faqbot-coverage-{secrets.token_hex(8)}"
        path = self._target.path
        path = path if "/webhooks/rest" in path else f"{path.rstrip('/')}/webhooks/rest/webhook"
        messages = self._target.post(path, {"sender": self._id, "message": text})
        custom = [message["custom"] for message in messages if isinstance(message.get("custom"), dict)]
        if custom and "kind" in custom[0]:
            return _own(custom[0])
        return self._guessed("\n".join(str(message["text"]) for message in messages if message.get("text")))

    def _guessed(self, text: str) -> Reply:
        """A reply of a bot that says nothing but text: it knows, or by its words it does not."""
        said = text.lower().replace("’", "'")
        is_unsure = not said.strip() or any(part in said for part in (*self._spec.unsure, *_UNSURE))
        kind: Kind = "fallback" if is_unsure else "answer"
        return Reply(kind=kind, text=text, markdown=text)


class _OwnReply(Struct, frozen=True, kw_only=True):
    """What is read of our own shape; whoever speaks it may leave out all but the text."""

    text: str
    kind: Kind = "answer"
    markdown: str = ""
    verdict: Literal["yes", "no"] | None = None
    confidence: float = 0.0
    intent: str | None = None
    entities: tuple[dict[str, Any], ...] = ()


def _own(said: Any) -> Reply:
    from bot.reply import Entity

    read = msgspec.convert(said, _OwnReply)
    entities = tuple(msgspec.convert(entity, Entity) for entity in read.entities)
    return Reply(
        kind=read.kind,
        text=read.text,
        markdown=read.markdown or read.text,
        verdict=read.verdict,
        confidence=read.confidence,
        intent=read.intent,
        entities=entities,
    )
