"""The way from text to ranked claims, in one place."""

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
        self._retriever = Retriever(index, pack, english)

    def understand(self, text: str) -> Understanding:
        """Everything that `text` could ask, best first."""
        utterance = self._reader.read(text)
        mentions = self._finder.find(utterance)
        cues = cues_of(utterance, mentions, self._english)
        weigher = Weigher(utterance, mentions, self._topic)
        found = (*self._forms.find(mentions, cues), *self._retriever.find(utterance, mentions, cues.verifies, cues.negated))
        claims = sorted((weigher.weigh(claim) for claim in found), key=lambda c: (-c.confidence, c.intent))
        return Understanding(utterance, mentions, cues, tuple(claims))
