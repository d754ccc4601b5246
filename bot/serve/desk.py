"""Where questions are answered: beside the event loop, so many at a time, and not for ever."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from bot.serve.errors import RequestError

T = TypeVar("T")

_LONG = 500
"""Characters from which a message goes to the thread of the long ones: a page of text takes a hundred times as long as a
question, and no question shall wait behind it."""


class Desk:
    """Answers with one thread for questions and one for long messages; Python gains nothing from more."""

    def __init__(self, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._short = ThreadPoolExecutor(1, "faqbot-short")
        self._long = ThreadPoolExecutor(1, "faqbot-long")
        self.taken = 0
        """questions being answered or waiting for it"""

    def check(self) -> None:
        """Raise RequestError 503 when there is no place left: said before the body is read, it costs next to nothing."""
        if self.taken >= self._most:
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
        try:
            async with asyncio.timeout(self._patience):
                return await loop.run_in_executor(self._long if length >= _LONG else self._short, work)
        except TimeoutError:
            raise RequestError(503, "timeout", "the answer took too long", retry_after=5) from None

    def close(self) -> None:
        """Let the threads end with what they are doing."""
        for pool in (self._short, self._long):
            pool.shutdown(wait=False, cancel_futures=True)
