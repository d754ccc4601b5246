"""A real server and clients that treat it badly: slow, silent, endless, too many. Others are served all the while."""

import json
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serve.servers import PATIENCE, Server, eventually, server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def brisk(bakery_folder: Path, cache: Path) -> Iterator[Server]:
    """A server that waits half a second for a request."""
    with server("--pack", str(bakery_folder), "--rate", "0", "--read-timeout", "0.5", cache=cache) as running:
        yield running


def read(connection: socket.socket) -> bytes:
    """Everything until the server closes the connection."""
    connection.settimeout(PATIENCE)
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


def answers(running: Server) -> bool:
    return running.post("/v1/ask", {"text": "what is proofing"}).status_code == 200


def refusal(response: bytes) -> tuple[int, str]:
    """Status and code of an error, which must have the one shape, on a connection that is closed."""
    head, _, body = response.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    return int(head.split()[1]), json.loads(body)["error"]["code"]


@pytest.mark.parametrize(
    "part", [b"POST /v1/a", HEAD, HEAD + b"Content-Length: 20\r\n\r\n", HEAD + b'Content-Length: 20\r\n\r\n{"text']
)
def test_a_request_that_does_not_arrive_is_given_up(brisk: Server, part: bytes) -> None:
    with brisk.connect() as connection:
        connection.sendall(part)
        assert answers(brisk)
        assert refusal(read(connection)) == (408, "slow")


def test_one_byte_at_a_time_is_no_way_to_stay(brisk: Server) -> None:
    with brisk.connect() as connection:
        stopped = threading.Event()

        def drip() -> None:
            try:
                while not stopped.wait(0.05):
                    connection.sendall(b"X-A: b\r\n")
            except OSError:
                return

        connection.sendall(HEAD)
        dripping = threading.Thread(target=drip)
        dripping.start()
        assert read(connection)[:12] == b"HTTP/1.1 408"
        stopped.set()
        dripping.join()


def test_a_silent_connection_is_closed(brisk: Server) -> None:
    with brisk.connect() as connection:
        assert read(connection) == b""


def test_a_connection_is_closed_when_the_second_request_does_not_arrive(brisk: Server) -> None:
    with brisk.connect() as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /v1/he")
        received = read(connection)
        assert received.startswith(b"HTTP/1.1 200 OK")
        assert b"HTTP/1.1 408" in received


def test_a_request_in_pieces_is_answered(brisk: Server) -> None:
    body = b'{"text": "what is proofing"}'
    with brisk.connect() as connection:
        for piece in (HEAD[:10], HEAD[10:], b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body), body[:5], body[5:]):
            connection.sendall(piece)
        assert read(connection).startswith(b"HTTP/1.1 200 OK")


def test_many_slow_clients_do_not_keep_others_from_being_answered(brisk: Server) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(brisk.connect()) for _ in range(200)]
        for connection in slow:
            connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n")
        assert all(answers(brisk) for _ in range(5))
        assert all(read(connection)[:12] == b"HTTP/1.1 408" for connection in slow)


def test_a_client_that_takes_no_answer_is_dropped(brisk: Server) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", brisk.port))
        request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200

        def is_dropped() -> bool:
            try:
                connection.sendall(request)
            except TimeoutError:
                return False
            except OSError:
                return True
            return False

        connection.settimeout(0.1)
        eventually(is_dropped, "the server drops the client")
        assert answers(brisk)


def test_half_open_connections_are_no_burden(brisk: Server) -> None:
    """The other side has sent its end, or vanished: the server closes its own side."""
    with ExitStack() as stack:
        connections = [stack.enter_context(brisk.connect()) for _ in range(50)]
        for connection in connections:
            connection.sendall(HEAD)
            connection.shutdown(socket.SHUT_WR)
        for connection in connections:
            read(connection)
    assert answers(brisk)


def test_a_body_of_50_megabytes_is_refused_before_it_arrives(brisk: Server) -> None:
    with brisk.connect() as connection:
        connection.sendall(HEAD + b"Content-Length: 52428800\r\n\r\n")
        assert refusal(read(connection)) == (413, "body_too_large")


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_of_50_megabytes_that_is_sent_all_the_same_takes_no_room(brisk: Server, chunked: bool) -> None:
    before = resident(brisk.process.pid)
    with brisk.connect() as connection:
        head = b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 52428800\r\n\r\n"
        piece = b"a" * 65536
        try:
            connection.sendall(HEAD + head)
            for _ in range(800):
                connection.sendall(b"10000\r\n" + piece + b"\r\n" if chunked else piece)
        except OSError:
            pass  # the server closed the connection: that is what is wanted
        received = read(connection)
    assert received == b"" or received.startswith(b"HTTP/1.1 413")
    assert resident(brisk.process.pid) - before < 10
    assert answers(brisk)


def resident(pid: int) -> float:
    """Memory of a process in MB; 0 where the system does not tell."""
    path = Path(f"/proc/{pid}/statm")
    return int(path.read_text(encoding="ascii").split()[1]) * 4096 / 1e6 if path.exists() else 0.0


def test_headers_without_end_are_refused(brisk: Server) -> None:
    with brisk.connect() as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 100) for n in range(400)))
        assert refusal(read(connection)) == (431, "headers_too_large")


def test_what_is_no_http_is_refused(brisk: Server) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00", b"hello\r\n\r\n", b"GET /v1/health HTTP/1.1\r\nA\nB: c\x00d\r\n\r\n"):
        with brisk.connect() as connection:
            connection.sendall(garbage)
            assert refusal(read(connection)) == (400, "malformed")


def test_smuggled_lengths_are_refused(brisk: Server) -> None:
    with brisk.connect() as connection:
        connection.sendall(HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n")
        assert refusal(read(connection)) == (400, "malformed")


def test_too_many_connections_are_turned_away_and_the_others_served(bakery_folder: Path, cache: Path) -> None:
    with server("--pack", str(bakery_folder), "--most-connections", "5", cache=cache) as running, ExitStack() as stack:
        taken = [stack.enter_context(running.connect()) for _ in range(5)]
        refused = stack.enter_context(running.connect())
        received = read(refused)
        assert refusal(received) == (503, "busy")
        assert b"retry-after: 1" in received.lower()
        taken[0].sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert read(taken[0]).startswith(b"HTTP/1.1 200 OK")


def test_what_is_in_flight_is_answered_before_the_server_stops(bakery_folder: Path, cache: Path) -> None:
    body = json.dumps({"text": "what is proofing? " * 300}).encode()
    with server("--pack", str(bakery_folder), cache=cache) as running:
        assert answers(running)
        with running.connect() as connection:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            eventually(lambda: "faqbot_in_flight 1.0" in running.get("/metrics").text, "the question is being answered")
            running.process.send_signal(signal.SIGTERM)
            received = read(connection)
        assert received.startswith(b"HTTP/1.1 200 OK")
        assert json.loads(received.partition(b"\r\n\r\n")[2])["kind"] == "answer"
        assert running.stop() == 0
        assert running.events("stopped")
