"""The engine for one pack, and conversations with it: what programs use."""

import contextlib
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from bot.cache import key_of
from bot.compiled import Compiled, compile_pack, read_cache, write_cache
from bot.pack.files import folder_of, pack_files
from bot.pack.knowledge import Knowledge
from bot.replier import Replier
from bot.reply import Candidate, Reply
from bot.respond.decide import Given
from bot.respond.memory import Memory, restore
from bot.respond.picks import picked
from bot.understand.lexicon import words_of

if TYPE_CHECKING:
    from bot.progress import Progress
    from bot.semantic import Embedder

_MOST_LISTED = 5_000
"""Questions that are listed: nobody reads more, and a large pack would be read from disk as a whole."""

OnReply = Callable[[str, Reply], object]
"""Is told of every message and the reply to it, in the thread that asked. What it raises goes to the log `faqbot` alone."""


class Engine:
    """Answers questions from one pack. Immutable once loaded, and safe to share between threads."""

    def __init__(self, compiled: Compiled, on_reply: OnReply | None = None, embedder: "Embedder | None" = None) -> None:
        self.pack = compiled.pack
        self.english = compiled.english
        self.replier = Replier(compiled, embedder)
        self._embedder = embedder
        self.compiled = compiled
        self._on_reply = on_reply

    @classmethod
    def load(
        cls,
        folder: str | Path | None = None,
        *,
        cache: bool = True,
        on_reply: OnReply | None = None,
        progress: "Progress | None" = None,
        embedder: "Embedder | str | Path | None" = None,
    ) -> "Engine":
        """The engine for the pack in `folder`; the shipped pack when left out.

        cache: keep the compiled pack in the user's cache folder ($FAQBOT_CACHE) and start from there next time.
        on_reply: is told of every message and the reply to it, for counting and logs.
        progress: shows how far it is where compiling takes long: a large pack, or one that states a `wrong_answer_rate`.
        embedder: what it says of a text is learned from and weighed beside the words (extra `faqbot[semantic]`); a folder is
        opened by `bot.semantic.open_embedder`, which may raise EmbedderError, a BotError. Large packs do without.
        Raises PackError with every fault of the pack; MissingIndexError, a BotError, when the pack is so large that it needs the
        search index of `faqbot[large]`, and that is not installed; and OSError when there is no room for the index.
        """
        path = folder_of(folder)
        if isinstance(embedder, str | Path):
            from bot.semantic import open_embedder

            embedder = open_embedder(Path(embedder))
        key = key_of(pack_files(path)) if cache else ""
        if key and embedder is not None:
            key = f"{key}-{embedder.fingerprint[:32]}"
        compiled = read_cache(key) if key else None
        if compiled is not None:
            with contextlib.suppress(OSError):  # what lies on disk cannot be opened: it is made again
                return cls(compiled, on_reply, embedder)
        return cls(_made(path, key, progress, embedder), on_reply, embedder)

    def ask(self, text: str) -> Reply:
        """The reply to one question, with no memory of others."""
        return self.noted(text, self.replier.reply(text, Memory(pack=str(self.pack.pack.title)))[0])

    async def aask(self, text: str) -> Reply:
        """`ask` for programs that run on an event loop: it works in a thread, and the loop goes on."""
        from asyncio import to_thread

        return await to_thread(self.ask, text)

    @staticmethod
    def answerer(compiled: Compiled, embedder: "Embedder | None" = None) -> Callable[[str], Given]:
        """What the bot with a compiled pack would answer: how its threshold is found out."""
        return Replier(compiled, embedder).given

    def rank(self, text: str, limit: int = 5) -> tuple[Candidate, ...]:
        """What `text` could ask for, best first: for those who want candidates and no reply.

        Entries and fact questions with their confidence, 0..1, as they are before guards, courtesies and the threshold have their
        say, and without memory. At most `limit` (1 or more), fewer when fewer are likely, none when nothing in the text is known.
        Equal confidences go by intent, so that the order is the same everywhere. No text raises; ValueError when limit < 1.
        """
        if limit < 1:
            raise ValueError(f"limit should be 1 or more, got {limit}")
        ranked = sorted(self.replier.claims(text), key=lambda claim: (-claim.confidence, claim.intent))
        return tuple(Candidate(claim.intent, claim.confidence) for claim in ranked[:limit])

    def rank_many(self, texts: Iterable[str], limit: int = 5, *, workers: int | None = 1) -> list[tuple[Candidate, ...]]:
        """`rank` of each text, in their order.

        workers: processes that share the work, 1 or more; 1 is this process alone, None is one for each processor. Starting them
        takes about as long as ranking a thousand texts. Each of them imports the script that asks, which must therefore do so
        under `if __name__ == "__main__":`.
        With an embedder this process does it alone.
        Raises ValueError when limit or workers < 1, TypeError for one text instead of many, and RuntimeError when the processes
        do not start.
        """
        if isinstance(texts, str):
            raise TypeError("texts should be several texts, got one: `rank` is for one")
        if limit < 1:
            raise ValueError(f"limit should be 1 or more, got {limit}")
        if workers is not None and workers < 1:
            raise ValueError(f"workers should be 1 or more, or None, got {workers}")
        if workers == 1 or self._embedder is not None:  # an embedder stays where it was opened
            return [self.rank(text, limit) for text in texts]
        from bot import processes

        return processes.mapped(partial(_ranker, self.compiled, limit), list(texts), workers or processes.processors())

    def noted(self, text: str, reply: Reply) -> Reply:
        """`reply`, after `on_reply` was told of it. Whatever goes wrong there, the person gets the reply."""
        if self._on_reply is not None:
            try:
                self._on_reply(text, reply)
            except Exception:
                from logging import getLogger

                getLogger("faqbot").exception("on_reply failed")
        return reply

    def conversation(self, state: dict[str, Any] | None = None) -> "Conversation":
        """A conversation that remembers what was said; `state` goes on from a saved one."""
        return Conversation(self, state)

    def names(self) -> list[str]:
        """Names of the things that the pack knows, for completion."""
        kinds, knowledge = self.pack.kinds, Knowledge(self.pack)
        told = [id_ for id_, thing in self.pack.things.items() if kinds[thing.kind].attributes and kinds[thing.kind].named]
        return sorted({name for id_ in told for name in knowledge.names(id_).values()}, key=str.lower)

    def questions(self) -> list[str]:
        """Questions that the pack answers, for completion; of a large pack the first _MOST_LISTED."""
        return [str(entry.question) for entry in islice(self.pack.entries.values(), _MOST_LISTED)]

    def topics(self) -> list[tuple[str, list[str]]]:
        """What can be asked: section of the source, questions; of a large pack the first _MOST_LISTED."""
        topics: dict[str, list[str]] = {}
        for entry in islice(self.pack.entries.values(), _MOST_LISTED):
            section = entry.section or (self.pack.things[entry.fact.partition(".")[0]].section if entry.fact else "")
            topics.setdefault(section, []).append(entry.question)
        return list(topics.items())

    def facts(self, name: str) -> str | None:
        """What is known of the thing called `name`; None when there is none of that name."""
        return self.replier.facts_of(name)


def _made(path: Path, key: str, progress: "Progress | None", embedder: "Embedder | None") -> Compiled:
    """The pack in `path`, compiled, and kept if there is a key to keep it under."""
    from bot.pack.load import load

    pack = load(path, progress)
    compiled = compile_pack(pack, progress, embedder)
    if pack.pack.wrong_answer_rate is not None:
        from bot.calibration.fit import fitted

        compiled = fitted(
            compiled,
            pack,
            partial(Engine.answerer, embedder=embedder),
            key,
            progress.show if progress is not None else None,
            embedder,
        )
    return write_cache(key, compiled) if key else compiled


def _ranker(compiled: Compiled, limit: int) -> Callable[[str], tuple[Candidate, ...]]:
    """What a process of `rank_many` does with a text."""
    return partial(Engine(compiled).rank, limit=limit)


class Conversation:
    """Questions that remember those before; small. Safe to share between threads: one message is answered after the other."""

    def __init__(self, engine: Engine, state: dict[str, Any] | None = None) -> None:
        self._engine = engine
        self._memory = restore(state, engine.pack)
        self._turn = Lock()

    @property
    def state(self) -> dict[str, Any]:
        """What is remembered, as JSON-able values; `engine.conversation(state)` goes on from it."""
        return dict(msgspec.to_builtins(self._memory))

    def ask(self, text: str) -> Reply:
        """The reply to `text`, in the light of what was said before."""
        with self._turn:
            return self._engine.noted(text, self._reply(text))

    async def aask(self, text: str) -> Reply:
        """`ask` for programs that run on an event loop: it works in a thread, and the loop goes on."""
        from asyncio import to_thread

        return await to_thread(self.ask, text)

    def _reply(self, text: str) -> Reply:
        questions = picked(self._memory, words_of(text[:200], self._engine.english), self._engine.english)
        if questions is None:
            reply, self._memory = self._engine.replier.reply(text, self._memory)
            return reply
        if not questions:
            return self._engine.replier.unpicked(text)  # the choices stay open
        replies = []
        for question in questions:
            reply, self._memory = self._engine.replier.reply(question, self._memory)
            replies.append(reply)
        return self._engine.replier.joined(replies)
