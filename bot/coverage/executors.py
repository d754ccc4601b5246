"""A Dask cluster, which may do the work of a pool of processes. Anything else with `submit` will do as well."""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from bot.coverage.run import RunError

_PATIENCE = 10
"""Seconds to wait for a scheduler."""


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
