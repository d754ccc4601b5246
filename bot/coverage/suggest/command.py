"""`faqbot suggest`: from questions that were not answered to phrasings and entries."""

import argparse
import json
import sys
from pathlib import Path

import msgspec

from bot.coverage import arguments as coverage_arguments
from bot.coverage import gate
from bot.coverage.cases import CaseError
from bot.coverage.suggest.gather import Gathered, gather
from bot.coverage.suggest.propose import Proposal, proposals
from bot.coverage.suggest.review import Review, described
from bot.coverage.suggest.writing import PackWriter, WriteError
from bot.engine import Engine
from bot.errors import counted
from bot.language.clean import printable
from bot.log.store import LogError
from bot.pack.files import folder_of
from bot.pack.load import load
from bot.writing import is_utf8

DONE, MISUSE = 0, 2


def suggest(args: argparse.Namespace) -> int:
    """Run `faqbot suggest` and return the exit code. Raises PackError for a bad pack."""
    if args.json and args.review:
        args.parser.error("--json is for programs, and --review for people")
    folder = folder_of(args.pack)
    try:
        return _suggest(args, folder)
    except CaseError as error:
        for fault in error.faults:
            print(printable(str(fault), 400), file=sys.stderr)
    except (LogError, WriteError) as error:
        print(f"faqbot: {printable(str(error), 600)}", file=sys.stderr)
    return MISUSE


def _suggest(args: argparse.Namespace, folder: Path) -> int:
    writer = PackWriter(folder) if args.review else None
    pack = load(folder)
    gathered = gather(Path(args.log), Engine.load(folder))
    found = proposals(gathered.open, pack)
    shown = found[: args.most]
    if args.json:
        print(json.dumps(msgspec.to_builtins(shown, enc_hook=str), indent=2, ensure_ascii=not is_utf8()))
        return DONE
    print(_summary(gathered, found, shown))
    if writer is None:
        for proposal in shown:
            print("\n" + "\n".join(described(proposal)))
        return DONE
    outcome = Review(writer, set(map(str, pack.entries)), input, print).go(shown)
    print()
    if not outcome.written:
        print("nothing was written")
        return DONE
    engine = Engine.load(folder)
    answered = sum(engine.ask(text).kind not in {"fallback", "clarify"} for text in outcome.written)
    print(f"{len(outcome.written)} written, {answered} of them answered now; {outcome.left} proposals left")
    return DONE if args.no_gate else _gate(folder, args.cases)


def _summary(gathered: Gathered, found: list[Proposal], shown: list[Proposal]) -> str:
    parts = [
        f"{counted(len(gathered.open), 'question')} to look at in {counted(len(found), 'group')}",
        f"{gathered.answered} answered by now",
    ]
    if gathered.left_out:
        parts.append(f"{gathered.left_out} left out")
    if len(shown) < len(found):
        parts.append(f"{len(shown)} of the groups follow, the largest first")
    return "; ".join(parts)


def _gate(folder: Path, cases: list[str]) -> int:
    """Run the gate as it was set: the sources that have a floor, and the files of cases."""
    from bot.coverage.command import cover

    floors = gate.read_floors(folder / gate.NAME)
    held = [source for source in coverage_arguments.SOURCES if floors is not None and source in floors.floors]
    parser = argparse.ArgumentParser(prog="faqbot coverage")
    coverage_arguments.add(parser)
    sources = held or (["none"] if cases else ["pack", "self-test"])
    words = ["--pack", str(folder), "--sources", ",".join(sources)]
    args = parser.parse_args([*words, "--failures", "3", *cases])
    args.parser = parser
    print()
    return cover(args)
