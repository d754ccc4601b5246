"""A bar for what takes long: on the standard error, and only when a person looks at it."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

_EVERY = 0.1
"""Seconds between two pictures of the bar."""

_WIDTH = 30
_CLEAR = "\r\x1b[K"

T = TypeVar("T")


class Progress:
    """Shows how far a work of several steps is; nothing at all where `stream` is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._is_shown = self._stream is not None and self._stream.isatty()
        self._last = 0.0

    def over(self, items: Iterable[T], what: str, total: int) -> Iterator[T]:
        """The items, while a bar of `total` of them is shown."""
        if not self._is_shown:
            yield from items
            return
        done = 0
        try:
            for done, item in enumerate(items, 1):
                self._paint(what, done, total)
                yield item
        finally:
            self.clear()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        self.clear()

    def show(self, what: str, done: int, total: int) -> None:
        """So many of `total` are done."""
        if self._is_shown:
            self._paint(what, done, total)

    def step(self, what: str) -> None:
        """Say what is done now, where no count is known."""
        if self._is_shown:
            self._write(f"{what} …")

    def clear(self) -> None:
        """Take the bar away."""
        if self._is_shown:
            self._write("")

    def _paint(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last < _EVERY:
            return
        self._last = now
        share = min(1.0, done / max(total, 1))
        full = round(share * _WIDTH)
        self._write(f"{what} [{'#' * full}{'.' * (_WIDTH - full)}] {share:4.0%} {done:,}")

    def _write(self, text: str) -> None:
        self._stream.write(_CLEAR + text)
        self._stream.flush()
