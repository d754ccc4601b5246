"""A question, a reply, and nothing remembered: `faqbot ask`."""

from collections.abc import Iterable, Iterator

from bot.engine import Engine
from bot.reply import Reply
from bot.shell.present import reasons, whole_answer
from bot.shell.render import Para, fold, plain
from bot.shell.terminal import columns
from bot.writing import is_utf8

SILENT = frozenset({"fallback", "clarify"})
"""Kinds of reply that do not answer."""


def as_json(reply: Reply, *, explain: bool) -> str:
    """The whole reply as JSON on one line."""
    import json  # a question as text need not wait for it

    return json.dumps(reply.to_dict(trace=explain), ensure_ascii=not is_utf8())


def as_text(reply: Reply, *, explain: bool) -> str:
    """The reply for a person, wrapped if it goes to a terminal."""
    why = [Para(""), *reasons(reply)] if explain else []
    return plain([*whole_answer(reply), *why], columns()).rstrip("\n")


def answers(engine: Engine, questions: Iterable[str], *, as_json_lines: bool, explain: bool) -> Iterator[tuple[bool, str]]:
    """For every question whether it was answered, and its reply on one line."""
    for question in questions:
        reply = engine.ask(question)
        yield reply.kind not in SILENT, as_json(reply, explain=explain) if as_json_lines else fold(reply.text)
