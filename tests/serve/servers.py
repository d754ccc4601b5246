"""Servers in processes of their own, and plain sockets to treat them badly."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.documents import ROOT
from tests.tools import tool

PATIENCE = 120.0
"""Seconds after which what has not happened never will."""


def eventually(happened: Callable[[], object], what: str) -> None:
    """Wait until `happened()` is true."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.01)


class Server:
    """`faqbot serve` with these options, on a port of its own."""

    def __init__(self, *options: str, cache: Path, **environment: str) -> None:
        command = [sys.executable, "-m", "bot", "serve", "--port", "0", *options]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "FAQBOT_CACHE": str(cache), **environment}
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env)
        self.lines: list[dict[str, Any]] = []
        self.raw = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        eventually(lambda: self.events("serving") or self.process.poll() is not None, "the server starts")
        assert self.process.poll() is None, self.raw
        self.url = str(self.events("serving")[0]["url"])
        self.port = int(self.url.rpartition(":")[2])
        self._client = httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.raw += line
            if line.startswith("{"):
                self.lines.append(json.loads(line))

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of the log about that event."""
        return [line for line in self.lines if line["event"] == name]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        if self.process.stderr:
            self.process.stderr.close()
        self._client.close()
        return code

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self._client.post(self.url + path, json=body, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._client.get(self.url + path, **options)

    def begin(self) -> str:
        """The id of a new conversation."""
        return str(self.post("/v1/conversations").json()["id"])

    def say(self, id: str, text: str) -> httpx.Response:
        return self.post(f"/v1/conversations/{id}/messages", {"text": text})


@contextmanager
def server(*options: str, cache: Path, **environment: str) -> Iterator[Server]:
    running = Server(*options, cache=cache, **environment)
    try:
        yield running
    finally:
        running.stop(signal.SIGKILL)


class Redis:
    """A redis-server that can be stopped and started again, and keeps what it had."""

    def __init__(self, folder: Path) -> None:
        self._command = tool("redis-server", "redis-server")
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", ""]
        durable = ["--appendonly", "yes", "--appendfsync", "always"]
        self._process = subprocess.Popen([self._command, *options, *durable], stdout=subprocess.DEVNULL)
        eventually(self._answers, "redis-server starts")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None


@contextmanager
def redis(folder: Path) -> Iterator[Redis]:
    running = Redis(folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()
