"""`faqbot serve`: the application in one process, or in several that answer on one port."""

import gc
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.engine import Engine
from bot.pack.files import folder_of
from bot.progress import Progress
from bot.serve import log, sockets
from bot.serve.app import create_app
from bot.serve.connection import Connection
from bot.serve.questions import Questions
from bot.serve.settings import SettingError, Settings
from bot.serve.workers import Workers, end_with_parent

logger = logging.getLogger("faqbot.serve")


def serve(settings: Settings) -> int:
    """Serve until a signal ends it, and give the exit code.

    Raises PackError when the pack cannot be used, OSError when the address cannot, SettingError when a setting cannot,
    LogError when the log of questions cannot.
    """
    log.configure()
    if settings.workers > 1:
        _serve_with_workers(settings)
    else:
        with sockets.listen(settings.host, settings.port) as listener:
            application = build(settings)
            _announce(settings, listener, str(application.state.service.current.title))
            Server(_config(settings, application)).run([listener])
    logger.info("stopped")
    return 0


def build(settings: Settings) -> Starlette:
    """The application of one process, with what belongs to the process itself."""
    log.configure()
    end_with_parent()
    sys.setswitchinterval(0.001)  # the event loop must not wait long while a long text is read
    gc.set_threshold(50_000, 20, 50)  # nearly all that a request leaves behind goes without the collector
    return create_app(settings)


class Server(uvicorn.Server):
    """uvicorn's server; a signal ends it, and then `serve` returns."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _serve_with_workers(settings: Settings) -> None:
    if settings.store == "memory":
        raise SettingError("several workers cannot share conversations in memory: add --store sqlite:FILE or redis://…")
    # Faults show here, and the workers start from the cache.
    with Progress() as progress:
        title = str(Engine.load(settings.pack, progress=progress, embedder=settings.embedder).pack.pack.title)
    Questions(settings.question_log, settings.question_log_days, folder_of(settings.pack)).close()
    open_ = sockets.reserve if sockets.SPREADS else sockets.listen
    with open_(settings.host, settings.port) as listener, tempfile.TemporaryDirectory(prefix="faqbot-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        handed: Any = sockets.OwnSocket(*listener.getsockname()[:2]) if sockets.SPREADS else listener
        config = _config(settings, partial(build, settings), factory=True)
        Workers(config, [handed], lambda: _announce(settings, listener, title)).run()


def _config(settings: Settings, application: Any, *, factory: bool = False) -> uvicorn.Config:
    connection: Any = partial(Connection, settings)
    return uvicorn.Config(
        application,
        factory=factory,
        workers=settings.workers,
        http=connection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.proxies,
        timeout_keep_alive=max(1, round(settings.idle_timeout)),
        timeout_graceful_shutdown=round(settings.grace),
    )


def _announce(settings: Settings, listener: socket.socket, title: str) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    logger.info("serving", extra={"url": f"http://{shown}:{port}", "pack": title, "workers": settings.workers})
    if not settings.tokens and not host.startswith("127.") and host != "::1":
        logger.warning("everybody who can reach this address may ask; --token-file asks for a token")
