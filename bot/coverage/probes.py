"""Questions that the pack cannot answer, as cases. Right is whatever gives no answer: not to know, to ask back, or to send on."""

from collections.abc import Iterator

from bot.calibration import probes as made
from bot.coverage.cases import Case, Expectation, Turn
from bot.pack.format import Pack
from bot.reply import Kind

_NO_ANSWER: tuple[Kind, ...] = ("fallback", "clarify", "refer")


def probes(pack: Pack) -> Iterator[Case]:
    """Every probe, in the order of the pack."""
    for probe, name, text in made.probes(pack):
        expect = Expectation(kind=_NO_ANSWER, never="yes")
        yield Case(f"{probe}.{name}", (Turn(text, expect),), (f"probe:{probe}",), "probes", {"probe": probe})
