"""Each bot in examples/ answers somebody over its channel: a fake of the channel's API, or the library's own means for tests.

The libraries of the channels are large: a test skips itself where its library is not installed.
"""

import asyncio
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.examples.channels import EXAMPLES, PATIENCE, api, free_port, running
from tests.packs import write_bakery
from tests.tools import library

PROOFING = "Proofing is the last rise of the dough."
SOURCE = "Source: Crumb Press: The bread book, Starters"
FIRST, THEN, THEREUPON = "what is Rustino made of?", "and its traces?", "There may be traces of sesame"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bakery(tmp_path_factory.mktemp("bakery"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_has_at_most_40_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= (20 if path.name == "plain.py" else 40)


def test_any_function_of_user_and_text(pack: Path) -> None:
    lines = f"ann: {FIRST}\nbob: what is proofing\nann: {THEN}\nbob: {THEN}\n"
    env = {**os.environ, "FAQBOT_PACK": str(pack)}
    done = subprocess.run(
        [sys.executable, EXAMPLES / "plain.py"], input=lines, check=True, capture_output=True, text=True, env=env
    )
    assert f"@bob {PROOFING}\n{SOURCE}\n" in done.stdout
    third, fourth = done.stdout.split("@")[3:]
    assert third.startswith("ann ")
    assert THEREUPON in third
    assert fourth.startswith("bob Which one do you mean?")  # each has a conversation of their own


def test_telegram(pack: Path, tmp_path: Path) -> None:
    library("telegram", "python-telegram-bot")
    texts = ["/start", "how is it baked?", "Puff pastry", "what is proofing"]
    chat = {"id": 7, "type": "private", "first_name": "Ann"}

    def respond(path: str, fields: dict[str, Any]) -> Any:
        method = path.rpartition("/")[2]
        if method == "getMe":
            return {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "Bread", "username": "bread_bot"}}
        if method == "getUpdates":
            number = max(1, int(fields["offset"]))
            updates = [update(number, texts[number - 1])] if number <= len(texts) else []
            return {"ok": True, "result": updates}
        if method == "sendMessage":
            return {"ok": True, "result": message(100, fields["text"])}
        return {"ok": True, "result": True}

    def message(number: int, text: str) -> dict[str, Any]:
        commands = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
        person = {"id": 7, "is_bot": False, "first_name": "Ann"}
        return {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text, "entities": commands}

    def update(number: int, text: str) -> dict[str, Any]:
        return {"update_id": number, "message": message(number, text)}

    with api(respond) as fake:
        settings = {"TELEGRAM_TOKEN": "1:a", "TELEGRAM_API": f"{fake.url}/bot"}
        with running([str(EXAMPLES / "telegram_bot.py")], pack, tmp_path, **settings):
            assert "I repeat what one book says." in fake.sent("/sendMessage")["text"]
            asked = fake.sent("/sendMessage")
            assert [row[0]["text"] for row in json.loads(asked["reply_markup"])["keyboard"]] == [
                "Sourdough",
                "Yeast dough",
                "Puff pastry",
            ]
            assert "Puff pastry is baked" in fake.sent("/sendMessage")["text"]
            assert fake.sent("/sendMessage")["text"] == f"{PROOFING}\n\n{SOURCE}"


def test_slack(pack: Path, tmp_path: Path) -> None:
    library("slack_bolt", "slack-bolt")
    port, secret = free_port(), "a-signing-secret"

    def event(type_: str, text: str, **more: Any) -> httpx.Response:
        inner = {"type": type_, "channel": "D1", "user": "U1", "text": text, "ts": "1.1", **more}
        body = json.dumps({"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": inner})
        now = str(int(time.time()))
        sign = hmac.new(secret.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={sign}"}
        return httpx.post(f"http://127.0.0.1:{port}/slack/events", content=body, headers=headers, trust_env=False)

    def respond(path: str, _fields: dict[str, Any]) -> Any:
        return {"ok": True, "user_id": "UBOT", "bot_id": "B1", "team_id": "T1", "user": "bread", "ts": "2.2"}

    with api(respond) as fake:
        settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": secret, "SLACK_API": f"{fake.url}/", "PORT": str(port)}
        with running([str(EXAMPLES / "slack_bot.py")], pack, tmp_path, **settings) as process:
            _listening(port, process)
            assert event("app_mention", "<@UBOT> what is proofing").status_code == 200
            assert fake.sent("/chat.postMessage")["text"] == f"{PROOFING}\n_{SOURCE}_"
            assert event("message", FIRST, channel_type="im").status_code == 200
            fake.sent("/chat.postMessage")
            event("message", "my own words", bot_id="B1", channel_type="im")
            event("message", THEN, channel_type="im")
            assert THEREUPON in fake.sent("/chat.postMessage")["text"]
            assert httpx.post(f"http://127.0.0.1:{port}/slack/events", json={}, trust_env=False).status_code == 401


DISCORD = """
import runpy, sys
import discord, yarl
discord.http.Route.BASE = sys.argv[2]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[3])
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""The library has no setting for another server, so its address is changed before the example runs."""


def test_discord(pack: Path, tmp_path: Path) -> None:
    library("discord", "discord.py")
    websockets = library("websockets.sync.server", "websockets")
    bot = {"id": "1", "username": "bread", "discriminator": "0", "avatar": None, "bot": True}
    ann = {"id": "7", "username": "ann", "discriminator": "0", "avatar": None}

    def message(number: int, text: str, author: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(number), "channel_id": "70", "author": author, "content": text, "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": False, "type": 0,
        }  # fmt: skip

    def respond(path: str, fields: dict[str, Any]) -> Any:
        if path.endswith("/applications/@me"):
            application = {"name": "bread", "description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False}
            return {**application, "id": "1", "owner": ann, "verify_key": ""}
        return message(900, fields["content"], bot) if path.endswith("/messages") else bot

    def gateway(connection: Any) -> None:
        connection.send(json.dumps({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None}))
        said = 0
        for raw in connection:
            if json.loads(raw)["op"] == 2:  # it introduces itself
                ready = {"v": 10, "user": bot, "guilds": [], "session_id": "s", "resume_gateway_url": connection_url,
                         "application": {"id": "1", "flags": 0}}  # fmt: skip
                connection.send(json.dumps({"op": 0, "s": 1, "t": "READY", "d": ready}))
                for said, text in enumerate((FIRST, THEN), 2):
                    event = {"op": 0, "s": said, "t": "MESSAGE_CREATE", "d": message(said, text, ann)}
                    connection.send(json.dumps(event))

    with api(respond) as fake, websockets.serve(gateway, "127.0.0.1", 0) as server:
        connection_url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = ["-c", DISCORD, str(EXAMPLES / "discord_bot.py"), fake.url, connection_url]
        with running(command, pack, tmp_path, DISCORD_TOKEN="x"):
            replies = [fake.sent("/channels/70/messages") for _ in (FIRST, THEN)]
            assert "-# Source: Crumb Press: The bread book, Doughs" in replies[0]["content"]
            assert THEREUPON in replies[1]["content"]
            assert replies[0]["allowed_mentions"]["parse"] == []


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@pytest.mark.filterwarnings("ignore")
def test_streamlit(pack: Path) -> None:
    testing = library("streamlit.testing.v1", "streamlit")
    with _environment(FAQBOT_PACK=str(pack)):
        page = testing.AppTest.from_file(str(EXAMPLES / "streamlit_chat.py"), default_timeout=PATIENCE).run()
        assert not page.exception
        assert page.caption[0].value == "I repeat what one book says."
        page.chat_input[0].set_value("how is it baked?").run()
        assert [button.label for button in page.button] == ["Sourdough", "Yeast dough", "Puff pastry"]
        page.button[2].click().run()
        assert "Puff pastry is baked" in page.chat_message[-1].markdown[0].value
        page.chat_input[0].set_value("what is proofing").run()
        assert page.chat_message[-1].markdown[0].value == f"{PROOFING}\n\n*{SOURCE}*"
        assert not page.exception


def test_gradio(pack: Path, tmp_path: Path) -> None:
    library("gradio", "gradio")
    port = free_port()
    settings = {"GRADIO_SERVER_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SERVER_NAME": "127.0.0.1"}
    ask = (
        "import sys, gradio_client\n"
        "client = gradio_client.Client(sys.argv[1], verbose=False)\n"
        "for text in sys.argv[2:]: print(client.predict(text, api_name='/answer'))\n"
    )
    with running([str(EXAMPLES / "gradio_chat.py")], pack, tmp_path, **settings) as process:
        _listening(port, process)
        command = [sys.executable, "-c", ask, f"http://127.0.0.1:{port}", "what is proofing", FIRST, THEN]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
        assert f"{PROOFING}\n\n*{SOURCE}*" in done.stdout
        assert THEREUPON in done.stdout


def test_chainlit(pack: Path, tmp_path: Path) -> None:
    library("chainlit", "chainlit")
    port = free_port()
    command = ["-m", "chainlit", "run", str(EXAMPLES / "chainlit_chat.py"), "--headless", "--port", str(port)]
    with running(command, pack, tmp_path) as process:
        _listening(port, process)
        told = asyncio.run(_chainlit(port, [FIRST, THEN]))
        assert "*I repeat what one book says.*" in told[0]
        assert "*Source: Crumb Press: The bread book, Doughs*" in told[1]
        assert THEREUPON in told[2]


async def _chainlit(port: int, texts: list[str]) -> list[str]:
    """What the bot says at first and to each of the texts, over the socket that its page uses."""
    socketio = library("socketio", "chainlit")
    heard: asyncio.Queue[str] = asyncio.Queue()
    client = socketio.AsyncClient()

    async def hear(message: dict[str, Any]) -> None:
        if message["type"] == "assistant_message":
            await heard.put(message["output"])

    client.on("new_message", hear)

    auth = {"clientType": "webapp", "sessionId": "s-1", "threadId": "", "userEnv": "{}", "chatProfile": ""}
    await client.connect(f"http://127.0.0.1:{port}", socketio_path="/ws/socket.io", auth=auth, transports=["websocket"])
    try:
        async with asyncio.timeout(PATIENCE):
            await client.emit("connection_successful")
            told = [await heard.get()]
            for text in texts:
                message = {"id": str(uuid4()), "name": "user", "type": "user_message", "output": text, "createdAt": None}
                await client.emit("client_message", {"message": message, "fileReferences": []})
                told.append(await heard.get())
            return told
    finally:
        await client.disconnect()


def _listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the process listens on `port`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=PATIENCE)
        except httpx.TransportError:
            assert process.poll() is None, "it ended"
            assert time.monotonic() < deadline, "it never listened"
            time.sleep(0.05)
        else:
            return
