"""Several processes that answer on one port, and the one that looks after them."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable

import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import Multiprocess

log = logging.getLogger("faqbot.serve")

_PATIENCE = 60.0
"""Seconds that a worker may take to start."""


class Workers(Multiprocess):
    """uvicorn's supervisor, which starts a worker again that ended; SIGHUP is for the workers to read the pack again.

    on_ready: called once all of them answer.
    """

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], on_ready: Callable[[], None]) -> None:
        super().__init__(config, sockets)
        self._on_ready = on_ready

    def init_processes(self) -> None:
        super().init_processes()
        if all(process.wait_until_ready(_PATIENCE, self.should_exit) for process in self.processes):
            self._on_ready()

    def handle_hup(self) -> None:
        for process in self.processes:
            if process.pid is not None and process.exitcode is None:
                os.kill(process.pid, signal.SIGHUP)

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            log.error("a worker died; another one takes its place", extra={"pid": pid})
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


def end_with_parent() -> None:
    """Let a worker stop when its parent is gone, however it went: nobody could stop it otherwise. Nothing in another process."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=wait, daemon=True).start()
