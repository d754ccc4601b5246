"""What an importer reads, and what an exporter writes."""

from msgspec import Struct, field

from bot.pack.rows import Row


class Document(Struct):
    """A file that was read."""

    rows: list[Row] = field(default_factory=list)
    title: str = ""
    """what it calls itself; empty when it does not"""
    publisher: str = ""
    url: str = ""
    lost: dict[str, int] = field(default_factory=dict)
    """what of it a pack does not hold -> how often it was met"""
    may_lack_answers: bool = False
    """true for a format that holds questions alone"""

    def lose(self, what: str) -> None:
        """Count something that is not taken along."""
        self.lost[what] = self.lost.get(what, 0) + 1


class Item(Struct, frozen=True):
    """An entry to be written."""

    id: str
    question: str
    answer: str
    section: str
    asks: list[str]
    """more ways to ask it"""
    confirms: list[str]
    """questions to which the answer is yes"""
    denies: list[str]


class Content(Struct, frozen=True):
    """What a pack has for other formats."""

    title: str
    publisher: str
    url: str | None
    items: list[Item]
    lost: dict[str, int]
    """what of the pack no other format holds -> how many"""
