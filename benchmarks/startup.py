"""How long the bot takes to start, against the least that any bot of its kind could take.

usage: python -m benchmarks.startup [--pack DIR --question TEXT] [--runs N]

1. From the start of the process to the painted prompt of `faqbot`, in a pseudo-terminal, against a script that imports
   prompt_toolkit, rapidfuzz and yaml and paints a prompt.
2. CPU time of all of `faqbot ask "…"`, against that of `python -c "import rapidfuzz.fuzz, yaml"`.

The two sides run in turn, so that a busy machine slows both; the ratio is that of the medians.
"""

import argparse
import os
import re
import resource
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.machine import ROOT, describe, milliseconds, stop

PATIENCE = 30.0
"""Seconds; a prompt that takes longer never comes."""

LEAST_SHELL = """\
import rapidfuzz.fuzz, yaml
from prompt_toolkit import PromptSession
PromptSession("> ").prompt()
"""
LEAST_ASK = "import rapidfuzz.fuzz, yaml"
QUESTION = "What are the side effects of Velcade?"

_ESCAPES = re.compile(rb"\x1b\[[0-9;?<=>]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[()][A-Z0-9]|\x1b[=>78]")
_PROMPT = re.compile(rb"(?:\A|[\r\n])>")
_WHERE_IS_THE_CURSOR = b"\x1b[6n"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", metavar="N", type=int, default=15, help="runs of each side (default: 15)")
    parser.add_argument("--pack", metavar="DIR", help="the pack that is opened (default: the shipped one)")
    parser.add_argument("--question", metavar="TEXT", default=QUESTION, help="one that it answers (default: %(default)s)")
    args = parser.parse_args(argv)
    runs = max(3, args.runs)
    if sys.platform == "win32":
        stop("it needs a pseudo-terminal, which Windows does not have")
    ours, described = _faqbot()
    pack = ["--pack", args.pack] if args.pack else []
    print(describe())
    print(f"{described}; {runs} runs of each, in turn")
    with tempfile.TemporaryDirectory() as cache:
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env |= {"FAQBOT_CACHE": cache, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        least_shell = Path(cache) / "least.py"
        least_shell.write_text(LEAST_SHELL, encoding="utf-8")
        _cpu([*ours, "ask", *pack, args.question], env)  # compiles the pack: the first start of all is not what is measured
        _compare(
            "start to painted prompt",
            lambda: _until_prompt([*ours, *pack], env),
            lambda: _until_prompt([sys.executable, str(least_shell)], env),
            runs,
        )
        _compare(
            "CPU of `faqbot ask`",
            lambda: _cpu([*ours, "ask", *pack, args.question], env),
            lambda: _cpu([sys.executable, "-c", LEAST_ASK], env),
            runs,
        )
    return 0


def _faqbot() -> tuple[list[str], str]:
    """The command that starts the bot, and a word on it."""
    script = Path(sys.executable).with_name("faqbot")
    if script.exists():
        return [str(script)], "as installed"
    return [sys.executable, "-m", "bot"], "from the checkout (not installed: `pip install .` is what counts)"


def _compare(title: str, ours: Callable[[], float], least: Callable[[], float], runs: int) -> None:
    for _ in range(2):  # compiles the code, fills the caches
        ours(), least()
    pairs = [(ours(), least()) for _ in range(runs)]
    mine, other = [a for a, _ in pairs], [b for _, b in pairs]
    print()
    print(title)
    print(f"  faqbot   {milliseconds(mine)}")
    print(f"  least    {milliseconds(other)}")
    print(f"  ratio    {median(mine) / median(other):.2f}")


def _until_prompt(command: list[str], env: dict[str, str]) -> float:
    """Seconds from the start of `command` in a pseudo-terminal until its prompt is painted."""
    import fcntl
    import struct
    import termios

    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    started = time.perf_counter()
    child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env, cwd=ROOT, start_new_session=True)
    os.close(slave)
    try:
        return _read_until_prompt(master, command) - started
    finally:
        child.kill()
        child.wait()
        os.close(master)


def _read_until_prompt(master: int, command: list[str]) -> float:
    seen = b""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 1.0)
        if not ready:
            continue
        try:
            chunk = os.read(master, 65536)
        except OSError:  # the program has ended
            break
        now = time.perf_counter()
        if _WHERE_IS_THE_CURSOR in chunk:
            os.write(master, b"\x1b[1;1R")  # as a terminal answers
        seen += chunk
        if _PROMPT.search(_ESCAPES.sub(b"", seen)):
            return now
    stop(f"no prompt came from {' '.join(command)}; it wrote:\n{seen.decode(errors='replace')}")


def _cpu(command: list[str], env: dict[str, str]) -> float:
    """Seconds of processor that `command` took, all in all."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        stop(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
