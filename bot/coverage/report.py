"""All that a run has to say, as one value; the terminal table, JSON and the page are made from it."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct, field

from bot.coverage.gate import Verdict
from bot.coverage.judge import Mark
from bot.coverage.measure import Bin, Intent, Measures, Point, Robustness, Slow, Tally
from bot.coverage.rivals import Rivals
from bot.errors import Fault

_MOST_CONFUSIONS = 50
_MOST_POINTS = 200


class Share(Struct, frozen=True):
    """A tally with what follows from it; every figure is None where there is nothing to count."""

    questions: int
    judged: int
    answered: int
    right: int
    wrong: int
    clarified: int
    silent: int
    accuracy: float | None
    wrong_rate: float | None
    coverage: float | None
    precision: float | None
    recall: float | None
    f1: float | None


class IntentShare(Struct, frozen=True):
    wanted: int
    given: int
    right: int
    precision: float | None
    recall: float | None
    f1: float | None


class Confusion(Struct, frozen=True):
    wanted: str
    given: str
    count: int


class Cell(Struct, frozen=True):
    """Generated questions about one attribute of one thing, in one form."""

    thing: str
    attribute: str
    form: str
    questions: int
    right: int
    wrong: int


class Timing(Struct, frozen=True):
    """How long it took; the only part that is not the same each time."""

    seconds: float
    """of the whole run"""
    mean_seconds: float
    """of a question"""
    slowest: tuple[Slow, ...]


class Report(Struct, frozen=True):
    """All that a run has to say."""

    title: str
    """of the pack, or the address of the bot"""
    faqbot: str
    """version"""
    cases: str
    """digest of the cases"""
    all: Share
    sources: dict[str, Share]
    tags: dict[str, Share]
    intents: dict[str, IntentShare]
    confusions: tuple[Confusion, ...]
    unreached: tuple[str, ...]
    """entries that no question reached"""
    rivals: tuple[Rivals, ...]
    bins: tuple[Bin, ...]
    calibration_error: float | None
    risk_coverage: tuple[Point, ...]
    robustness: tuple[Robustness, ...]
    verdicts: int
    false_verdicts: int
    matrix: tuple[Cell, ...]
    failure_count: int
    failures: tuple[Mark, ...]
    left_out_count: int
    left_out: tuple[Fault, ...]
    gate: Verdict | None
    timing: Timing = field(default_factory=lambda: Timing(0.0, 0.0, ()))


def make(
    measures: Measures,
    *,
    title: str,
    faqbot: str,
    digest: str,
    entries: Iterable[str] = (),
    rivals: Iterable[Rivals] = (),
    left_out: Iterable[Fault] = (),
    left_out_count: int = 0,
    gate: Verdict | None = None,
    seconds: float = 0.0,
) -> Report:
    """The report of a run. `entries`: those that should be reached."""
    confusions = sorted(measures.confusions.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CONFUSIONS]
    return Report(
        title=title,
        faqbot=faqbot,
        cases=digest,
        all=_share(measures.all),
        sources={name: _share(tally) for name, tally in measures.sources.items()},
        tags={name: _share(tally) for name, tally in sorted(measures.tags.items())},
        intents={name: _intent(found) for name, found in sorted(measures.intents.items())},
        confusions=tuple(Confusion(wanted, given, count) for (wanted, given), count in confusions),
        unreached=tuple(measures.unreached(entries)),
        rivals=tuple(rivals),
        bins=tuple(measures.bins()),
        calibration_error=measures.calibration_error(),
        risk_coverage=tuple(_thinned(measures.risk_coverage())),
        robustness=tuple(measures.robustness()),
        verdicts=measures.verdicts,
        false_verdicts=measures.false_verdicts,
        matrix=tuple(
            Cell(thing, attribute, form, tally.questions, tally.right, tally.wrong)
            for (thing, attribute, form), tally in measures.matrix.items()
        ),
        failure_count=measures.failure_count,
        failures=tuple(measures.failures),
        left_out_count=left_out_count,
        left_out=tuple(left_out),
        gate=gate,
        timing=Timing(seconds, measures.mean_seconds, tuple(measures.slowest())),
    )


def _share(tally: Tally) -> Share:
    return Share(**{name: getattr(tally, name) for name in Share.__struct_fields__})


def _intent(found: Intent) -> IntentShare:
    return IntentShare(**{name: getattr(found, name) for name in IntentShare.__struct_fields__})


def _thinned(points: list[Point]) -> list[Point]:
    """At most _MOST_POINTS of the points, the last one among them."""
    step = -(-len(points) // _MOST_POINTS) or 1
    return [point for at, point in enumerate(points) if at % step == 0 or at == len(points) - 1]


def as_json(report: Report, *, ascii: bool = False) -> str:
    """The report as JSON, indented; shares are rounded to six places. `ascii`: every other letter is written as an escape."""
    return json.dumps(_rounded(msgspec.to_builtins(report)), indent=2, ensure_ascii=ascii) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value
