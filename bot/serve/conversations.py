"""Conversations of many people: whose they are, and one turn after the other."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from msgspec.structs import replace

from bot.errors import StateError
from bot.reply import Reply
from bot.serve.errors import RequestError
from bot.serve.store.interface import Saved, Store

Answer = Callable[[dict[str, Any] | None], Awaitable[tuple[Reply, dict[str, Any]]]]
"""From what was remembered to the reply and what is remembered after it. May be called again: it must change nothing."""

_PATIENCE = 10.0
"""Seconds for which a turn is taken again and again because other processes are quicker."""


class Conversations:
    """Begins conversations and takes turns in them. Errors of the store pass through."""

    def __init__(self, store: Store, patience: float = _PATIENCE) -> None:
        self.store = store
        self._patience = patience
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, owner: str) -> str:
        """The id of a new conversation: 192 random bits."""
        id = secrets.token_urlsafe(24)
        await self.store.add(id, Saved(owner))
        return id

    async def turns(self, id: str, owner: str) -> int:
        """How many messages were answered in it. Raises RequestError 404 as `turn` does."""
        return (await self._find(id, owner)).turns

    async def turn(self, id: str, owner: str, answer: Answer, *, renew: bool = False) -> Reply:
        """The reply that `answer` gives in this conversation, kept before it is handed out.

        renew: begin the conversation when there is none, and anew when it began with another pack.
        Raises RequestError 404 when the id is unknown or expired, the conversation is another client's, or it began with
        another pack; 503 when others keep on being quicker.
        """
        lock = self._locks.setdefault(id, asyncio.Lock())  # within this process nobody has to try twice
        async with lock:
            deadline = time.monotonic() + self._patience
            while True:
                if renew:
                    await self.store.add(id, Saved(owner))
                saved = await self._find(id, owner)
                try:
                    reply, state = await answer(saved.state)
                except StateError:
                    if not renew:
                        raise _unknown() from None
                    reply, state = await answer(None)
                if await self.store.put(id, replace(saved, turns=saved.turns + 1, state=state)):
                    return reply
                if time.monotonic() >= deadline:
                    break
            raise RequestError(503, "contended", "too many messages at once in this conversation", retry_after=1)

    async def end(self, id: str, owner: str) -> None:
        """Forget it. Raises RequestError 404 as `turn` does."""
        await self._find(id, owner)
        await self.store.drop(id)

    async def _find(self, id: str, owner: str) -> Saved:
        saved = await self.store.get(id)
        if saved is None or saved.owner != owner:
            raise _unknown()
        return saved


def _unknown() -> RequestError:
    return RequestError(404, "unknown_conversation", "there is no such conversation, or no longer; begin a new one")
