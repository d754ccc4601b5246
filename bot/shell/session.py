"""The loop of the shell: read a line, answer it or obey it, until the person leaves."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import print_formatted_text
from prompt_toolkit.application import get_app_session
from prompt_toolkit.formatted_text import FormattedText

from bot.shell.commands import run as run_command
from bot.shell.completer import TalkCompleter
from bot.shell.history import open_history
from bot.shell.later import Later
from bot.shell.present import INDENT, answer, greeting
from bot.shell.prompt import STYLE, line_editor
from bot.shell.render import Para, layout
from bot.shell.start import about
from bot.shell.talk import Talk

if TYPE_CHECKING:
    from bot.engine import Engine
    from bot.log.store import QuestionLog

_PATIENCE = 1.0
"""Seconds to wait for the engine before saying that one waits."""

_KEEPS = "Questions that I cannot answer are kept for those who write the answers, without names, addresses, dates and numbers."

Show = Callable[[list[Para]], None]


def chat(
    engine: "Later[Engine]",
    folder: Path,
    *,
    history: str | None = None,
    colour: bool = True,
    log: "QuestionLog | None" = None,
) -> None:
    """Talk in the terminal until the person leaves. Raises PackError before anything is painted.

    engine: the one for the pack in `folder`, begun or not.
    history: file to keep typed lines in; None keeps them in memory alone.
    log: keeps the questions that are not answered; the person is told so.
    """

    def painted() -> None:
        gc.freeze()  # what is there by now stays to the end
        gc.enable()
        engine.start()

    pack = about(engine, folder)
    talk = Talk(engine, pack.title, log)
    past, warning = open_history(history)
    editor = line_editor(TalkCompleter(engine, talk), past, colour=colour, on_paint=painted)
    show = screen(colour)
    show(
        [
            *greeting(pack),
            *([Para(_KEEPS, "quiet"), Para("")] if log else []),
            *([Para(warning, "strong"), Para("")] if warning else []),
        ]
    )
    Shell(engine, talk, editor.prompt, show).run()


def screen(colour: bool) -> Show:
    """What shows paragraphs on the terminal, wrapped to its width; without escape sequences when not `colour`."""

    def show(paras: list[Para]) -> None:
        output = get_app_session().output
        lines = layout(paras, output.get_size().columns)
        if colour:
            print_formatted_text(FormattedText(lines), style=STYLE, end="")
        else:
            output.write("".join(text for _, text in lines))
            output.flush()

    return show


class Shell:
    """The loop, apart from any terminal: `read` gives a line, `show` takes paragraphs."""

    def __init__(self, engine: "Later[Engine]", talk: Talk, read: Callable[[], str], show: Show) -> None:
        self._engine = engine
        self._talk = talk
        self._read = read
        self._show = show

    def run(self) -> None:
        """Until the end of the input, or a command to leave."""
        while True:
            try:
                self._take(self._read())
            except KeyboardInterrupt:
                continue
            except EOFError:
                self._show([Para("Goodbye.")])
                return

    def _take(self, line: str) -> None:
        words = line.strip()
        if not words:
            return
        if words.lower() in {"quit", "exit"}:
            raise EOFError
        if words.startswith("/"):
            self._show([Para(""), *run_command(words, self._talk), Para("")])
            return
        self._await_engine()
        self._show(answer(self._talk.ask(words)))

    def _await_engine(self) -> None:
        try:
            self._engine.wait(_PATIENCE)
        except TimeoutError:
            self._show([Para(""), Para("One moment, I am still reading the pack …", "quiet", INDENT)])
            self._engine.wait()
