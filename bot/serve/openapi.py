"""/openapi.json: what every address takes and gives, made from the classes that decode and encode it."""

from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import __version__
from bot.reply import Reply
from bot.serve import messages, openai, rasa
from bot.serve.errors import ErrorMessage
from bot.serve.service import json, of
from bot.serve.settings import Settings

_BODY_ERRORS = (400, 408, 413, 415, 422, 503)
"""What may be wrong with a request that has a body and is answered by the engine."""

_ANYWHERE = (401, 403, 429)

_ERRORS = {
    400: "the body is no JSON",
    401: "no token, or not a known one",
    403: "not for this web site, or not without a token",
    404: "unknown, expired, or somebody else's",
    408: "the request took too long to arrive",
    409: "the pack has faults; the old one stays in service",
    413: "the body is too large",
    415: "the body is not declared as JSON",
    422: "the body is JSON of another shape, or the text is too long",
    429: "too many requests of this client; `Retry-After` says when to come back",
    503: "too many questions at once, or the store of conversations is away; `Retry-After` says when to come back",
}


class Operation(Struct, frozen=True):
    """One thing that can be done at one address."""

    method: str
    path: str
    id: str
    summary: str
    takes: type | None = None
    gives: type | None = None
    status: int = 200
    errors: tuple[int, ...] = ()
    tag: str = "questions"
    example: dict[str, Any] | None = None


_CONVERSATION = "/v1/conversations/{id}"
_ASKED = {"text": "What are the side effects of Velcade?"}
_CHAT = {"model": openai.MODEL, "messages": [{"role": "user", "content": _ASKED["text"]}]}

OPERATIONS = (
    Operation("post", "/v1/ask", "ask", "One question, with no memory of others", messages.Message, Reply, 200, _BODY_ERRORS,
              example=_ASKED),
    Operation("post", "/v1/conversations", "begin", "A new conversation", None, messages.Conversation, 201, (503,),
              "conversations"),
    Operation("get", _CONVERSATION, "show", "A conversation", None, messages.Conversation, 200, (404, 503), "conversations"),
    Operation("delete", _CONVERSATION, "end", "Forget a conversation", None, None, 204, (404, 503), "conversations"),
    Operation("post", f"{_CONVERSATION}/messages", "say", "The next message of a conversation", messages.Message, Reply, 200,
              (*_BODY_ERRORS, 404), "conversations", _ASKED),
    Operation("get", "/v1/topics", "topics", "What can be asked", None, messages.Topics),
    Operation("post", "/v1/feedback", "feedback", "What somebody thinks of a reply", messages.Feedback, None, 204, _BODY_ERRORS,
              example={"helpful": True, "intent": "side_effects.list:bortezomib"}),
    Operation("post", "/v1/chat/completions", "complete", "The chat shape of the OpenAI API", openai.ChatRequest,
              openai.ChatReply, 200, _BODY_ERRORS, "other shapes", _CHAT),
    Operation("get", "/v1/models", "models", "The one model that there is", None, openai.Models, tag="other shapes"),
    Operation("get", "/v1/models/{id}", "model", "That model", None, openai.Model, 200, (404,), "other shapes"),
    Operation("post", "/webhooks/rest/webhook", "webhook", "The REST channel of Rasa", rasa.RasaRequest, list[rasa.RasaReply],
              200, _BODY_ERRORS, "other shapes", {"sender": "a-name-nobody-guesses", "message": _ASKED["text"]}),
    Operation("get", "/webhooks/rest/", "webhookStatus", "The REST channel is there", None, messages.Health, tag="other shapes"),
    Operation("get", "/v1/health", "health", "The process runs", None, messages.Health, tag="server"),
    Operation("get", "/v1/ready", "ready", "The process can answer; 503 and the same shape when it cannot", None, messages.Ready,
              tag="server"),
    Operation("post", "/v1/reload", "reload", "Read the pack again; for administrators", None, messages.Ready, 200, (409, 503),
              "server"),
)  # fmt: skip


async def document(request: Request) -> Response:
    """The description of the API."""
    return json(describe(of(request).settings))


ROUTES = [Route("/openapi.json", document, methods=["GET"])]


def describe(settings: Settings) -> dict[str, Any]:
    """The OpenAPI document of a server with these settings."""
    types = {type_ for operation in OPERATIONS for type_ in (operation.takes, operation.gives) if type_ is not None}
    shapes, components = _schemas([*sorted(types, key=str), ErrorMessage])
    _limit(components, settings.longest_text)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, shapes)
    paths["/metrics"] = {"get": _metrics()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "faqbot", "version": __version__, "description": "Questions in plain words, answered from a pack."},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}] if settings.tokens else [],
    }


def _schemas(types: list[Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """type -> schema, and the components that the schemas refer to. A reply is its `to_dict()`, with `trace` if asked for."""
    plain = [type_ for type_ in types if type_ is not Reply]
    parts = [field.type for field in msgspec.structs.fields(Reply) if field.name != "explain"]
    schemas, components = msgspec.json.schema_components([*plain, *parts], ref_template="#/components/schemas/{name}")
    names = [field.name for field in msgspec.structs.fields(Reply) if field.name != "explain"]
    properties = dict(zip(names, schemas[len(plain) :], strict=True))
    trace = {"type": "array", "items": {"type": "string"}, "description": "why, step by step; with `explain` alone"}
    components["Reply"] = {
        "title": "Reply",
        "type": "object",
        "description": "The reply to one message.",
        "properties": {**properties, "trace": trace},
        "required": names,
    }
    for schema in components.values():
        _tidy(schema)
    shapes = dict(zip(plain, schemas, strict=False))
    shapes[Reply] = {"$ref": "#/components/schemas/Reply"}
    components["ChatReply"]["properties"]["faqbot"] = shapes[Reply]
    components["RasaReply"]["properties"]["custom"] = shapes[Reply]
    return shapes, components


def _tidy(schema: dict[str, Any]) -> None:
    """Descriptions as one line; what Python needs a default for is there in every response all the same."""
    if "description" in schema:
        schema["description"] = " ".join(schema["description"].split())


def _limit(components: dict[str, Any], longest: int) -> None:
    """Write the longest text that this server takes into the schemas."""
    for name, key in (("Message", "text"), ("RasaRequest", "message")):
        components[name]["properties"][key]["maxLength"] = longest


def _operation(operation: Operation, shapes: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    gives: dict[str, Any] = {"description": operation.summary}
    if operation.gives is not None:
        gives["content"] = {"application/json": {"schema": shapes[operation.gives]}}
    if operation.id == "complete":
        gives["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    responses = {str(operation.status): gives, **{str(code): _error(code) for code in (*_ANYWHERE, *operation.errors)}}
    if operation.id in {"ready", "reload"}:
        responses["503"] = {"description": "it cannot answer", "content": gives["content"]}
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "responses": responses,
    }
    if "{id}" in operation.path:
        described["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    if operation.takes is not None:
        content: dict[str, Any] = {"schema": shapes[operation.takes]}
        if operation.example is not None:
            content["example"] = operation.example
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _metrics() -> dict[str, Any]:
    text = {"text/plain": {"schema": {"type": "string"}}}
    responses = {"200": {"description": "figures", "content": text}, **{str(code): _error(code) for code in _ANYWHERE}}
    return {"operationId": "metrics", "summary": "Figures for Prometheus", "tags": ["server"], "responses": responses}


def _error(code: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ErrorMessage"}
    return {"description": _ERRORS[code], "content": {"application/json": {"schema": schema}}}
