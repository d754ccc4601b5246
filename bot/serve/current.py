"""The engine in service, and how another takes its place."""

import asyncio
import gc
import logging
from datetime import UTC, datetime
from pathlib import Path

from bot.engine import Engine
from bot.errors import PackError

log = logging.getLogger("faqbot.serve")


class Current:
    """Holds the engine. Requests take it once and keep it to their end, so that a change never splits one."""

    def __init__(self, folder: str | None) -> None:
        self.folder = Path(folder) if folder else None
        self._lock = asyncio.Lock()
        self.engine = _load(self.folder)
        self.loaded = datetime.now(UTC)
        self.faults: tuple[str, ...] = ()
        """why the last reload failed; empty when it did not"""

    @property
    def title(self) -> str:
        return str(self.engine.pack.pack.title)

    async def reload(self) -> bool:
        """Read the pack again; False when it cannot be used, and then the old one stays and `faults` says why."""
        async with self._lock:
            try:
                self.engine = await asyncio.to_thread(_load, self.folder)
            except PackError as error:
                self.faults = tuple(str(fault) for fault in error.faults)
            except (OSError, MemoryError) as error:
                self.faults = (f"{type(error).__name__}: {error}",)
            else:
                self.loaded = datetime.now(UTC)
                self.faults = ()
                log.info("pack loaded", extra={"pack": self.title})
                return True
            log.error("the pack was not loaded; the old one stays in service", extra={"faults": self.faults})
            return False


def _load(folder: Path | None) -> Engine:
    engine = Engine.load(folder)
    gc.collect()
    gc.freeze()  # it stays as it is: the collector need not walk it again and again
    return engine
