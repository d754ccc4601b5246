"""The line editor: keys, looks, toolbar, completion and history of the prompt."""

import re
from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import is_dumb_terminal

from bot.shell.render import safe

PROMPT = "> "

# Only the terminal's own colours and attributes, so that it reads on light and on dark ground alike.
STYLE = Style.from_dict(
    {
        "strong": "bold",
        "quiet": "dim",
        "alarm": "bold ansired",
        "prompt": "bold",
        "bottom-toolbar": "noinherit dim",
        "auto-suggestion": "noinherit dim",
        "completion-menu": "noinherit",
        "completion-menu.completion": "noinherit",
        "completion-menu.completion.current": "noinherit reverse",
        "completion-menu.meta.completion": "noinherit dim",
        "completion-menu.meta.completion.current": "noinherit reverse",
    }
)


def line_editor(completer: Completer, history: History, *, colour: bool, on_paint: Callable[[], None]) -> PromptSession[str]:
    """A prompt for questions; `on_paint` is called whenever it was painted, which it never is on a dumb terminal."""
    session: PromptSession[str] = PromptSession(
        FormattedText([("class:prompt", PROMPT)]),
        completer=completer,
        auto_suggest=AutoSuggestFromHistory(),
        history=history,
        key_bindings=_keys(),
        bottom_toolbar=_toolbar,
        style=STYLE,
        color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
        enable_suspend=True,
        reserve_space_for_menu=8,
    )
    session.app.after_render.add_handler(lambda _: on_paint())
    return session


def _toolbar() -> str:
    return "Tab completes · /help · /why · /source · Ctrl-C clears the line · Ctrl-D leaves"


def one_line(text: str) -> str:
    """Pasted text as one line: what parts its lines becomes a blank, control characters go."""
    return re.sub(r"\s+", " ", safe(text))


def _keys() -> KeyBindings:
    keys = KeyBindings()
    # A dumb terminal cannot take back what is on the line: there the loop begins a new one. A search ends by itself.
    can_clear = has_focus(DEFAULT_BUFFER) & Condition(lambda: not is_dumb_terminal())

    @keys.add(Keys.ControlC, filter=can_clear)
    @keys.add(Keys.SIGINT, filter=can_clear)
    def clear(event: KeyPressEvent) -> None:
        event.current_buffer.reset()

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(one_line(event.data))

    return keys
