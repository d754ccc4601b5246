"""From a message and what was said before to a reply: the whole flow on one screen.

text -> utterance -> mentions -> claims -> decision -> reply
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.compiled import Compiled, understander_of
from bot.language.clean import printable
from bot.pack.knowledge import Knowledge
from bot.reply import Reply
from bot.respond.compose import Composer
from bot.respond.context import Follower
from bot.respond.decide import Decision, Given, careful, decider_of, least_for, reach
from bot.respond.explain import explain
from bot.respond.focus import Focus
from bot.respond.guard import Guardian
from bot.respond.memory import Memory, remember
from bot.respond.pointing import Pointing, point
from bot.respond.recast import Recaster
from bot.respond.remarks import courtesies_end, remark_end
from bot.respond.several import Part, pieces, told_apart
from bot.respond.signs import Alarm, SignFinder
from bot.respond.talk import SmallTalker
from bot.respond.trust import TRUSTED, evidence_of, least_trust, rated, trust_in
from bot.respond.wishes import Wishes
from bot.understand.query import Claim, Query
from bot.understand.retrieve import KNOWN
from bot.understand.understanding import Understanding

if TYPE_CHECKING:
    from bot.semantic import Embedder

_MOST_TEXT = 6000
"""Characters of what was told that are remembered, so that `more` does not tell it again."""

_SURE = 0.9
"""From this confidence on, a question about something that also reads as a courtesy is a question."""

_PLAIN_FORMS = frozenset({"list", "verify"})
_SURE_OF_FACTS = 0.87
"""From this confidence on, a plain question over facts sets off no weak alarm."""

_COMPLETED = 0.8
_COMPLETED_FACT = 0.7
"""A message that something had to be put into needs this confidence, for an entry and for a fact."""

_LONGEST_REFERRING = 10
"""Words of a message whose `it` stands for what was spoken of, rather than for something that it tells itself."""

_SPOKEN = 3
"""So many of the things spoken of last may be what a message goes on about."""


class Replier:
    """Replies with one pack. It remembers nothing, and is safe to share between threads."""

    def __init__(self, compiled: Compiled, embedder: "Embedder | None" = None) -> None:
        pack, english = compiled.pack, compiled.english
        knowledge = Knowledge(pack)
        self.pack = pack
        self.english = english
        self._threshold = compiled.threshold
        self._threshold_of_high = compiled.threshold_of_high
        # Where facts and entries compete; a pack that states a rate of wrong answers has a curve of its own.
        self._trusts = bool(pack.things) and compiled.large is None and pack.pack.wrong_answer_rate is None
        self._knowledge = knowledge
        self._understander = understander_of(compiled, embedder)
        self._composer = Composer(pack, knowledge, english)
        self._guardian = Guardian(compiled.model, SignFinder(compiled.signs, pack, english), pack, english)
        self._decided = decider_of(pack)
        self._focus = Focus(self._understander, self._decided, pack, english)
        self._talker = SmallTalker(compiled.talk, english)
        self._meta = SmallTalker(compiled.meta, english, to_the_word=True)
        self._wishes = Wishes(self._meta, self._talker, self._guardian, english)
        self._follower = Follower(knowledge, self._understander.relations, english)
        self._recaster = Recaster(knowledge, english)

    def claims(self, text: str) -> tuple[Claim, ...]:
        """What `text` could ask for, the best first, before anything is decided."""
        return self._understander.understand(text).claims

    def facts_of(self, name: str) -> str | None:
        """What is known of the thing called `name`; None when there is none of that name."""
        things = [m.id for m in self._understander.understand(name).mentions if m.kind == "thing"]
        return self._composer.facts_of(things[0]) if things else None

    def given(self, text: str) -> Given:
        """What `text` would be answered with by a bot of any threshold."""
        understanding = self._understander.understand(text)
        sense = self._guardian.sense(understanding)
        if sense.alarms:
            return Given(0.0)
        decision = self._decide(understanding, Memory(), Pointing(), 0.0)
        if decision.claim is None or self._plain_reply(decision, understanding).kind != "answer":
            return Given(0.0)
        claims = [claim for claim in (decision.claim, decision.beside) if claim is not None]
        return Given(
            reach(decision, sense.outside),
            intents=tuple(claim.intent for claim in claims),
            over_facts=decision.claim.entry is None,
        )

    def reply(self, text: str, memory: Memory) -> tuple[Reply, Memory]:
        """The reply to `text` in the light of `memory`, and the memory after it."""
        typed = self._understander.understand(text, memory.things)
        begin = courtesies_end(typed, self._meta, self._talker)
        text = text[begin:]
        understanding = self._understander.understand(text, memory.things) if begin else typed
        wish = self._wishes.find(understanding)
        if wish is not None and not memory.text and understanding.claims and understanding.claims[0].confidence >= _SURE:
            wish = None  # `MM, what's that?` opens a conversation
        if wish is not None and not (wish in {"more", "again"} and self._follower.follow_up(memory, understanding, Pointing())):
            if memory.text:
                return self._granted(wish, understanding, memory)
            nothing = Decision("fallback", None, "nothing was said before")
            reply = self._plain_reply(nothing, understanding)
            return replace(reply, explain=lambda: explain(understanding, nothing, (), reply)), memory
        sense = self._guardian.sense(understanding, in_talk=bool(memory.things))
        asked_from = remark_end(understanding) if memory.text else 0
        if asked_from:
            text, understanding = text[asked_from:], self._understander.understand(text[asked_from:], memory.things)
        spelled = self._recaster.spelled_out(understanding, memory)
        if spelled is not None:
            text, understanding = spelled, self._understander.understand(spelled, memory.things)
        pointing = point(memory, understanding, self._knowledge, self.english)
        if pointing.things:
            understanding = self._understander.understand(text, pointing.things, pointing)
        alarms = sense.alarms
        alarm = alarms[0] if alarms else None
        least = least_for(sense.outside, self._threshold)
        decision = self._careful(self._decide(understanding, memory, pointing, least))
        if alarm is not None and (alarm.is_certain or not self._is_free(alarm, decision, understanding, memory)):
            reply = self._composer.guard(alarm, decision, understanding)
        else:
            several = self._several(text, understanding, decision, memory, least)
            if several is not None:
                both, after = several
                return replace(both, explain=lambda: explain(understanding, decision, alarms, both)), after
            refers = any(token.word in self.english.cues["pronoun"] for token in understanding.utterance.tokens)
            spoken_of = memory.things[:1] if refers else ()
            reply = self._plain_reply(decision, understanding, spoken_of)
            decision, reply = self._trusted(decision, reply, understanding, sense.outside, spoken_of)
            if reply.kind == "clarify" and memory.kind == "clarify":
                reply = self._all_choices(reply, memory)
            elif reply.kind == "fallback" and memory.kind == "urgent" and not understanding.asking:
                decision = Decision("fallback", None, "what was told before is urgent still")  # `probably it was the curry`
                reply = self._composer.retold("again", memory, understanding)
        reply = self._composer.placed(reply, typed) if typed.utterance.text != text else reply
        told = replace(reply, explain=lambda: explain(understanding, decision, alarms, reply))
        return told, remember(memory, understanding, decision.claim, reply, self._knowledge, self.english, pointing.things)

    def _trusted(
        self, decision: Decision, reply: Reply, understanding: Understanding, outside: float, spoken_of: tuple[str, ...]
    ) -> tuple[Decision, Reply]:
        """`decision` and its reply, or, where an answer is less likely right than it must be, that we do not know; and an answer
        after all where it is likely right."""
        claim = decision.claim
        if claim is not None and (decision.reason in claim.reasons or claim.confidence >= KNOWN):
            return decision, reply  # it goes on with what was spoken of, or is asked to the word
        is_doubtful = decision.is_doubtful and reply.kind == "fallback"
        if not self._trusts or claim is None or not (reply.kind == "answer" or is_doubtful):
            return decision, reply
        answer = self._composer.answer(decision, understanding) if is_doubtful else reply
        trust = trust_in(evidence_of(claim, answer, understanding, outside))
        least = least_trust(claim, understanding) if is_doubtful else TRUSTED
        told = f"{decision.reason}; it is right with a probability of {trust:.2f}"
        if answer.kind == "answer" and trust >= least:
            return replace(decision, action="answer", reason=told), rated(answer, trust, claim)
        if not is_doubtful:
            decision = replace(decision, action="fallback", reason=f"{told}, less than {least}")
            reply = self._composer.fallback(decision, understanding, spoken_of)
        return decision, rated(reply, trust, claim)

    def _is_free(self, alarm: Alarm, decision: Decision, understanding: Understanding, memory: Memory) -> bool:
        """Whether an alarm is none: a courtesy, a question of low risk that anyone may ask for himself, or one with no sign in it
        and nothing told around it that is in the words of its author, or goes on with the last question and tells of nobody; one
        of facts that is understood well, where the alarm is weak; or one of facts that sets off none with the name in it that its
        pronoun stands for."""
        claim = decision.claim if decision.action == "answer" else None
        is_asked = claim is not None and claim.entry is not None and (claim.to_the_word or claim.confidence >= KNOWN)
        words = {token.word for token in understanding.utterance.tokens}
        goes_on = claim is not None and claim.query is not None and decision.reason in claim.reasons
        goes_on = goes_on and words.isdisjoint(self.english.persons | self.english.owners.keys())
        is_alone = (is_asked or goes_on) and not alarm.tokens and understanding.utterance.clauses <= 1 + goes_on
        if alarm.kind == "refer" and claim is not None and claim.query is not None and not alarm.tokens:
            for text, _ in self._follower.completed(memory, understanding, only_pronouns=True):
                return not self._guardian.sense(self._understander.read(text)).alarms
        of_facts = claim is not None and claim.query is not None and claim.query.form in _PLAIN_FORMS
        if of_facts and claim is not None and claim.confidence >= _SURE_OF_FACTS and alarm.kind == "urgent" and alarm.is_weak:
            return True
        is_open = is_alone or (alarm.kind == "refer" and self._composer.is_open(decision))
        return is_open or self._talker.find(understanding.utterance.tokens, in_full=alarm.kind == "urgent") is not None

    def _granted(self, wish: str, understanding: Understanding, memory: Memory) -> tuple[Reply, Memory]:
        """The last answer again, less or more of it, or the reason for it."""
        why = Decision("answer", None, f"'{wish}' was asked for")
        if wish == "why" and memory.kind == "answer" and memory.asked:
            reason = self._careful(
                self._decided(self._understander.understand(f"why {memory.asked}", memory.things), self._threshold)
            )
            if reason.action == "answer" and reason.claim is not None and reason.claim.confidence >= _COMPLETED:
                reply = self._composer.answer(reason, understanding)
                if reply.kind == "answer" and reply.text != memory.text:
                    told = replace(reply, explain=lambda: explain(understanding, reason, (), reply))
                    return told, remember(memory, understanding, reason.claim, reply, self._knowledge, self.english)
        again = self._composer.retold(wish, memory, understanding)
        told = replace(again, explain=lambda: explain(understanding, why, (), again))
        if wish != "more" or again.kind != "answer":
            return told, memory
        sections = tuple(source.section for source in again.sources)
        return told, replace(memory, text=again.text, told=f"{memory.told}\n\n{again.text}"[-_MOST_TEXT:], sections=sections)

    def _decide(self, understanding: Understanding, memory: Memory, pointing: Pointing, least: float) -> Decision:
        """What to do with a message by itself, or as the end of what was said before.

        least: confidence that an answer needs, 0..1.
        """
        following = self._follower.follow_up(memory, understanding, pointing)
        if following is not None:
            return Decision("answer", following, following.reasons[0])
        recast = self._recast(memory, understanding, pointing)
        if recast is not None:
            return recast
        decision = self._focus.on_question(self._decided(understanding, least), understanding, memory.things, least)
        if decision.claim is not None and (decision.claim.query or Query("vague")).form == "overview":
            whether = self._follower.of_value(memory, understanding)
            if whether is not None:
                return Decision("answer", whether, whether.reasons[0])
        strays = self._strays(decision, memory)
        if decision.action == "fallback" or strays:
            for text, thing in self._follower.completed(memory, understanding, only_pronouns=strays):
                completed = self._decided(self._understander.understand(text, memory.things), self._threshold)
                if (
                    completed.action == "answer"
                    and completed.claim is not None
                    and completed.claim.confidence >= (_COMPLETED if completed.claim.entry else _COMPLETED_FACT)
                    and (completed.claim.query or Query("vague")).form != "overview"
                    and not (len(text.split()) <= 5 and thing in (completed.claim.query or Query("vague")).things)
                ):
                    return completed
        is_short = len(understanding.utterance.tokens) <= _LONGEST_REFERRING
        if strays and decision.action == "answer" and is_short and self._follower.refers(understanding):
            return replace(decision, action="fallback", reason="it refers to what this is not about", is_doubtful=False)
        return decision

    def _strays(self, decision: Decision, memory: Memory) -> bool:
        """Whether an entry that is none too sure is about nothing that was spoken of."""
        claim = decision.claim
        if claim is None or claim.entry is None or claim.confidence >= _COMPLETED or not memory.things:
            return False
        spoken = {t for thing in memory.things[:_SPOKEN] for t in (thing, *self._knowledge.groups_of(thing))}
        about = {t for t in self.pack.entries[claim.entry].about if t != self.pack.pack.topic}
        return about.isdisjoint(spoken)

    def _careful(self, decision: Decision) -> Decision:
        """`decision`, unless it answers with an entry of high risk and is not sure enough for that."""
        return careful(decision, self.pack, self._threshold_of_high)

    def _recast(self, memory: Memory, understanding: Understanding, pointing: Pointing) -> Decision | None:
        """What the last question comes to when it is asked of what is named now, or turned round; None when neither is meant."""
        if not memory.asked:
            return None
        named = self._follower.bare_name(understanding, pointing)
        contrary = self._recaster.contrary(understanding) if named is None else None
        is_open = memory.kind in {"fallback", "clarify"}
        if contrary is None and (named is None or not (is_open or memory.query is None)):
            return None
        before = self._understander.read(memory.asked)
        text = (
            self._recaster.with_contrary(before, contrary)
            if contrary is not None
            else self._recaster.with_thing(before, str(named))
        )
        decision = self._decided(self._understander.understand(text, memory.things), self._threshold) if text else None
        claim = decision.claim if decision is not None else None
        if decision is None or claim is None or decision.action != "answer" or claim.confidence < _COMPLETED:
            return None
        if claim.query is not None and (claim.query.form == "overview" or (named and named not in _all_of(claim.query))):
            return None
        if claim.entry is not None and named and named not in self.pack.entries[claim.entry].about:
            return None
        return replace(decision, reason=f"the question before in other words: '{printable(str(text))}'")

    def _several(
        self, text: str, understanding: Understanding, decision: Decision, memory: Memory, least: float
    ) -> tuple[Reply, Memory] | None:
        """The answers to several questions in one message, in order; None when it is rather one question."""
        spans = pieces(understanding, self._knowledge, self.english)
        if len(spans) < 2:
            return None
        parts: list[Part] = []
        after, topics, is_unknown, is_lost = memory, memory.things, False, False
        for start, end in spans:
            own = self._understander.understand(text[start:end], after.things, topics=topics)
            pointing = point(after, own, self._knowledge, self.english)
            # of a long message the parts that ask are known, and they are not taken apart once more
            part = self._careful(
                self._decided(own, least) if understanding.attention else self._decide(own, after, pointing, least)
            )
            reply = self._plain_reply(part, own)
            parts.append(Part(start, own, part, reply))
            after = remember(after, own, part.claim, reply, self._knowledge, self.english, pointing.things)
            topics = after.things if reply.kind == "answer" else topics
            is_lost |= is_unknown and reply.kind != "answer" and self._follower.refers(own)
            is_unknown = reply.kind == "fallback" and not reply.entities
            if is_unknown:
                after = replace(after, things=())  # what it asks about is unknown, and so is `it` after it
        whole = self._plain_reply(decision, understanding)
        is_follow_up = decision.claim is not None and decision.reason in decision.claim.reasons
        is_of_whole = decision.claim in understanding.claims or is_follow_up
        # the answer may be one to a piece of the message
        basis = decision if is_of_whole else self._careful(self._decided(understanding, least))
        answers, missing = told_apart(parts, basis, whole, understanding, self.english)
        if (
            basis.action == "answer" and not is_of_whole and whole.kind == "answer"
        ):  # a piece is surer than the whole, which counts too
            told = (*(answers or [whole]), self._plain_reply(basis, understanding))
            answers = list({reply.text: reply for reply in told if reply.kind == "answer"}.values())
        lines = [p.reply.text if p.is_known_gap else self._composer.missing(p.understanding) for p in missing]
        if len(answers) > 1 or (answers and lines):
            return self._composer.together(answers, lines), after
        if lines and is_lost and not answers:
            return self._composer.fallback(decision, understanding), after
        if lines and whole.kind == "answer":
            return self._composer.together([whole], lines), remember(
                memory, understanding, decision.claim, whole, self._knowledge, self.english
            )
        return None

    def _all_choices(self, clarification: Reply, memory: Memory) -> Reply:
        """Instead of asking back once more: what there is to every choice."""
        replies = [self.reply(option.question, replace(memory, options=(), kind="answer"))[0] for option in clarification.options]
        known = [reply for reply in replies if reply.kind == "answer"]
        return self._composer.together(known, []) if known else clarification

    def unpicked(self, text: str) -> Reply:
        """The reply to somebody who picks none of the choices that were offered."""
        return self._composer.unpicked(self._understander.understand(text))

    def joined(self, replies: list[Reply]) -> Reply:
        """Several replies as one."""
        return replies[0] if len(replies) == 1 else self._composer.together(replies, [])

    def _plain_reply(self, decision: Decision, understanding: Understanding, spoken_of: tuple[str, ...] = ()) -> Reply:
        """The reply to a message that no guard holds back."""
        tokens, claim = understanding.utterance.tokens, decision.claim
        talk = self._talker.find(tokens)
        if decision.action == "fallback" and talk is None and not understanding.asking and not understanding.names_something:
            talk = self._talker.beside_a_remark(tokens)
        if talk is not None and not (decision.action == "answer" and claim is not None and _is_asked(claim, understanding)):
            return self._composer.talk(talk, understanding)
        if decision.action == "answer":
            return self._composer.answer(decision, understanding)
        return self._composer.fallback(decision, understanding, spoken_of)


def _all_of(query: Query) -> tuple[str, ...]:
    return (*query.things, *query.values, *query.without)


def _is_asked(claim: Claim, understanding: Understanding) -> bool:
    """Whether a message that reads as a courtesy asks about something all the same: `how does it work?`, `is there no hope`"""
    is_of_thing = claim.query is not None and bool(claim.query.things) and claim.confidence >= _SURE
    names_thing = any(m.kind == "thing" for m in understanding.mentions)
    is_of_entry = claim.entry is not None and claim.confidence >= _SURE and understanding.cues.verifies
    return is_of_entry or ((is_of_thing or names_thing) and bool(understanding.cues.wh or understanding.cues.asked))
