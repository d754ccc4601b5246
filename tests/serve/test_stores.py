"""Every store keeps conversations in the same way; and what is special about each."""

import asyncio
import sqlite3
import stat
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.serve.settings import SettingError
from bot.serve.store.interface import Saved, Store, StoreError
from bot.serve.store.memory import MemoryStore
from bot.serve.store.named import open_store
from bot.serve.store.sqlite import SqliteStore
from tests.serve.servers import Redis, redis

Use = Callable[[Store], Awaitable[Any]]


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    with redis(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(params=["memory", "sqlite", "redis"])
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What `--store` is given."""
    if request.param == "redis":
        running: Redis = request.getfixturevalue("redis_server")
        return running.url
    return "memory" if request.param == "memory" else f"sqlite:{tmp_path / 'conversations.db'}"


def with_store(name: str, use: Use, *, ttl: float = 60.0, most: int = 100) -> Any:
    async def run() -> Any:
        store = open_store(name, ttl=ttl, most=most)
        try:
            return await use(store)
        finally:
            await store.close()

    return asyncio.run(run())


FIRST = Saved("ann")
SECOND = Saved("ann", 1, {"things": ["rye", "é\u0000"], "query": None})
THIRD = Saved("ann", 2, {"things": []})


def test_what_was_kept_is_found(name: str) -> None:
    async def use(store: Store) -> None:
        assert await store.get("kept") is None
        assert await store.add("kept", FIRST)
        assert await store.get("kept") == FIRST
        assert await store.put("kept", SECOND)
        assert await store.get("kept") == SECOND
        await store.check()

    with_store(name, use)


def test_an_id_is_given_once(name: str) -> None:
    async def use(store: Store) -> None:
        await store.add("once", FIRST)
        await store.put("once", SECOND)
        assert not await store.add("once", FIRST)
        assert await store.get("once") == SECOND

    with_store(name, use)


def test_a_turn_is_only_taken_after_the_one_before_it(name: str) -> None:
    async def use(store: Store) -> None:
        await store.add("turns", FIRST)
        assert not await store.put("turns", THIRD)
        assert await store.put("turns", SECOND)
        assert not await store.put("turns", SECOND)
        assert await store.get("turns") == SECOND
        assert await store.put("turns", THIRD)

    with_store(name, use)


def test_of_many_at_once_one_is_taken(name: str) -> None:
    async def use(store: Store) -> int:
        await store.add("race", FIRST)
        return sum(await asyncio.gather(*(store.put("race", SECOND) for _ in range(20))))

    assert with_store(name, use) == 1


def test_what_was_dropped_is_gone_and_cannot_go_on(name: str) -> None:
    async def use(store: Store) -> None:
        await store.add("dropped", FIRST)
        await store.drop("dropped")
        await store.drop("never there")
        assert await store.get("dropped") is None
        assert not await store.put("dropped", SECOND)

    with_store(name, use)


def test_conversations_expire(name: str) -> None:
    async def use(store: Store) -> None:
        await store.add("brief", FIRST)
        while await store.get("brief") is not None:
            await asyncio.sleep(0.01)
        assert not await store.put("brief", SECOND)
        assert await store.add("brief", FIRST)

    with_store(name, use, ttl=0.05)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_every_turn_prolongs_a_conversation() -> None:
    async def use(store: Store, clock: Clock) -> list[bool]:
        await store.add("a", FIRST)
        clock.now += 50
        await store.put("a", SECOND)
        clock.now += 50
        alive = await store.get("a")
        clock.now += 11
        return [alive is not None, await store.get("a") is not None]

    clock = Clock()
    assert asyncio.run(use(MemoryStore(60, 10, clock), clock)) == [True, False]


def test_every_turn_prolongs_a_conversation_in_a_file(tmp_path: Path) -> None:
    async def use() -> list[bool]:
        clock = Clock()
        store = SqliteStore(str(tmp_path / "a.db"), 60, clock)
        await store.add("a", FIRST)
        clock.now += 50
        await store.put("a", SECOND)
        clock.now += 50
        alive = await store.get("a")
        clock.now += 11
        dead = await store.get("a")
        await store.close()
        return [alive is not None, dead is not None]

    assert asyncio.run(use()) == [True, False]


def test_the_memory_holds_the_latest_conversations() -> None:
    async def use() -> list[bool]:
        store = MemoryStore(60, 3)
        for id in ("a", "b", "c"):
            await store.add(id, FIRST)
        await store.put("a", SECOND)
        await store.add("d", FIRST)
        assert len(store) == 3
        return [await store.get(id) is not None for id in ("a", "b", "c", "d")]

    assert asyncio.run(use()) == [True, False, True, True]


def test_the_memory_lets_go_of_what_expired() -> None:
    async def use() -> int:
        clock = Clock()
        store = MemoryStore(60, 1000, clock)
        for number in range(500):
            await store.add(str(number), FIRST)
        clock.now += 61
        await store.add("new", FIRST)
        return len(store)

    assert asyncio.run(use()) == 1


def test_the_file_lets_go_of_what_expired(tmp_path: Path) -> None:
    async def use() -> None:
        clock = Clock()
        store = SqliteStore(str(tmp_path / "a.db"), 60, clock)
        for number in range(500):
            clock.now += 1
            await store.add(str(number), FIRST)
        await store.close()

    asyncio.run(use())
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT count(*) FROM conversations").fetchone()[0] <= 60 + 200
    db.close()


def test_a_file_outlives_the_store_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    name = f"sqlite:{tmp_path / 'kept.db'}"

    async def keep(store: Store) -> None:
        await store.add("kept", SECOND)

    async def find(store: Store) -> Saved | None:
        return await store.get("kept")

    with_store(name, keep)
    assert with_store(name, find) == SECOND
    assert stat.S_IMODE((tmp_path / "kept.db").stat().st_mode) == 0o600


def test_a_file_that_cannot_be_used_is_told_and_used_once_it_can_be(tmp_path: Path) -> None:
    folder = tmp_path / "later"

    async def use(store: Store) -> None:
        with pytest.raises(StoreError, match=r"later/a\.db"):
            await store.check()
        folder.mkdir()
        await store.check()

    with_store(f"sqlite:{folder / 'a.db'}", use)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("something else entirely, and long enough to be no empty database" * 20)

    async def use(store: Store) -> None:
        with pytest.raises(StoreError, match="not a database"):
            await store.get("a")

    with_store(f"sqlite:{tmp_path / 'a.db'}", use)
    assert (tmp_path / "a.db").read_text().startswith("something else")


def test_redis_that_is_away_is_told() -> None:
    async def use(store: Store) -> None:
        for request in (store.check(), store.get("a"), store.add("a", FIRST), store.put("a", SECOND), store.drop("a")):
            with pytest.raises(StoreError, match="Redis cannot be used"):
                await request

    with_store("redis://127.0.0.1:1/0", use)


def test_there_is_no_other_store() -> None:
    with pytest.raises(SettingError, match="there is no store 'mongo'"):
        open_store("mongo", ttl=1, most=1)
