"""Several processes of this machine that share a work."""

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

R = TypeVar("R")

_SHARD = 256
"""Texts that a process is given at a time at most: few, so that all end together, and enough for handing over to cost little."""

_work: list[Callable[[str], Any]] = []
"""In a process of `mapped`: what it does with a text."""


def processors() -> int:
    """How many processes can work at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool(jobs: int, begin: Callable[[], object] | None = None) -> Iterator[tuple[Executor, int]]:
    """A pool of `jobs` processes, and how many shards it should have at a time.

    begin: is called once in each process before it works; it must be picklable, and small.
    """
    others = set(active_children())
    spawn = get_context("spawn")  # a fork would take the threads of others along
    executor = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin, initargs=(begin,))
    try:
        yield executor, 2 * jobs
        executor.shutdown()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in set(active_children()) - others:  # those that are still at work when something went wrong
            worker.terminate()


def _begin(begin: Callable[[], object] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal; ended inside a queue, it would stay locked
    if begin is not None:
        begin()


def _prepare(path: Path) -> None:
    with path.open("rb") as file:
        _work[:] = [pickle.load(file)()]


def mapped(make: Callable[[], Callable[[str], R]], texts: Sequence[str], jobs: int) -> list[R]:
    """What `make()` gives for each of `texts`, in their order, worked out by `jobs` processes.

    make: is called once in each process; it and what is given must be picklable.
    Raises RuntimeError when the processes do not start, or end too early.
    """
    if not texts:
        return []
    size = min(_SHARD, -(-len(texts) // jobs))
    shards = [texts[at : at + size] for at in range(0, len(texts), size)]
    with TemporaryDirectory() as folder:
        given = (
            Path(folder) / "given"
        )  # what does not fit into a pipe would be waited for without end when a process does not start
        with given.open("wb") as file:
            pickle.dump(make, file, pickle.HIGHEST_PROTOCOL)
        return _mapped(partial(_prepare, given), shards, min(jobs, len(shards)))


def _mapped(begin: Callable[[], object], shards: list[Sequence[str]], jobs: int) -> list[Any]:
    try:
        with pool(jobs, begin) as (executor, _):
            return [one for results in executor.map(_of_shard, shards) for one in results]
    except BrokenProcessPool as error:
        raise RuntimeError(
            "the processes ended too early: a script that asks for several must do its work under"
            ' `if __name__ == "__main__":`, for each of them imports it; or there is too little memory for them'
        ) from error


def _of_shard(texts: Sequence[str]) -> list[Any]:
    return [_work[0](text) for text in texts]
