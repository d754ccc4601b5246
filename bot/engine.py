"""The whole flow on one screen: text -> utterance -> mentions -> claims -> decision -> reply."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.compiled import Compiled, compile_pack, key_of, read_cache, write_cache
from bot.pack.files import pack_files, shipped_pack
from bot.pack.knowledge import Knowledge
from bot.reply import Reply
from bot.respond.compose import Composer
from bot.respond.context import Memory, follow_up, picked, pointed, remember, restore
from bot.respond.decide import Decision, decide
from bot.respond.explain import explain
from bot.respond.guard import Guardian
from bot.respond.talk import SmallTalker
from bot.understand.lexicon import words_of
from bot.understand.query import Query
from bot.understand.understanding import Understander, Understanding

_MOST_TEXT = 8000
"""Characters of what was told that are remembered, so that `more` does not tell it again."""

_SHORT = 4
"""Words of a message that may be the end of what was said before."""

_MOST_QUESTIONS = 5
"""Questions of one message that are answered."""

_SURE = 0.9
"""From this confidence on, a question that also reads as a courtesy is a question."""


OnReply = Callable[[str, Reply], object]
"""Is told of every message and the reply to it, in the thread that asked. What it raises goes to the log `faqbot` alone."""


class Engine:
    """Answers questions from one pack. Immutable once loaded, and safe to share between threads."""

    def __init__(self, compiled: Compiled, on_reply: OnReply | None = None) -> None:
        pack, english = compiled.pack, compiled.english
        knowledge = Knowledge(pack)
        self.pack = pack
        self.english = english
        self._knowledge = knowledge
        self._understander = Understander(pack, knowledge, compiled.lexicon, compiled.index, compiled.rules, english)
        self._composer = Composer(pack, knowledge)
        self._guardian = Guardian(compiled.signs, pack, english)
        self._talker = SmallTalker(compiled.talk, english)
        self._meta = SmallTalker(compiled.meta, english)
        self._on_reply = on_reply

    @classmethod
    def load(cls, folder: str | Path | None = None, *, cache: bool = True, on_reply: OnReply | None = None) -> "Engine":
        """The engine for the pack in `folder`; the shipped pack when left out.

        cache: keep the compiled pack in the user's cache folder ($FAQBOT_CACHE) and start from there next time.
        on_reply: is told of every message and the reply to it, for counting and logs.
        Raises PackError with every fault of the pack.
        """
        path = Path(folder) if folder is not None else shipped_pack()
        key = key_of(pack_files(path)) if cache else ""
        compiled = read_cache(key) if key else None
        if compiled is None:
            from bot.pack.load import load

            compiled = compile_pack(load(path))
            if key:
                write_cache(key, compiled)
        return cls(compiled, on_reply)

    def ask(self, text: str) -> Reply:
        """The reply to one question, with no memory of others."""
        return self.noted(text, self.reply(text, Memory(pack=str(self.pack.pack.title)))[0])

    async def aask(self, text: str) -> Reply:
        """`ask` for programs that run on an event loop: it works in a thread, and the loop goes on."""
        from asyncio import to_thread

        return await to_thread(self.ask, text)

    def reply(self, text: str, memory: Memory) -> tuple[Reply, Memory]:
        """The reply to `text` in the light of `memory`, and the memory after it."""
        understanding = self._understander.understand(text, memory.things)
        wish = self._meta.find(understanding.utterance.tokens) if memory.text else None
        if wish is not None:
            reply = self._composer.retold(wish, memory, understanding)
            why = Decision("answer", None, f"'{wish}' was asked for")
            told = replace(reply, explain=lambda: explain(understanding, why, [], reply))
            return told, replace(memory, text=f"{memory.text}\n\n{reply.text}"[-_MOST_TEXT:] if wish == "more" else memory.text)
        things = pointed(memory, understanding, self._knowledge)
        if things != memory.things:
            understanding = self._understander.understand(text, things)
        alarms = self._guardian.find(understanding, in_talk=bool(memory.things))
        alarm = alarms[0] if alarms else None
        decision = self._decide(understanding, memory)
        if alarm is not None and (alarm.kind == "urgent" or not self._composer.is_open(decision)):
            reply = self._composer.guard(alarm, decision, understanding)
        else:
            several = self._several(text, understanding, decision, memory) if len(understanding.asking) > 1 else None
            if several is not None:
                both, after = several
                return replace(both, explain=lambda: explain(understanding, decision, alarms, both)), after
            refers = any(token.word in self.english.cues["pronoun"] for token in understanding.utterance.tokens)
            reply = self._plain_reply(decision, understanding, memory.things[:1] if refers else ())
        told = replace(reply, explain=lambda: explain(understanding, decision, alarms, reply))
        return told, remember(memory, understanding, decision.claim, reply, self.pack, self._knowledge)

    def _decide(self, understanding: Understanding, memory: Memory) -> Decision:
        """What to do with a message by itself, or as the end of what was said before."""
        following = follow_up(memory, understanding, self._knowledge)
        if following is not None:
            return Decision("answer", following, following.reasons[0])
        decision = decide(understanding)
        if decision.action == "fallback" and memory.things and len(understanding.utterance.tokens) <= _SHORT:
            for thing in memory.things[:2]:  # `and early?` after `late relapse`
                wider = self.pack.things[thing].variant_of or thing
                whole = self._understander.understand(
                    f"{understanding.utterance.text} {self.pack.things[wider].name}", memory.things
                )
                completed = decide(whole)
                if (
                    completed.action == "answer"
                    and completed.claim is not None
                    and wider not in (completed.claim.query or Query("vague")).things
                ):
                    return completed
        return decision

    def _several(
        self, text: str, understanding: Understanding, decision: Decision, memory: Memory
    ) -> tuple[Reply, Memory] | None:
        """The answers to several questions in one message, in order; None when it is rather one question."""
        tokens = understanding.utterance.tokens
        starts = [next(t.start for t in tokens if t.clause == clause) for clause in understanding.asking]
        pieces = [text[start:end] for start, end in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)]
        replies: list[Reply] = []
        after = memory
        for piece in pieces[:_MOST_QUESTIONS]:
            own = self._understander.understand(piece, after.things)
            part = self._decide(own, after)
            reply = self._plain_reply(part, own)
            after = remember(after, own, part.claim, reply, self.pack, self._knowledge)
            replies.append(reply)
        answers = list({reply.text: reply for reply in replies if reply.kind == "answer"}.values())
        whole = decision.claim.confidence if decision.action == "answer" and decision.claim else 0.0
        if len(answers) > 1 and whole < _SURE + 0.05:
            return self._composer.together(answers, len(answers) < len(replies)), after
        if len(answers) == 1 and not whole and answers[0].confidence >= _SURE:
            return self._composer.together(answers, True), after
        return None

    def noted(self, text: str, reply: Reply) -> Reply:
        """`reply`, after `on_reply` was told of it. Whatever goes wrong there, the person gets the reply."""
        if self._on_reply is not None:
            try:
                self._on_reply(text, reply)
            except Exception:
                from logging import getLogger

                getLogger("faqbot").exception("on_reply failed")
        return reply

    def joined(self, replies: list[Reply]) -> Reply:
        """Several replies as one."""
        return replies[0] if len(replies) == 1 else self._composer.together(replies, False)

    def _plain_reply(self, decision: Decision, understanding: Understanding, spoken_of: tuple[str, ...] = ()) -> Reply:
        """The reply to a message that no guard holds back."""
        talk = self._talker.find(understanding.utterance.tokens)
        names_thing = any(m.kind == "thing" for m in understanding.mentions)
        if talk is not None and (decision.claim is None or decision.action == "fallback" or not names_thing):
            return self._composer.talk(talk, understanding)
        if decision.action == "answer":
            return self._composer.answer(decision, understanding)
        return self._composer.fallback(decision, understanding, spoken_of)

    def conversation(self, state: dict[str, Any] | None = None) -> "Conversation":
        """A conversation that remembers what was said; `state` goes on from a saved one."""
        return Conversation(self, state)

    def names(self) -> list[str]:
        """Names of the things that the pack knows, for completion."""
        kinds = self.pack.kinds
        told = [id_ for id_, thing in self.pack.things.items() if kinds[thing.kind].attributes and kinds[thing.kind].named]
        return sorted({name for id_ in told for name in self._knowledge.names(id_).values()}, key=str.lower)

    def questions(self) -> list[str]:
        """Questions that the pack answers, for completion."""
        return [str(entry.question) for entry in self.pack.entries.values()]

    def topics(self) -> list[tuple[str, list[str]]]:
        """What can be asked: section of the source, questions."""
        topics: dict[str, list[str]] = {}
        for entry in self.pack.entries.values():
            section = entry.section or (self.pack.things[entry.fact.partition(".")[0]].section if entry.fact else "")
            topics.setdefault(section, []).append(entry.question)
        return list(topics.items())

    def facts(self, name: str) -> str | None:
        """What is known of the thing called `name`; None when there is none of that name."""
        understanding = self._understander.understand(name)
        things = [m.id for m in understanding.mentions if m.kind == "thing"]
        return self._composer.facts_of(things[0]) if things else None


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
        questions = picked(self._memory, words_of(text[:200], self._engine.english))
        if not questions:
            reply, self._memory = self._engine.reply(text, self._memory)
            return reply
        replies = []
        for question in questions:
            reply, self._memory = self._engine.reply(question, self._memory)
            replies.append(reply)
        return self._engine.joined(replies)
