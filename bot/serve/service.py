"""What all routes share: the engine in service, the conversations, the desk; and the reading of requests."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.engine import Engine
from bot.reply import Reply
from bot.serve.conversations import Conversations
from bot.serve.current import Current
from bot.serve.desk import Desk
from bot.serve.errors import RequestError
from bot.serve.metrics import Metrics
from bot.serve.questions import Questions
from bot.serve.settings import Settings

T = TypeVar("T")
State = dict[str, Any]

_DIGITS = 20
"""So many digits of a declared length are read: more than any body has, and fewer than `int` refuses."""


class Service:
    """One server process. Routes find it as `request.app.state.service`."""

    def __init__(self, settings: Settings, current: Current, conversations: Conversations, metrics: Metrics) -> None:
        self.settings = settings
        self.current = current
        self.conversations = conversations
        self.metrics = metrics
        self.desk = Desk(settings.in_flight, settings.answer_timeout)
        self.questions = Questions(settings.question_log, settings.question_log_days, current.folder)
        metrics.loaded.set(current.loaded.timestamp())

    async def ask(self, text: str) -> Reply:
        """The reply to one message, with no memory of others."""
        engine = self.current.engine
        return await self.answer(lambda: engine.ask(text), text=text, length=len(text))

    async def answer(self, work: Callable[[], Reply], *, text: str, length: int) -> Reply:
        """The reply that `work` gives to `text`. length: characters that it has to read."""
        with self.desk.place(), self.metrics.in_flight.track_inprogress():
            reply = await self.desk.work(work, length=length)
        await self._note(text, reply)
        return reply

    async def say(self, id: str, owner: str, text: str, *, renew: bool = False) -> Reply:
        """The reply to the next message of a conversation. renew: begin it when there is none."""
        engine = self.current.engine

        async def answer(state: State | None) -> tuple[Reply, State]:
            with self.desk.place(), self.metrics.in_flight.track_inprogress():
                return await self.desk.work(lambda: turn(engine, state, text), length=len(text))

        reply = await self.conversations.turn(id, owner, answer, renew=renew)
        await self._note(text, reply)
        return reply

    async def reload(self) -> bool:
        """Read the pack again; False when it has faults, and then the old one stays in service."""
        with self.desk.change():
            good = await self.current.reload()
        self.metrics.reloads.labels("good" if good else "refused").inc()
        self.metrics.faults.set(len(self.current.faults))
        self.metrics.loaded.set(self.current.loaded.timestamp())
        if good:
            await self.questions.changed(self.current.folder)
        return good

    async def _note(self, text: str, reply: Reply) -> None:
        self.metrics.replies.labels(reply.kind).inc()
        await self.questions.add(text, reply)

    async def read(self, request: Request, type: type[T]) -> T:
        """The body of the request. Raises RequestError 400, 413, 415 or 422."""
        self.desk.check()
        body = await self._body(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise RequestError(415, "not_json", "send the header 'Content-Type: application/json'")
        try:
            return msgspec.json.decode(body, type=type)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$")
            raise RequestError(422, "invalid", message, param=path.strip("`.") or None) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RequestError(400, "malformed", f"the body is no JSON that can be read: {error}") from None

    def checked(self, text: str, param: str = "text") -> str:
        """`text`, if it is not too long. Raises RequestError 422."""
        longest = self.settings.longest_text
        if len(text) > longest:
            raise RequestError(422, "text_too_long", f"a message has at most {longest} characters, got {len(text)}", param=param)
        return text

    async def _body(self, request: Request) -> bytes:
        """The body, which `Connection` sees to that it arrives in time."""
        most = self.settings.largest_body
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared[:_DIGITS]) > most:
            raise too_large(most)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise too_large(most)
        return body


def too_large(most: int) -> RequestError:
    """The error of a body of more than `most` bytes; it closes the connection, whatever is still to come."""
    error = RequestError(413, "body_too_large", f"a request has at most {most} bytes")
    error.headers["Connection"] = "close"
    return error


def turn(engine: Engine, state: State | None, text: str) -> tuple[Reply, State]:
    """One turn of a conversation: the reply, and what is remembered after it."""
    talk = engine.conversation(state)
    reply = talk.ask(text)
    return reply, talk.state


def of(request: Request) -> Service:
    """The service that `request` came to."""
    service: Service = request.app.state.service
    return service


def owner_of(request: Request) -> str:
    """Whose request it is: the fingerprint of its token; empty without tokens."""
    return str(request.scope.get("owner", ""))


def json(value: object, status: int = 200) -> Response:
    """`value` as a JSON response."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")
