"""How long an answer takes, and how long the pack takes to load.

usage: python -m benchmarks.latency [BANK_OR_FOLDER ...] [--pack DIR] [--rounds N] [--loads N]

The questions of the banks (default: tests/questions/*.work.jsonl) are asked one by one on one core. Every round has an engine
of its own, warmed up with the pack's own questions, so that no question is met twice by the same engine; a question counts
with the fastest of its rounds. Loading is measured in fresh processes: from the compiled cache and from YAML in turn, seven of
each, the time of `Engine.load` alone and that of the imports before it.
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from benchmarks.accuracy import HELD_OUT
from benchmarks.machine import QUESTIONS, ROOT, describe, milliseconds, stop
from bot import Engine
from bot.coverage.cases import CaseError
from bot.coverage.reading import read_cases

LOAD = """\
import time
before = time.perf_counter()
from bot import Engine
imported = time.perf_counter()
Engine.load({pack!r}, cache={cache})
loaded = time.perf_counter()
print(imported - before, loaded - imported)
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("banks", metavar="BANK_OR_FOLDER", nargs="*", type=Path, help="whose questions are asked")
    parser.add_argument("--pack", metavar="DIR", help="the pack that is asked (default: the shipped one)")
    parser.add_argument("--rounds", metavar="N", type=int, default=3, help="how often every question is asked (default: 3)")
    parser.add_argument("--loads", metavar="N", type=int, default=7, help="how often each kind of load is measured (default: 7)")
    args = parser.parse_args(argv)
    questions = asked(args.banks)
    print(describe())
    print()
    core = _one_core()
    _answers(questions, args.pack, max(1, args.rounds), core)
    print()
    _loads(args.pack, max(1, args.loads))
    return 0


def asked(named: list[Path]) -> list[str]:
    paths: list[Path] = []
    for path in named or [QUESTIONS]:
        if not path.exists():
            stop(f"there is no file or folder {path}")
        paths += sorted(p for p in path.glob("*.jsonl") if named or not p.name.endswith(HELD_OUT)) if path.is_dir() else [path]
    try:
        found = [turn.ask for path in paths for case in read_cases(path) for turn in case.turns]
    except CaseError as error:
        stop(f"a bank has faults\n{error}")
    if not found:
        stop(f"there is no bank of questions (*.jsonl) in {', '.join(map(str, named or [QUESTIONS]))}")
    return found


def _one_core() -> str:
    """Stay on one core where the system lets us; says which it is."""
    if not hasattr(os, "sched_setaffinity"):
        return "any core (this system does not let a program choose one)"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return "one core"


def _answers(questions: list[str], pack: str | None, rounds: int, core: str) -> None:
    times = [min(own) for own in zip(*(_round(questions, pack) for _ in range(rounds)), strict=True)]
    hundredths = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    print(f"engine.ask, {len(questions)} questions, warm, on {core}:")
    print(f"  median {median(times) * 1000:.2f} ms   p90 {hundredths[89] * 1000:.2f} ms   p99 {hundredths[98] * 1000:.2f} ms")
    slowest = max(range(len(times)), key=times.__getitem__)
    print(f"  longest {times[slowest] * 1000:.2f} ms: {questions[slowest][:90]}")


def _round(questions: list[str], pack: str | None) -> list[float]:
    """Seconds for each question, of a warm engine that never saw it before."""
    engine = Engine.load(pack)
    for question in (*engine.questions(), *engine.questions()):
        engine.ask(question)
    gc.collect()
    times: list[float] = []
    for question in questions:
        before = time.perf_counter()
        engine.ask(question)
        times.append(time.perf_counter() - before)
    return times


def _loads(pack: str | None, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _load(pack, folder, cache=True)  # fills the cache, and compiles our own code
        runs = [(_load(pack, folder, cache=True), _load(pack, folder, cache=False)) for _ in range(times)]
    print(f"Engine.load() of the {'shipped pack' if pack is None else f'pack {pack}'} in a fresh process, median of {times}:")
    for title, own in (("from the compiled cache", [a for a, _ in runs]), ("from YAML", [b for _, b in runs])):
        print(f"  {title:24} {milliseconds([load for _, load in own])}, after imports of {milliseconds([i for i, _ in own])}")


def _load(pack: str | None, folder: str, *, cache: bool) -> tuple[float, float]:
    """Seconds for the imports and for the load."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"FAQBOT_CACHE": folder}
    done = subprocess.run(
        [sys.executable, "-c", LOAD.format(pack=pack, cache=cache)],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        stop(f"the pack does not load\n{done.stderr}")
    imported, loaded = map(float, done.stdout.split())
    return imported, loaded


if __name__ == "__main__":
    sys.exit(main())
