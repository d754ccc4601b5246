"""The whole application: settings in, an ASGI callable out. It needs no socket and can be tested without one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from bot.serve import api
from bot.serve.conversations import Conversations
from bot.serve.current import Current
from bot.serve.errors import RequestError, on_failure, on_http_exception, on_request_error, on_store_error
from bot.serve.service import Service
from bot.serve.settings import Settings
from bot.serve.store.interface import StoreError
from bot.serve.store.named import open_store


def create_app(settings: Settings) -> Starlette:
    """The application for one process. Raises PackError when the pack cannot be used, ValueError when a setting cannot."""
    store = open_store(settings.store, ttl=settings.ttl, most=settings.most_conversations)
    service = Service(settings, Current(settings.pack), Conversations(store))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            service.desk.close()
            await store.close()

    app = Starlette(
        routes=[*api.ROUTES],
        exception_handlers={
            RequestError: on_request_error,
            StoreError: on_store_error,
            HTTPException: on_http_exception,
            Exception: on_failure,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return app
