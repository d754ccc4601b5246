"""The review: each proposal is accepted, edited or skipped by a person."""

from collections.abc import Callable, Sequence
from textwrap import wrap

from msgspec import Struct, field

from bot.coverage.suggest.propose import Proposal
from bot.coverage.suggest.writing import NewEntry, PackWriter, WriteError
from bot.language.clean import printable

_SHOWN = 6

Ask = Callable[[str], str]
"""Shows a prompt and gives the line that was typed. Raises EOFError at the end."""

Tell = Callable[[str], None]


class Outcome(Struct):
    """What came of a review."""

    written: list[str] = field(default_factory=list)
    """questions that were written into the pack"""
    files: set[str] = field(default_factory=set)
    left: int = 0
    """proposals that nobody looked at"""


def described(proposal: Proposal) -> list[str]:
    """A proposal as lines for a terminal."""
    times = "once" if proposal.count == 1 else f"{proposal.count} times"
    lines = [f"asked {times}"]
    lines += [f"  > {printable(text, 90)}" for text in proposal.questions[:_SHOWN]]
    if len(proposal.questions) > _SHOWN:
        lines.append(f"    and {len(proposal.questions) - _SHOWN} more")
    lines += [f"  note: {printable(note, 90)}" for note in proposal.notes[:_SHOWN]]
    near = proposal.nearest
    if near is not None and near.place:
        lines.append(f"  nearest entry: {near.intent} ({near.likeness:.2f}) “{printable(near.question, 60)}”, {near.place}")
    elif near is not None:
        lines.append(f"  nearest fact: {near.intent} ({near.likeness:.2f})")
    if proposal.sort == "phrasings" and proposal.phrasings:
        number = "1 more phrasing" if len(proposal.phrasings) == 1 else f"{len(proposal.phrasings)} more phrasings"
        lines.append(f"  proposal: {number} for the entry '{proposal.entry}'")
    elif proposal.sort == "phrasings":
        lines.append(f"  proposal: look at the entry '{proposal.entry}': it has these phrasings, and another wins or none does")
    elif proposal.sort == "entry":
        lines.append(f"  proposal: a new entry '{proposal.entry}'")
    else:
        lines.append("  proposal: look at the answer, or give these phrasings to another entry")
    return lines


class Review:
    """Goes through proposals with a person."""

    def __init__(self, writer: PackWriter, entries: set[str], ask: Ask, tell: Tell) -> None:
        self._writer = writer
        self._entries = entries
        self._ask = ask
        self._tell = tell

    def go(self, proposals: Sequence[Proposal]) -> Outcome:
        """Ask about each proposal, and write at once what is accepted: whoever stops keeps what was accepted before."""
        outcome = Outcome(left=len(proposals))
        for number, proposal in enumerate(proposals, 1):
            self._tell("")
            self._tell(f"{number} of {len(proposals)}: " + "\n".join(described(proposal)))
            try:
                if not self._one(proposal, outcome):
                    break
            except EOFError:
                break
            outcome.left = len(proposals) - number
        return outcome

    def _one(self, proposal: Proposal, outcome: Outcome) -> bool:
        """Whether to go on."""
        can_accept = proposal.sort == "entry" or (proposal.sort == "phrasings" and bool(proposal.phrasings))
        choices = "[a]ccept, [e]dit, [s]kip, [q]uit" if can_accept else "[e]dit, [s]kip, [q]uit"
        while True:
            choice = self._ask(f"{choices}? ").strip().lower()[:1]
            if choice == "q":
                return False
            if choice == "s":
                return True
            if choice == "e" or (choice == "a" and can_accept):
                if self._write(proposal, outcome, edits=choice == "e"):
                    return True
            else:
                self._tell(f"Type one letter: {choices}.")

    def _write(self, proposal: Proposal, outcome: Outcome, *, edits: bool) -> bool:
        """Whether it was written; when not, the person is told why and chooses again."""
        entry, phrasings = proposal.entry, proposal.phrasings
        question = proposal.questions[0]
        if edits:
            entry = self._given("entry", entry)
            if not entry:
                self._tell("Nothing was written: an entry needs an id.")
                return False
            if entry in self._entries and proposal.sort == "entry":
                phrasings = (question, *phrasings)
            phrasings = tuple(
                text for text in (self._given("phrasing (- leaves it out)", text) for text in phrasings) if text != "-"
            )
        try:
            if entry in self._entries:
                if not phrasings:
                    self._tell("Nothing was written: no phrasing is left.")
                    return False
                path = self._writer.add_phrasings(entry, phrasings)
            else:
                question = self._given("question", question) if edits else question
                answer = self._ask("answer (empty: not now): ").strip()
                if not answer:
                    return False
                section = self._ask("section of the source (may be empty): ").strip() if edits else ""
                path = self._writer.add_entry(NewEntry(entry, question, answer, section, phrasings))
                self._entries.add(entry)
                outcome.written.append(question)
        except (WriteError, OSError) as error:
            for line in wrap(f"Not written: {printable(str(error), 600)}", 98, subsequent_indent="  "):
                self._tell(line)
            return False
        outcome.written.extend(phrasings)
        outcome.files.add(str(path))
        self._tell(f"Written to {path}.")
        return True

    def _given(self, what: str, proposed: str) -> str:
        return self._ask(f"{what} [{printable(proposed, 200)}]: " if proposed else f"{what}: ").strip() or proposed
