"""Decisions -> replies: whole sentences, plain and Markdown, with sources and good next questions."""

import re
from typing import Any

from msgspec.structs import replace

from bot.language.clean import printable
from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.reply import Candidate, Entity, Kind, Option, Reply, Source
from bot.respond.decide import Decision
from bot.respond.facts import Evaluator
from bot.respond.memory import Memory
from bot.respond.signs import Alarm
from bot.respond.wording import join, number_word
from bot.understand.clauses import asks_for_kind
from bot.understand.query import Claim, Query
from bot.understand.understanding import Understanding
from bot.understand.utterance import LONGEST

_NOTHING_TO_SHORTEN = "I had no answer to that, so there is nothing to shorten."
_UNPICKED = "Then none of these. Name one of them, or ask me something else."
_LONGEST_QUOTE = 80
_MOST_CANDIDATES = 5
_MOST_SUGGESTIONS = 3
_MARKS = re.compile(r"\*\*")


class Composer:
    """Words the replies of one pack."""

    def __init__(self, pack: Pack, knowledge: Knowledge, english: English) -> None:
        self._pack = pack
        self._persons = english.persons
        self._know = knowledge
        self._facts = Evaluator(knowledge)

    def answer(self, decision: Decision, understanding: Understanding) -> Reply:
        """The reply that gives the claim's answer; a fallback when the facts hold nothing."""
        claim = decision.claim
        assert claim is not None
        if claim.entry is not None:
            return self._from_entry(claim, decision.beside, understanding)
        assert claim.query is not None
        return self._from_facts(claim, claim.query, understanding)

    def _from_entry(self, claim: Claim, beside: Claim | None, understanding: Understanding) -> Reply:
        """An entry's answer, and after it that of an entry which is almost as likely."""
        assert claim.entry is not None
        text, sections = self._entry(claim.entry)
        if beside is not None and beside.entry is not None:
            more, other = self._entry(beside.entry)
            if more not in text:
                text, sections = f"{text}\n\n{more}", tuple(dict.fromkeys((*sections, *other)))
        if claim.verdict:
            text = f"{claim.verdict.capitalize()}. {text}"
        elif named := self._members(claim.entry, text, understanding):
            text = f"{text}\n\n{named}"
        elif beside is None and understanding.cues.how_many and (items := _listed(text)) > 1:
            text = f"{text}\n\nThat list has {number_word(items)} points."
        return self._reply(
            "answer",
            text,
            understanding,
            verdict=claim.verdict,
            confidence=claim.confidence,
            intent=claim.entry,
            sources=self._sources(sections),
            suggestions=self._next_to(claim.entry),
        )

    def _members(self, entry_id: str, text: str, understanding: Understanding) -> str:
        """The members of the group that an entry tells of, where it is asked which things are so and the entry names none."""
        asked = {m.id for m in understanding.mentions if m.kind == "kind"}
        entry = self._pack.entries[entry_id]
        about = (entry.fact.partition(".")[0],) if entry.fact else entry.about
        groups = [id_ for id_ in about if self._know.is_group(id_)]
        if len(groups) != 1 or not asks_for_kind(understanding.mentions, understanding.cues):
            return ""
        name = self._pack.kinds[self._know.thing(groups[0]).kind].members or ""
        members = self._know.all_values(groups[0], name)
        if not asked & {self._know.thing(id_).kind for id_ in members} or any(self._know.shown(m) in text for m in members):
            return ""
        return "\n\n".join(self._facts.evaluate(Query("list", name, things=(groups[0],))).lines)

    def _from_facts(self, claim: Claim, query: Query, understanding: Understanding) -> Reply:
        """What the facts say; the question back when it is a vague one."""
        finding = self._facts.evaluate(query)
        text = "\n\n".join(finding.lines)
        if finding.options:
            options = tuple(Option(title, question) for title, question in finding.options)
            text = text + "\n" + "\n".join(f"{n}. {o.title}" for n, o in enumerate(options, 1))
            return self._reply("clarify", text, understanding, confidence=claim.confidence, intent=claim.intent, options=options)
        return self._reply(
            "answer" if finding.is_known else "fallback",
            text,
            understanding,
            verdict=finding.verdict if finding.is_known else None,
            confidence=claim.confidence,
            intent=claim.intent if finding.is_known else None,
            sources=self._sources(finding.sections),
            suggestions=self._about(query) if finding.is_known else self._suggestions(understanding),
        )

    def _reply(self, kind: Kind, text: str, understanding: Understanding, **fields: Any) -> Reply:
        return Reply(kind=kind, text=plain(text), markdown=text, **self._common(understanding), **fields)

    def _next_to(self, entry_id: str) -> tuple[str, ...]:
        """Good questions after an entry: those its author names, else others about the same things."""
        entry = self._pack.entries[entry_id]
        about = set(entry.about) - {self._pack.pack.topic}
        others = [e.question for other, e in self._know.about_things() if other != entry_id and about & set(e.about)]
        return tuple(entry.next or others[:_MOST_SUGGESTIONS])

    def _about(self, query: Query) -> tuple[str, ...]:
        """Good questions after a fact: what else is known of the same thing."""
        if len(query.things) != 1:
            return ()
        thing = query.things[0]
        kind = self._pack.kinds[self._know.thing(thing).kind]
        name = self._know.shown(thing, short=True)
        others = [
            a.name
            for n, a in kind.attributes.items()
            if n != query.attribute and a.words and a.type == "things" and not a.part_of and self._know.held(thing, n)
        ]
        return tuple(f"{name[:1].upper()}{name[1:]}: {other}?" for other in others[:_MOST_SUGGESTIONS])

    def fallback(self, decision: Decision, understanding: Understanding, spoken_of: tuple[str, ...] = ()) -> Reply:
        """Says that we do not know, what was understood, and what can be answered near it.

        spoken_of: what the conversation is about, for a message that names nothing itself.
        """
        lines = [str(self._pack.pack.fallback)]
        gaps = dict.fromkeys(m.id for m in understanding.mentions if m.kind == "gap")
        named = [m.id for m in understanding.mentions if m.kind == "thing" and m.id != self._pack.pack.topic]
        things = dict.fromkeys(named or spoken_of)
        if self._pack.pack.elsewhere and self._concerns(understanding):
            lines.append(str(self._pack.pack.elsewhere))
        if understanding.utterance.is_cut:
            lines.append(f"Your message is very long; I read only its first {LONGEST} characters. Please ask in a few sentences.")
        if gaps:
            lines.append(self._says_nothing(list(gaps)))
        if things:
            known = [name for thing in list(things)[:2] if (name := self._tellable(thing))]
            lines.extend(known)
        elif self._pack.pack.starters and not gaps:
            lines.append(f"What I can answer: {self._pack.pack.title}.")
        text = " ".join(lines)
        return Reply(
            kind="fallback",
            text=text,
            markdown=text,
            confidence=round(1 - (decision.claim.confidence if decision.claim else 0.0), 4),
            suggestions=self._suggestions(understanding),
            **self._common(understanding),
        )

    def _concerns(self, understanding: Understanding) -> bool:
        """Whether somebody, or something of the pack or of its field, is spoken of."""
        return any(m.kind in {"thing", "gap", "background"} for m in understanding.mentions) or any(
            token.word in self._persons for token in understanding.utterance.tokens
        )

    def missing(self, understanding: Understanding) -> str:
        """Names one of several questions as not covered."""
        gaps = dict.fromkeys(m.id for m in understanding.mentions if m.kind == "gap")
        if gaps:
            return self._says_nothing(list(gaps))
        asked = printable(" ".join(understanding.utterance.text.split())).strip(" ?.,;:!")
        asked = asked if len(asked) <= _LONGEST_QUOTE else f"{asked[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
        return f"To “{asked}” I have no answer."

    def together(self, answers: list[Reply], missing: list[str]) -> Reply:
        """Several answers as one reply, in the order of the questions; `missing`: what is said of those without an answer."""
        first = answers[0]
        text = "\n\n".join((*(answer.markdown for answer in answers), *dict.fromkeys(missing)))
        return replace(
            first,
            text=plain(text),
            markdown=text,
            confidence=min(answer.confidence for answer in answers),
            sources=tuple(dict.fromkeys(source for answer in answers for source in answer.sources)),
            entities=tuple(dict.fromkeys(entity for answer in answers for entity in answer.entities)),
        )

    def retold(self, wish: str, memory: Memory, understanding: Understanding) -> Reply:
        """The last reply again, its beginning, whence it is, more about what it was about, or that there is no reason to tell."""
        if wish == "shorter" and memory.kind == "fallback":
            return self._reply("fallback", _NOTHING_TO_SHORTEN, understanding, confidence=0.9)
        if wish == "why" and memory.kind == "answer":
            lead = f"The {self._pack.pack.source.noun} that I know gives no reason beyond this."
            sources = self._sources(memory.sections)
            return self._reply("answer", f"{lead} {memory.text}", understanding, confidence=0.7, intent=wish, sources=sources)
        if wish == "more" and memory.kind not in {"refer", "urgent"}:
            text, sections = self._more(memory)
            if text or memory.kind == "answer":
                text = text or f"That is all I know about it. {memory.text}"
                sources = self._sources(sections or memory.sections)
                return self._reply("answer", text, understanding, confidence=0.9, intent=wish, sources=sources)
        text = memory.text
        if wish == "shorter" and memory.kind == "answer":
            text = _beginning(text)
        elif wish == "sure" and memory.kind == "answer":
            text = f"{text}\n\n{self._says_so(memory.sections)}"
        return self._reply(
            memory.kind,
            text,
            understanding,
            verdict=memory.verdict,
            confidence=0.9,
            intent=None if memory.kind == "fallback" else wish,
            options=tuple(Option(title, question) for title, question in memory.options),
            sources=self._sources(memory.sections),
        )

    def _says_so(self, sections: tuple[str, ...]) -> str:
        """Says whence an answer is."""
        where = f" ({'; '.join(sections)})" if sections else ""
        return f"That is what the {self._pack.pack.source.noun} says{where}."

    def unpicked(self, understanding: Understanding) -> Reply:
        """To somebody who picks none of the choices."""
        return Reply(kind="fallback", text=_UNPICKED, markdown=_UNPICKED, confidence=0.9, **self._common(understanding))

    def _more(self, memory: Memory) -> tuple[str, tuple[str, ...]]:
        """Something about the last thing spoken of that was not just said, and its sections; empty when there is no more."""
        for thing in memory.things[:2]:
            kind = self._pack.kinds[self._know.thing(thing).kind]
            for name in kind.attributes:
                held = self._know.held(thing, name)
                if held is None or kind.attributes[name].type == "name" or kind.attributes[name].part_of:
                    continue
                finding = self._facts.evaluate(Query("list", name, things=(thing,)))
                if finding.lines and _beginning(plain(finding.lines[-1])) not in memory.told:
                    return "\n\n".join(finding.lines), finding.sections
            for entry_id, entry in self._know.about_things():
                if thing in entry.about and entry.answer is not None and entry.answer not in memory.told:
                    return self._entry(entry_id)
        return "", ()

    def is_open(self, decision: Decision) -> bool:
        """Whether the decision is an answer for anyone: of low risk, or asked in its author's own words."""
        claim = decision.claim
        return (
            decision.action == "answer"
            and claim is not None
            and claim.entry is not None
            and (self._pack.entries[claim.entry].risk == "low" or claim.to_the_word)
            and claim.confidence >= 0.8
        )

    def guard(self, alarm: Alarm, decision: Decision, understanding: Understanding) -> Reply:
        """Help now, or whom to ask; then the general fact, if there is one."""
        guard = self._pack.guards[alarm.guard]
        numbers = "; ".join(f"{region}: {number}" for region, number in self._pack.pack.emergency.items())
        text = str(guard.answer).replace("{emergency}", numbers)
        known = self.answer(decision, understanding) if decision.action == "answer" else None
        sources: tuple[Source, ...] = ()
        if known is not None and known.kind == "answer" and alarm.kind == "refer":
            text = f"{text}\n\nWhat the {self._pack.pack.source.noun} says in general: {known.markdown}"
            sources = known.sources
        return Reply(
            kind=alarm.kind,
            text=plain(text),
            markdown=text,
            confidence=0.95,
            intent=alarm.guard,
            sources=sources,
            **self._common(understanding),
        )

    def talk(self, talk_id: str, understanding: Understanding) -> Reply:
        """A courtesy."""
        text = str(self._pack.smalltalk[talk_id].answer)
        return Reply(
            kind="chitchat",
            text=text,
            markdown=text,
            confidence=0.99,
            intent=talk_id,
            suggestions=tuple(self._pack.pack.starters)[:3] if talk_id in {"hello", "help"} else (),
            **self._common(understanding),
        )

    def facts_of(self, thing: str) -> str:
        """Everything known of `thing`, as plain text."""
        return plain(self._facts.everything(thing))

    def _entry(self, entry_id: str) -> tuple[str, tuple[str, ...]]:
        """The answer of an entry and the sections that it rests on."""
        entry = self._pack.entries[entry_id]
        if entry.fact is None:
            return str(entry.answer), (str(entry.section),)
        thing, _, attribute = entry.fact.partition(".")
        finding = self._facts.evaluate(Query("list", attribute, things=(thing,)))
        return "\n\n".join(finding.lines), finding.sections

    def _says_nothing(self, gaps: list[str]) -> str:
        missing = join([self._pack.gaps[gap].name for gap in gaps], "or")
        return f"The {self._pack.pack.source.noun} that I know says nothing about {missing}."

    def _tellable(self, thing: str) -> str:
        kind = self._pack.kinds[self._know.thing(thing).kind]
        names = [
            a.name for name, a in kind.attributes.items() if self._know.held(thing, name) and not a.part_of and a.type != "name"
        ]
        if not names:
            return ""
        return f"About {self._know.shown(thing)} I can tell you: {join(list(dict.fromkeys(names)))}."

    def _suggestions(self, understanding: Understanding) -> tuple[str, ...]:
        near = [self._pack.entries[c.entry].question for c in understanding.claims[:4] if c.entry and c.confidence > 0.3]
        return tuple(dict.fromkeys((*near, *self._pack.pack.starters)))[:3]

    def _sources(self, sections: tuple[str, ...]) -> tuple[Source, ...]:
        about = self._pack.pack
        title = f"{about.source.publisher}: {about.source.title}"
        return tuple(Source(title, section, about.source.url, about.reviewed) for section in dict.fromkeys(sections))

    def placed(self, reply: Reply, understanding: Understanding) -> Reply:
        """`reply` with what was recognised in the message as it was typed."""
        return replace(reply, entities=self._common(understanding)["entities"])

    def _common(self, understanding: Understanding) -> dict:  # type: ignore[type-arg]
        tokens, text = understanding.utterance.tokens, understanding.utterance.text
        entities = []
        for m in understanding.mentions:
            if m.kind == "thing":
                start, end = tokens[m.tokens[0]].start, tokens[m.tokens[-1]].end
                entities.append(Entity(m.id, self._know.thing(m.id).kind, printable(text[start:end]), (start, end)))
        candidates = tuple(Candidate(c.intent, c.confidence) for c in understanding.claims[:_MOST_CANDIDATES])
        return {"entities": tuple(entities), "candidates": candidates}


def _listed(text: str) -> int:
    """How many items the list in `text` has that gives no number itself; 0 when there is none."""
    items = sum(line.startswith("- ") for line in text.splitlines())
    return 0 if number_word(items) in text.lower().split() else items


def _beginning(text: str) -> str:
    """The first sentence of `text`; a list that it opens is kept."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text, maxsplit=2)
    first = " ".join(parts[:2]) if parts[0] in {"Yes.", "No."} else parts[0]
    return text if "\n- " in first else first


def plain(markdown: str) -> str:
    """Markdown without its marks; lists stay lists."""
    return _MARKS.sub("", markdown)
