"""`faqbot log`."""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.language.clean import printable
from bot.log.arguments import FILE
from bot.log.store import REASONS, LogError, Logged, Reason, purge, questions_in
from bot.writing import written_whole

DONE, MISUSE = 0, 2


def run(args: argparse.Namespace) -> int:
    """Run `faqbot log` and return the exit code."""
    name: str = args.file or os.environ.get(FILE) or ""
    if not name:
        args.parser.error(f"which log? Name the file, or set {FILE}")
    path = Path(name)
    try:
        if args.action == "purge":
            return _purge(args, path)
        return _list(args, path) if args.action == "list" else _export(args, path)
    except LogError as error:
        print(f"faqbot: {printable(str(error), 600)}", file=sys.stderr)
        return MISUSE


def _reasons(args: argparse.Namespace) -> Iterable[Reason]:
    return REASONS if args.reason is None else (args.reason,)


def _list(args: argparse.Namespace, path: Path) -> int:
    found = list(questions_in(path, reasons=_reasons(args), newest=args.most))
    for one in found:
        print(msgspec.json.encode(one).decode() if args.json else "\n".join(_lines(one)))
    if not found and not args.json:
        print("no questions")
    return DONE


def _lines(one: Logged) -> Iterator[str]:
    rival = next((c for c in one.candidates if c.confidence > 0), None)
    near = f"  (near: {rival.intent} {rival.confidence:.2f})" if rival is not None else ""
    more = f"  (answered by: {one.intent})" if one.intent is not None else near
    yield f"{one.time[:16].replace('T', ' ')}  {one.reason:10}  {printable(one.question, 200)}{more}"
    if one.note:
        yield f"{'':30}{printable(one.note, 200)}"


def _export(args: argparse.Namespace, path: Path) -> int:
    questions = questions_in(path, reasons=_reasons(args))
    lines = {"jsonl": _json_lines, "csv": _table, "text": _texts}[args.form](questions)
    if args.to is None:
        for line in lines:
            sys.stdout.write(line)
        return DONE
    try:
        with written_whole(Path(args.to), private=True) as file:
            file.writelines(line.encode() for line in lines)
    except OSError as error:
        raise LogError(f"{args.to}: cannot be written: {error.strerror}") from error
    return DONE


def _json_lines(questions: Iterable[Logged]) -> Iterator[str]:
    for one in questions:
        yield msgspec.json.encode(one).decode() + "\n"


def _table(questions: Iterable[Logged]) -> Iterator[str]:
    """Names of columns that `faqbot coverage` takes for expectations are not used: these are replies, right or not."""
    yield _row("time", "question", "reason", "reply_kind", "reply_intent", "confidence", "nearest", "pack", "note")
    for one in questions:
        nearest = one.candidates[0].intent if one.candidates else ""
        yield _row(one.time, one.question, one.reason, one.kind, one.intent, one.confidence, nearest, one.pack, one.note)


def _row(*cells: object) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(["" if cell is None else _plain(str(cell)) for cell in cells])
    return text.getvalue()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in set("=+-@\t\r") else cell


def _texts(questions: Iterable[Logged]) -> Iterator[str]:
    for one in questions:
        yield f"{one.question}\n"


def _purge(args: argparse.Namespace, path: Path) -> int:
    before = None if args.all else datetime.now(UTC) - timedelta(days=args.days)
    gone, left = purge(path, before=before)
    print(f"{gone} removed, {left} left")
    return DONE
