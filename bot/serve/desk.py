"""Where questions are answered: one after the other, so many waiting at a time, and not for ever."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from bot.serve.errors import RequestError

T = TypeVar("T")

_LONG = 400
"""Characters from which a message is answered beside the event loop."""

_MORE = 4
"""So many times as many requests may wait while a pack is read."""
_SETTLED = 1.0
"""Seconds for which that holds on afterwards."""


class Desk:
    """Answers questions in the order in which they came.

    A question takes the engine a millisecond or two: it is answered on the event loop, which looks for news between any two of
    them. Handing it to a thread instead costs a fifth of what the server can bear, because the two would pass Python's lock to
    and fro. A page of text takes a hundred times as long, so that goes to a thread, and no question waits behind it.
    """

    def __init__(self, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._waiting: deque[tuple[asyncio.Future[Any], Callable[[], Any]]] = deque()
        self._thread = ThreadPoolExecutor(1, "faqbot-long")
        self._changes = 0
        self.taken = 0
        """questions being answered or waiting for it"""

    @contextmanager
    def change(self) -> Iterator[None]:
        """For as long as the context lasts, and _SETTLED after it, _MORE times as many may wait: while another pack is read, and
        until it has been asked a few questions, answers take longer than the load can tell."""
        self._changes += 1
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(_SETTLED, self._settle)

    def _settle(self) -> None:
        self._changes -= 1

    def check(self) -> None:
        """Raise RequestError 503 when there is no place left: said before the body is read, it costs next to nothing."""
        if self.taken >= self._most * (_MORE if self._changes else 1):
            raise RequestError(503, "busy", "too many questions at once; please try again", retry_after=1)

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue for as long as the context lasts. Raises RequestError 503 when all are taken."""
        self.check()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def work(self, work: Callable[[], T], *, length: int) -> T:
        """What `work` gives, which is about a message of `length` characters. Raises RequestError 503 when it takes too long."""
        loop = asyncio.get_running_loop()
        if length < _LONG:
            future: asyncio.Future[T] = loop.create_future()
            self._waiting.append((future, work))
            if len(self._waiting) == 1:
                loop.call_soon(self._next)
            return await future
        try:
            async with asyncio.timeout(self._patience):
                return await loop.run_in_executor(self._thread, work)
        except TimeoutError:
            raise RequestError(503, "timeout", "the answer took too long", retry_after=5) from None

    def _next(self) -> None:
        """Do the first piece of work that is still wanted; the next one has its turn after the event loop looked for news."""
        while self._waiting:
            future, work = self._waiting[0]
            if not future.done():
                try:
                    future.set_result(work())
                except Exception as error:
                    future.set_exception(error)
                self._waiting.popleft()
                break
            self._waiting.popleft()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._next)

    def close(self) -> None:
        """Let the thread end with what it is doing."""
        self._thread.shutdown(wait=False, cancel_futures=True)
