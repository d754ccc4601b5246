"""The command line from outside: what is printed where, and the exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __version__
from tests.shell.conftest import TEA

ROOT = Path(__file__).parents[1]
SOURCE = "Source: Leaf Press: The tea book, “Pots”, reviewed 2026-01-31, https://tea.example/book\n"
POT = "A teapot keeps the leaves together."


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a run; nothing is left in anyone's home."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "FAQBOT_CACHE": str(folder / "cache")}


Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture
def faqbot(tmp_path: Path) -> Run:
    """Run `python -m bot` in a folder that holds the pack `tea`."""
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea" / "tea.yaml").write_text(TEA, encoding="utf-8")

    def faqbot(*arguments: str, stdin: str | bytes = b"", **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**surroundings(tmp_path), "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **environment},
            timeout=120,
            check=False,
        )
        return Done(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())

    return faqbot


def test_an_answer(faqbot: Run) -> None:
    done = faqbot("ask", "what is a teapot for?", "--pack", "tea")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{POT}\n\n{SOURCE}", "")


def test_the_question_needs_no_quotes(faqbot: Run) -> None:
    assert faqbot("ask", "what", "is", "a", "teapot", "for", "--pack", "tea").stdout == f"{POT}\n\n{SOURCE}"


def test_no_answer(faqbot: Run) -> None:
    done = faqbot("ask", "--pack", "tea", "who won the cup")
    assert done.returncode == 1
    assert done.stdout.startswith("I don't have an answer to that.")
    assert done.stdout.endswith("\n\nYou could ask:\n- What is a teapot for?\n- What happens in the tea ceremony?\n")


@pytest.mark.parametrize(("question", "code"), [("thanks", 0), ("I scalded my hand", 0), ("", 1), ("?!", 1), ("\ud83c", 1)])
def test_exit_codes(faqbot: Run, question: str, code: int) -> None:
    done = faqbot("ask", "--pack", "tea", question.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"))
    assert (done.returncode, done.stderr) == (code, "")


def test_json_is_one_line_and_the_shape_of_the_library(faqbot: Run) -> None:
    done = faqbot("ask", "what is a teapot for?", "--json", "--pack", "tea")
    assert done.stdout.count("\n") == 1
    reply = json.loads(done.stdout)
    assert (reply["kind"], reply["text"], reply["intent"]) == ("answer", POT, "pot")
    assert reply["sources"][0]["section"] == "Pots"
    assert "trace" not in reply
    assert "trace" in json.loads(faqbot("ask", "pot", "--json", "--explain", "--pack", "tea").stdout)


def test_json_where_the_output_takes_plain_letters_only(faqbot: Run) -> None:
    done = faqbot("ask", "what is a teapot for?", "--json", "--pack", "tea", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["text"] == POT
    assert faqbot("ask", "what is a teapot for?", "--pack", "tea", PYTHONIOENCODING="ascii").stdout.endswith(
        SOURCE.translate({8220: "?", 8221: "?"})
    )


def test_explain_says_why(faqbot: Run) -> None:
    done = faqbot("ask", "what is a teapot for?", "--explain", "--pack", "tea")
    assert done.stdout.startswith(f"{POT}\n\n{SOURCE}\nWhy:")
    assert done.returncode == 0


def test_lines_in_lines_out(faqbot: Run) -> None:
    done = faqbot("ask", "-", "--pack", "tea", stdin="what happens in the tea ceremony?\nthanks")
    assert done.stdout.splitlines() == [
        "It takes these steps: / 1. The host boils the water and lets it stand for a while, so that it does not scald the leaves."
        " / 2. The guests bow.",
        "You are welcome.",
    ]
    assert done.returncode == 0


def test_lines_of_json(faqbot: Run) -> None:
    done = faqbot("ask", "-", "--json", "--explain", "--pack", "tea", stdin="thanks\nwho won the cup\n\n")
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()] == ["chitchat", "fallback", "fallback"]
    assert done.returncode == 1
    assert faqbot("ask", "-", "--pack", "tea").returncode == 0


def test_reasons_have_no_place_among_lines(faqbot: Run) -> None:
    done = faqbot("ask", "-", "--explain", "--pack", "tea", stdin="thanks\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("error: `ask -` gives one line for every question: with --explain it needs --json\n")


@pytest.mark.parametrize("command", [(), ("chat",), ("chat", "--no-color", "--history", "/no/such/file")])
def test_the_shell_from_a_pipe(faqbot: Run, command: tuple[str, ...]) -> None:
    done = faqbot(*command, "--pack", "tea", stdin=b"what is a teapot for?\r\nthanks \xff\xfe\nthanks")
    first, second, third = done.stdout.splitlines()
    assert (first, third) == (POT, "You are welcome.")
    assert second
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("arguments", [("ask", "thanks"), ("ask", "-"), ("chat",), ()])
def test_a_bad_pack_shows_every_fault(faqbot: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "tea" / "more.yaml").write_text("entries:\n  e: {question: Q, anser: A, section: S, phrasings: one}\n")
    done = faqbot(*arguments, "--pack", "tea")
    assert (done.returncode, done.stdout) == (2, "")
    *faults, last = done.stderr.splitlines()
    assert "tea/more.yaml:2:20: unknown key 'anser' in 'e' (did you mean 'answer'?)" in faults
    assert any(fault.startswith("tea/more.yaml:2:") and "should be a list" in fault for fault in faults)
    assert last == f"faqbot: the pack cannot be used ({len(faults)} faults)"


def test_a_pack_that_is_not_there(faqbot: Run) -> None:
    done = faqbot("ask", "thanks", "--pack", "cofee\x1b[31m")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cofee[31m: there is no such folder\nfaqbot: the pack cannot be used (1 fault)\n"


def test_check_finds_no_faults(faqbot: Run) -> None:
    done = faqbot("check", "tea", "--strict")
    assert (done.returncode, done.stdout, done.stderr) == (0, "tea: no faults\n", "")


def test_check_counts_faults(faqbot: Run, tmp_path: Path) -> None:
    (tmp_path / "tea" / "more.yaml").write_text("things:\n  red: {kind: tee, name: Red tea}\nentires: {}\n")
    done = faqbot("check", "tea")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "tea/more.yaml:2:15: thing 'red' is of kind 'tee', and there is no kind of that id (did you mean 'tea'?)\n"
        "tea/more.yaml:3:1: unknown section 'entires' (did you mean 'entries'?)\n"
        "tea: 2 faults\n"
    )


def test_check_fails_on_warnings_when_it_is_strict(faqbot: Run, tmp_path: Path) -> None:
    pack = tmp_path / "tea" / "tea.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("reviewed:", 'expires: "2020-01-01"\n  reviewed:'), encoding="utf-8")
    done = faqbot("check", "tea")
    assert done.returncode == 0
    assert done.stdout == "tea/tea.yaml:4:12: warning: the pack was to be reviewed before 2020-01-01\ntea: 1 warning\n"
    assert faqbot("check", "tea", "--strict").returncode == 1


def test_check_of_nothing(faqbot: Run) -> None:
    done = faqbot("check", "coffee")
    assert (done.returncode, done.stdout) == (1, "coffee: there is no such folder\ncoffee: 1 fault\n")


def test_nothing_of_a_pack_can_command_the_terminal(faqbot: Run, tmp_path: Path) -> None:
    (tmp_path / "te\x1b[31ma").mkdir()
    (tmp_path / "te\x1b[31ma" / "a.yaml").write_text('entries: {e: {"\\e[2J": 1}}')
    done = faqbot("check", "te\x1b[31ma")
    assert "[2J' in 'e'" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("te[31ma: ")


def test_the_shipped_pack_is_the_default(faqbot: Run) -> None:
    done = faqbot("check")
    assert done.returncode == 0
    assert done.stdout.endswith("faq: no faults\n")


def test_schema_is_json(faqbot: Run) -> None:
    done = faqbot("schema")
    assert done.returncode == 0
    assert json.loads(done.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_version(faqbot: Run) -> None:
    assert faqbot("--version").stdout == f"faqbot {__version__}\n"


@pytest.mark.parametrize("command", [(), ("chat",), ("ask",), ("check",), ("schema",)])
def test_help_has_examples(faqbot: Run, command: tuple[str, ...]) -> None:
    done = faqbot(*command, "--help")
    assert done.returncode == 0
    assert "\nexamples:\n  faqbot" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["chekc"], "there is no command 'chekc' (did you mean 'check'?)"),
        (["chekc", "tea"], "there is no command 'chekc' (did you mean 'check'?); to ask a question: faqbot ask \"chekc tea\""),
        (["what", "is", "remission"], "there is no command 'what'; to ask a question: faqbot ask \"what is remission\""),
        (["what is $5 tea?"], "there is no command 'what is $5 tea?'; to ask a question: faqbot ask 'what is $5 tea?'"),
        (["remission", "--json"], "there is no command 'remission'; to ask a question: faqbot ask \"remission\""),
        (["te\x1b[31ma\x07"], "there is no command 'te [31ma'; to ask a question: faqbot ask \"te [31ma\""),
        (["ask"], "the following arguments are required: QUESTION"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["check", "\x1b[31m", "\x1b[32m"], "unrecognized arguments: [32m"),
        (["ask", "thanks", "--pack"], "argument --pack: expected one argument"),
    ],
)
def test_misuse(faqbot: Run, arguments: list[str], error: str) -> None:
    done = faqbot(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(f"error: {error}")
    assert "\x1b" not in done.stderr


def imported(faqbot: Run, *arguments: str) -> set[str]:
    """Top-level modules that a run imports."""
    done = faqbot(*arguments, PYTHONPROFILEIMPORTTIME="1")
    return {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")
    }


@pytest.mark.parametrize(
    "arguments", [("ask", "thanks", "--pack", "tea"), ("check", "tea"), ("chat", "--pack", "tea"), ("--help",)]
)
def test_only_the_shell_pays_for_the_shell(faqbot: Run, arguments: tuple[str, ...]) -> None:
    imported(faqbot, *arguments)  # the first time compiles, and learning needs numpy
    modules = imported(faqbot, *arguments)
    assert "bot" in modules
    assert not modules & {"prompt_toolkit", "asyncio", "wcwidth", "numpy", "importlib_metadata"}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of Unix")
class TestUnix:
    """What only a Unix shell can do to a program."""

    def start(self, tmp_path: Path, *arguments: str) -> subprocess.Popen[bytes]:
        environment = surroundings(tmp_path)
        command = [sys.executable, "-m", "bot", *arguments, "--pack", str(tmp_path / "tea")]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)

    @pytest.mark.parametrize("arguments", [("ask", "-"), ("chat",)])
    def test_a_reader_that_goes_away_is_no_error(self, faqbot: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        with self.start(tmp_path, *arguments) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            process.stdin.write(b"thanks\n" * 3)
            process.stdin.close()
            assert process.stderr.read() == b""
            assert process.wait() == 141

    @pytest.mark.parametrize("arguments", [("ask", "-"), ("chat",)])
    def test_an_answer_comes_at_once_and_an_interrupt_is_quiet(
        self, faqbot: Run, tmp_path: Path, arguments: tuple[str, ...]
    ) -> None:
        with self.start(tmp_path, *arguments) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdin.write(b"thanks\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"You are welcome.\n"
            process.send_signal(2)
            assert process.stderr.read() == b""
            assert process.wait() == 130

    def test_a_full_disk_is_said_plainly(self, faqbot: Run, tmp_path: Path) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("needs /dev/full")
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "bot", "ask", "thanks", "--pack", str(tmp_path / "tea")],
                stdout=full,
                stderr=subprocess.PIPE,
                env=surroundings(tmp_path),
                check=False,
            )
        assert (done.returncode, done.stderr) == (2, b"faqbot: error: No space left on device\n")

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
    def test_closed_streams(self, faqbot: Run, tmp_path: Path, closed: str) -> None:
        command = f"exec {sys.executable} -m bot ask - --pack {tmp_path}/tea {closed}"
        environment = surroundings(tmp_path)
        done = subprocess.run(["sh", "-c", command], input=b"", capture_output=True, env=environment, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
