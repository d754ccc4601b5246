"""One plan for every system: a process that builds, with a limit of time and memory, and a fresh one that opens and answers."""

import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from benchmarks.ranking.measure import Prediction, percentile
from benchmarks.ranking.systems import SYSTEMS
from bot.processes import pool
from bot.progress import Progress

R = TypeVar("R")

_WARM = 20
"""Questions that are asked before time is taken."""

_MEGABYTE = 1024 * 1024

_PATIENCE = 10
"""How many times as long as a system may compute it may take by the clock."""

_START = 60
"""Seconds in which a process must have begun."""


class Limits(Struct, frozen=True):
    """What a process may take; it is ended when it takes more."""

    minutes: float = 10.0
    """of processor to build, for on a busy machine the clock tells nothing of the system; and by the clock, _PATIENCE times as
    many to build and as many to answer"""
    gigabytes: float = 6.0
    """of memory that it alone has"""


class Built(Struct, frozen=True):
    """What building took."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    """the most memory that the process held, in 2**20 bytes"""
    disk_mb: float
    told: dict[str, int]


class Answers(Struct, frozen=True):
    """What opening and answering took, and the answers."""

    open_ms: float
    open_cpu_ms: float
    """of that, what the processor worked; the rest is waiting for it, and for the disk"""
    peak_mb: float
    timed: int
    """questions, asked one by one"""
    cpu_p50_ms: float
    cpu_p99_ms: float
    p50_ms: float
    """by the clock"""
    p99_ms: float
    predictions: dict[str, list[Prediction]]
    """for each batch of questions"""


class Failed(Struct, frozen=True):
    """Why there is no figure."""

    reason: str


def build(name: str, folder: Path, limits: Limits) -> Built | Failed:
    """Build the system in `folder`, which holds the examples."""
    Progress().step(f"{name}: building")
    try:
        return _apart(partial(_build, name, folder, limits.minutes * 60), limits, "building")
    finally:
        Progress().clear()


def answer(
    name: str, folder: Path, batches: Mapping[str, Sequence[str]], timed: Sequence[str], limits: Limits
) -> Answers | Failed:
    """Open the system that was built in `folder`, and ask it.

    batches: name -> questions; timed: questions that are asked one by one, which others precede.
    """
    Progress().step(f"{name}: answering")
    try:
        return _apart(
            partial(_answer, name, folder, {batch: list(texts) for batch, texts in batches.items()}, list(timed)),
            limits,
            "answering",
        )
    finally:
        Progress().clear()


def _apart(work: Callable[[], R], limits: Limits, doing: str) -> R | Failed:
    """What `work` gives in a process of its own."""
    try:
        with pool(1, partial(_limit, limits)) as (executor, _):
            return executor.submit(_guarded, work, doing, limits).result(_START + limits.minutes * 60 * _PATIENCE)
    except TooLong:
        return Failed(f"{doing} was ended after {limits.minutes * _PATIENCE:g} minutes by the clock")
    except BrokenProcessPool:
        return Failed(f"{doing} was ended by the system: probably more than {limits.gigabytes:g} GB of memory")


class _OutOfTime(BaseException):
    """Raised wherever a process is when it has computed for too long; nothing on the way is to catch it."""


def _limit(limits: Limits) -> None:
    most = int(limits.gigabytes * 1024 * _MEGABYTE)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    signal.signal(signal.SIGPROF, _end)


def _end(*_: object) -> None:
    raise _OutOfTime


def _guarded(work: Callable[[], R], doing: str, limits: Limits) -> R | Failed:
    try:
        return work()
    except MemoryError:
        return Failed(f"{doing} took more than {limits.gigabytes:g} GB of memory")
    except _OutOfTime:
        return Failed(f"{doing} took more than {limits.minutes:g} minutes of processor")


def _build(name: str, folder: Path, most: float) -> Built:
    system = SYSTEMS[name](folder)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, most)  # only here: while it runs, Linux tells the processor's time to 4 ms
    told = system.build()
    signal.setitimer(signal.ITIMER_PROF, 0)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    return Built(seconds, cpu, _peak(), system.bytes() / _MEGABYTE, told)


def _answer(name: str, folder: Path, batches: dict[str, list[str]], timed: list[str]) -> Answers:
    system = SYSTEMS[name](folder)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    system.open()
    opened, opened_cpu = (time.perf_counter() - begun) * 1000, (time.process_time() - begun_cpu) * 1000
    for text in timed[:_WARM]:
        system.rank(text)
    clock, cpu = [], []
    for text in Progress().over(timed[_WARM:], f"{name}: one by one", len(timed) - _WARM):
        before, before_cpu = time.perf_counter(), time.process_time()
        system.rank(text)
        cpu.append((time.process_time() - before_cpu) * 1000)
        clock.append((time.perf_counter() - before) * 1000)
    predictions = {batch: system.rank_many(texts) for batch, texts in batches.items()}
    return Answers(
        open_ms=opened,
        open_cpu_ms=opened_cpu,
        peak_mb=_peak(),
        timed=len(clock),
        cpu_p50_ms=percentile(cpu, 0.5),
        cpu_p99_ms=percentile(cpu, 0.99),
        p50_ms=percentile(clock, 0.5),
        p99_ms=percentile(clock, 0.99),
        predictions=predictions,
    )


def _peak() -> float:
    """The most memory of this process. What ru_maxrss tells begins with that of the process it came from."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
