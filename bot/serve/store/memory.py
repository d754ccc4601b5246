"""Conversations in this process: quick, bounded, gone when it ends."""

import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from bot.serve.store.interface import Saved

_decode = msgspec.msgpack.Decoder(Saved).decode


class MemoryStore:
    """Keeps at most `most` conversations, the latest used; each as bytes, which take a tenth of the room of objects."""

    def __init__(self, ttl: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, int, bytes]] = OrderedDict()
        """id -> (when it expires, turns, the rest); the longest quiet first"""

    def __len__(self) -> int:
        return len(self._kept)

    async def add(self, id: str, saved: Saved) -> bool:
        if self._turns(id) is not None:
            return False
        self._keep(id, saved)
        return True

    async def get(self, id: str) -> Saved | None:
        return None if self._turns(id) is None else _decode(self._kept[id][2])

    async def put(self, id: str, saved: Saved) -> bool:
        if self._turns(id) != saved.turns - 1:
            return False
        self._keep(id, saved)
        return True

    async def drop(self, id: str) -> None:
        self._kept.pop(id, None)

    async def check(self) -> None:
        return

    async def close(self) -> None:
        self._kept.clear()

    def _turns(self, id: str) -> int | None:
        """Turns of the conversation; None when there is none, or no longer."""
        expires, turns, _ = self._kept.get(id, (0.0, 0, b""))
        return turns if expires > self._clock() else None

    def _keep(self, id: str, saved: Saved) -> None:
        now = self._clock()
        self._kept[id] = (now + self._ttl, saved.turns, msgspec.msgpack.encode(saved))
        self._kept.move_to_end(id)
        while self._kept and (len(self._kept) > self._most or next(iter(self._kept.values()))[0] <= now):
            self._kept.popitem(last=False)
