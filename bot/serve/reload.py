"""When the pack is read again: on SIGHUP, when a file of it changes, and by an authorised call."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.serve.api import ready
from bot.serve.current import signature
from bot.serve.errors import RequestError
from bot.serve.service import Service, of

_PERIOD = 1.0
"""Seconds between two looks at the files."""


async def reload(request: Request) -> Response:
    """Read the pack again, in every worker: what is in service now. Raises RequestError 409 when the pack has faults."""
    service = of(request)
    if not await service.reload():
        raise RequestError(409, "pack_refused", "the old pack stays in service:\n" + "\n".join(service.current.faults))
    if multiprocessing.parent_process() is not None:
        os.kill(os.getppid(), signal.SIGHUP)  # the parent passes it on to all workers
    return await ready(request)


ROUTES = [Route("/v1/reload", reload, methods=["POST"])]


def on_signal(service: Service) -> Callable[[], None]:
    """Let SIGHUP read the pack again; gives what undoes this. Nothing where there are no such signals."""
    if not hasattr(signal, "SIGHUP") or threading.current_thread() is not threading.main_thread():
        return lambda: None
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[bool]] = set()

    def begin() -> None:
        task = loop.create_task(service.reload())
        running.add(task)
        task.add_done_callback(running.discard)

    loop.add_signal_handler(signal.SIGHUP, begin)

    def end() -> None:
        loop.remove_signal_handler(signal.SIGHUP)

    return end


async def watch(service: Service, period: float = _PERIOD) -> None:
    """Read the pack again whenever its files are not those that were read, and stand still. Never ends by itself.

    The files are looked at by their paths: a folder that is moved into the place of the old one is noticed, too.
    """
    current = service.current
    seen = current.signature
    while True:
        await asyncio.sleep(period)
        now = signature(current.folder)
        if now == seen != current.signature:  # changed, and not being written any more
            await service.reload()
        seen = now
