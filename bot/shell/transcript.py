"""What was said so far, in memory alone until the person saves it."""

from pathlib import Path

from msgspec import Struct

from bot.errors import BotError
from bot.language.clean import printable
from bot.reply import Reply
from bot.shell.present import cite
from bot.shell.render import safe

_LONGEST = 10_000
"""Of a longer question only this many characters are kept."""


class SaveError(BotError):
    """A transcript that could not be saved; the message says why."""


class Exchange(Struct):
    """A question with its reply."""

    question: str
    reply: Reply
    notes: list[str]
    """feedback, as it is written in the transcript"""

    def __str__(self) -> str:
        sources = [f"Source: {cite(source)}" for source in self.reply.sources]
        notes = [f"Feedback: {note}" for note in self.notes]
        return "\n".join((f"> {self.question}", safe(self.reply.text), *sources, *notes)) + "\n"


class Transcript:
    """The exchanges of one conversation, oldest first."""

    def __init__(self, title: str) -> None:
        self._title = title
        self.exchanges: list[Exchange] = []

    def add(self, question: str, reply: Reply) -> None:
        """Keep an exchange."""
        self.exchanges.append(Exchange(printable(question, _LONGEST), reply, []))

    def __str__(self) -> str:
        return "\n".join((f"{safe(self._title)}\n", *map(str, self.exchanges)))


def save(text: str, name: str, *, overwrite: bool = False) -> Path:
    """Write `text` to the file called `name`, wholly or not at all, and return its path. Raises SaveError.

    overwrite: replace a file that is there already; anything but a plain file is never replaced.
    """
    try:
        target = Path(name).expanduser().resolve()
        _refuse(target, overwrite)
        _write(target, text)
    except OSError as error:
        raise SaveError(f"{printable(name)} could not be written: {error.strerror or error}.") from error
    except (ValueError, RuntimeError) as error:  # a NUL in the name; a `~` of nobody
        raise SaveError(f"{printable(name)} is not the name of a file: {error}.") from error
    return target


def _refuse(target: Path, overwrite: bool) -> None:
    name = printable(str(target), 200)
    if target.is_dir():
        raise SaveError(f"{name} is a folder: name a file in it.")
    if target.exists() and not target.is_file():
        raise SaveError(f"{name} is not a plain file.")
    if target.exists() and not overwrite:
        raise SaveError(f"{name} is there already. To replace it: /save! {name}")
    if not target.parent.is_dir():
        raise SaveError(f"There is no folder {printable(str(target.parent), 200)}.")


def _write(target: Path, text: str) -> None:
    from bot.writing import written_whole  # when it is wanted: a shell starts sooner

    with written_whole(target, private=True) as file:
        file.write(text.encode(errors="replace"))
