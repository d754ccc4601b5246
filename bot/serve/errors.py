"""Everything that can go wrong with a request, and the one JSON shape that tells it.

    {"error": {"code": "text_too_long", "message": "…", "param": "text", "type": "invalid_request_error"}}

The four keys are those of the OpenAI API, so that its clients show our messages too.
"""

import logging
from collections.abc import Mapping

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

log = logging.getLogger("faqbot.serve")


class ErrorBody(Struct, frozen=True):
    code: str
    """for programs: stays the same"""
    message: str
    """for people"""
    param: str | None = None
    """the field of the request that is meant"""
    type: str = "invalid_request_error"


class ErrorMessage(Struct, frozen=True):
    error: ErrorBody


class RequestError(Exception):
    """A request that gets an error instead of a reply."""

    def __init__(
        self, status: int, code: str, message: str, *, param: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.body = ErrorBody(code, message, param, _type_of(status))
        self.headers = {} if retry_after is None else {"Retry-After": str(max(1, round(retry_after)))}


def _type_of(status: int) -> str:
    if status in {401, 403}:
        return "authentication_error"
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"


def response(error: RequestError, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """What tells the client of `error`. Leaves the code in the scope, to be counted."""
    scope["error"] = error.body.code
    content = msgspec.json.encode(ErrorMessage(error.body))
    return Response(content, error.status, {**error.headers, **(headers or {})}, "application/json")


async def on_request_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for what our routes raise."""
    assert isinstance(error, RequestError)
    return response(error, request.scope)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's handler for what its router raises: no such path, no such method."""
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    text = {404: "there is nothing at this address", 405: "this address does not know that method"}
    failure = RequestError(error.status_code, code, text.get(error.status_code, error.detail))
    return response(failure, request.scope, error.headers)


async def on_store_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for a store that is away or full. The message may name files, so only the log has it."""
    log.warning("the store of conversations failed", extra={"why": str(error)})
    text = "conversations cannot be kept at the moment; please try again"
    return response(RequestError(503, "store_unavailable", text, retry_after=2), request.scope)
