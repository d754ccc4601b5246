"""The shell without a terminal: a question a line in, an answer a line out, nothing else."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from bot.engine import Engine
from bot.shell.render import fold

if TYPE_CHECKING:
    from bot.log.store import QuestionLog


def lines(stream: TextIO | None) -> Iterator[str]:
    """The lines of `stream`, as soon as each is there; bytes that are not UTF-8 become `�`. A closed stream has none."""
    for line in stream.buffer if stream is not None else ():
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def answers(engine: Engine, questions: Iterable[str], log: "QuestionLog | None" = None) -> Iterator[str]:
    """One line for every question of one conversation; an empty question has its line too, so that the two stay in step.

    log: keeps the questions that are not answered.
    """
    conversation = engine.conversation()
    for question in questions:
        reply = conversation.ask(question)
        if log is not None:
            log.add(question, reply)
        yield fold(reply.text)
