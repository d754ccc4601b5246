"""The loop, as a person meets it: keys go in through prompt_toolkit's pipe, and the whole transcript comes out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.engine import Engine
from bot.errors import PackError
from bot.reply import Option, Reply
from bot.shell import session
from bot.shell.completer import TalkCompleter
from bot.shell.history import open_history
from bot.shell.later import Later
from bot.shell.prompt import line_editor
from bot.shell.render import Para, plain
from bot.shell.session import Shell, chat, screen
from bot.shell.talk import Talk
from tests.shell.conftest import there

ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"
PASTE = "\x1b[200~{}\x1b[201~"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture
def typed(keys: PipeInput, engine: Engine) -> Callable[..., str]:
    """The transcript of a session in which these keys are typed: what was read behind `> `, and all that was shown."""

    def typed(*presses: str, engine: Engine = engine) -> str:
        later = there(engine)
        talk = Talk(later, "Tea")
        editor = line_editor(TalkCompleter(later, talk), open_history(None)[0], colour=True, on_paint=later.start)
        transcript: list[str] = []

        def read() -> str:
            line = editor.prompt()
            transcript.append(f"> {line}\n")
            return line

        keys.send_text("".join(presses))
        Shell(later, talk, read, lambda paras: transcript.append(plain(paras, 80))).run()
        return "".join(transcript)

    return typed


POT = "\n  A teapot keeps the leaves together.\n\n  Source: “Pots”\n\n"
WELCOME = "\n  You are welcome.\n\n"
GOODBYE = "Goodbye.\n"


def test_a_question_its_answer_and_goodbye(typed: Callable[..., str]) -> None:
    assert typed("what is a teapot for?", ENTER, CTRL_D) == f"> what is a teapot for?\n{POT}{GOODBYE}"


def test_a_command_between_questions(typed: Callable[..., str]) -> None:
    assert typed("what is a teapot for?", ENTER, "/topics 1", ENTER, "thanks", ENTER, "/quit", ENTER) == (
        f"> what is a teapot for?\n{POT}> /topics 1\n\n  Pots\n  - What is a teapot for?\n\n> thanks\n{WELCOME}> /quit\n{GOODBYE}"
    )


def test_control_c_clears_the_line(typed: Callable[..., str]) -> None:
    assert typed("what is mercury", CTRL_C, CTRL_C, "thanks", ENTER, CTRL_D) == f"> thanks\n{WELCOME}{GOODBYE}"


def test_an_empty_line_asks_nothing(typed: Callable[..., str]) -> None:
    assert typed(ENTER, "   ", ENTER, CTRL_D) == f"> \n>    \n{GOODBYE}"


@pytest.mark.parametrize("word", ["quit", "exit", "EXIT"])
def test_leaving_in_a_word(typed: Callable[..., str], word: str) -> None:
    assert typed(word, ENTER) == f"> {word}\n{GOODBYE}"


def test_pasted_lines_are_one_question(typed: Callable[..., str]) -> None:
    paste = PASTE.format("what is\r\na\tteapot\n\n for? \x07")
    assert typed(paste, ENTER, CTRL_D) == f"> what is a teapot for? \n{POT}{GOODBYE}"


def test_an_emergency_is_met(typed: Callable[..., str]) -> None:
    assert "\n  Cool the burn under running water now.\n" in typed("I have scalded my hand", ENTER, CTRL_D)


def test_whatever_is_typed_has_a_reply(typed: Callable[..., str]) -> None:
    shown = typed("\x16\x1b\x16\x07?!", ENTER, PASTE.format("tea " * 5000), ENTER, PASTE.format("q" * 20_000), ENTER, CTRL_D)
    assert shown.count("\n  I don't have an answer to that.") >= 2
    assert shown.endswith(GOODBYE)


class Waiter(Engine):
    """An engine that asks back, and its own conversation."""

    def __init__(self, engine: Engine) -> None:
        self.pack = engine.pack
        self.asked: list[str] = []

    def conversation(self, state: object = None) -> "Waiter":  # type: ignore[override]
        return self

    def names(self) -> list[str]:
        return []

    def ask(self, text: str) -> Reply:
        self.asked.append(text)
        if text == "tea":
            options = (Option("Green tea", "Green tea?"), Option("Black tea", "Black tea?"))
            return Reply(kind="clarify", text="Which one?\n1. Green tea\n2. Black tea", markdown="", options=options)
        return Reply(kind="answer", text="Here you are.", markdown="")


def test_an_option_is_picked_by_number_or_by_name(typed: Callable[..., str], engine: Engine) -> None:
    waiter = Waiter(engine)
    assert typed("tea", ENTER, "2", ENTER, "tea", ENTER, "Green tea", ENTER, CTRL_D, engine=waiter) == (
        "> tea\n\n  Which one?\n  1. Green tea\n  2. Black tea\n\n  Type the number or the name of the one you mean.\n\n"
        "> 2\n\n  Here you are.\n\n"
        "> tea\n\n  Which one?\n  1. Green tea\n  2. Black tea\n\n  Type the number or the name of the one you mean.\n\n"
        f"> Green tea\n\n  Here you are.\n\n{GOODBYE}"
    )
    assert waiter.asked == ["tea", "2", "tea", "Green tea"]


def test_an_interrupt_while_it_answers_goes_on_with_the_next_line(talk: Talk, engine: Engine) -> None:
    lines = iter(["what is a teapot for?"])
    shown: list[str] = []

    def read() -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    def show(paras: list[Para]) -> None:
        if not shown:
            shown.append("^C")
            raise KeyboardInterrupt
        shown.append(plain(paras))

    Shell(there(engine), talk, read, show).run()
    assert shown == ["^C", GOODBYE]


def test_whoever_waits_for_a_slow_engine_is_told(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    class Slow(Later[Engine]):
        def wait(self, seconds: float | None = None) -> Engine:
            if seconds is not None:
                raise TimeoutError
            return super().wait()

    later = Slow(lambda: engine)
    lines = iter(["thanks", "quit"])
    shown: list[str] = []
    Shell(later, Talk(later, "Tea"), lambda: next(lines), lambda paras: shown.append(plain(paras))).run()
    assert shown == ["\n  One moment, I am still reading the pack …\n", WELCOME, GOODBYE]


def test_the_whole_shell(keys: PipeInput, tea: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(session, "screen", lambda colour: lambda paras: shown.append(plain(paras, 80)))
    keys.send_text(f"what is a teapot for?{ENTER}{CTRL_D}")
    chat(there(engine), tea, history="/no/such/file")
    assert "".join(shown) == (
        "Tea – questions\n\nHello. I answer questions about tea.\nI repeat what one book says.\n"
        "Source: Leaf Press: The tea book (reviewed 2026-01-31)\n\n"
        "Ask in your own words. For example: What is a teapot for?\n/help lists the commands, Ctrl-D leaves.\n\n"
        "The history file /no/such/file cannot be used (No such file or directory);\nhistory stays in memory.\n\n"
        f"{POT}{GOODBYE}"
    )


def test_one_can_type_while_the_pack_is_compiled(
    keys: PipeInput, tea: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    compiled_after: list[int] = []

    def compiled() -> Engine:
        compiled_after.append(len(shown))
        return engine

    monkeypatch.setattr(session, "screen", lambda colour: lambda paras: shown.append(plain(paras, 80)))
    keys.send_text(f"thanks{ENTER}{CTRL_D}")
    chat(Later(compiled), tea)
    assert shown[0].startswith("Tea – questions\n")
    assert shown[1:] == [WELCOME, GOODBYE]
    assert compiled_after == [1]


def test_history_goes_to_a_file_only_when_asked(keys: PipeInput, tea: Path, engine: Engine, tmp_path: Path) -> None:
    keys.send_text(f"thanks{ENTER}{CTRL_D}")
    chat(there(engine), tea, history=str(tmp_path / "history"))
    assert "\n+thanks\n" in (tmp_path / "history").read_text()


def test_a_bad_pack_is_refused_before_anything_is_painted(keys: PipeInput, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"holds no \.yaml file"):
        chat(Later(lambda: Engine.load(tmp_path, cache=False)), tmp_path)


class Paper(DummyOutput):
    """An output that keeps what is written on it."""

    def __init__(self) -> None:
        self.written = ""

    def write(self, data: str) -> None:
        self.written += data

    def set_attributes(self, attrs: object, color_depth: object) -> None:
        self.written += "<bold red>" if attrs.bold and attrs.color == "ansired" else ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(("colour", "written"), [(True, "<bold red>Run!\n"), (False, "Run!\n")])
def test_colour_only_where_it_is_wanted(colour: bool, written: str) -> None:
    paper = Paper()
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=paper):
        screen(colour)([Para("Run!", "alarm")])
    assert paper.written.replace("\r", "") == written
