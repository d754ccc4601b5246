"""Log lines: JSON for programs, plain for a terminal. No line holds what was asked, and none can be forged from outside."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from bot.language.clean import printable

_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, event, and what the event has with it."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)  # ASCII: no sign in it ends a line, or hides one


class Plain(logging.Formatter):
    """For a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        extra = "".join(f" {name}={printable(str(value), 500)}" for name, value in _extra(record).items())
        text = f"{record.levelname.lower()}: {printable(record.getMessage(), 500)}{extra}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


def configure(stream: TextIO | None = None) -> None:
    """Send our log and that of uvicorn to `stream`, the standard error when left out."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Plain() if stream.isatty() else JsonLines())
    for name, level in (("faqbot", logging.INFO), ("uvicorn.error", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
