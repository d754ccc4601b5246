"""Conversations in Redis: shared by any number of servers."""

from collections.abc import Awaitable
from typing import TypeVar

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.serve.store.interface import Saved, StoreError

T = TypeVar("T")

_decode = msgspec.msgpack.Decoder(Saved).decode

_PUT = """
if (redis.call('HGET', KEYS[1], 'turns') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'turns', ARGV[2], 'saved', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
"""


class RedisStore:
    """Keeps each conversation under one key, which Redis lets expire.

    Nothing is sent twice: after a time-out nobody knows whether the first one arrived, and a turn shall not be taken twice.
    """

    def __init__(self, url: str, ttl: float) -> None:
        pool = BlockingConnectionPool.from_url(
            url, max_connections=32, timeout=2.0, socket_timeout=2.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 0)
        )
        self._redis = Redis(connection_pool=pool)
        self._put = self._redis.register_script(_PUT)
        self._milliseconds = max(1, round(ttl * 1000))

    async def add(self, id: str, saved: Saved) -> bool:
        return await self._write(id, "", saved)

    async def get(self, id: str) -> Saved | None:
        found = await self._do(self._redis.hget(_key(id), "saved"))
        try:
            return None if found is None else _decode(found if isinstance(found, bytes) else found.encode())
        except msgspec.DecodeError as error:
            raise StoreError(f"a conversation in Redis cannot be read: {error}") from error

    async def put(self, id: str, saved: Saved) -> bool:
        return await self._write(id, str(saved.turns - 1), saved)

    async def drop(self, id: str) -> None:
        await self._do(self._redis.delete(_key(id)))

    async def check(self) -> None:
        await self._do(self._redis.ping())

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)

    async def _write(self, id: str, after: str, saved: Saved) -> bool:
        args: list[str | bytes | int] = [after, str(saved.turns), msgspec.msgpack.encode(saved), self._milliseconds]
        return bool(await self._do(self._put(keys=[_key(id)], args=args)))

    async def _do(self, request: Awaitable[T]) -> T:
        try:
            return await request
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreError(f"Redis cannot be used: {type(error).__name__}: {error}") from error


def _key(id: str) -> str:
    return f"faqbot:conversation:{id}"
