"""Turns of one conversation come one after the other, whoever takes them."""

import asyncio
from typing import Any

import pytest

from bot.errors import StateError
from bot.reply import Reply
from bot.serve.conversations import Conversations
from bot.serve.errors import RequestError
from bot.serve.store.interface import Saved
from bot.serve.store.memory import MemoryStore

REPLY = Reply(kind="answer", text="a", markdown="a")


def adding(word: str) -> Any:
    """A turn that takes a while and adds a word to what is remembered."""

    async def answer(state: dict[str, Any] | None) -> tuple[Reply, dict[str, Any]]:
        await asyncio.sleep(0)
        words = [*(state or {"words": []})["words"], word]
        await asyncio.sleep(0)
        return REPLY, {"words": words}

    return answer


@pytest.mark.parametrize("replicas", [1, 3])
def test_of_many_messages_at_once_none_is_lost(replicas: int) -> None:
    async def run() -> Saved | None:
        store = MemoryStore(60, 10)
        servers = [Conversations(store) for _ in range(replicas)]
        id = await servers[0].begin("")
        await asyncio.gather(*(servers[n % replicas].turn(id, "", adding(str(n))) for n in range(12)))
        return await store.get(id)

    saved = asyncio.run(run())
    assert saved is not None
    assert saved.state is not None
    assert saved.turns == 12
    assert sorted(saved.state["words"], key=int) == [str(n) for n in range(12)]


def test_within_one_server_they_come_in_order() -> None:
    async def run() -> list[str]:
        store = MemoryStore(60, 10)
        talks = Conversations(store)
        id = await talks.begin("")
        await asyncio.gather(*(talks.turn(id, "", adding(str(n))) for n in range(12)))
        saved = await store.get(id)
        assert saved is not None
        return list((saved.state or {})["words"])

    assert asyncio.run(run()) == [str(n) for n in range(12)]


def test_a_turn_that_is_always_overtaken_is_given_up() -> None:
    class Overtaken(MemoryStore):
        async def put(self, id: str, saved: Saved) -> bool:
            return False

    async def run() -> None:
        talks = Conversations(Overtaken(60, 10), patience=0.01)
        await talks.turn(await talks.begin(""), "", adding("a"))

    with pytest.raises(RequestError, match="contended") as caught:
        asyncio.run(run())
    assert caught.value.status == 503


async def _foreign(state: dict[str, Any] | None) -> tuple[Reply, dict[str, Any]]:
    if state is not None:
        raise StateError("of another pack")
    return REPLY, {"pack": "new"}


@pytest.mark.parametrize("renew", [False, True])
def test_a_conversation_of_another_pack_is_unknown_or_begins_anew(renew: bool) -> None:
    async def run() -> Saved | None:
        store = MemoryStore(60, 10)
        talks = Conversations(store)
        await store.add("a", Saved("", 4, {"pack": "old"}))
        await talks.turn("a", "", _foreign, renew=renew)
        return await store.get("a")

    if renew:
        assert asyncio.run(run()) == Saved("", 5, {"pack": "new"})
    else:
        with pytest.raises(RequestError, match="unknown_conversation"):
            asyncio.run(run())
