"""The engine in service, and how another takes its place."""

import asyncio
import gc
import logging
from datetime import UTC, datetime
from pathlib import Path

from bot.engine import Engine
from bot.errors import BotError, PackError
from bot.pack.files import folder_of, pack_files
from bot.progress import Progress

Signature = tuple[tuple[str, int, int], ...]

log = logging.getLogger("faqbot.serve")


class Current:
    """Holds the engine. Requests take it once and keep it to their end, so that a change never splits one."""

    def __init__(self, folder: str | None, embedder: str | None = None) -> None:
        self.folder = folder_of(folder)
        self._embedder = embedder
        self._lock = asyncio.Lock()
        self.signature = signature(self.folder)
        """of the files as they were when the pack was last read, or tried"""
        self.engine = _load(self.folder, embedder)
        self.loaded = datetime.now(UTC)
        self.faults: tuple[str, ...] = ()
        """why the last reload failed; empty when it did not"""

    @property
    def title(self) -> str:
        return str(self.engine.pack.pack.title)

    async def reload(self) -> bool:
        """Read the pack again; False when it cannot be used, and then the old one stays and `faults` says why."""
        async with self._lock:
            self.signature = signature(self.folder)
            try:
                self.engine = await asyncio.to_thread(_load, self.folder, self._embedder)
            except PackError as error:
                self.faults = tuple(str(fault) for fault in error.faults)
            except BotError as error:
                self.faults = (str(error),)
            except (OSError, MemoryError) as error:
                self.faults = (f"{type(error).__name__}: {error}",)
            else:
                self.loaded = datetime.now(UTC)
                self.faults = ()
                log.info("pack loaded", extra={"pack": self.title})
                return True
            log.error("the pack was not loaded; the old one stays in service", extra={"faults": self.faults})
            return False


def signature(folder: Path) -> Signature:
    """Names, times and sizes of the files of a pack; empty when it cannot be read."""
    try:
        return tuple((path.name, (stat := path.stat()).st_mtime_ns, stat.st_size) for path in pack_files(folder))
    except (PackError, OSError):
        return ()


def _load(folder: Path, embedder: str | None) -> Engine:
    with Progress() as progress:
        engine = Engine.load(folder, progress=progress, embedder=embedder)
    gc.unfreeze()  # the engine before last may have gone by now
    gc.collect()
    gc.freeze()  # what is left stays: the collector need not walk it again and again
    return engine
