"""The log of questions, kept beside the event loop: a disk may be slow, or held by another process."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from bot.errors import PackError
from bot.log.store import KEEP_DAYS, QuestionLog, is_kept, version_of
from bot.reply import Reply
from bot.serve.messages import Feedback

log = logging.getLogger("faqbot.serve")

_PATIENCE = 1.0
"""Seconds for which somebody waits for a reply because another process holds the log."""


class Questions:
    """Adds to the log of questions, if the operator wants one. A log that cannot be written is told once and done without."""

    def __init__(self, path: str | None, days: int | None, pack: Path) -> None:
        """pack: the folder that is asked. Raises LogError when the file cannot be used."""
        self._failed = False
        self._trouble = ""
        self._log: QuestionLog | None = None
        if path is not None:
            version, days = version_of(pack), days or KEEP_DAYS
            self._log = QuestionLog(path, pack=version, keep_days=days, patience=_PATIENCE, on_trouble=self._note)
        self._thread = ThreadPoolExecutor(1, "faqbot-questions")

    async def add(self, text: str, reply: Reply) -> None:
        """Keep the question if the reply does not answer it; then it is on the disk."""
        if self._log and is_kept(text, reply):
            await self._do(lambda kept: kept.add(text, reply))

    async def add_feedback(self, feedback: Feedback) -> None:
        """Keep a question whose reply was of no help."""
        text = feedback.text
        if text and not feedback.helpful:
            await self._do(lambda kept: kept.rate(text, None, helpful=False, intent=feedback.intent))

    async def changed(self, pack: Path) -> None:
        """Another version of the pack is asked from now on."""

        def renew(kept: QuestionLog) -> None:
            with suppress(PackError, OSError):  # gone again: the next change will tell
                kept.pack = version_of(pack)

        await self._do(renew)

    async def _do(self, work: Callable[[QuestionLog], object]) -> None:
        if self._log:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._tried, work, self._log)

    def _tried(self, work: Callable[[QuestionLog], object], kept: QuestionLog) -> None:
        self._trouble = ""
        work(kept)
        if self._trouble and not self._failed:
            log.error("questions are not kept", extra={"why": self._trouble})
        self._failed = bool(self._trouble)

    def _note(self, trouble: str) -> None:
        self._trouble = trouble

    def close(self) -> None:
        """Let the last question be written, and close the file."""
        self._thread.shutdown()
        if self._log:
            self._log.close()
