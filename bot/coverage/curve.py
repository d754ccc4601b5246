"""`faqbot check --curve`: how much is answered at every threshold, and how much of it wrongly, as text and picture."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.cache import key_of
from bot.calibration.curve import OUTSIDE, Calibration, Choice, Point, choose, curve, point_at
from bot.calibration.fit import DEFAULT_RATE, calibration_of
from bot.coverage.plots import wrong_answers
from bot.engine import Engine
from bot.pack.files import pack_files
from bot.pack.format import Pack
from bot.progress import Progress
from bot.respond.decide import THRESHOLD
from bot.writing import written_whole

_RATES = (0.002, 0.005, 0.01, 0.02, 0.05)
"""Rates of wrong answers that the table tells of."""

_WIDE, _HIGH = 60, 12
"""Characters and lines of the plot."""

_TALL = 6
"""The plot goes up to so many times the rate."""

_MOST_POINTS = 500
"""Points of the picture."""


def of_pack(folder: Path, pack: Pack) -> Calibration:
    """The calibration of the pack in `folder`, which has been checked; a bar is shown while it is made."""
    with Progress() as progress:
        return calibration_of(pack, Engine.answerer, key_of(pack_files(folder)), progress.show)


def told(calibration: Calibration, rate: float | None) -> str:
    """The curve as text, and what follows from it; `rate`: that which the pack states."""
    return "\n".join(_told(calibration, rate))


def draw(calibration: Calibration, rate: float | None, picture: Path) -> bool:
    """Write the curve to `picture` as SVG; False when there is none. Raises OSError: what was there stays."""
    if not curve(calibration):
        return False
    with written_whole(picture) as file:
        file.write(drawn(calibration, rate or DEFAULT_RATE).encode())
    return True


def drawn(calibration: Calibration, rate: float) -> str:
    """The curve as SVG, with the point that is chosen for `rate`."""
    points = curve(calibration)
    kept = [points[at * (len(points) - 1) // _MOST_POINTS] for at in range(_MOST_POINTS + 1)]
    chosen = choose(calibration, rate, THRESHOLD).point
    most = _most(points, rate)
    return wrong_answers([(one.answered, one.wrong) for one in kept], (chosen.answered, chosen.wrong), rate, most)


def _told(calibration: Calibration, rate: float | None) -> Iterator[str]:
    points = curve(calibration)
    asked = [f"{sort.asked:,} {sort.name}" for sort in calibration.sorts]
    yield f"asked of bots that had not learned from them: {', '.join(asked) or 'nothing'}"
    if not points:
        yield "no curve: it takes two phrasings of an entry, and four entries or examples of what is outside"
        return
    wanted = rate or DEFAULT_RATE
    choice = choose(calibration, wanted, THRESHOLD)
    yield ""
    yield from _plotted(points, wanted, choice.point)
    yield ""
    yield from _table(calibration, wanted, choice, rate is not None)
    yield ""
    yield f"answered: of the questions in scope. wrong: of all questions, {OUTSIDE:.0%} of which are taken to be out of scope;"
    yield "expected: the same with room for what so few questions cannot tell. risk: wrong ones among the answers."
    yield ""
    yield from _verdict(choice, rate, calibration)


def _verdict(choice: Choice, rate: float | None, calibration: Calibration) -> Iterator[str]:
    """Which threshold keeps to the rate."""
    point, wanted = choice.point, _percent(choice.rate)
    stated = f"the stated rate of {wanted}" if rate is not None else f"a rate of {wanted}"
    if rate is None:
        own = _percent(point_at(calibration, THRESHOLD).wrong)
        yield f"The pack states no wrong_answer_rate: the threshold {THRESHOLD} is built in, and gives {own} wrong."
    if choice.keeps:
        answered = _percent(point.answered)
        yield f"The threshold {point.threshold:.4f} keeps to {stated}, and answers {answered} of the questions in scope."
    else:
        surest = f"{_percent(point.expected)} are expected at {point.threshold:.4f}, the surest"
        yield f"No threshold can be shown to keep to {stated}: {surest}."
        yield "More phrasings, and more examples of what is outside, would tell more."


def _table(calibration: Calibration, wanted: float, choice: Choice, is_stated: bool) -> Iterator[str]:
    rows: list[tuple[str, Point]] = []
    for rate in sorted({*_RATES, wanted}):
        own = choice if rate == wanted else choose(calibration, rate, THRESHOLD)
        if own.keeps or rate == wanted:
            rows.append((f"{_percent(rate)}{' (stated)' if is_stated and rate == wanted else ''}", own.point))
    rows.append(("built in", point_at(calibration, THRESHOLD)))
    yield f"  {'rate':<16}{'threshold':>10}{'answered':>10}{'wrong':>8}{'expected':>10}{'risk':>8}"
    for name, point in rows:
        shares = (
            f"{_percent(point.answered):>10}{_percent(point.wrong):>8}{_percent(point.expected):>10}{_percent(point.risk):>8}"
        )
        yield f"  {name:<16}{point.threshold:>10.4f}{shares}"


def _plotted(points: Sequence[Point], rate: float, chosen: Point) -> Iterator[str]:
    """The curve in characters; `o` is the chosen point, and the line of dashes the rate."""
    most = _most(points, rate)
    cells = [[" "] * (_WIDE + 1) for _ in range(_HIGH + 1)]
    level = _row(rate, most)
    cells[level] = ["-" if column % 2 == 0 else " " for column in range(_WIDE + 1)]
    for point in points:
        if point.wrong <= most:
            cells[_row(point.wrong, most)][round(point.answered * _WIDE)] = "*"
    cells[_row(min(chosen.wrong, most), most)][round(chosen.answered * _WIDE)] = "o"
    yield "  wrong"
    for number, line in enumerate(cells):
        label = _percent(most) if number == 0 else _percent(rate) if number == level else "0%" if number == _HIGH else ""
        yield f"  {label:>6} |{''.join(line).rstrip()}"
    yield f"  {'':>6} +{'-' * _WIDE}"
    yield f"  {'':>6}  0%{'50%':>{_WIDE // 2 - 1}}{'100% answered':>{_WIDE // 2 + 8}}"


def _row(wrong: float, most: float) -> int:
    return _HIGH - round(wrong / most * _HIGH)


def _most(points: Sequence[Point], rate: float) -> float:
    """How far up the curve is drawn: the rest of it is of no use to anybody who wants that rate."""
    return max(rate * 1.2, min(rate * _TALL, max(point.wrong for point in points)))


def _percent(share: float) -> str:
    return f"{share * 100:.2g}%" if 0 < share < 0.001 else f"{share:.1%}"
