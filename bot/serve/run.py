"""`faqbot serve`: the application in one process, or in several that share a socket."""

import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from bot.engine import Engine
from bot.serve import log
from bot.serve.app import create_app
from bot.serve.connection import Connection
from bot.serve.settings import SettingError, Settings

logger = logging.getLogger("faqbot.serve")


def serve(settings: Settings) -> int:
    """Serve until a signal ends it, and give the exit code.

    Raises PackError when the pack cannot be used, OSError when the address cannot, SettingError when a setting cannot.
    """
    if settings.workers > 1 and settings.store == "memory":
        raise SettingError("several workers cannot share conversations in memory: add --store sqlite:FILE or redis://…")
    log.configure()
    with _listen(settings.host, settings.port) as listener:
        if settings.workers > 1:
            _serve_with_workers(settings, listener)
        else:
            application = build(settings)
            _announce(settings, listener, str(application.state.service.current.title))
            Server(_config(settings, application)).run([listener])
    logger.info("stopped")
    return 0


def build(settings: Settings) -> Starlette:
    """The application of one process, with what belongs to the process itself."""
    log.configure()
    _end_with_parent()
    sys.setswitchinterval(0.001)  # the event loop must not wait long while a question is worked on
    gc.set_threshold(50_000, 20, 50)
    return create_app(settings)


def _end_with_parent() -> None:
    """Let a worker stop when its parent is gone, however it went: nobody could stop it otherwise."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=wait, daemon=True).start()


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


class Workers(Multiprocess):
    """uvicorn's supervisor, which starts a worker again that ended; SIGHUP is for the workers to read the pack again."""

    def handle_hup(self) -> None:
        for process in self.processes:
            if process.pid is not None and process.exitcode is None:
                os.kill(process.pid, signal.SIGHUP)

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            logger.error("a worker died; another one takes its place", extra={"pid": pid})
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _serve_with_workers(settings: Settings, listener: socket.socket) -> None:
    title = str(Engine.load(settings.pack).pack.pack.title)  # faults show here, and the workers start from the cache
    with tempfile.TemporaryDirectory(prefix="faqbot-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _announce(settings, listener, title)
        Workers(_config(settings, partial(build, settings), factory=True), [listener]).run()


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
        timeout_keep_alive=round(settings.idle_timeout),
        timeout_graceful_shutdown=round(settings.grace),
    )


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError when it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise OSError(error.errno, f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}") from error


def _announce(settings: Settings, listener: socket.socket, title: str) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    logger.info("serving", extra={"url": f"http://{shown}:{port}", "pack": title, "workers": settings.workers})
    if not settings.tokens and not host.startswith("127.") and host != "::1":
        logger.warning("everybody who can reach this address may ask; --token-file asks for a token")
