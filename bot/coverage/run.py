"""Every question asked and marked: a plan of shards, worked off by any executor.

A shard is a part of a file, (path, start, end): what travels to a worker is small, however large the file. Where a file is cut
depends on the file alone, and the marks of a shard on the shard and the bot alone, so the result is the same to the byte
whatever the executor, the order and the number of workers. Every finished shard is kept: a run that was interrupted goes on.

    plan = Planner(folder).add_file(Path("cases.jsonl"), bot).add_cases(generated, bot).plan()
    run(plan, folder)
    for mark in marks_in(folder, plan): ...
"""

import hashlib
import os
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.coverage.bots import Bot, BotSpec
from bot.coverage.cases import Case, CaseError
from bot.coverage.judge import Mark, marks_of
from bot.coverage.reading import (
    LONGEST_CASE,
    LONGEST_LINE,
    Line,
    cases_of,
    is_by_line,
    is_json_lines,
    json_case,
    lines_of,
    repeated,
    text_case,
)
from bot.errors import BotError, Fault

SHARD = 65_536
"""Bytes of a file that make a shard: some hundred questions, a second or less of work."""

MOST_LEFT_OUT = 20
"""Faults that a shard of a log reports; the rest are counted."""

_MAGIC = b"faqbot-shard-1\n"
_DIGEST = 32

Format = Literal["cases", "jsonl", "text"]


class RunError(BotError):
    """A run that could not be finished; the shards that are finished are kept."""


class Shard(Struct, frozen=True):
    """A part of a file of questions."""

    number: int
    path: str
    start: int
    """offset of its first byte, where a line begins"""
    end: int
    """offset behind its last byte"""
    line: int
    """number of its first line, from 1"""
    format: Format
    """`cases`: our own spool of Case; `jsonl`: cases as written; `text`: a log"""
    source: str
    bot: int
    """index of the bot that is asked"""
    digest: str
    """of its content"""


class Plan(Struct, frozen=True):
    """All that is to be asked."""

    shards: tuple[Shard, ...]
    bots: tuple[BotSpec, ...]
    questions: int
    """about as many questions as there are: blank lines of a log count"""
    digest: str
    """of all cases, in order; nothing of the machine, the pack or the paths goes into it"""

    def key(self) -> str:
        """A name for everything that the marks follow from; random when a bot cannot say what its answers follow from."""
        bots = [f"{bot} {bot.key() or os.urandom(16).hex()}" for bot in self.bots]
        shards = [repr(replace(shard, path="") if shard.format == "cases" else shard) for shard in self.shards]
        return hashlib.sha256("\n".join((*bots, *shards)).encode("utf-8", "surrogateescape")).hexdigest()[:32]


class Result(Struct, frozen=True):
    """What came of a shard."""

    marks: bytes
    """a Mark a line as JSON, compressed"""
    seconds: bytes
    """array of `f`: how long each question took"""
    left_out: tuple[Fault, ...] = ()
    """lines of a log that are no questions, the first of them"""
    left_out_count: int = 0

    def times(self) -> "array[float]":
        """Seconds of each question, in the order of the marks."""
        found = array("f")
        found.frombytes(self.seconds)
        return found


# ---- the plan -----------------------------------------------------------------------------------------------------------


class Planner:
    """Collects what is to be asked. Every fault of every file is told at once, by `plan`."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where cases that cannot be read in parts are kept; it has to exist."""
        self._folder = folder
        self._bots: list[BotSpec] = []
        self._shards: list[Shard] = []
        self._faults: list[Fault] = []
        self._questions = 0
        self._digest = hashlib.sha256()

    def add_file(self, path: Path, bot: BotSpec, *, check: Callable[[Case], Iterable[Fault]] | None = None) -> "Planner":
        """Ask the cases of a file. `check` finds what is wrong with a case beyond its form."""
        if not is_by_line(path):
            cases = list(cases_of(path, self._faults))
            self._faults.extend(repeated(cases))
            return self.add_cases(cases, bot, check=check)
        try:
            with path.open("rb") as file:
                if is_json_lines(path):
                    self._cut(path, "jsonl", bot, lines_of(file, LONGEST_CASE), check)
                elif b"\0" in file.read(SHARD):
                    self._faults.append(Fault(str(path), 0, 0, "is no text: it holds NUL bytes. A log is plain UTF-8 text"))
                else:
                    self._cut(path, "text", bot, lines_of(file, LONGEST_LINE), None)
        except OSError as error:
            self._faults.append(Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"))
        return self

    def add_cases(
        self, cases: Iterable[Case], bot: BotSpec, *, check: Callable[[Case], Iterable[Fault]] | None = None
    ) -> "Planner":
        """Ask these cases."""
        path = self._folder / f"spool-{len(self._shards)}.cases"
        encoder = msgspec.json.Encoder(enc_hook=str)  # texts of a pack know their places; here they are texts
        with path.open("wb") as file:
            for case in cases:
                if check is not None:
                    self._faults.extend(check(case))
                file.write(encoder.encode(case) + b"\n")
                self._digest.update(encoder.encode(replace(case, path="", line=0)) + b"\n")
        with path.open("rb") as file:
            self._cut(path, "cases", bot, lines_of(file, sys.maxsize // 2), None)
        return self

    def plan(self) -> Plan:
        """The plan. Raises CaseError with every fault of every file."""
        if self._faults:
            raise CaseError(self._faults)
        return Plan(tuple(self._shards), tuple(self._bots), self._questions, self._digest.hexdigest())

    def _cut(
        self, path: Path, format: Format, bot: BotSpec, lines: Iterator[Line], check: Callable[[Case], Iterable[Fault]] | None
    ) -> None:
        """Cut a file in shards, at line breaks; a file of cases is checked on the way."""
        if bot not in self._bots:
            self._bots.append(bot)
        number, first, digest = self._bots.index(bot), None, hashlib.sha256()
        seen: dict[bytes, int] = {}
        last: Line | None = None

        def close(first: Line, last: Line) -> None:
            source = path.stem if format != "cases" else "cases"
            found = digest.hexdigest()
            self._shards.append(
                Shard(len(self._shards), str(path), first.start, last.end, first.number, format, source, number, found)
            )

        for line in lines:
            if first is None:
                first, digest = line, hashlib.sha256()
            digest.update(line.data + b"\n")
            if format != "cases":
                self._digest.update(line.data + b"\n")
            if format == "jsonl":
                case = json_case(line, str(path), path.stem, self._faults)
                if case is not None:
                    self._check(case, seen, check)
                    self._questions += len(case.turns)
            else:
                self._questions += bool(line.data)
            last = line
            if line.end - first.start >= SHARD:
                close(first, line)
                first = None
        if first is not None and last is not None:
            close(first, last)

    def _check(self, case: Case, seen: dict[bytes, int], check: Callable[[Case], Iterable[Fault]] | None) -> None:
        name = hashlib.blake2b(case.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        before = seen.setdefault(name, case.line)
        if before != case.line:
            self._faults.append(Fault(case.path, case.line, 1, f"the id '{case.id}' stands already on line {before}"))
        if check is not None:
            self._faults.extend(check(case))


# ---- one shard ----------------------------------------------------------------------------------------------------------


def work(shard: Shard, spec: BotSpec) -> Result:
    """Ask and mark the questions of one shard; what a worker runs. Raises OSError when the file cannot be read here."""
    with spec.opened() as bot:
        return asked(shard, bot)


def asked(shard: Shard, bot: Bot) -> Result:
    """The questions of one shard, asked of `bot`."""
    encoder = msgspec.json.Encoder(enc_hook=str)  # texts of a pack know their places; here they are texts
    lines: list[bytes] = []
    seconds = array("f")
    faults: list[Fault] = []
    for case in cases_in(shard, faults):
        started = perf_counter()
        for mark in marks_of(case, bot.conversation()):
            now = perf_counter()
            seconds.append(now - started)
            lines.append(encoder.encode(mark))
            started = perf_counter()
    data = zlib.compress(b"\n".join(lines), 1)
    return Result(data, seconds.tobytes(), tuple(faults[:MOST_LEFT_OUT]), len(faults))


def cases_in(shard: Shard, faults: list[Fault]) -> Iterator[Case]:
    """The cases of one shard; what is no question is added to `faults`."""
    with Path(shard.path).open("rb") as file:
        longest = {"cases": sys.maxsize // 2, "jsonl": LONGEST_CASE, "text": LONGEST_LINE}[shard.format]
        decoder = msgspec.json.Decoder(Case)
        for line in lines_of(file, longest, start=shard.start, end=shard.end, number=shard.line):
            if shard.format == "cases":
                yield decoder.decode(line.data)
                continue
            read = json_case if shard.format == "jsonl" else text_case
            case = read(line, shard.path, shard.source, faults)
            if case is not None:
                yield case


# ---- all of them --------------------------------------------------------------------------------------------------------


def run(
    plan: Plan,
    folder: Path,
    executor: Executor | None = None,
    *,
    in_flight: int = 8,
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Work off every shard of `plan` that is not finished in `folder` yet.

    executor: who works; without one, this process does.
    in_flight: shards that are handed to the executor at a time.
    progress: called with the number of finished shards, at the start and after each.
    Raises RunError when a worker or the whole executor goes away; what is finished is kept, and another `run` goes on.
    """
    todo = [shard for shard in plan.shards if _read(folder, shard) is None]
    done = len(plan.shards) - len(todo)
    progress(done)
    for shard, result in _results(todo, plan.bots, executor, in_flight):
        _write(folder, shard, result)
        done += 1
        progress(done)


def _results(
    todo: list[Shard], bots: tuple[BotSpec, ...], executor: Executor | None, in_flight: int
) -> Iterator[tuple[Shard, Result]]:
    """The result of each shard, in the order in which they are finished."""
    if executor is None:
        for shard in todo:
            yield shard, work(shard, bots[shard.bot])
        return
    waiting = iter(todo)
    running: dict[Future[Result], Shard] = {}
    try:
        while True:
            for shard in islice(waiting, in_flight - len(running)):
                running[executor.submit(work, shard, bots[shard.bot])] = shard
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(done), done.result()
    except (OSError, BotError):
        raise
    except (CancelledError, BrokenExecutor) as error:
        raise RunError("the workers went away before the end") from error
    except Exception as error:  # whatever goes wrong at a worker of somebody else's
        raise RunError(f"a worker failed ({type(error).__name__}: {error})") from error
    finally:
        for future in running:
            future.cancel()


def _home(folder: Path, shard: Shard) -> Path:
    return folder / f"{shard.number:06d}.shard"


def _write(folder: Path, shard: Shard, result: Result) -> None:
    """Keep a result: written beside and moved into place, so that it is there whole or not at all."""
    body = msgspec.msgpack.encode(result)
    path = _home(folder, shard)
    beside = path.with_suffix(f".{os.getpid()}.part")
    try:
        beside.write_bytes(_MAGIC + hashlib.sha256(body).digest() + body)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _read(folder: Path, shard: Shard) -> Result | None:
    """The result of a finished shard; None when there is none, or it is damaged."""
    try:
        data = _home(folder, shard).read_bytes()
    except OSError:
        return None
    body = data[len(_MAGIC) + _DIGEST :]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : len(_MAGIC) + _DIGEST]:
        return None
    try:
        return msgspec.msgpack.decode(body, type=Result)
    except msgspec.MsgspecError:  # of another version
        return None


def results_in(folder: Path, plan: Plan) -> Iterator[Result]:
    """The results of a finished run, in the order of the plan. Raises RunError when a shard is not finished."""
    for shard in plan.shards:
        result = _read(folder, shard)
        if result is None:
            raise RunError(f"shard {shard.number} of {len(plan.shards)} is not finished: run again")
        yield result


def marks_in(folder: Path, plan: Plan) -> Iterator[Mark]:
    """The marks of a finished run, in the order of the plan; as many as a shard holds are in memory at a time."""
    for result in results_in(folder, plan):
        yield from marks_of_result(result)


def marks_of_result(result: Result) -> list[Mark]:
    """The marks of one shard, in order."""
    decoder = msgspec.json.Decoder(Mark)
    return [decoder.decode(line) for line in zlib.decompress(result.marks).split(b"\n") if line]


def ask_all(cases: Iterable[Case], bot: Bot) -> Iterator[Mark]:
    """A mark for every question, asked here and now: for a few cases, and for tests."""
    for case in cases:
        yield from marks_of(case, bot.conversation())
