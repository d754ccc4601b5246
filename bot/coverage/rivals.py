"""Phrasings of different entries that are nearly the same: whoever asks one of them may be answered by the other."""

from array import array

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.asked import asked_as, is_template
from bot.understand.lexicon import words_of

CLOSE = 0.85
"""Share of the words that two phrasings have in common, from which they are rivals."""

_COMMON = 400
"""Words of more phrasings than this find no rivals; they only count."""


class Rivals(Struct, frozen=True, order=True):
    """Two phrasings that are too close."""

    likeness: float
    """0..1: words in common among all of both, by their stems"""
    entry: str
    phrasing: str
    other: str
    """the other entry"""
    other_phrasing: str


def rivals(pack: Pack, *, close: float = CLOSE, most: int = 50) -> list[Rivals]:
    """Phrasings of different entries that are nearly the same, the closest first; at most `most`.

    Templates are left out: they are matched whole.
    """
    english = English.load()
    texts = [
        (str(entry), str(text))
        for entry in pack.entries
        for _, asked in asked_as(pack, entry)
        for text in asked
        if not is_template(text)
    ]
    bags = [frozenset(english.stem(word) for word in words_of(text, english)) for _, text in texts]
    homes: dict[str, array[int]] = {}
    for number, bag in enumerate(bags):
        for stem in bag:
            homes.setdefault(stem, array("I")).append(number)
    found: list[Rivals] = []
    for number, bag in enumerate(bags):
        rare = [stem for stem in bag if len(homes[stem]) <= _COMMON]
        near = {other for stem in rare for other in homes[stem] if other > number and texts[other][0] != texts[number][0]}
        for other in near:
            likeness = len(bag & bags[other]) / len(bag | bags[other])
            if likeness >= close:
                found.append(Rivals(round(likeness, 4), *texts[number], *texts[other]))
    return sorted(found, key=lambda one: (-one.likeness, one.entry, one.phrasing, one.other, one.other_phrasing))[:most]
