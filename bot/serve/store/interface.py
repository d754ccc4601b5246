"""Where conversations are kept: one small interface."""

from typing import Any, Protocol

from msgspec import Struct

from bot.errors import BotError


class Saved(Struct, frozen=True):
    """A conversation as it is kept: no message, only what the engine remembers."""

    owner: str
    """whose it is: a fingerprint of the token that began it; empty without tokens"""
    turns: int = 0
    """messages answered so far"""
    state: dict[str, Any] | None = None
    """of `bot.engine.Conversation`; None before the first turn"""


class StoreError(BotError):
    """The store cannot be reached, or cannot write. Passing: the next request tries again."""


class Store(Protocol):
    """Keeps conversations for a while. Every method may raise StoreError.

    Turns are kept in order without locks: a turn is only taken when it follows upon the one that is kept. Who comes second
    takes the turn again from what the first one left, so that none is lost, whichever process, or machine, they run on.
    """

    async def add(self, id: str, saved: Saved) -> bool:
        """Keep a new conversation; False when there is one of that id."""
        ...

    async def get(self, id: str) -> Saved | None:
        """The conversation; None when it is unknown or has expired."""
        ...

    async def put(self, id: str, saved: Saved) -> bool:
        """Keep the next turn; False when what is kept is not the turn before it. Its time to live begins anew."""
        ...

    async def drop(self, id: str) -> None:
        """Forget the conversation, if there is one."""
        ...

    async def check(self) -> None:
        """Raise StoreError when the store cannot be used."""
        ...

    async def close(self) -> None:
        """Let go of what is open."""
        ...
