"""The question in a long message: where the whole is not clear, the part that is."""

from msgspec.structs import replace

from bot.language.clean import printable
from bot.language.english import English
from bot.pack.format import Pack
from bot.respond.decide import Decider, Decision
from bot.understand.pieces import pieces
from bot.understand.understanding import Understander, Understanding

_CLEAR = 0.85
"""Confidence from which a message is not read piece by piece."""

_FROM_A_PART = 0.08
"""An answer to a part of a message is so much less sure."""

_ALONE = 0.78
"""Confidence that the answer to a part needs, where the message as a whole was read with a view to what asks and has none."""


class Focus:
    """Reads long messages piece by piece."""

    def __init__(self, understander: Understander, decide: Decider, pack: Pack, english: English) -> None:
        self._understander = understander
        self._decide = decide
        self._topic = pack.pack.topic
        self._english = english

    def on_question(self, decision: Decision, understanding: Understanding, spoken_of: tuple[str, ...], least: float) -> Decision:
        """`decision` on the whole message, or the one on that part of it which is surer.

        spoken_of: things of the conversation; those that the message names come before them.
        least: confidence that an answer needs, 0..1.
        """
        if decision.claim is not None and decision.claim.confidence >= _CLEAR:
            return decision
        if understanding.attention:  # what asks is known, and the message was read with a view to it
            if decision.action == "answer":
                return decision
            least = max(least, _ALONE)
        text = understanding.utterance.text
        named = [m.id for m in reversed(understanding.mentions) if m.kind == "thing" and m.id != self._topic]
        things = tuple(dict.fromkeys((*named, *spoken_of)))
        for start, end in pieces(understanding.utterance, understanding.asking, self._english):
            part = self._decide(self._understander.understand(text[start:end], things, topics=spoken_of), least + _FROM_A_PART)
            if part.action == "answer" and part.claim is not None:
                claim = replace(part.claim, confidence=round(part.claim.confidence - _FROM_A_PART, 4))
                if decision.claim is None or claim.confidence >= decision.claim.confidence:
                    decision = Decision("answer", claim, f"'{printable(text[start:end])}': {part.reason}", part.beside)
        return decision
