"""The shell in a real pseudo-terminal, read from the screen as a person would."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).parents[2]
DEADLINE = 60  # seconds; only a failure takes so long

# Other tests' threads do no harm: the child runs another program at once.
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]


class Terminal(pyte.Screen):
    """A screen fed by a program, which it answers as a terminal does."""

    def __init__(self, command: str, columns: int, **environment: str) -> None:
        super().__init__(columns, 24)
        env = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **environment}
        self.child: pexpect.spawn[bytes] = pexpect.spawn(command, dimensions=(24, columns), env=env, timeout=DEADLINE)
        self._stream = pyte.ByteStream(self)

    def write_process_input(self, data: str) -> None:
        """The terminal's own replies: prompt_toolkit asks where the cursor is."""
        self.child.send(data)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(line.rstrip() for line in self.display).rstrip()

    def until(self, wanted: str) -> str:
        """The screen as soon as it shows `wanted`."""
        end = time.monotonic() + DEADLINE
        while wanted not in self.text:
            assert time.monotonic() < end, f"{wanted!r} never appeared on\n{self.text}"
            try:
                self._stream.feed(self.child.read_nonblocking(4096, timeout=0.1))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                assert wanted in self.text, f"it ended without {wanted!r}:\n{self.text}"
        return self.text

    def closed(self) -> int | None:
        """The exit code, once the program has ended."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@contextmanager
def shell(pack: Path, columns: int, arguments: str = "", **environment: str) -> Iterator[Terminal]:
    command = f"{sys.executable} -m bot chat --pack {pack} {arguments}"
    terminal = Terminal(command, columns, FAQBOT_CACHE=str(pack.parent / "cache"), **environment)
    try:
        yield terminal
    finally:
        terminal.child.close(force=True)


GREETING = """\
Tea – questions

Hello. I answer questions about tea.
I repeat what one book says.
Source: Leaf Press: The tea book (reviewed 2026-01-31)

Ask in your own words. For example: What is a teapot for?
/help lists the commands, Ctrl-D leaves.
"""

STEPS = {
    80: "  1. The host boils the water and lets it stand for a while, so that it does not\n     scald the leaves.\n  2. The",
    120: "  1. The host boils the water and lets it stand for a while, so that it does not scald the leaves.\n  2. The",
}


@pytest.mark.parametrize("columns", [80, 120])
def test_a_conversation_on_a_terminal(tea: Path, columns: int) -> None:
    with shell(tea, columns) as terminal:
        assert terminal.until("Ctrl-C clears the line").startswith(GREETING + "\n>")
        terminal.child.send("what happens in the tea ceremony?\r")
        assert STEPS[columns] in terminal.until("You could ask:\n  - What is a teapot for?")
        terminal.child.send("rubbish\x03/topcis\r")
        assert "rubbish" not in terminal.until("There is no command /topcis (did you mean '/topics'?).")
        terminal.child.send("\x04")
        terminal.until("Goodbye.")
        assert terminal.closed() == 0


def styles(terminal: Terminal, text: str) -> set[tuple[str, bool]]:
    """Colour and boldness of the cells of the line that holds `text`."""
    row = next(n for n, line in enumerate(terminal.display) if text in line)
    return {(cell.fg, cell.bold) for cell in terminal.buffer[row].values() if cell.data.strip()}


@pytest.mark.parametrize(
    ("arguments", "environment", "style"),
    [
        ("", {}, ("red", True)),
        ("--no-color", {}, ("default", False)),
        ("", {"NO_COLOR": "1"}, ("default", False)),
        ("", {"TERM": "dumb"}, ("default", False)),
    ],
)
def test_an_emergency_is_red_where_colour_is_wanted(
    tea: Path, arguments: str, environment: dict[str, str], style: tuple[str, bool]
) -> None:
    with shell(tea, 80, arguments, **environment) as terminal:
        terminal.until("\n>")
        terminal.child.send("I have scalded my hand\r")
        terminal.until("Cool the burn under running water now.\n\n>")
        assert styles(terminal, "Cool the burn") == {style}


def test_pasted_lines_and_control_characters(tea: Path) -> None:
    with shell(tea, 80) as terminal:
        terminal.until("Ctrl-C clears the line")
        terminal.child.send("\x1b[200~what is\n\x1b[31ma teapot\x07\nfor?\x1b[201~")
        terminal.until("> what is [31ma teapot for?")
        terminal.child.send("\x03" + "\x1b[200~" + "zyzzyva " * 1500 + "\x1b[201~" + "\r")
        terminal.until("\n  I don't have an answer to that.")
        terminal.child.send("thanks\r")
        assert terminal.until("\n  You are welcome.").count("> thanks") == 1


def test_tab_completes_and_the_up_arrow_brings_lines_back(tea: Path) -> None:
    with shell(tea, 80) as terminal:
        terminal.until("Ctrl-C clears the line")
        terminal.child.send("thanks\r")
        terminal.until("You are welcome.")
        terminal.child.send("what does gre")
        terminal.until("Green tea")  # the menu
        terminal.child.send("\t")
        terminal.until("> what does Green tea")
        terminal.child.send(" taste like\r")
        terminal.until("  Green tea tastes of grass.\n\n  Source: “Leaves”\n\n>")
        terminal.child.send("\x1b[A")
        terminal.until("“Leaves”\n\n> what does Green tea taste like")
        terminal.child.send("\x1b[A")
        terminal.until("“Leaves”\n\n> thanks")
        assert [line for line in terminal.text.splitlines() if line.startswith(">")] == [
            "> thanks",
            "> what does Green tea taste like",
            "> thanks",
        ]


def test_an_interrupt_from_outside_clears_the_line_too(tea: Path) -> None:
    with shell(tea, 80) as terminal:
        terminal.until("Ctrl-C clears the line")
        terminal.child.send("rubbish")
        terminal.until("> rubbish")
        terminal.child.kill(2)
        terminal.child.send("thanks\r")
        assert "rubbish" not in terminal.until("> thanks\n\n  You are welcome.")
        assert terminal.child.isalive()


def test_a_bad_pack_says_so_and_leaves(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("pack: {titel: Tea}\n")
    with shell(tmp_path, 120) as terminal:
        shown = terminal.until("the pack cannot be used")
        assert "youmean'title'?)" in "".join(shown.split())
        assert "Traceback" not in shown
        assert terminal.closed() == 2
