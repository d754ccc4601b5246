"""Every question with what it earned, as CSV and as JUnit XML; written as the marks come."""

import csv
import io
import re
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from bot.coverage.judge import Mark
from bot.coverage.measure import Measures

COLUMNS = (
    "id", "turn", "source", "tags", "ask", "outcome", "kind", "intent", "verdict", "confidence",
    "wanted_intent", "faults", "reply", "place",
)  # fmt: skip

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_csv(marks: Iterable[Mark], file: BinaryIO) -> None:
    """A row for every question, under a row of names."""
    text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for mark in marks:
        wanted = " | ".join(mark.expect.intent) if mark.expect is not None else ""
        writer.writerow(
            (
                mark.case, mark.turn, mark.source, ";".join(mark.tags), mark.ask, mark.outcome, mark.kind, mark.intent or "",
                mark.verdict or "", mark.confidence, wanted, "; ".join(mark.faults), mark.text, mark.place,
            )
        )  # fmt: skip
    text.flush()
    text.detach()


def write_junit(marks: Iterable[tuple[Mark, float]], measures: Measures, file: BinaryIO) -> None:
    """JUnit XML, as CI servers read it: a suite for every source, a failure for every reply that is not right.

    marks: with the seconds that each took, those of one source together.
    """

    def put(text: str) -> None:
        file.write(text.encode("utf-8", "replace"))

    total = measures.all
    put('<?xml version="1.0" encoding="UTF-8"?>\n')
    put(f'<testsuites name="faqbot coverage" tests="{total.questions}" failures="{total.judged - total.right}">\n')
    suite: str | None = None
    for mark, seconds in marks:
        if mark.source != suite:
            if suite is not None:
                put("</testsuite>\n")
            suite, own = mark.source, measures.sources[mark.source]
            put(f'<testsuite name={_quoted(suite)} tests="{own.questions}" failures="{own.judged - own.right}"')
            put(f' skipped="{own.questions - own.judged}">\n')
        name = mark.case if mark.turn == 1 else f"{mark.case}, turn {mark.turn}"
        put(f'<testcase classname={_quoted(mark.source)} name={_quoted(name)} time="{seconds:.4f}"')
        put(f" file={_quoted(mark.path)}>" if mark.path else ">")
        if mark.outcome == "unjudged":
            put("<skipped/>")
        elif mark.outcome != "right":
            put(f"<failure type={_quoted(mark.outcome)} message={_quoted('; '.join(mark.faults))}>")
            put(_escaped(f"{mark.place}\n> {mark.ask}\n{mark.kind} {mark.confidence:.2f}: {mark.text}\n\n"))
            put(_escaped("\n".join(mark.trace)) + "</failure>")
        put("</testcase>\n")
    put("</testsuite>\n</testsuites>\n" if suite is not None else "</testsuites>\n")


def _escaped(text: str) -> str:
    return escape(_NO_XML.sub(" ", text))


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub(" ", text))
