"""Lines typed before, for the up arrow: in memory alone, unless the person names a file."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.language.clean import printable

_LONGEST = 10_000


class OwnFileHistory(FileHistory):
    """A file of lines that stops being written, and stops nobody, when it cannot be."""

    def load_history_strings(self) -> Iterable[str]:
        """The lines of the file, newest first."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Add a line to the file; nothing in it can command a terminal that shows the file."""
        with contextlib.suppress(OSError):  # a full disk is no reason to lose the conversation
            super().store_string(printable(string, _LONGEST))


def open_history(name: str | None) -> tuple[History, str | None]:
    """The history kept in the file called `name`, or in memory; and a warning when the file cannot be used."""
    if name is None:
        return InMemoryHistory(), None
    try:
        path = Path(name).expanduser()
        if path.exists() and not path.is_file():
            raise OSError(0, "it is not a plain file")
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
        return OwnFileHistory(path), None
    except OSError as error:
        reason = error.strerror
    except (ValueError, RuntimeError) as error:  # a NUL in the name; a `~` of nobody
        reason = str(error)
    return InMemoryHistory(), f"The history file {printable(name)} cannot be used ({reason}); history stays in memory."
