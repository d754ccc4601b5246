"""What the streams that we were started with can show."""

import os
import shutil
import sys
from collections.abc import Mapping


def is_terminal(stream: object) -> bool:
    """Whether a person sits at `stream`; a closed one is nobody."""
    try:
        return stream is not None and os.isatty(stream.fileno())  # type: ignore[attr-defined]
    except (OSError, ValueError):
        return False


def is_conversation() -> bool:
    """Whether a person both types and reads; prompt_toolkit needs both."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


def wants_colour(environment: Mapping[str, str] = os.environ) -> bool:
    """False for NO_COLOR, when it is set to something, and for a dumb terminal."""
    return not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def columns() -> int | None:
    """Width of the terminal that the output goes to; None when it goes elsewhere."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
