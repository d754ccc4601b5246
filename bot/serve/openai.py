"""The chat shape of the OpenAI API, so that any client of that API can talk to the bot.

The messages of the person are asked anew in their order, so that the last one is understood in the light of those before.
Messages of other roles are not read: there is nobody here who takes instructions.
"""

import secrets
import time
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.engine import Engine
from bot.reply import Reply
from bot.serve.errors import RequestError
from bot.serve.service import json, of

MODEL = "faqbot"
_MOST_TURNS = 6
"""Messages of the person, the last one included, that are taken into account."""

_PIECE = 12
"""Words of one piece of a stream."""


class Part(Struct, frozen=True):
    """A part of a message; only parts of type `text` are read."""

    type: str
    text: str = ""


class ChatMessage(Struct, frozen=True):
    role: str
    content: str | list[Part] | None = None


class StreamOptions(Struct, frozen=True):
    include_usage: bool = False


class ChatRequest(Struct, frozen=True):
    """What is read of a request; a client may send more."""

    messages: Annotated[list[ChatMessage], Meta(min_length=1)]
    model: str = MODEL
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Meta(ge=1, le=1)] | None = 1


class Spoken(Struct, frozen=True):
    content: str
    role: Literal["assistant"] = "assistant"
    refusal: None = None


class Choice(Struct, frozen=True):
    message: Spoken
    index: int = 0
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(Struct, frozen=True):
    """Words: there are no tokens here."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatReply(Struct, frozen=True):
    id: str
    created: int
    choices: tuple[Choice, ...]
    usage: Usage
    faqbot: dict[str, Any]
    """the whole reply, as /v1/ask gives it: kind, confidence, sources and the rest"""
    object: Literal["chat.completion"] = "chat.completion"
    model: str = MODEL


class Model(Struct, frozen=True):
    created: int
    id: str = MODEL
    object: Literal["model"] = "model"
    owned_by: str = MODEL


class Models(Struct, frozen=True):
    data: tuple[Model, ...]
    object: Literal["list"] = field(default="list")


async def complete(request: Request) -> Response:
    """The reply to the last message of a chat, at once or as a stream of events."""
    service = of(request)
    chat = await service.read(request, ChatRequest)
    said = [service.checked(text, "messages") for text in _said(chat.messages)[-_MOST_TURNS:]]
    if not said:
        raise RequestError(422, "no_question", "no message has the role 'user' and a text", param="messages")
    engine = service.current.engine
    reply = await service.answer(lambda: _replay(engine, said), text=said[-1], length=sum(map(len, said)))
    id, created = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
    usage = _usage(said, reply)
    if chat.stream:
        with_usage = chat.stream_options is not None and chat.stream_options.include_usage
        events = _events(id, created, reply, usage if with_usage else None)
        return StreamingResponse(_bytes(events), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
    return json(ChatReply(id, created, (Choice(Spoken(reply.markdown)),), usage, reply.to_dict()))


async def models(request: Request) -> Response:
    """The one model that there is."""
    return json(Models((_model(request),)))


async def model(request: Request) -> Response:
    """The model of that name."""
    if request.path_params["id"] != MODEL:
        raise RequestError(404, "model_not_found", f"there is one model here, '{MODEL}'", param="model")
    return json(_model(request))


ROUTES = [
    Route("/v1/chat/completions", complete, methods=["POST"]),
    Route("/v1/models", models, methods=["GET"]),
    Route("/v1/models/{id}", model, methods=["GET"]),
]


def _model(request: Request) -> Model:
    return Model(int(of(request).current.loaded.timestamp()))


def _said(messages: list[ChatMessage]) -> list[str]:
    """The texts of the person, in order."""
    texts = [
        m.content if isinstance(m.content, str) else "\n".join(p.text for p in m.content or () if p.type == "text")
        for m in messages
        if m.role == "user"
    ]
    return [text for text in texts if text]


def _replay(engine: Engine, said: list[str]) -> Reply:
    """The reply to the last message of a conversation that is taken from its beginning."""
    talk = engine.conversation()
    for text in said[:-1]:
        talk.ask(text)
    return talk.ask(said[-1])


def _usage(said: list[str], reply: Reply) -> Usage:
    prompt, completion = sum(len(text.split()) for text in said), len(reply.markdown.split())
    return Usage(prompt, completion, prompt + completion)


def _events(id: str, created: int, reply: Reply, usage: Usage | None) -> Iterator[dict[str, Any]]:
    """The chunks of a stream: the role, the text piece by piece, the end with the whole reply, the usage if it was asked for."""
    base: dict[str, Any] = {"id": id, "object": "chat.completion.chunk", "created": created, "model": MODEL}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]}

    yield chunk({"role": "assistant", "content": ""})
    for piece in _pieces(reply.markdown):
        yield chunk({"content": piece})
    yield {**chunk({}, "stop"), "faqbot": reply.to_dict()}
    if usage is not None:
        yield {**base, "choices": [], "usage": msgspec.to_builtins(usage)}


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of some words, blanks and all."""
    begin = words = 0
    for at, char in enumerate(text):
        if char == " ":
            words += 1
            if words % _PIECE == 0:
                yield text[begin : at + 1]
                begin = at + 1
    if begin < len(text):
        yield text[begin:]


async def _bytes(events: Iterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    for event in events:
        yield b"data: " + msgspec.json.encode(event) + b"\n\n"
    yield b"data: [DONE]\n\n"
