"""One person's conversation with the engine: what was asked, the last reply, the transcript. Knows no terminal."""

from typing import TYPE_CHECKING

from bot.reply import Reply
from bot.shell.later import Later
from bot.shell.transcript import Exchange, Transcript

if TYPE_CHECKING:  # the engine is imported in the background
    from bot.engine import Conversation, Engine
    from bot.log.store import QuestionLog


class Talk:
    """A conversation whose engine may still be on its way."""

    def __init__(self, engine: "Later[Engine]", title: str, log: "QuestionLog | None" = None) -> None:
        """`log`: keeps the questions that are not answered, or badly."""
        self._later = engine
        self._log = log
        self._title = title
        self.reset()

    @property
    def engine(self) -> "Engine":
        """The engine, waited for if need be. Raises what loading it raised."""
        return self._later.wait()

    def reset(self) -> None:
        """Forget what was said."""
        self._conversation: Conversation | None = None
        self.transcript = Transcript(self._title)
        self._kept: int | None = None

    def ask(self, text: str) -> Reply:
        """The reply to `text`, which is then part of the conversation and of the transcript."""
        if self._conversation is None:
            self._conversation = self.engine.conversation()
        reply = self._conversation.ask(text)
        self.transcript.add(text, reply)
        self._kept = self._log.add(text, reply) if self._log is not None else None
        return reply

    def rate(self, *, helpful: bool, note: str) -> bool:
        """Judge the last reply in the log; whether there is one."""
        if self._log is None or self.last is None:
            return False
        last = self.last
        self._kept = self._log.rate(last.question, last.reply, helpful=helpful, note=note, kept=self._kept)
        return True

    @property
    def last(self) -> Exchange | None:
        """The last exchange; None when nothing was asked yet."""
        return self.transcript.exchanges[-1] if self.transcript.exchanges else None

    def likely(self) -> list[str]:
        """What may well be typed next: the choices of a clarification, or the questions that the last reply led to."""
        if self.last is None:
            engine = self._later.peek()
            return [str(question) for question in engine.pack.pack.starters] if engine else []
        reply = self.last.reply
        return [str(option.title) for option in reply.options] or [str(question) for question in reply.suggestions]
