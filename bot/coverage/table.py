"""A report as text for a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

from bot.coverage.judge import Mark
from bot.coverage.report import Report, Share
from bot.language.clean import printable

_MOST_ROWS = 12
"""Rows of each list; --json and --html have the rest."""

_NAME = 30


def as_text(report: Report, *, failures: int = 5) -> str:
    """The report as lines of at most 100 columns. `failures`: so many replies that are not right are shown in full."""
    return "\n".join(line.rstrip() for line in _lines(report, failures))


def _lines(report: Report, failures: int) -> Iterator[str]:
    yield f"{printable(report.title, 90)}"
    yield ""
    yield f"{'':{_NAME}}{'asked':>8}{'answered':>10}{'right':>15}{'wrong':>14}{'clarified':>11}{'silent':>8}"
    for name, share in report.sources.items():
        yield _row(name, share)
    if len(report.sources) > 1:
        yield _row("all", report.all)
    if report.all.judged:
        one = report.all
        yield ""
        yield (
            f"answers: precision {_percent(one.precision)}, recall {_percent(one.recall)}, F1 {_percent(one.f1)}; "
            f"calibration error {_percent(report.calibration_error)}"
        )
        if report.verdicts:
            yield f"yes or no: {report.false_verdicts} false of {report.verdicts}"
    yield from _tags(report)
    yield from _intents(report)
    yield from _robustness(report)
    yield from _risk(report)
    yield from _lists(report)
    yield from _left_out(report)
    yield from _failures(report, failures)
    yield from _gate(report)
    yield ""
    yield f"{report.all.questions} questions in {report.timing.seconds:.1f} s, {report.timing.mean_seconds * 1000:.2f} ms each"
    if report.timing.slowest:
        slow = report.timing.slowest[0]
        yield f"slowest: {slow.seconds * 1000:.1f} ms  {printable(slow.ask, 70)}"


def _row(name: str, share: Share) -> str:
    right = f"{share.right:8}{_percent(share.accuracy):>7}" if share.judged else f"{'–':>15}"
    wrong = f"{share.wrong:7}{_percent(share.wrong_rate):>7}" if share.judged else f"{'–':>14}"
    return (
        f"{printable(name, _NAME - 1):{_NAME}}{share.questions:8}{share.answered:10}"
        f"{right}{wrong}{share.clarified:11}{share.silent:8}"
    )


def _percent(share: float | None) -> str:
    """Of 1; never rounded up to 100 %, nor down to none."""
    if share is None:
        return "–"
    rounded = round(share * 100, 1)
    if rounded == 100 and share < 1:
        return "99.9%"
    return "0.1%" if rounded == 0 and share > 0 else f"{rounded:.1f}%"


def _tags(report: Report) -> Iterator[str]:
    rows = _worst({name: share for name, share in report.tags.items() if share.judged})
    if rows:
        yield from _heading("by tag, the worst first", len(rows))
        yield from (_row(name, share) for name, share in rows[:_MOST_ROWS])


def _worst(shares: Mapping[str, Share]) -> list[tuple[str, Share]]:
    return sorted(shares.items(), key=lambda item: (item[1].accuracy if item[1].accuracy is not None else 1.0, item[0]))


def _intents(report: Report) -> Iterator[str]:
    rows = [(name, one) for name, one in report.intents.items() if one.f1 is not None and one.f1 < 1]
    if rows:
        rows.sort(key=lambda item: (item[1].f1 if item[1].f1 is not None else 1.0, item[0]))
        yield from _heading("by intent, the worst first", len(rows))
        yield f"{'':{_NAME + 14}}{'wanted':>8}{'given':>8}{'precision':>11}{'recall':>9}{'F1':>8}"
        for name, one in rows[:_MOST_ROWS]:
            yield (
                f"{printable(name, _NAME + 13):{_NAME + 14}}{one.wanted:8}{one.given:8}"
                f"{_percent(one.precision):>11}{_percent(one.recall):>9}{_percent(one.f1):>8}"
            )
    if report.confusions:
        yield from _heading("taken for another", len(report.confusions))
        for pair in report.confusions[:_MOST_ROWS]:
            yield f"{pair.count:6}  {printable(pair.wanted, 40)} → {printable(pair.given, 40)}"


def _robustness(report: Report) -> Iterator[str]:
    if report.robustness:
        yield from _heading("typed otherwise: right before and after", 0)
        for one in report.robustness:
            points = (one.right - one.clean) * 100
            name = f"{one.perturbation} ({one.source})"
            yield (
                f"{printable(name, _NAME + 7):{_NAME + 8}}{one.count:6}{_percent(one.clean):>9} →{_percent(one.right):>7}"
                f"{points:+7.1f} points{_percent(one.wrong):>9} wrong"
            )


def _risk(report: Report) -> Iterator[str]:
    if report.risk_coverage:
        yield from _heading("if only surer answers were given", 0)
        last = None
        for threshold in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.0):
            points = [point for point in report.risk_coverage if point.threshold >= threshold]
            if points and points[-1] is not last:
                last = points[-1]
                said = f"from {threshold:.2f}" if threshold else "all"
                yield f"{said:12}{_percent(last.coverage):>8} answered, {_percent(last.risk):>6} of them wrong"


def _lists(report: Report) -> Iterator[str]:
    if report.unreached:
        yield from _heading("entries that no question reached", len(report.unreached))
        yield from (f"  {printable(entry, 90)}" for entry in report.unreached[:_MOST_ROWS])
    if report.rivals:
        yield from _heading("phrasings of two entries that are nearly the same", len(report.rivals))
        for one in report.rivals[:_MOST_ROWS]:
            yield f"  {one.likeness:.2f}  {printable(one.entry, 30)}: {printable(one.phrasing, 60)}"
            yield f"        {printable(one.other, 30)}: {printable(one.other_phrasing, 60)}"


def _left_out(report: Report) -> Iterator[str]:
    if report.left_out_count:
        yield from _heading("lines left out", report.left_out_count)
        yield from (f"  {printable(str(fault), 95)}" for fault in report.left_out[:_MOST_ROWS])


def _failures(report: Report, most: int) -> Iterator[str]:
    if report.failure_count and most:
        shown = min(most, len(report.failures))
        yield from ("", f"not right ({shown} of {report.failure_count})")
        for mark in report.failures[:most]:
            yield from _failure(mark)


def _failure(mark: Mark) -> Iterator[str]:
    yield f"{mark.outcome}  {printable(mark.place, 80)}" + (f", turn {mark.turn}" if mark.turn > 1 else "")
    yield f"  > {printable(mark.ask, 90)}"
    lead = f"  {mark.kind} {mark.confidence:.2f}: "
    yield lead + printable(mark.text, 98 - len(lead))
    yield from (f"    {printable(fault, 90)}" for fault in mark.faults)


def _gate(report: Report) -> Iterator[str]:
    gate = report.gate
    if gate is None:
        return
    yield ""
    yield "gate: passed" if gate.passed else f"gate: {len(gate.fell)} below the floor"
    for line in (*gate.fell, *(f"note: {note}" for note in gate.notes)):
        yield from wrap(printable(line, 400), 98, initial_indent="  ", subsequent_indent="    ")


def _heading(text: str, count: int) -> Iterable[str]:
    more = f" ({_MOST_ROWS} of {count})" if count > _MOST_ROWS else f" ({count})" if count else ""
    return ("", f"{text}{more}")
