"""Whether it is asked if a thing works against what is said of it: `does yeast prevent cracks`, `does it push the price up`."""

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.understand.cues import Cues
from bot.understand.mentions import Mention

_BEFORE, _AFTER = 4, 2
"""So many words before or after a value stands what turns it round."""


class Directions:
    """Tells the direction of what is asked by the names of the values."""

    def __init__(self, knowledge: Knowledge, english: English) -> None:
        cues = english.cues
        self._falls, self._rises = cues["falls"], cues["rises"]
        self._turning = self._falls | self._rises | cues["raising"] | cues["lowering"]
        self._know = knowledge

    def mode(self, owners: list[Mention], values: list[Mention], cues: Cues) -> str:
        """`against` where it is asked whether the things make the values less; `not` where something else may; else empty."""
        turned = [at for value in values for at in self._turned(value, cues)]
        if not turned:
            return ""
        first = min((m.tokens[0] for m in owners if m.tokens), default=0)
        return "against" if all(at > first for at in turned) else "not"

    def _turned(self, value: Mention, cues: Cues) -> list[int]:
        """Indices of the words that turn the value round."""
        if not value.tokens:
            return []
        name = set(self._know.shown(value.id).lower().split())
        falls, rises = bool(name & self._falls), bool(name & self._rises)
        if (falls or rises) and self._turning.isdisjoint(value.words.split()):  # only what falls or rises is named
            against = cues.easing | (cues.raising if falls else cues.lowering)
        else:
            against = cues.easing | cues.lowering
        start, end = value.tokens[0], value.tokens[-1]
        return [at for at in sorted(against) if start - _BEFORE <= at < start or end < at <= end + _AFTER]
