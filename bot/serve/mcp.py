"""The Model Context Protocol: assistants may ask, look facts up and list what can be asked.

Every tool keeps nothing, changes nothing and takes a complete question: the assistant remembers its conversation itself. A reply
has the same JSON as everywhere, and its schema is told to the client.
"""

import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import msgspec
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from msgspec import Struct, field
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot import __version__
from bot.engine import Engine
from bot.pack.decode import nearest
from bot.reply import Reply
from bot.serve.errors import RequestError
from bot.serve.messages import Topics
from bot.serve.service import Service

Ask = Callable[[str], Awaitable[Reply]]

_LONGEST = 6000


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    question: str = field()
    """one complete question in plain words, which names what it is about"""


class Name(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    """of a thing that the knowledge base knows, as people say it"""


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Facts(Struct, frozen=True):
    """What is known of one thing."""

    name: str
    """as it was asked for"""
    found: bool
    text: str
    """the facts, one a line; empty when there is no such thing"""
    nearest: str
    """a name that is known and much like it, when there is no such thing; else empty"""


class Tools:
    """The three tools. engine: the one in service. ask: how a question is answered."""

    def __init__(self, engine: Callable[[], Engine], ask: Ask) -> None:
        self._engine = engine
        self._ask = ask
        self._tools: dict[str, tuple[Tool, type[Struct], Callable[[Any], Awaitable[tuple[str, Any]]]]] = {
            "ask": (_tool("ask", "Ask the knowledge base", _ASK, Question, _reply_type()), Question, self._answer),
            "facts": (_tool("facts", "Look up a thing", _FACTS, Name, Facts), Name, self._facts),
            "topics": (_tool("topics", "What can be asked", _TOPICS, Nothing, Topics), Nothing, self._topics),
        }

    def server(self) -> Server[Any]:
        """An MCP server with these tools."""
        about = self._engine().pack.pack
        return Server(
            "faqbot",
            version=__version__,
            title=about.title,
            instructions=f"{about.greeting} {_RULES} {about.notice}",
            on_list_tools=self.list,
            on_call_tool=self.call,
        )

    async def list(self, _context: ServerRequestContext[Any], _page: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[tool for tool, _, _ in self._tools.values()])

    async def call(self, _context: ServerRequestContext[Any], call: CallToolRequestParams) -> CallToolResult:
        """What a tool gives, as text for the assistant to read and as JSON; or an error that says what to mend."""
        if call.name not in self._tools:
            return _failed(f"there is no tool '{call.name[:40]}': {', '.join(self._tools)}")
        _, takes, work = self._tools[call.name]
        try:
            text, value = await work(msgspec.convert(call.arguments or {}, takes))
        except msgspec.ValidationError as error:
            return _failed(str(error))
        except RequestError as error:
            return _failed(error.body.message)
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=value)

    async def _answer(self, question: Question) -> tuple[str, Any]:
        if not 0 < len(question.question) <= _LONGEST:
            raise msgspec.ValidationError(f"a question has 1 to {_LONGEST} characters, got {len(question.question)}")
        reply = await self._ask(question.question)
        return _text(reply), reply.to_dict()

    async def _facts(self, asked: Name) -> tuple[str, Any]:
        engine, name = self._engine(), asked.name[:200]
        text = engine.facts(name)
        near = "" if text else nearest(name, engine.names()) or ""
        found = Facts(name, text is not None, text or "", near)
        told = text or f"Nothing is known under the name '{name}'." + (f" Did you mean '{near}'?" if near else "")
        return told, msgspec.to_builtins(found)

    async def _topics(self, _: Nothing) -> tuple[str, Any]:
        found = Topics.of(self._engine())
        lines = [line for topic in found.topics for line in (f"{topic.section}:", *(f"- {text}" for text in topic.questions))]
        return "\n".join((found.title, found.notice, *lines)), msgspec.to_builtins(found)


def stdio(engine: Engine) -> None:
    """Serve one client over the standard input and output, until it closes them. Nothing else is printed there."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    tools = Tools(lambda: engine, engine.aask)

    async def serve() -> None:
        async with stdio_server() as (read, write):
            server = tools.server()
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)


class OverHttp:
    """Streamable HTTP at /mcp, within the server of `faqbot serve`: same tokens, origins, limits, log and figures.

    No sessions: each request stands by itself, so that any worker and any replica can answer it.
    """

    def __init__(self, service: Service) -> None:
        tools = Tools(lambda: service.current.engine, lambda text: service.ask(service.checked(text, "question")))
        self.sessions = StreamableHTTPSessionManager(
            tools.server(), json_response=True, stateless=True, max_request_body_size=service.settings.largest_body
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.sessions.handle_request(scope, receive, send)

    @property
    def route(self) -> Route:
        return Route("/mcp", self, methods=["POST"])


_RULES = (
    "Ask one complete question at a time, in plain words. Pass answers on with their sources. When the kind of a reply is "
    "'fallback' the knowledge base does not know: say so and do not answer from elsewhere. Pass a reply of the kind 'urgent' or "
    "'refer' on word for word. When it is 'clarify', ask which of the options was meant."
)
_ASK = "Answers one question from a checked knowledge base, with sources, or says that it does not know."
_FACTS = "All that the knowledge base knows of one thing, looked up by its name."
_TOPICS = "What the knowledge base is about, and questions that it answers."


def _text(reply: Reply) -> str:
    """The reply for an assistant to read: the text and where it stands."""
    sources = [", ".join(part for part in (source.title, source.section, source.url) if part) for source in reply.sources]
    return "\n\n".join((reply.text, *(f"Source: {source}" for source in sources)))


def _tool(name: str, title: str, description: str, takes: type, gives: type) -> Tool:
    hints = ToolAnnotations(title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    return Tool(
        name=name,
        title=title,
        description=description,
        input_schema=_schema(takes),
        output_schema=_schema(gives),
        annotations=hints,
    )


def _reply_type() -> type[Struct]:
    """The type of `Reply.to_dict()`: every field of a reply, and no way to leave one out."""
    fields = [(part.name, part.type) for part in msgspec.structs.fields(Reply) if part.name != "explain"]
    return msgspec.defstruct("Answer", fields)


def _schema(type_: type) -> dict[str, Any]:
    """The JSON Schema of an object, with the object at its root, as the protocol wants it."""
    schema = msgspec.json.schema(type_)
    parts = schema["$defs"]
    root: dict[str, Any] = parts.pop(schema["$ref"].rpartition("/")[2])
    return {**root, "$defs": parts} if parts else root


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=message)], is_error=True)
