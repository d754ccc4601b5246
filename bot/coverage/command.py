"""`faqbot coverage`: cases gathered, asked, measured, told."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from time import perf_counter

from bot import __version__
from bot.cache import cache_folder
from bot.coverage import export, gate, report, table
from bot.coverage.arguments import SOURCES
from bot.coverage.bots import BotSpec, HeldOutBot, PackBot
from bot.coverage.cases import Case, CaseError, unknown_names
from bot.coverage.dialogues import dialogues
from bot.coverage.facts import fact_cases
from bot.coverage.judge import Mark
from bot.coverage.measure import Measures
from bot.coverage.perturb import Perturber
from bot.coverage.probes import probes
from bot.coverage.progress import Progress
from bot.coverage.reading import case_files, cases_of
from bot.coverage.rivals import rivals
from bot.coverage.run import Plan, Planner, Result, RunError, marks_of_result, results_in, run
from bot.coverage.selftest import held_out, pack_tests, self_test
from bot.coverage.target import HttpBot, checked_url, shape_of
from bot.errors import Fault, counted
from bot.language.clean import printable
from bot.pack.files import folder_of
from bot.pack.format import Pack
from bot.pack.load import load
from bot.writing import is_utf8, written_whole

PASSED, BELOW, MISUSE = 0, 1, 2

_KEPT = 4
"""Unfinished runs that are kept in the cache."""


def cover(args: argparse.Namespace) -> int:
    """Run `faqbot coverage` and return the exit code. Raises PackError for a bad pack."""
    _refuse_misuse(args)
    try:
        return _Coverage(args).run()
    except CaseError as error:
        for fault in error.faults:
            print(printable(str(fault), 400), file=sys.stderr)
        print(f"faqbot: the cases cannot be used ({counted(len(error.faults), 'fault')})", file=sys.stderr)
    except RunError as error:
        print(f"faqbot: {printable(str(error), 600)}", file=sys.stderr)
        print("faqbot: what is finished is kept; the same command goes on from there", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nfaqbot: stopped; what is finished is kept, and the same command goes on from there", file=sys.stderr)
        raise
    except BrokenPipeError:
        raise  # whoever reads has seen enough
    except OSError as error:
        where = f"{printable(str(error.filename), 200)}: " if error.filename else ""
        print(f"faqbot: error: {where}{error.strerror or error}; what is finished is kept", file=sys.stderr)
    return MISUSE


def _refuse_misuse(args: argparse.Namespace) -> None:
    error = args.parser.error
    if args.timeout <= 0:
        error("--timeout should be more than 0")
    if args.scheduler and args.jobs:
        error("--scheduler and --jobs: one of them says who works")
    if args.target and (wrong := checked_url(args.target)):
        error(f"--target {wrong}")
    if (args.lower_floors or args.floors) and args.no_gate:
        error("--no-gate looks at no floors")
    if args.lower_floors and not args.set_floors:
        error("--lower-floors goes with --set-floors")
    if args.target and args.set_floors and not args.floors:
        error("--set-floors with --target needs --floors FILE: the floors of the pack are those of its own bot")
    unknown = [name for name in _wanted(args) if name not in SOURCES]
    if unknown:
        error(f"--sources: there is no source '{printable(unknown[0])}'; there are {', '.join(SOURCES)}, all and none")


def _wanted(args: argparse.Namespace) -> list[str]:
    """Sources beside files."""
    named = args.sources if args.sources is not None else "none" if args.cases else "all"
    if named == "all":
        return [name for name in SOURCES if not (args.target and name == "held-out")]
    return [] if named == "none" else [name.strip() for name in named.split(",") if name.strip()]


class _Coverage:
    """One run of the command."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self._folder = folder_of(args.pack)
        self._pack: Pack = load(self._folder)
        shape = args.shape or shape_of(args.target or "")
        unsure = tuple(text.lower() for text in args.unsure)
        self._bot: BotSpec = (
            HttpBot(args.target, shape, unsure, args.timeout, args.model) if args.target else PackBot(str(self._folder.resolve()))
        )
        self._floors = Path(args.floors) if args.floors else self._folder / gate.NAME

    def run(self) -> int:
        started = perf_counter()
        floors = None
        if not self._args.no_gate and (self._args.floors or not self._args.target):
            floors = gate.read_floors(self._floors)
            if floors is None and self._args.floors and not self._args.set_floors:
                raise CaseError([Fault(str(self._floors), 0, 0, "there is no such file of floors; --set-floors makes it")])
        base = Path(self._args.work) if self._args.work else cache_folder() / "coverage"
        base.mkdir(parents=True, exist_ok=True)
        spool = Path(tempfile.mkdtemp(prefix="spool-", dir=base))
        try:
            plan = self._plan(spool)
            if not plan.questions:
                raise CaseError([Fault(" ".join(self._args.cases) or str(self._folder), 0, 0, "holds no question to ask")])
            done = base / plan.key()
            done.mkdir(exist_ok=True)
            self._work(plan, done)
            code = self._tell(plan, done, floors, started)
            if not self._args.work:
                shutil.rmtree(done, ignore_errors=True)
            return code
        finally:
            shutil.rmtree(spool, ignore_errors=True)
            _forget(base)

    # ---- what is asked ----------------------------------------------------------------------------------------------

    def _plan(self, spool: Path) -> Plan:
        planner = Planner(spool)
        check = None if self._args.target else lambda case: unknown_names(case, self._pack)
        files = [file for name in self._args.cases for file in case_files(Path(name))]
        for file in files:
            planner.add_file(file, self._bot, check=check)
        for source, cases in self._generated(files):
            if source == "held-out":
                for fold in range(self._args.folds):
                    spec = HeldOutBot(str(self._folder.resolve()), fold, self._args.folds)
                    planner.add_cases(held_out(self._pack, fold, self._args.folds), spec)
            else:
                planner.add_cases(cases, self._bot, check=check if source == "pack" else None)
        return planner.plan()

    def _generated(self, files: list[Path]) -> Iterator[tuple[str, Iterable[Case]]]:
        """Each source that is wanted, with its cases."""
        wanted = _wanted(self._args)
        made = {"pack": pack_tests, "self-test": self_test, "facts": fact_cases, "dialogues": dialogues, "probes": probes}
        for source in SOURCES:
            if source not in wanted:
                continue
            if source == "perturbed":
                read = (case for file in files for case in cases_of(file, []))
                own = [made[name](self._pack) for name in ("pack", "self-test", "facts") if name in wanted]
                parents: list[Iterable[Case]] = [read, *own] if files or own else [fact_cases(self._pack)]
                yield source, Perturber(self._pack).cases(chain.from_iterable(parents), self._args.perturb)
            else:
                yield source, made[source](self._pack) if source in made else ()

    # ---- asking -----------------------------------------------------------------------------------------------------

    def _work(self, plan: Plan, done: Path) -> None:
        with self._executor(plan) as (executor, in_flight):
            progress = Progress(len(plan.shards), plan.questions, sys.stderr, silent=self._args.no_progress)
            try:
                run(plan, done, executor, in_flight=in_flight, progress=progress.show)
            finally:
                progress.close()

    def _executor(self, plan: Plan) -> AbstractContextManager[tuple[Executor | None, int]]:
        from bot import processes
        from bot.coverage import executors

        if self._args.scheduler:
            return executors.cluster(self._args.scheduler)
        jobs = min(self._args.jobs or processes.processors(), len(plan.shards))
        return processes.pool(jobs) if jobs > 1 else nullcontext((None, 1))

    # ---- telling ----------------------------------------------------------------------------------------------------

    def _tell(self, plan: Plan, done: Path, floors: gate.Floors | None, started: float) -> int:
        measures, left_out, left_out_count = Measures(), list[Fault](), 0
        for result in results_in(done, plan):
            for mark, seconds in _timed(result):
                measures.add(mark, seconds)
            left_out.extend(result.left_out[: 100 - len(left_out)])
            left_out_count += result.left_out_count
        measures.close()
        verdict = gate.hold(measures, floors, plan.digest) if floors is not None else None
        asks_pack = not self._args.target and not self._args.cases
        found = report.make(
            measures,
            title=self._args.target or str(self._pack.pack.title),
            faqbot=__version__,
            digest=plan.digest,
            entries=list(map(str, self._pack.entries)) if asks_pack else (),
            rivals=rivals(self._pack) if asks_pack else (),
            left_out=left_out,
            left_out_count=left_out_count,
            gate=verdict,
            seconds=perf_counter() - started,
        )
        self._write(plan, done, measures, found)
        if self._args.json:
            sys.stdout.write(report.as_json(found, ascii=not is_utf8()))
        else:
            print(table.as_text(found, failures=self._args.failures))
        if self._args.set_floors:
            self._raise_floors(measures, floors, plan.digest)
            return PASSED
        return PASSED if verdict is None or verdict.passed else BELOW

    def _write(self, plan: Plan, done: Path, measures: Measures, found: report.Report) -> None:
        args = self._args
        if args.csv:
            with written_whole(Path(args.csv)) as file:
                export.write_csv((mark for result in results_in(done, plan) for mark in marks_of_result(result)), file)
        if args.junit:
            with written_whole(Path(args.junit)) as file:
                export.write_junit((pair for result in results_in(done, plan) for pair in _timed(result)), measures, file)
        if args.html:
            from bot.coverage import page

            with written_whole(Path(args.html)) as file:
                file.write(page.as_html(found, self._pack))

    def _raise_floors(self, measures: Measures, floors: gate.Floors | None, digest: str) -> None:
        new, kept = gate.raised(measures, floors, digest, lower=self._args.lower_floors)
        gate.write_floors(self._floors, new)
        print(f"floors: written to {printable(str(self._floors), 200)}", file=sys.stderr)
        for line in kept:
            print(f"  {line}; --lower-floors lowers it", file=sys.stderr)


def _timed(result: Result) -> Iterator[tuple[Mark, float]]:
    """Every mark with the seconds that it took."""
    return zip(marks_of_result(result), result.times(), strict=True)


def _forget(base: Path) -> None:
    """Remove all but the newest unfinished runs, and what a killed run left behind."""
    try:
        runs = sorted((path for path in base.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return
    for path in [path for path in runs if not path.name.startswith("spool-")][_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
