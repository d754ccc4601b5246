"""What goes wrong around a server: processes killed, Redis away, a full disk. Nothing that was acknowledged is lost."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.documents import ROOT
from tests.serve.servers import PATIENCE, Redis, Server, eventually, redis, server
from tests.serve.test_api import error
from tests.serve.test_connection import resident
from tests.tools import tool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

TURNS = ("what is Rustino?", "how is it baked?", "does it contain milk?", "what about Brioletta?")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    with redis(tmp_path) as running:
        yield running


class Talker(threading.Thread):
    """Somebody who talks in one conversation until told to stop, and counts the replies."""

    def __init__(self, url: str, id: str) -> None:
        super().__init__(daemon=True)
        self._url = f"{url}/v1/conversations/{id}"
        self._stopped = threading.Event()
        self.acknowledged = 0
        self.sent = 0
        self.failed: list[str] = []

    def run(self) -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            while not self._stopped.is_set():
                self.sent += 1
                try:
                    response = client.post(f"{self._url}/messages", json={"text": TURNS[self.sent % len(TURNS)]})
                except httpx.TransportError as gone:
                    self.failed.append(repr(gone))
                    continue
                if response.status_code == 200:
                    self.acknowledged += 1
                else:
                    self.failed.append(response.text)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def turns(running: Server, id: str) -> int:
    return int(running.get(f"/v1/conversations/{id}").json()["turns"])


@pytest.mark.parametrize("store", ["sqlite", "redis"])
def test_a_server_that_is_killed_loses_nothing_that_it_acknowledged(
    store: str, bakery_folder: Path, cache: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if store == "redis":
        running_redis: Redis = request.getfixturevalue("redis_server")
        name = running_redis.url
    else:
        name = f"sqlite:{tmp_path / 'conversations.db'}"
    options = ("--pack", str(bakery_folder), "--rate", "0", "--store", name)
    with server(*options, cache=cache) as first:
        ids = [first.begin() for _ in range(4)]
        talkers = [Talker(first.url, id) for id in ids]
        for talker in talkers:
            talker.start()
        eventually(lambda: all(talker.acknowledged > 5 for talker in talkers), "they talk")
        first.process.kill()
        first.process.wait()
        for talker in talkers:
            talker.stop()
    with server(*options, cache=cache) as second:
        for id, talker in zip(ids, talkers, strict=True):
            assert talker.acknowledged <= turns(second, id) <= talker.acknowledged + 1  # one may have been kept and not told
            assert second.say(id, "and what is Rustino?").status_code == 200


def test_a_conversation_goes_on_when_the_replica_that_served_it_is_killed(
    bakery_folder: Path, cache: Path, redis_server: Redis, tmp_path: Path
) -> None:
    options = ("--pack", str(bakery_folder), "--rate", "0", "--store", redis_server.url)
    with server(*options, cache=cache) as one, server(*options, cache=cache) as other, nginx(tmp_path, one, other) as url:
        ids = [str(httpx.post(f"{url}/v1/conversations").json()["id"]) for _ in range(4)]
        talkers = [Talker(url, id) for id in ids]
        for talker in talkers:
            talker.start()
        eventually(lambda: all(talker.acknowledged > 5 for talker in talkers), "they talk")
        one.process.kill()
        before = [talker.acknowledged for talker in talkers]
        eventually(lambda: all(t.acknowledged > n + 10 for t, n in zip(talkers, before, strict=True)), "they talk on")
        for talker in talkers:
            talker.stop()
        for id, talker in zip(ids, talkers, strict=True):
            # Nobody noticed anything, but whose reply had begun to arrive: no proxy can take back what it has passed on.
            assert len(talker.failed) <= 1
            assert all("without sending complete message body" in failure for failure in talker.failed)
            assert talker.acknowledged <= turns(other, id) <= talker.acknowledged + 1 + len(talker.failed)


class nginx:  # noqa: N801
    """nginx with docs/examples/nginx.conf, before two servers."""

    def __init__(self, folder: Path, one: Server, other: Server) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = int(probe.getsockname()[1])
        text = (ROOT / "docs" / "examples" / "nginx.conf").read_text(encoding="utf-8")
        ports = ((":8001", one.port), (":8002", other.port), (":8080", self._port))
        for written, port in ports:
            assert written in text
            text = text.replace(written, f":{port}")
        (folder / "logs").mkdir()
        paths = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        text = text.replace("http {", f"pid {folder / 'pid'};\nhttp {{\naccess_log off;\n{paths}", 1)
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        self._command = [tool("nginx", "nginx-light"), "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"]

    def __enter__(self) -> str:
        self._process = subprocess.Popen([*self._command, "-g", "daemon off;"])
        eventually(self._listens, "nginx starts")
        return f"http://127.0.0.1:{self._port}"

    def _listens(self) -> bool:
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", self._port)) == 0

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)


def test_redis_may_stop_and_start_again(bakery_folder: Path, cache: Path, redis_server: Redis) -> None:
    with server("--pack", str(bakery_folder), "--store", redis_server.url, cache=cache) as running:
        id = running.begin()
        assert running.say(id, "what is Rustino?").json()["kind"] == "answer"
        redis_server.stop()
        for response in (running.say(id, "how is it baked?"), running.post("/v1/conversations")):
            assert error(response) == (503, "store_unavailable")
            assert response.headers["retry-after"] == "2"
            assert str(redis_server.port) not in response.text
        ready = running.get("/v1/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert running.post("/v1/ask", {"text": "what is proofing"}).status_code == 200  # it needs no store
        redis_server.start()
        assert running.get("/v1/ready").status_code == 200
        assert running.say(id, "how is it baked?").json()["kind"] == "answer"
        assert turns(running, id) == 2


def test_a_redis_that_hangs_holds_nobody_up_who_does_not_need_it(bakery_folder: Path, cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with server("--pack", str(bakery_folder), "--store", url, "--in-flight", "1", cache=cache) as running:
            waiting = [threading.Thread(target=running.say, args=("x", "hello")) for _ in range(3)]
            for thread in waiting:
                thread.start()
            assert running.post("/v1/ask", {"text": "what is proofing"}).status_code == 200
            assert error(running.say("x", "hello")) == (503, "store_unavailable")
            for thread in waiting:
                thread.join()


def test_a_full_disk_is_told_and_got_over(bakery_folder: Path, cache: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False).returncode:
        pytest.skip("needs root and mount: to have a small disk that can be filled")
    try:
        with server("--pack", str(bakery_folder), "--store", f"sqlite:{disk / 'a.db'}", "--rate", "0", cache=cache) as running:
            id = running.begin()
            assert running.say(id, "what is Rustino?").status_code == 200
            fill(disk / "ballast")
            kept = 1
            for _ in range(200):
                response = running.say(id, "how is it baked?")
                if response.status_code != 200:
                    break
                kept += 1
            assert error(response) == (503, "store_unavailable")
            eventually(lambda: any("full" in line.get("why", "") for line in running.lines), "the log says why")
            assert running.post("/v1/ask", {"text": "what is proofing"}).status_code == 200
            (disk / "ballast").unlink()
            assert running.say(id, "how is it baked?").json()["kind"] == "answer"
            assert turns(running, id) == kept + 1
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 1024):
                pass
        except OSError:
            return


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_two_messages_at_once_in_one_conversation_are_both_answered(
    store: str, bakery_folder: Path, cache: Path, tmp_path: Path
) -> None:
    name = "memory" if store == "memory" else f"sqlite:{tmp_path / 'a.db'}"
    options = ("--workers", "2") if store == "sqlite" else ()
    with server("--pack", str(bakery_folder), "--rate", "0", "--store", name, *options, cache=cache) as running:
        id = running.begin()
        talkers = [Talker(running.url, id) for _ in range(4)]
        for talker in talkers:
            talker.start()
        eventually(lambda: all(talker.acknowledged > 10 for talker in talkers), "they talk")
        for talker in talkers:
            talker.stop()
        assert [talker.failed for talker in talkers] == [[]] * 4
        assert turns(running, id) == sum(talker.acknowledged for talker in talkers)


def test_reloads_under_load_fail_no_request(cache: Path, tmp_path: Path) -> None:
    from tests.packs import write_bakery

    pack = write_bakery(tmp_path)
    with server("--pack", str(pack), "--rate", "0", cache=cache) as running:
        talker = Talker(running.url, running.begin())
        talker.start()
        for number in range(10):
            running.process.send_signal(signal.SIGHUP)
            eventually(lambda number=number: len(running.events("pack loaded")) > number, "the pack is loaded")  # type: ignore[misc]
        talker.stop()
        assert (talker.failed, talker.acknowledged > 0) == ([], True)
        before = resident(running.process.pid)
        for number in range(10, 25):
            running.process.send_signal(signal.SIGHUP)
            eventually(lambda number=number: len(running.events("pack loaded")) > number, "the pack is loaded")  # type: ignore[misc]
        assert resident(running.process.pid) - before < 15  # MB: the old engines have gone


def test_a_worker_that_dies_is_replaced(bakery_folder: Path, cache: Path, tmp_path: Path) -> None:
    options = ("--pack", str(bakery_folder), "--workers", "2", "--store", f"sqlite:{tmp_path / 'a.db'}")
    with server(*options, cache=cache) as running:
        id = running.begin()
        first = workers(running.process.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        eventually(lambda: len(set(workers(running.process.pid)) - set(first)) == 1, "there is another worker")
        eventually(lambda: running.events("a worker died; another one takes its place"), "it is logged")
        assert running.say(id, "what is Rustino?").status_code == 200
        assert running.stop() == 0


def workers(pid: int) -> list[int]:
    """Processes that were started by `pid`, without the one that multiprocessing keeps for itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("needs /proc: to find the workers")
    found = [int(child) for child in children.read_text(encoding="ascii").split()]
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_every_worker_reads_the_pack_again(cache: Path, tmp_path: Path) -> None:
    from tests.packs import write_bakery

    pack = write_bakery(tmp_path)
    options = ("--pack", str(pack), "--workers", "2", "--store", f"sqlite:{tmp_path / 'a.db'}", "--rate", "0")
    admin = "the-keeper-of-horses"
    with server(*options, cache=cache, FAQBOT_ADMIN_TOKENS=admin) as running:
        for _ in range(3):
            assert running.post("/v1/ask", {"text": "what is proofing"}).json()["text"].startswith("Proofing is the last rise")
        file = pack / "bakery.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("Proofing is the last rise", "Proofing is what we call it"))
        assert running.post("/v1/reload", headers={"Authorization": f"Bearer {admin}"}).status_code == 200

        def asked() -> list[str]:
            return [running.post("/v1/ask", {"text": "what is proofing"}).json()["text"][:20] for _ in range(12)]

        eventually(lambda: set(asked()) == {"Proofing is what we "}, "all workers have the new pack")
        figures = running.get("/metrics", headers={"Authorization": f"Bearer {admin}"}).text
        assert "faqbot_replies_total" in figures
