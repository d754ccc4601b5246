"""The ways in which the entries and the facts of a pack are asked, as its author wrote them."""

from bot.pack.format import FACTS, Pack, Phrasings
from bot.understand.query import Verdict

_MARKS = frozenset("[(<{|")


def is_template(text: str) -> bool:
    """Whether `text` stands for more than itself; such phrasings are rules, matched whole."""
    return not _MARKS.isdisjoint(text)


def asked_as(pack: Pack, entry_id: str) -> tuple[tuple[Verdict | None, list[str]], ...]:
    """Verdict and texts of every way to ask an entry."""
    entry, more = pack.entries[entry_id], pack.phrasings.get(entry_id, Phrasings())
    return (
        (None, [entry.question, *entry.phrasings, *more.asks]),
        ("yes", [*entry.confirms, *more.confirms]),
        ("no", [*entry.denies, *more.denies]),
    )


def attribute_of(label: str) -> list[str]:
    """What the examples under `label` ask of facts: the attribute, or an empty text for any; nothing for other labels."""
    name, dot, attribute = label.partition(".")
    return [attribute] if name == FACTS and bool(dot) == bool(attribute) else []
