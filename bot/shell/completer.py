"""What a person may be about to type: commands, questions of the pack, names of things. The first half is pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.shell.commands import COMMANDS
from bot.shell.later import Later
from bot.shell.render import safe
from bot.shell.talk import Talk

if TYPE_CHECKING:
    from bot.engine import Engine

_SHORTEST = 3
"""Fewer letters than this begin too many words to be worth a menu."""
_LONGEST = 200
"""Nobody types a longer beginning; a pasted page is not searched."""
_MOST = 8


class Guess(Struct, frozen=True):
    """One way to go on."""

    text: str
    length: int
    """how many characters before the cursor it replaces"""
    meta: str = ""


class Vocabulary:
    """Words of one pack, sorted so that a beginning is found at once however many there are."""

    def __init__(self, names: Iterable[str], questions: Iterable[str]) -> None:
        self._names = _sorted(names)
        self._questions = _sorted(questions)

    def names(self, beginning: str) -> list[str]:
        """Names that begin so, whatever their case, and go on."""
        return _begun(self._names, beginning)

    def questions(self, beginning: str) -> list[str]:
        """Questions that begin so."""
        return _begun(self._questions, beginning)


def _sorted(texts: Iterable[str]) -> list[tuple[str, str]]:
    return sorted({(str(text).casefold(), safe(str(text))) for text in texts})


def _begun(texts: Sequence[tuple[str, str]], beginning: str) -> list[str]:
    folded = beginning.casefold()
    at = bisect_left(texts, (folded, ""))
    near = texts[at : at + _MOST + 1]
    return [text for key, text in near if key.startswith(folded) and key != folded][:_MOST]


def guesses(text: str, words: Vocabulary, likely: Sequence[str] = ()) -> list[Guess]:
    """Ways to go on from `text`, best first; `likely` is what may well come next and stands before all else."""
    if len(text) > _LONGEST:
        return []
    begun = text.lstrip()
    if not begun:
        return [Guess(line, len(text)) for line in likely]
    if begun.startswith("/"):
        return _command(begun, words)
    lines = [line for line in likely if line.casefold().startswith(begun.casefold()) and line.casefold() != begun.casefold()]
    if len(begun) >= _SHORTEST:
        lines += words.questions(begun)
    return [*(Guess(line, len(text)) for line in dict.fromkeys(lines)), *_names(begun, words)]


def _names(text: str, words: Vocabulary) -> list[Guess]:
    """Names that the last words of `text` begin; as many of those words as possible."""
    starts = [0, *(at + 1 for at, char in enumerate(text) if char in " \"'(")]
    for start in starts:
        tail = text[start:]
        found = words.names(tail) if len(tail) >= _SHORTEST and not tail.startswith(" ") else []
        if found:
            return [Guess(name, len(tail)) for name in found]
    return []


def _command(text: str, words: Vocabulary) -> list[Guess]:
    name, blank, argument = text.partition(" ")
    if not blank:
        return [Guess(c.name, len(text), c.summary) for c in COMMANDS if c.name.startswith(name.lower()) and c.name != name]
    argument = argument.lstrip()
    if name == "/facts":
        return [Guess(found, len(argument)) for found in words.names(argument)]
    known = {"/help": [c.name.removeprefix("/") for c in COMMANDS], "/feedback": ["good", "bad"]}.get(name, [])
    return [Guess(word, len(argument)) for word in known if word.startswith(argument.lower()) and word != argument]


class TalkCompleter(Completer):
    """Completes for one talk; until its engine is loaded it knows the commands alone."""

    def __init__(self, engine: "Later[Engine]", talk: Talk) -> None:
        self._engine = engine
        self._talk = talk
        self._words: Vocabulary | None = None

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """What could stand at the cursor; nothing in the middle of a line."""
        if document.text_after_cursor.strip():
            return
        for guess in guesses(document.text_before_cursor, self._vocabulary(), self._talk.likely()):
            yield Completion(guess.text, start_position=-guess.length, display_meta=guess.meta or None)

    def _vocabulary(self) -> Vocabulary:
        engine = self._engine.peek()
        if engine is None:
            return Vocabulary((), ())
        if self._words is None:
            self._words = Vocabulary(engine.names(), engine.questions())
        return self._words
