"""The way from text to ranked claims, in one place."""

from collections.abc import Iterator

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.understand.confidence import Weigher
from bot.understand.cues import Cues, cues_of
from bot.understand.forms import FormFinder
from bot.understand.lexicon import Lexicon
from bot.understand.mentions import Finder, Mention
from bot.understand.query import Claim
from bot.understand.retrieve import Index, Retriever
from bot.understand.rules import RuleFinder
from bot.understand.utterance import Reader, Utterance


class Understanding(Struct, frozen=True):
    """What was understood of one utterance."""

    utterance: Utterance
    mentions: tuple[Mention, ...]
    cues: Cues
    claims: tuple[Claim, ...]
    """best first; ties in the order of intents"""


class Understander:
    """Understands utterances with one pack."""

    def __init__(self, pack: Pack, knowledge: Knowledge, lexicon: Lexicon, index: Index, english: English) -> None:
        self._english = english
        self._topic = pack.pack.topic
        self._reader = Reader(lexicon, english)
        self._finder = Finder(lexicon, english)
        self._forms = FormFinder(knowledge)
        self._rules = RuleFinder(pack, english)
        self._retriever = Retriever(index, pack, english)

    def understand(self, text: str) -> Understanding:
        """Everything that `text` could ask, best first."""
        utterance = self._reader.read(text)
        mentions = self._finder.find(utterance)
        cues = cues_of(utterance, mentions, self._english)
        weigher = Weigher(utterance, mentions, self._topic)
        found = list(self._forms.find(mentions, cues))
        for scene, scene_cues in self._scenes(utterance, mentions):
            found.extend(self._forms.find(scene, scene_cues))
        found.extend(self._rules.find(utterance, mentions, cues))
        found.extend(self._retriever.find(utterance, mentions, cues.verifies, cues.negated))
        best: dict[str, Claim] = {}
        for claim in sorted((weigher.weigh(claim) for claim in found), key=lambda c: (-c.confidence, c.intent)):
            best.setdefault(claim.intent, claim)
        return Understanding(utterance, mentions, cues, tuple(best.values()))

    def _scenes(self, utterance: Utterance, mentions: tuple[Mention, ...]) -> Iterator[tuple[tuple[Mention, ...], Cues]]:
        """Each clause that asks, on its own: people tell a story around a question. A pronoun takes the last thing before it along."""
        if utterance.clauses < 2:
            return
        tokens = utterance.tokens
        for clause in range(utterance.clauses):
            cues = cues_of(utterance, mentions, self._english, frozenset({clause}))
            if not (cues.wh or cues.verifies or cues.asked or clause == utterance.clauses - 1):
                continue
            own = tuple(m for m in mentions if tokens[m.tokens[0]].clause == clause)
            refers = any(token.clause == clause and token.word in self._english.cues["pronoun"] for token in tokens)
            before = [m for m in mentions if m.kind == "thing" and tokens[m.tokens[0]].clause < clause and m.id != self._topic]
            if before and (refers or not any(m.kind == "thing" for m in own)):
                own = (*(m for m in before if m.tokens == before[-1].tokens), *own)
            yield own, cues
