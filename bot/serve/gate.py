"""The outermost layer: every request gets a number, security headers, a time, a count, and never a traceback."""

import logging
import secrets
import time
from collections.abc import Mapping
from itertools import count
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.serve.errors import RequestError, response
from bot.serve.metrics import Metrics

log = logging.getLogger("faqbot.serve")

_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""What a response has unless its route says otherwise."""


_METHODS = {"GET", "POST", "DELETE", "OPTIONS", "HEAD"}


class Gate:
    """Wraps the application. `names` gives the path pattern of each endpoint: figures and logs hold no ids."""

    def __init__(self, app: ASGIApp, metrics: Metrics, names: Mapping[Any, str], *, access_log: bool = False) -> None:
        self._app = app
        self._metrics = metrics
        self._names = names
        self._access_log = access_log
        self._prefix = secrets.token_hex(4) + "-"
        self._numbers = count(1)
        self._counters: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begin = time.perf_counter()
        number = f"{self._prefix}{next(self._numbers)}"
        status = 0

        async def mark(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                present = {name for name, _ in headers}
                message["headers"] = [
                    *headers,
                    (b"x-request-id", number.encode()),
                    *(header for header in _HEADERS if header[0] not in present),
                ]
            await send(message)

        try:
            await self._app(scope, receive, mark)
        except ClientDisconnect:
            status = status or 499  # what nginx calls it: there is nobody to answer
        except Exception:
            log.exception("a request failed", extra={"request": number, "route": self._route(scope)})
            if status:
                raise  # part of the response is gone already: all that is left is to close the connection
            failure = RequestError(500, "internal_error", f"the server failed; its log has the details under {number}")
            await response(failure, scope)(scope, receive, mark)
        finally:
            self._count(scope, number, status, time.perf_counter() - begin)

    def _count(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        route, method = self._route(scope), scope["method"]
        method = method if method in _METHODS else "other"
        counters = self._counters.get((route, method, status))
        if counters is None:
            counters = self._metrics.requests.labels(route, method, status), self._metrics.seconds.labels(route)
            self._counters[route, method, status] = counters
        counters[0].inc()
        counters[1].observe(seconds)
        if "error" in scope:
            self._metrics.refused.labels(scope["error"]).inc()
        if self._access_log:
            fields = {"request": number, "route": route, "method": method, "status": status, "ms": round(seconds * 1000, 2)}
            log.info("request", extra=fields)

    def _route(self, scope: Scope) -> str:
        return self._names.get(scope.get("endpoint"), "other")
