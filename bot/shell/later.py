"""A value that is worked out in the background while a person types."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """What `make` returns, made once, in a thread of its own that never holds up the end of the program."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._future: Future[T] = Future()
        self.has_begun = False
        """Whether it is being made, or made"""

    def start(self) -> None:
        """Begin, unless it has begun."""
        if not self.has_begun:
            self.has_begun = True
            Thread(target=self._run, daemon=True).start()

    def wait(self, seconds: float | None = None) -> T:
        """The value. Raises what `make` raised, or TimeoutError when it takes longer than `seconds`."""
        self.start()
        return self._future.result(seconds)

    def peek(self) -> T | None:
        """The value if it is there already."""
        return self._future.result() if self._future.done() and self._future.exception() is None else None

    def _run(self) -> None:
        try:
            self._future.set_result(self._make())
        except BaseException as error:  # whoever waits is to hear of it, whatever it is
            self._future.set_exception(error)
