"""The question log: what people asked and what they were told. Kept only when the operator asks for it."""

import logging
import os
from datetime import UTC, datetime

import msgspec

from bot.reply import Reply
from bot.serve.messages import Feedback

log = logging.getLogger("faqbot.serve")


class QuestionLog:
    """Adds one JSON object a line to a file that only this user may read: `time`, `ask`, `reply`.

    Several processes may add to one file. A log that cannot be written is told once and done without.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._failed = False

    def add(self, text: str, reply: Reply) -> None:
        """Note what was asked and the reply."""
        if self._path is not None:
            self._write({"ask": text, "reply": reply.to_dict()})

    def add_feedback(self, feedback: Feedback) -> None:
        """Note what somebody thinks of a reply."""
        if self._path is not None:
            self._write({"ask": feedback.text, "intent": feedback.intent, "helpful": feedback.helpful})

    def _write(self, fields: dict[str, object]) -> None:
        assert self._path is not None
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = msgspec.json.encode({"time": time, **fields}) + b"\n"
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line)
            finally:
                os.close(file)
        except OSError as error:
            if not self._failed:
                log.error("the question log cannot be written", extra={"why": error.strerror})
            self._failed = True
        else:
            self._failed = False
