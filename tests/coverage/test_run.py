"""A run: the same to the byte whoever works, and never lost."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from bot.coverage import run as module
from bot.coverage.bots import PackBot
from bot.coverage.cases import Case, CaseError, Expectation, Turn
from bot.coverage.judge import Mark
from bot.coverage.run import Plan, Planner, RunError, ask_all, cases_in, marks_in, results_in, run, work
from tests.packs import bakery, write_bakery

QUESTIONS = ("Which breads contain milk?", "Is Rustino made from sourdough?", "how do I store my loaf", "who won the cup")


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackBot:
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "pack").mkdir()
    return PackBot(str(write_bakery(tmp_path / "pack")))


@pytest.fixture
def plan(tmp_path: Path, bot: PackBot, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Some files of every sort, cut in many shards."""
    monkeypatch.setattr(module, "SHARD", 400)
    log = tmp_path / "q.log"
    log.write_text("".join(f"{QUESTIONS[n % 4]} {n}\n" for n in range(60)) + "\0 no text\n", encoding="utf-8")
    bank = tmp_path / "c.jsonl"
    bank.write_text("".join(json.dumps({"ask": QUESTIONS[n % 4], "kind": "answer"}) + "\n" for n in range(30)), encoding="utf-8")
    generated = [Case(f"g-{n}", (Turn(QUESTIONS[n % 4], Expectation(kind=("answer",))),), source="facts") for n in range(30)]
    folder = tmp_path / "spool"
    folder.mkdir()
    return Planner(folder).add_file(bank, bot).add_cases(generated, bot).add_file(log, bot).plan()


class Backwards(ThreadPoolExecutor):
    """An executor that finishes what came last first."""

    def __init__(self, shards: int) -> None:
        super().__init__(1)
        self._shards = shards
        self._waiting: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._waiting.append((future, fn, args))
        if len(self._waiting) == self._shards:
            self.flush()
        return future

    def flush(self) -> None:
        while self._waiting:
            future, fn, args = self._waiting.pop()
            future.set_result(fn(*args))


def digest(folder: Path, plan: Plan) -> bytes:
    return b"".join(result.marks for result in results_in(folder, plan))


def test_the_marks_are_the_same_whoever_works_and_in_whatever_order(tmp_path: Path, plan: Plan) -> None:
    found = {}
    executors: dict[str, Executor | None] = {
        "none": None,
        "threads": ThreadPoolExecutor(3),
        "backwards": Backwards(len(plan.shards)),
        "processes": ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    }
    for name, executor in executors.items():
        (tmp_path / name).mkdir()
        run(plan, tmp_path / name, executor, in_flight=len(plan.shards))
        found[name] = digest(tmp_path / name, plan)
        if executor is not None:
            executor.shutdown()
    assert len(plan.shards) > 10
    assert len(set(found.values())) == 1
    assert [mark.ask for mark in marks_in(tmp_path / "none", plan)][:4] == list(QUESTIONS)


def test_a_run_says_what_asking_one_by_one_says(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "done").mkdir()
    run(plan, tmp_path / "done")
    cases = [case for shard in plan.shards for case in cases_in(shard, [])]
    assert list(marks_in(tmp_path / "done", plan)) == list(ask_all(cases, bakery()))
    assert len(cases) == 120


def test_an_interrupted_run_goes_on_from_what_is_finished(tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    run(plan, whole)
    asked: list[int] = []

    def counted(shard: module.Shard, spec: PackBot) -> module.Result:
        if len(asked) == 4:
            raise KeyboardInterrupt
        asked.append(shard.number)
        return work(shard, spec)

    def again(shard: module.Shard, spec: PackBot) -> module.Result:
        asked.append(shard.number)
        return work(shard, spec)

    monkeypatch.setattr(module, "work", counted)
    with pytest.raises(KeyboardInterrupt):
        run(plan, broken)
    with pytest.raises(RunError, match="is not finished: run again"):
        list(marks_in(broken, plan))
    (broken / "000001.shard").write_bytes(b"damaged")  # as by a machine that lost its power
    monkeypatch.setattr(module, "work", again)
    run(plan, broken)
    assert asked == [0, 1, 2, 3, 1, *range(4, len(plan.shards))]
    assert digest(broken, plan) == digest(whole, plan)


def test_a_worker_that_dies_is_told_and_what_is_finished_is_kept(tmp_path: Path, plan: Plan) -> None:
    class Dies(Executor):
        def __init__(self) -> None:
            self.left = 5

        def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
            future: Future[Any] = Future()
            self.left -= 1
            if self.left >= 0:
                future.set_result(fn(*args))
            else:
                future.cancel()
                future.set_running_or_notify_cancel()
            return future

    (tmp_path / "done").mkdir()
    with pytest.raises(RunError, match="the workers went away"):
        run(plan, tmp_path / "done", Dies(), in_flight=1)
    assert len(list((tmp_path / "done").glob("*.shard"))) == 5


def test_lines_of_a_log_that_are_no_questions_are_counted_and_named(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "done").mkdir()
    run(plan, tmp_path / "done")
    left = [fault for result in results_in(tmp_path / "done", plan) for fault in result.left_out]
    assert [(fault.line, fault.message) for fault in left] == [(61, "holds a NUL byte, so it is no text: left out")]


def test_binary_rubbish_is_no_log(tmp_path: Path, bot: PackBot) -> None:
    rubbish = tmp_path / "q.log"
    rubbish.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(CaseError, match=r"q\.log: is no text: it holds NUL bytes"):
        Planner(tmp_path).add_file(rubbish, bot).plan()


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path, bot: PackBot) -> None:
    planner = Planner(tmp_path)
    for name in ("a.jsonl", "b.csv"):
        (tmp_path / name).write_text("nothing\n", encoding="utf-8")
        planner.add_file(tmp_path / name, bot)
    with pytest.raises(CaseError) as caught:
        planner.add_file(tmp_path / "none.jsonl", bot).plan()
    assert [Path(fault.path).name for fault in caught.value.faults] == ["a.jsonl", "b.csv", "none.jsonl"]


def test_the_digest_of_the_cases_knows_nothing_of_where_they_lie(tmp_path: Path, bot: PackBot) -> None:
    def digest_at(path: str, line: int, text: str) -> str:
        return Planner(tmp_path).add_cases([Case("a", (Turn(text),), path=path, line=line)], bot).plan().digest

    assert digest_at("here", 1, "Milk?") == digest_at("there", 2, "Milk?") != digest_at("here", 1, "Eggs?")


def test_the_key_follows_the_cases_and_the_pack(tmp_path: Path, bot: PackBot) -> None:
    def key(text: str) -> str:
        return Planner(tmp_path).add_cases([Case("a", (Turn(text),))], bot).plan().key()

    before = key("Milk?")
    assert key("Milk?") == before
    assert key("Eggs?") != before
    with (Path(bot.folder) / "bakery.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert key("Milk?") != before


class Echo(Struct, frozen=True):
    """A bot that needs no pack."""

    def opened(self) -> Any:
        return nullcontext(bakery())

    def key(self) -> str:
        return "echo"


@cache
def _folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp())


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), max_size=30), st.integers(1, 200))
def test_every_line_falls_in_one_shard(texts: list[str], size: int) -> None:
    path = _folder() / "q.log"
    path.write_text("\n".join(texts), encoding="utf-8")
    before, module.SHARD = module.SHARD, size
    try:
        plan = Planner(_folder()).add_file(path, Echo()).plan()
    finally:
        module.SHARD = before
    asked = [(case.line, case.turns[0].ask) for shard in plan.shards for case in cases_in(shard, [])]
    # U+2028 and the like end no line of a file
    assert asked == [(number, text) for number, text in enumerate(texts, 1) if text.strip()]


def test_a_mark_is_the_same_after_a_journey(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "done").mkdir()
    run(plan, tmp_path / "done")
    marks = list(marks_in(tmp_path / "done", plan))
    assert all(isinstance(mark, Mark) for mark in marks)
    assert {mark.outcome for mark in marks} >= {"right", "silent", "unjudged"}
