"""How far a run is, on one line of a terminal."""

from time import monotonic
from typing import TextIO

_WIDE = 24


class Progress:
    """Shows how far a run is; says nothing where nobody looks."""

    def __init__(self, shards: int, questions: int, stream: TextIO, *, silent: bool = False) -> None:
        """`questions`: about as many as there are in all `shards`."""
        self._shards = max(1, shards)
        self._questions = questions
        self._stream = stream
        self._is_shown = not silent and stream.isatty()
        self._started = monotonic()
        self._first: int | None = None

    def show(self, done: int) -> None:
        """`done` shards are finished."""
        if self._first is None:
            self._first = done  # those of an earlier run: they tell nothing of how long the rest takes
        if self._is_shown:
            self._stream.write(f"\r{self.line(done, monotonic() - self._started):79}")
            self._stream.flush()

    def line(self, done: int, seconds: float) -> str:
        """What is shown after `seconds`."""
        share = done / self._shards
        filled = round(share * _WIDE)
        asked = round(share * self._questions)
        now = done - (self._first or 0)
        left = f", {seconds / now * (self._shards - done):.0f} s left" if now and done < self._shards else ""
        return f"[{'#' * filled}{'.' * (_WIDE - filled)}] {share:4.0%}  {asked:,} of {self._questions:,} questions{left}"

    def close(self) -> None:
        """Leave an empty line to whoever writes next."""
        if self._is_shown:
            self._stream.write(f"\r{'':79}\r")
            self._stream.flush()
