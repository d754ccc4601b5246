"""The engine on its way to the shell: at once when its pack is compiled already, else behind the painted prompt."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.engine import Engine
from bot.shell.later import Later

if TYPE_CHECKING:
    from bot.pack.format import About


def begin(folder: Path, embedder: str | None = None) -> Later[Engine]:
    """The engine of the pack in `folder`. Left to be started when the prompt is painted if it must be compiled first.

    embedder: the folder of one, as in `Engine.load`.
    """
    engine = Later(lambda: Engine.load(folder, embedder=embedder))
    if _is_compiled(folder):
        engine.start()
    return engine


def about(engine: Later[Engine], folder: Path) -> "About":
    """What the pack is: from the engine if it has begun, else from the pack's own files. Raises PackError."""
    if engine.has_begun:
        return engine.wait().pack.pack
    from bot.pack.load import load

    return load(folder).pack


def _is_compiled(folder: Path) -> bool:
    from bot.cache import cache_folder, key_of
    from bot.pack.files import pack_files

    try:
        return (cache_folder() / f"{key_of(pack_files(folder))}.pack").is_file()
    except (OSError, RuntimeError):  # a file or a home that cannot be looked into: loading will tell
        return False
