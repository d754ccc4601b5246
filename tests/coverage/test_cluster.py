"""A real Dask cluster: a scheduler and two workers as processes of their own, one of which is killed half-way."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.coverage import executors
from bot.coverage import run as module
from bot.coverage.bots import PackBot
from bot.coverage.run import Planner, RunError, results_in, run
from tests.documents import ROOT
from tests.packs import write_bakery

pytest.importorskip("distributed", reason="needs distributed: pip install '.[distributed]'")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        self.address = self._address(file)
        same = (self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers = [self._start("worker", *same, "--local-directory", str(folder / f"w{n}")) for n in range(2)]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "FAQBOT_CACHE": str(self._folder / "cache")}
        command = [sys.executable, "-m", f"distributed.cli.dask_{arguments[0]}", *arguments[1:]]
        null = subprocess.DEVNULL
        self._running.append(subprocess.Popen(command, env=env, cwd=self._folder, stdin=null, stdout=null, stderr=null))
        return self._running[-1]

    def _address(self, file: Path) -> str:
        import json

        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return str(json.loads(file.read_text(encoding="utf-8"))["address"])
            except (OSError, ValueError):
                time.sleep(0.05)
        raise AssertionError("the scheduler does not start")

    def stop(self) -> None:
        for process in self._running:
            process.kill()
        for process in self._running:
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.stop()


def connected(address: str, workers: int) -> None:
    """Wait until so many workers are there."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with executors.cluster(address) as (_, in_flight):
                if in_flight == 2 * workers:
                    return
        except RunError:
            pass
        time.sleep(0.1)
    raise AssertionError("the workers do not start")


def test_a_worker_that_is_killed_changes_nothing_and_a_scheduler_that_goes_away_is_told(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHARD", 2_000)
    connected(cluster.address, 2)
    (tmp_path / "pack").mkdir()
    bot = PackBot(str(write_bakery(tmp_path / "pack")))
    log = tmp_path / "q.log"
    log.write_text("".join(f"Which breads contain milk and {n}?\n" for n in range(2_000)), encoding="utf-8")
    plan = Planner(tmp_path).add_file(log, bot).plan()
    here, there, broken = (tmp_path / name for name in ("here", "there", "broken"))
    for folder in (here, there, broken):
        folder.mkdir()
    run(plan, here)

    def kill(process: subprocess.Popen[bytes], when: int) -> Callable[[int], None]:
        return lambda done: process.kill() if done == when else None

    with executors.cluster(cluster.address) as (executor, in_flight):
        run(plan, there, executor, in_flight=in_flight, progress=kill(cluster.workers[0], len(plan.shards) // 2))
    assert cluster.workers[0].wait(60) < 0
    assert [result.marks for result in results_in(there, plan)] == [result.marks for result in results_in(here, plan)]

    with pytest.raises(RunError), executors.cluster(cluster.address) as (executor, in_flight):
        run(plan, broken, executor, in_flight=in_flight, progress=kill(cluster.scheduler, 3))
    assert 3 <= len(list(broken.glob("*.shard"))) < len(plan.shards)
    run(plan, broken)
    assert [result.marks for result in results_in(broken, plan)] == [result.marks for result in results_in(here, plan)]


def test_a_scheduler_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_PATIENCE", 1)
    told = r"there is no scheduler at tcp://127\.0\.0\.1:1: .*start one with `dask scheduler`"
    with pytest.raises(RunError, match=told), executors.cluster("tcp://127.0.0.1:1"):
        pass
