"""The whole application: settings in, an ASGI callable out. It needs no socket and can be tested without one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from bot.serve import api, openai, openapi, rasa, reload, web
from bot.serve.access import Access, Cors, Origins
from bot.serve.conversations import Conversations
from bot.serve.current import Current
from bot.serve.errors import RequestError, on_http_exception, on_request_error, on_store_error
from bot.serve.gate import Gate
from bot.serve.metrics import Metrics
from bot.serve.service import Service
from bot.serve.settings import Settings
from bot.serve.store.interface import StoreError
from bot.serve.store.named import open_store

if TYPE_CHECKING:
    from bot.serve.mcp import OverHttp

ROUTES: list[Route] = [*api.ROUTES, *openai.ROUTES, *rasa.ROUTES, *reload.ROUTES, *openapi.ROUTES, *web.ROUTES]


def create_app(settings: Settings) -> Starlette:
    """The application for one process. Raises PackError when the pack cannot be used, SettingError when a setting
    cannot, LogError when the log of questions cannot."""
    store = open_store(settings.store, ttl=settings.ttl, most=settings.most_conversations)
    metrics = Metrics()
    service = Service(settings, Current(settings.pack, settings.embedder), Conversations(store), metrics)

    over_http = _over_http(service) if settings.mcp else None
    routes = [*ROUTES, over_http.route] if over_http is not None else ROUTES

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(store.close)
            stack.callback(service.desk.close)
            stack.callback(service.questions.close)
            stack.callback(reload.on_signal(service))
            if over_http is not None:
                await stack.enter_async_context(over_http.sessions.run())
            if settings.watch:
                await stack.enter_async_context(_running(asyncio.create_task(reload.watch(service))))
            yield

    app = Starlette(
        routes=routes,
        middleware=_middleware(settings, metrics, routes),
        exception_handlers={RequestError: on_request_error, StoreError: on_store_error, HTTPException: on_http_exception},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return app


def _over_http(service: Service) -> "OverHttp":
    """The MCP server, whose library is imported for those who want it alone."""
    from bot.serve.mcp import OverHttp

    return OverHttp(service)


def _middleware(settings: Settings, metrics: Metrics, routes: list[Route]) -> list[Middleware]:
    """From the outside to the inside. What a page of a foreign web site asks is refused before anything else is looked at."""
    names = {route.endpoint: route.path for route in routes}
    layers = [
        Middleware(Gate, metrics, names, access_log=settings.access_log),
        Middleware(Origins, settings),
        Middleware(Access, settings),
    ]
    if settings.origins:
        cors = Middleware(
            Cors,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["X-Request-Id", "Retry-After"],
            allow_private_network=True,
        )
        layers.insert(2, cors)
    return layers


@asynccontextmanager
async def _running(task: asyncio.Task[None]) -> AsyncIterator[None]:
    """`task` for as long as the context lasts."""
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
