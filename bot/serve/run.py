"""`faqbot serve`: the application in one process, or in several that share a socket."""

from functools import partial

import uvicorn

from bot.serve.app import create_app
from bot.serve.settings import Settings


def serve(settings: Settings) -> int:
    """Serve until a signal ends it; the exit code."""
    config = uvicorn.Config(
        partial(create_app, settings),
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        ws="none",
    )
    uvicorn.Server(config).run()
    return 0
