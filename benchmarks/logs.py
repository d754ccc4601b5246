"""Whether a large log of questions is asked with flat memory: so many lines, by two processes.

usage: python -m benchmarks.logs [--lines N] [--jobs N] [--pack DIR]

The lines are the questions of the banks, half of them with a letter left out or two changed about, some with a few words before
them, the same each time. `faqbot coverage` asks them as it asks any log. Its processes are looked at every few
seconds in /proc, so that this wants Linux. A million lines take half an hour on two cores.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.latency import asked
from benchmarks.machine import ROOT, describe, stop

BEFORE = ("", "", "", "", "hi, ", "please, ", "quick one: ", "sorry to bother, ", "ok and ", "my sister asks: ")
LONGEST = 160
EVERY = 5.0
"""Seconds between two looks."""

TENTHS = 10


def lines(number: int) -> Iterator[str]:
    """So many lines of a log."""
    chance = random.Random(7)
    questions = [question.replace("\n", " ") for question in asked([])]
    short = [question for question in questions if 3 < len(question) < LONGEST]
    for _ in range(number):
        text = chance.choice(short)
        if chance.random() < 0.5:
            at = chance.randrange(1, len(text) - 1)
            text = text[:at] + (text[at + 1 :] if chance.random() < 0.5 else text[at + 1] + text[at] + text[at + 2 :])
        yield chance.choice(BEFORE) + text


def resident(parent: int) -> list[float]:
    """Memory in MB of a process and of those that it started, the largest first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if parent in {int(fields[1]), int(folder.name)}:
                found.append(int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6)
        except (OSError, IndexError):
            continue  # it ended in the meantime
    return sorted(found, reverse=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, and return 0; 1 when the run failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", metavar="N", type=int, default=1_000_000, help="of the log (default: a million)")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="processes that ask (default: 2)")
    parser.add_argument("--pack", metavar="DIR", help="the pack that is asked (default: the shipped one)")
    args = parser.parse_args(argv)
    if not Path("/proc/self/stat").exists():
        stop("memory is read from /proc, which is not there")
    print(describe(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        log.write_text("".join(f"{line}\n" for line in lines(args.lines)), encoding="utf-8")
        options = ["--sources", "none", "--no-gate", "--no-progress", "--jobs", str(args.jobs), "--work", f"{folder}/work"]
        pack = ["--pack", args.pack] if args.pack else []
        begin, seen = time.monotonic(), []
        command = [sys.executable, "-m", "bot", "coverage", str(log), *options, *pack]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                seen.append(resident(process.pid)[: args.jobs])
                time.sleep(EVERY)
            report = process.stdout.read() if process.stdout else ""
    took = time.monotonic() - begin
    if process.returncode:
        return 1
    print(report.strip())
    print(f"\n{args.lines} lines in {took:.0f} s, {took / args.lines * 1000:.2f} ms each; MB of each process that asks:")
    step = max(1, len(seen) // TENTHS)
    for at in range(step, len(seen), step):
        print(f"  after {at / len(seen):4.0%}: {' '.join(f'{own:.0f}' for own in seen[at])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
