"""Who may ask: pages of other web sites, tokens, and how often."""

import hmac
import ipaddress

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.serve.errors import RequestError, response
from bot.serve.rate import Rate, client_of
from bot.serve.settings import Settings, fingerprint

OPEN = {"/v1/health", "/v1/ready", "/openapi.json", "/", "/widget.js", "/page.css", "/icon.svg"}
"""Paths that need no token: how the server is, and the chat page, which asks for the token itself."""

UNLIMITED = {"/v1/health", "/v1/ready", "/metrics"}
"""Paths for those who look after the server, which are not counted against a client."""

ADMIN = {"/v1/reload", "/metrics"}


class Origins:
    """Turns away requests that a page of another web site makes, unless its origin is on the list.

    A page served by this very server may ask when it was reached by an address or as localhost: a name could be made to point
    here by anybody (DNS rebinding), so a name has to be on the list, too.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origins = frozenset(settings.origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            origin = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"), None)
            if origin is not None and origin not in self._origins and not _is_own(origin, Headers(scope=scope).get("host", "")):
                refusal = RequestError(403, "origin_not_allowed", "pages of this web site may not ask here")
                return await response(refusal, scope)(scope, receive, send)
        await self._app(scope, receive, send)


class Cors(CORSMiddleware):
    """What browsers want to know before a page of a listed web site asks. A refusal is an error like any other."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" and scope["method"] == "OPTIONS" else Headers()
        if "origin" not in headers or "access-control-request-method" not in headers:
            return await super().__call__(scope, receive, send)
        answer = self.preflight_response(request_headers=headers)
        if answer.status_code >= 400:
            refusal = RequestError(400, "preflight_refused", f"a page may not send this: {bytes(answer.body).decode()}")
            kept = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
            answer = response(refusal, scope, kept)
        await answer(scope, receive, send)


class Access:
    """Turns away requests without a token that is known, and clients that ask too often. Leaves `owner` in the scope."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._tokens = settings.tokens
        self._admin_tokens = settings.admin_tokens
        self._any = bool(settings.tokens or settings.admin_tokens)
        self._rate = Rate(settings.rate, settings.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._check(scope)
            except RequestError as error:
                return await response(error, scope)(scope, receive, send)
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        path = scope["path"]
        given = _token(scope) if self._any else ""
        owner = _known(given, self._tokens)
        scope["owner"] = owner
        if path not in UNLIMITED:
            address = client_of(scope["client"][0] if scope.get("client") else "")
            wait = self._rate.take(owner or address)
            if wait:
                raise RequestError(429, "too_many_requests", "too many requests; please wait", retry_after=wait)
        if path in ADMIN and self._admin_tokens:
            if not _known(given, self._admin_tokens):
                raise _unauthorized()
        elif path == "/v1/reload":
            raise RequestError(403, "no_admin_token", "this server was started without a token for its administrator")
        elif self._tokens and not owner and path not in OPEN:
            raise _unauthorized()


def _token(scope: Scope) -> str:
    """What stands behind `Authorization: Bearer`; empty when there is nothing."""
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _known(token: str, fingerprints: tuple[str, ...]) -> str:
    """The fingerprint of `token`, shortened, when it is known; else empty. Takes as long whichever it is, and if it is none."""
    if not token or not fingerprints:
        return ""
    own = fingerprint(token)
    found = [hmac.compare_digest(own, other) for other in fingerprints]
    return own[:16] if any(found) else ""


def _unauthorized() -> RequestError:
    error = RequestError(401, "unauthorized", "send the header 'Authorization: Bearer TOKEN' with a token of this server")
    error.headers["WWW-Authenticate"] = "Bearer"
    return error


def _is_own(origin: str, host: str) -> bool:
    """Whether a page of `origin` was served under `host`, and that is an address or localhost."""
    scheme, _, place = origin.partition("://")
    if scheme not in {"http", "https"} or place.lower() != host.lower():
        return False
    name = place[1 : place.find("]")] if place.startswith("[") else place.rpartition(":")[0] or place
    if name.lower() == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
