"""Who works: a pool of processes on this machine, or a Dask cluster. Anything else with `submit` will do as well."""

import logging
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Any

from bot.coverage.run import RunError

_PATIENCE = 10
"""Seconds to wait for a scheduler."""


def processors() -> int:
    """How many processes can work at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool(jobs: int) -> Iterator[tuple[Executor, int]]:
    """A pool of `jobs` processes, and how many shards it should have at a time."""
    others = set(active_children())
    spawn = get_context("spawn")  # a fork would take the threads of others along
    executor = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_leave_interrupts_to_the_parent)
    try:
        yield executor, 2 * jobs
        executor.shutdown()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in set(active_children()) - others:  # those that are still at work when something went wrong
            worker.terminate()


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal; a worker that it ends inside a queue would leave the queue locked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of the Dask scheduler at `address`, and how many shards they should have at a time.

    Raises RunError when `distributed` is not installed, or the scheduler is not there or has no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise RunError("a Dask cluster needs an extra: pip install 'faqbot[distributed]'") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it tells of lost connections at length; so do we, in short
    try:
        client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise RunError(f"there is no scheduler at {address}: {error}; start one with `dask scheduler`") from error
    try:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            raise RunError(f"the scheduler at {address} has no workers: start some with `dask worker {address}`")
        threads = sum(int(worker["nthreads"]) for worker in workers.values())
        yield client.get_executor(pure=False, retries=2), 2 * threads
    finally:
        client.close(timeout=2)
