"""What the examples of channels are tested with: the other side of each, on this machine."""

import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.documents import ROOT

EXAMPLES = ROOT / "examples"
PATIENCE = 60.0
"""Seconds after which what has not happened never will."""

Respond = Callable[[str, dict[str, Any]], Any]


class FakeApi:
    """An HTTP API on this machine. respond: from the path and the fields of a request to the JSON of the response."""

    def __init__(self, respond: Respond) -> None:
        self.calls: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fields = _fields(body, self.headers.get("Content-Type", ""))
                path = self.path.partition("?")[0]
                value = json.dumps(respond(path, fields)).encode()
                api.calls.put((path, fields))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(value)))
                self.end_headers()
                self.wfile.write(value)

            do_GET = do_PATCH = do_POST  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def sent(self, ending: str) -> dict[str, Any]:
        """The fields of the next request whose path ends so."""
        while True:
            path, fields = self.calls.get(timeout=PATIENCE)
            if path.endswith(ending):
                return fields

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _fields(body: bytes, type_: str) -> dict[str, Any]:
    if "json" in type_:
        return dict(json.loads(body or b"{}"))
    return dict(parse_qsl(body.decode())) if "urlencoded" in type_ else {}


@contextmanager
def api(respond: Respond) -> Iterator[FakeApi]:
    fake = FakeApi(respond)
    try:
        yield fake
    finally:
        fake.close()


@contextmanager
def running(command: list[str], pack: Path, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """An example in a process of its own, with this pack, for as long as the context lasts."""
    own = {"FAQBOT_PACK": str(pack), "FAQBOT_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    env = {**os.environ, **own, "no_proxy": "127.0.0.1", **environment}
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen([sys.executable, *command], cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        except BaseException:
            print((folder / "output").read_text(errors="replace"))
            raise
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
