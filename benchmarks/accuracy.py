"""How many questions of the banks are answered rightly, wrongly, or not at all.

usage: python -m benchmarks.accuracy [BANK_OR_FOLDER ...] [--tags] [--failures] [--json] [--pack DIR] [--limit N]

Without a name it runs every bank in tests/questions: those to work with (*.work.jsonl), and apart from them those that are
held out (*.held_out.jsonl). What a held-out bank gets wrong is listed only when that bank is named: whoever has read its
questions can no longer learn anything from its figure.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.machine import QUESTIONS, describe, stop
from bot import Engine, PackError
from bot.coverage.cases import Case, CaseError
from bot.coverage.judge import Mark, marks_of
from bot.coverage.measure import Tally
from bot.coverage.reading import read_cases

HELD_OUT = ".held_out.jsonl"


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, and return 0; 2 when a bank or the pack cannot be used."""
    args = _arguments(argv)
    banks = _read(_paths(args.banks))
    try:
        engine = Engine.load(args.pack)
    except PackError as error:
        stop(f"the pack has faults\n{error}")
    marks = {path: marks_in(cases[: args.limit], engine) for path, cases in banks.items()}
    named = {path.resolve() for path in args.banks}
    print(_json(marks, named) if args.json else _report(marks, named, tags=args.tags, failures=args.failures))
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    details = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__, formatter_class=details)
    parser.add_argument("banks", metavar="BANK_OR_FOLDER", nargs="*", type=Path, help="a bank, or a folder of banks (*.jsonl)")
    parser.add_argument("--pack", metavar="DIR", help="the pack that is asked (default: the shipped one)")
    parser.add_argument("--tags", action="store_true", help="the figures for every tag, too")
    parser.add_argument("--failures", action="store_true", help="every question whose reply is not right, and why")
    parser.add_argument("--limit", metavar="N", type=int, help="only the first N conversations of each bank")
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    return parser.parse_args(argv)


def _paths(named: list[Path]) -> list[Path]:
    """The banks, those that are held out last."""
    found: list[Path] = []
    for path in named or [QUESTIONS]:
        if not path.exists():
            stop(f"there is no file or folder {path}")
        inside = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            stop(f"the folder {path} holds no bank (*.jsonl)")
        found.extend(inside)
    return sorted(dict.fromkeys(found), key=lambda path: path.name.endswith(HELD_OUT))


def _read(paths: list[Path]) -> dict[Path, list[Case]]:
    try:
        return {path: read_cases(path) for path in paths}
    except CaseError as error:
        stop(f"a bank has faults\n{error}")
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")


def marks_in(cases: Sequence[Case], engine: Engine) -> list[Mark]:
    """A mark for every question of `cases` of which somebody says what is right, each case a conversation of its own."""
    marks = (mark for case in cases for mark in marks_of(case, engine.conversation()))
    return [mark for mark in marks if mark.outcome != "unjudged"]


def tally(marks: Iterable[Mark]) -> Tally:
    """The sums of `marks`."""
    sums = Tally()
    for mark in marks:
        sums.add(mark)
    return sums


def by_tag(marks: Iterable[Mark]) -> dict[str, Tally]:
    """A tally for every tag, in the order of their names; a question counts for each of its tags."""
    found: dict[str, Tally] = {}
    for mark in marks:
        for tag in mark.tags:
            found.setdefault(tag, Tally()).add(mark)
    return dict(sorted(found.items()))


# ---- what is printed ----------------------------------------------------------------------------------------------------


def _report(marks: dict[Path, list[Mark]], named: set[Path], *, tags: bool, failures: bool) -> str:
    lines = [describe(), "", f"{'':30}{'questions':>10}{'right':>16}{'wrong':>16}{'silent':>16}"]
    lines += [_row(_name(path), tally(own)) for path, own in marks.items()]
    for title, group in _groups(marks).items():
        lines += ["", _row(title, tally(group)), _kinds(group)]
        if tags:
            lines += [_row(f"  {tag}", sums) for tag, sums in by_tag(group).items()]
    if failures:
        lines += _failures(marks, named)
    return "\n".join(line.rstrip() for line in lines)


def _groups(marks: dict[Path, list[Mark]]) -> dict[str, list[Mark]]:
    groups: dict[str, list[Mark]] = {}
    for path, own in marks.items():
        groups.setdefault("held out, all" if path.name.endswith(HELD_OUT) else "work, all", []).extend(own)
    return groups


def _name(path: Path) -> str:
    return path.name.removesuffix(".jsonl")


def _row(name: str, sums: Tally) -> str:
    columns = (sums.right, sums.wrong, sums.silent + sums.clarified)
    return f"{name:30}{sums.judged:10}" + "".join(f"{count:7}  {count / max(1, sums.judged):7.2%}" for count in columns)


def _kinds(marks: list[Mark]) -> str:
    """Of which kinds the wrong replies are: an answer that is wrong is worse than a needless word of caution."""
    kinds = [one.kind for one in marks if one.outcome == "wrong"]
    counts = [f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))]
    return f"  the wrong ones are: {', '.join(counts)}" if counts else "  none is wrong"


def _failures(marks: dict[Path, list[Mark]], named: set[Path]) -> list[str]:
    lines: list[str] = []
    for path, own in marks.items():
        if _is_closed(path, named):
            lines += ["", f"{_name(path)}: not listed, because it is held out; name the file to see it"]
            continue
        for one in own:
            if one.outcome != "right":
                lines += [
                    "",
                    f"{_outcome(one).upper()} {one.case} turn {one.turn} [{', '.join(one.tags)}]: {'; '.join(one.faults)}",
                ]
                lines += [f"  > {one.ask}", f"  {one.kind} {one.confidence:.2f}: {' / '.join(one.text.split(chr(10)))}"]
    return lines


def _outcome(mark: Mark) -> str:
    """A clarification misleads nobody either: here it is as good as silence."""
    return "silent" if mark.outcome == "clarified" else mark.outcome


def _is_closed(path: Path, named: set[Path]) -> bool:
    """Whether the bank is held out, so that its questions are not to be shown."""
    return path.name.endswith(HELD_OUT) and path.resolve() not in named


def _json(marks: dict[Path, list[Mark]], named: set[Path]) -> str:
    def sums(own: list[Mark]) -> dict[str, Any]:
        return {**msgspec.to_builtins(tally(own)), "tags": {tag: msgspec.to_builtins(t) for tag, t in by_tag(own).items()}}

    found = {
        "machine": describe(),
        "groups": {title: sums(group) for title, group in _groups(marks).items()},
        "banks": {
            _name(path): {**sums(own), "marks": [] if _is_closed(path, named) else msgspec.to_builtins(own)}
            for path, own in marks.items()
        },
    }
    return msgspec.json.format(msgspec.json.encode(found)).decode()


if __name__ == "__main__":
    sys.exit(main())
