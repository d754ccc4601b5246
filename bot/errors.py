"""What can go wrong, as one family of exceptions. A question that cannot be answered is a Reply, not an exception."""

from msgspec import Struct


class BotError(Exception):
    """Any error of this package."""


class Fault(Struct, frozen=True, order=True):
    """One mistake in a pack."""

    path: str
    """the file, relative to where the pack was asked for"""
    line: int
    """1 or more; 0 when the fault belongs to the whole file"""
    column: int
    message: str
    """what was expected, what was found, and the mend"""
    severity: str = "error"
    """`error`: the pack is refused; `warning`: refused by `check --strict` alone"""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}" if self.severity == "error" else f"{place}: {self.severity}: {self.message}"


class PackError(BotError):
    """A pack that cannot be used; `faults` holds every mistake found, in the order of file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class MissingIndexError(BotError):
    """A pack is so large that it needs the search index, and that is not installed."""

    def __init__(self) -> None:
        super().__init__("so large a pack needs a search index: python -m pip install 'faqbot[large]'")


class StateError(BotError, ValueError):
    """A saved conversation that cannot be gone on with."""


def counted(number: int, noun: str) -> str:
    """`1 fault`, `2 faults`, `1,000 faults`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
