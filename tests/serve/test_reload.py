"""The pack is read again while the server runs; a bad one leaves the old one in service."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.serve.app import create_app
from bot.serve.current import signature
from bot.serve.reload import watch
from bot.serve.settings import Settings, fingerprint
from tests.packs import write_bakery
from tests.serve.conftest import Open
from tests.serve.test_api import begin, error, say

ADMIN = "the-keeper-of-horses"
HEADERS = {"Authorization": f"Bearer {ADMIN}"}
OLD, NEW = "Proofing is the last rise of the dough.", "Proofing is waiting."
QUESTION = {"text": "what is proofing"}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    return write_bakery(folder)


def change(pack: Path, old: str = OLD, new: str = NEW) -> None:
    """Write the file anew, beside and moved into place."""
    text = (pack / "bakery.yaml").read_text(encoding="utf-8")
    assert old in text
    (pack / "new").write_text(text.replace(old, new), encoding="utf-8")
    (pack / "new").replace(pack / "bakery.yaml")


def spoil(pack: Path) -> None:
    change(pack, "    kind: term\n    name: proofing\n", "    kindd: term\n    name: proofing\n")


def test_an_authorised_call_reads_the_pack_again(serving: Open, pack: Path) -> None:
    client = serving(pack=str(pack), admin_tokens=(fingerprint(ADMIN),))
    assert client.post("/v1/ask", json=QUESTION).json()["text"] == OLD
    change(pack)
    assert client.post("/v1/ask", json=QUESTION).json()["text"] == OLD
    assert client.post("/v1/reload", headers=HEADERS).json()["status"] == "ready"
    assert client.post("/v1/ask", json=QUESTION).json()["text"] == NEW
    assert 'faqbot_reloads_total{outcome="good"} 1.0' in client.get("/metrics", headers=HEADERS).text


def test_a_bad_pack_leaves_the_old_one_in_service_and_says_why(
    serving: Open, pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = serving(pack=str(pack), admin_tokens=(fingerprint(ADMIN),))
    spoil(pack)
    response = client.post("/v1/reload", headers=HEADERS)
    assert error(response) == (409, "pack_refused")
    assert "unknown key 'kindd'" in response.json()["error"]["message"]
    assert client.post("/v1/ask", json=QUESTION).json()["text"] == OLD
    ready = client.get("/v1/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert any("unknown key 'kindd'" in fault for fault in ready.json()["faults"])
    figures = client.get("/metrics", headers=HEADERS).text
    assert 'faqbot_reloads_total{outcome="refused"} 1.0' in figures
    assert f"faqbot_pack_faults {len(ready.json()['faults'])}.0" in figures
    assert any("kindd" in str(getattr(record, "faults", "")) for record in caplog.records)


def test_a_mended_pack_is_taken(serving: Open, pack: Path) -> None:
    client = serving(pack=str(pack), admin_tokens=(fingerprint(ADMIN),))
    good = (pack / "bakery.yaml").read_text(encoding="utf-8")
    spoil(pack)
    client.post("/v1/reload", headers=HEADERS)
    (pack / "bakery.yaml").write_text(good.replace(OLD, NEW), encoding="utf-8")
    assert client.post("/v1/reload", headers=HEADERS).json()["faults"] == []
    assert client.post("/v1/ask", json=QUESTION).json()["text"] == NEW


def test_a_conversation_goes_on_with_the_new_pack(serving: Open, pack: Path) -> None:
    client = serving(pack=str(pack), admin_tokens=(fingerprint(ADMIN),))
    id = begin(client)
    say(client, id, "what is Rustino?")
    change(pack)
    client.post("/v1/reload", headers=HEADERS)
    assert say(client, id, "how is it baked?").json()["kind"] == "answer"


def test_a_conversation_with_another_bot_is_over(serving: Open, pack: Path) -> None:
    client = serving(pack=str(pack), admin_tokens=(fingerprint(ADMIN),))
    id = begin(client)
    say(client, id, "what is Rustino?")
    change(pack, "title: Bakery – questions about bread", "title: Another bakery")
    client.post("/v1/reload", headers=HEADERS)
    assert error(say(client, id, "how is it baked?")) == (404, "unknown_conversation")


def test_a_request_in_flight_keeps_its_pack(pack: Path) -> None:
    """A long text is being read by the old engine when the new one takes over."""

    async def run() -> tuple[str, str]:
        service = create_app(Settings(pack=str(pack))).state.service
        text = "what is proofing? " * 100
        asked = asyncio.create_task(service.ask(text))
        await asyncio.sleep(0)
        change(pack)
        assert await service.reload()
        return (await asked).text, (await service.ask(text)).text

    before, after = asyncio.run(run())
    assert (OLD in before, NEW in after) == (True, True)


def test_the_pack_is_watched(pack: Path) -> None:
    async def run() -> tuple[list[str], Any]:
        service = create_app(Settings(pack=str(pack))).state.service
        watching = asyncio.create_task(watch(service, 0.01))
        heard = [(await service.ask("what is proofing")).text]

        async def until(what: str) -> None:
            while (await service.ask("what is proofing")).text != what:
                await asyncio.sleep(0.005)

        change(pack)
        await asyncio.wait_for(until(NEW), 30)
        spoil(pack)
        while not service.current.faults:
            await asyncio.sleep(0.005)
        heard.append((await service.ask("what is proofing")).text)
        other = write_bakery(pack.parent)  # the folder moves away and another takes its place
        shutil.rmtree(pack)
        pack.mkdir()
        (other / "bakery.yaml").rename(pack / "bakery.yaml")
        await asyncio.wait_for(until(OLD), 30)
        watching.cancel()
        return heard, service.current.faults

    assert asyncio.run(run()) == ([OLD, NEW], ())


def test_a_pack_that_cannot_be_looked_at_has_an_empty_signature(tmp_path: Path) -> None:
    assert signature(tmp_path / "nowhere") == ()


def test_what_is_ready_can_be_read_by_programs(serving: Open) -> None:
    loaded = json.loads(serving().get("/v1/ready").content)["loaded"]
    assert loaded.endswith("+00:00")
