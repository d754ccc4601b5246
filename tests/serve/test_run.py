"""`faqbot serve` as it is started: options, what is refused at once, and what is said."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.serve.arguments import add_arguments, settings_of
from bot.serve.settings import SettingError, Settings, fingerprint
from tests.documents import ROOT
from tests.packs import write_bakery
from tests.serve.servers import eventually, server

Done = subprocess.CompletedProcess[str]


def serve(*options: str, **environment: str) -> Done:
    """A start that is refused."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "bot", "serve", *options]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def settings(*options: str) -> Settings:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return settings_of(parser.parse_args(options))


def test_the_defaults_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAQBOT_TOKENS", raising=False)
    monkeypatch.delenv("FAQBOT_ADMIN_TOKENS", raising=False)
    assert settings() == Settings()
    assert settings().host == "127.0.0.1"


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text("# of the shop\ncorrect-horse-battery\n\nanother-horse-battery\n")
    (tmp_path / "admin").write_text("the-keeper-of-horses")
    given = settings(
        *("--pack", "p", "--host", "0.0.0.0", "--port", "81", "--workers", "3", "--watch", "--store", "sqlite:a", "--ttl", "5"),
        *("--most-conversations", "6", "--token-file", str(tmp_path / "tokens"), "--admin-token-file", str(tmp_path / "admin")),
        *("--origin", "https://Shop.example", "--origin", "http://localhost:3000", "--proxy", "10.0.0.1", "--proxy", "10.0.0.2"),
        *("--rate", "1.5", "--burst", "7", "--in-flight", "8", "--longest-text", "9", "--largest-body", "2000"),
        *("--most-connections", "10", "--read-timeout", "11", "--answer-timeout", "12", "--grace", "13"),
        *("--question-log", "q", "--log-days", "15", "--access-log", "--idle-timeout", "14"),
    )
    assert given == Settings(
        pack="p",
        host="0.0.0.0",
        port=81,
        workers=3,
        watch=True,
        store="sqlite:a",
        ttl=5,
        most_conversations=6,
        tokens=(fingerprint("correct-horse-battery"), fingerprint("another-horse-battery")),
        admin_tokens=(fingerprint("the-keeper-of-horses"),),
        origins=("https://shop.example", "http://localhost:3000"),
        proxies="10.0.0.1,10.0.0.2",
        rate=1.5,
        burst=7,
        in_flight=8,
        longest_text=9,
        largest_body=2000,
        most_connections=10,
        read_timeout=11,
        answer_timeout=12,
        idle_timeout=14,
        grace=13,
        question_log="q",
        question_log_days=15,
        access_log=True,
    )


def test_tokens_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_TOKENS", "correct-horse-battery another-horse-battery")
    assert settings().tokens == (fingerprint("correct-horse-battery"), fingerprint("another-horse-battery"))


def test_the_log_of_questions_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_LOG", "questions.db")
    monkeypatch.setenv("FAQBOT_LOG_DAYS", "7")
    assert (settings().question_log, settings().question_log_days) == ("questions.db", 7)
    assert settings("--log", "other.db", "--log-days", "8").question_log == "other.db"
    monkeypatch.setenv("FAQBOT_LOG_DAYS", "soon")
    with pytest.raises(BotError, match="FAQBOT_LOG_DAYS should be a whole number from 1 to 100000, got 'soon'"):
        settings()


def test_settings_never_hold_a_token(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text("correct-horse-battery")
    assert "correct-horse" not in repr(settings("--token-file", str(tmp_path / "tokens")))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "holds no token"),
        (b"# nothing\n", "holds no token"),
        (b"short", "1 of the tokens in .* cannot be used: a token has 16 or more plain characters"),
        (b"a token with blanks in it", "cannot be used"),
        (b"\xff\xfe", "it is not UTF-8 text"),
    ],
)
def test_a_bad_file_of_tokens_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "tokens").write_bytes(content)
    with pytest.raises(SettingError, match=message):
        settings("--token-file", str(tmp_path / "tokens"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--port", "70000"), "argument --port: should be a whole number from 0 to 65535, got '70000'"),
        (("--rate", "-1"), "argument --rate: should be a number from 0 to 1000000, got '-1'"),
        (("--rate", "nan"), "argument --rate: should be a number from 0 to 1000000, got 'nan'"),
        (("--origin", "shop.example"), "argument --origin: should be like https://shop.example"),
        (("--origin", "*"), "argument --origin: should be like https://shop.example"),
        (("--store", "mongo"), "there is no store 'mongo': memory, sqlite:FILE or redis://HOST:PORT/DB"),
        (("--workers", "2"), "several workers cannot share conversations in memory"),
        (("--token-file", "/nowhere/tokens"), "/nowhere/tokens cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_is_refused(options: tuple[str, ...], message: str) -> None:
    done = serve(*options)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert f"faqbot serve: error: {message}" in done.stderr


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve("--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"faqbot: error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_bad_pack_is_told_before_anything_is_served(tmp_path: Path, workers: str) -> None:
    (tmp_path / "a.yaml").write_text("entries:\n  e: {question: Q, answr: A}\n")
    done = serve("--pack", str(tmp_path), "--port", "0", "--workers", workers, "--store", f"sqlite:{tmp_path / 'db'}")
    assert done.returncode == 2
    assert "unknown key 'answr'" in done.stderr
    assert "serving" not in done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_log_of_questions_that_is_something_else_is_refused(bakery_folder: Path, tmp_path: Path, workers: str) -> None:
    log = tmp_path / "text"
    log.write_text("no database, but a text that is long enough" * 99)
    store = f"sqlite:{tmp_path / 'db'}"
    done = serve("--pack", str(bakery_folder), "--port", "0", "--workers", workers, "--store", store, "--log", str(log))
    told = f"faqbot: error: {log}: is no log of questions; name another file"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, told)


def test_without_its_packages_the_server_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError(name='starlette')")
    done = serve(PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert (done.returncode, done.stderr) == (2, "faqbot: error: the server needs 'starlette': pip install 'faqbot[server]'\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(bakery_folder: Path, tmp_path: Path, number: int) -> None:
    with server("--pack", str(bakery_folder), cache=tmp_path) as running:
        assert running.get("/v1/health").status_code == 200
        assert running.stop(number) == 0
    assert [line["event"] for line in running.lines] == ["serving", "stopped"]
    assert "Traceback" not in running.raw


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_changed_pack_is_served_without_a_restart(tmp_path: Path) -> None:
    pack = write_bakery(tmp_path)
    with server("--pack", str(pack), "--watch", "--rate", "0", cache=tmp_path / "cache") as running:
        file = pack / "bakery.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("Proofing is the last rise", "Proofing is what we call it"))

        eventually(lambda: running.events("pack loaded"), "the new pack is in service")
        text = running.post("/v1/ask", {"text": "what is proofing"}).json()["text"]
        assert text.startswith("Proofing is what we call it")
        assert running.events("serving") == running.lines[:1]  # the process is still the first one


def test_a_server_for_everybody_says_so(bakery_folder: Path, tmp_path: Path) -> None:
    with server("--pack", str(bakery_folder), "--host", "0.0.0.0", cache=tmp_path) as running:
        eventually(lambda: [line for line in running.lines if line["level"] == "warning"], "the warning")
        assert "--token-file" in running.raw
    with server(
        "--pack", str(bakery_folder), "--host", "0.0.0.0", cache=tmp_path, FAQBOT_TOKENS="correct-horse-battery"
    ) as running:
        assert running.post("/v1/ask", {"text": "hello"}).status_code == 401
        assert [line["level"] for line in running.lines] == ["info"]


def test_behind_a_proxy_clients_are_told_apart(bakery_folder: Path, tmp_path: Path) -> None:
    with server("--pack", str(bakery_folder), "--rate", "0.01", "--burst", "1", cache=tmp_path) as running:
        statuses = [
            running.post("/v1/ask", {"text": "hello"}, headers={"X-Forwarded-For": client}).status_code
            for client in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]
    assert statuses == [200, 200, 429]


def test_who_is_no_proxy_is_not_believed(bakery_folder: Path, tmp_path: Path) -> None:
    options = ("--rate", "0.01", "--burst", "1", "--proxy", "192.0.2.9")
    with server("--pack", str(bakery_folder), *options, cache=tmp_path) as running:
        statuses = [
            running.post("/v1/ask", {"text": "hello"}, headers={"X-Forwarded-For": client}).status_code
            for client in ("192.0.2.1", "192.0.2.2")
        ]
    assert statuses == [200, 429]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux spreads connections over sockets")
def test_two_workers_share_the_work(bakery_folder: Path, tmp_path: Path) -> None:
    options = ("--pack", str(bakery_folder), "--workers", "2", "--store", f"sqlite:{tmp_path / 'a.db'}")
    with server(*options, cache=tmp_path) as running, ExitStack() as stack:
        numbers = set()
        for connection in [stack.enter_context(running.connect()) for _ in range(40)]:
            connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            received = b"".join(iter(lambda connection=connection: connection.recv(65536), b""))  # type: ignore[misc]
            numbers.add(received.partition(b"x-request-id: ")[2].partition(b"-")[0])
        assert len(numbers) == 2  # the number of a request begins with that of its process
        done = serve("--port", str(running.port), *options)
        assert (done.returncode, "Address already in use" in done.stderr) == (2, True)
