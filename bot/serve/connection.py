"""One connection: what uvicorn leaves to a proxy, so that the server can stand by itself.

A request that does not arrive in time, headers without end, a client that takes no answer, and too many connections at once.
"""

import asyncio
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.serve.errors import ErrorMessage, RequestError
from bot.serve.settings import Settings

_MOST_HEADERS = 32_768
"""Bytes of the request line and the headers."""

_PHRASES = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}


class Connection(HttpToolsProtocol):
    """uvicorn's protocol with patience that ends."""

    def __init__(self, settings: Settings, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._settings = settings
        self._arrival: asyncio.TimerHandle | None = None
        """runs out when a request does not arrive"""
        self._delivery: asyncio.TimerHandle | None = None
        """runs out when the client takes no answer"""
        self._begun = 0
        """requests of this connection"""
        self._unread = 0
        """bytes of the headers of the last one, while they are not complete"""
        self._has_headers = False
        self._is_whole = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._settings.most_connections:
            self._refuse(RequestError(503, "busy", "too many connections", retry_after=1))
        else:
            self._await_request()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        begun, was_between = self._begun, self._is_whole
        super().data_received(data)
        if not self._has_headers and self._begun - begun == int(was_between):  # it is all of one request
            self._unread += len(data)
            if self._unread > _MOST_HEADERS:
                self._refuse(RequestError(431, "headers_too_large", f"a request has at most {_MOST_HEADERS} bytes of headers"))

    def on_message_begin(self) -> None:
        self._begun += 1
        self._unread = 0
        self._has_headers = self._is_whole = False
        if self._arrival is None:
            self._await_request()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._has_headers = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_whole = True
        self._stop_waiting()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(RequestError(400, "malformed", "this is no HTTP request"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._delivery = self.loop.call_later(self._settings.read_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
            self._delivery = None
        if self.flow is not None:
            super().resume_writing()

    def _await_request(self) -> None:
        self._arrival = self.loop.call_later(self._settings.read_timeout, self._late)

    def _stop_waiting(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _late(self) -> None:
        self._arrival = None
        if self._is_whole:
            self.transport.close()
        elif not self._has_headers:
            self._refuse(RequestError(408, "slow", "the request took too long to arrive"))
        else:  # the application waits for the body: tell it that nobody is there any more
            if not self.cycle.response_started:
                self._refuse(RequestError(408, "slow", "the request took too long to arrive"))
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.close()

    def _refuse(self, error: RequestError) -> None:
        """Tell the client, without the application, and close."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        body = msgspec.json.encode(ErrorMessage(error.body))
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close", **error.headers}
        lines = [f"HTTP/1.1 {error.status} {_PHRASES[error.status]}", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        self.transport.close()
