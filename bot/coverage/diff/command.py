"""`faqbot diff`: two packs asked the same questions."""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from bot import processes
from bot.coverage.bots import PackBot
from bot.coverage.cases import Case, CaseError
from bot.coverage.diff import telling
from bot.coverage.diff.arguments import SOURCES
from bot.coverage.diff.compare import differences
from bot.coverage.diff.revisions import Opened, RevisionError, opened
from bot.coverage.facts import fact_cases
from bot.coverage.probes import probes
from bot.coverage.progress import Progress
from bot.coverage.reading import case_files
from bot.coverage.run import Plan, Planner, RunError, marks_in, run
from bot.coverage.selftest import pack_tests, self_test
from bot.errors import Fault
from bot.language.clean import printable
from bot.writing import is_utf8

KEPT, LOST, MISUSE = 0, 1, 2


def compare(args: argparse.Namespace) -> int:
    """Run `faqbot diff` and return the exit code. Raises PackError for a bad pack."""
    error = args.parser.error
    unknown = [name for name in _wanted(args) if name not in SOURCES]
    if unknown:
        error(f"--sources: there is no source '{printable(unknown[0])}'; there are {', '.join(SOURCES)}, all and none")
    try:
        with opened(args.old) as old, opened(args.new) as new, tempfile.TemporaryDirectory(prefix="faqbot-diff-") as folder:
            return _compare(args, old, new, Path(folder))
    except CaseError as wrong:
        for fault in wrong.faults:
            print(printable(str(fault), 400), file=sys.stderr)
    except (RevisionError, RunError) as wrong:
        print(f"faqbot: {printable(str(wrong), 600)}", file=sys.stderr)
    return MISUSE


def _wanted(args: argparse.Namespace) -> list[str]:
    named = args.sources if args.sources is not None else "none" if args.cases else "all"
    if named in {"all", "none"}:
        return list(SOURCES) if named == "all" else []
    return [name.strip() for name in named.split(",") if name.strip()]


def _compare(args: argparse.Namespace, old: Opened, new: Opened, folder: Path) -> int:
    files = [file for name in args.cases for file in case_files(Path(name))]
    plans: list[tuple[Plan, Path]] = []
    for number, side in enumerate((old, new)):
        spool, done = folder / f"spool-{number}", folder / f"done-{number}"
        spool.mkdir()
        done.mkdir()
        planner, bot = Planner(spool), PackBot(str(side.folder.resolve()))
        for file in files:
            planner.add_file(file, bot)
        planner.add_cases(_own(old, new, _wanted(args)), bot)
        plans.append((planner.plan(), done))
    if not plans[0][0].questions:
        raise CaseError([Fault(" ".join(args.cases) or args.old, 0, 0, "holds no question to ask")])
    _ask(args, plans)
    (plan_old, done_old), (plan_new, done_new) = plans
    pairs = zip(marks_in(done_old, plan_old), marks_in(done_new, plan_new), strict=True)
    found = differences(args.old, args.new, pairs)
    if args.json:
        sys.stdout.write(telling.as_json(found, ascii=not is_utf8()))
    elif args.markdown:
        sys.stdout.write(telling.as_markdown(found, most=args.most))
    else:
        print(telling.as_text(found, most=args.most))
    return LOST if found.lost_count > args.most_lost else KEPT


def _ask(args: argparse.Namespace, plans: list[tuple[Plan, Path]]) -> None:
    shards = sum(len(plan.shards) for plan, _ in plans)
    jobs = min(args.jobs or processes.processors(), max(len(plan.shards) for plan, _ in plans))
    progress = Progress(shards, 2 * plans[0][0].questions, sys.stderr, silent=args.no_progress)
    before = 0
    try:
        with processes.pool(jobs) if jobs > 1 else nullcontext((None, 1)) as (executor, in_flight):
            for plan, done in plans:
                run(plan, done, executor, in_flight=in_flight, progress=lambda n, before=before: progress.show(before + n))  # type: ignore[misc]
                before += len(plan.shards)
    finally:
        progress.close()


def _own(old: Opened, new: Opened, wanted: Iterable[str]) -> Iterator[Case]:
    """What both packs say themselves, each question once: that of the new pack where both have it.

    What the old pack expects is no measure of the new one, nor the other way round: nobody says what is right.
    """
    made = {"pack": pack_tests, "self-test": self_test, "facts": fact_cases, "probes": probes}
    seen: set[bytes] = set()
    for source in wanted:
        for side in (new, old):
            for case in made[source](side.pack):
                key = hashlib.blake2b("\n".join(turn.ask for turn in case.turns).encode("utf-8", "surrogatepass"), digest_size=12)
                if key.digest() not in seen:
                    seen.add(key.digest())
                    yield _unjudged(case)


def _unjudged(case: Case) -> Case:
    from msgspec.structs import replace

    return replace(case, turns=tuple(replace(turn, expect=None) for turn in case.turns), path="", line=0)
