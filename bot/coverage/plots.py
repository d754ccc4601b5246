"""Plots as SVG that stands in the page itself. Colours come from the page, so that they follow light, dark and print."""

from collections.abc import Iterator, Sequence
from html import escape

from bot.coverage.measure import Bin, Point, Robustness

_WIDE, _HIGH = 460, 260
_STYLE = """
svg { --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --bar: #2f6fb3; font-family: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14181d; --ink: #e6e9ed; --quiet: #a3adb8; --line: #3a424c; --bar: #6aa8e8; }
}
.paper { fill: var(--paper); } .axis { stroke: var(--quiet); } .grid { stroke: var(--line); stroke-dasharray: 2 4; }
.line { fill: none; stroke: var(--bar); stroke-width: 2; } .dot { fill: var(--bar); }
.ideal { stroke: var(--quiet); stroke-dasharray: 5 4; }
.label { fill: var(--ink); font-size: 12px; } .tick { fill: var(--quiet); font-size: 11px; }
"""
"""Of a plot that stands in no page."""

_PAPER = '<rect class="paper" width="100%" height="100%"/>'

_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 14, 44


def risk_coverage(points: Sequence[Point]) -> str:
    """Risk over coverage, as a line; empty without points."""
    if not points:
        return ""
    most = max(0.02, *(point.risk for point in points)) * 1.1
    path = " ".join(f"{_x(point.coverage):.1f},{_y(point.risk / most):.1f}" for point in points)
    last = points[-1]
    told = f"Risk-coverage curve: {last.coverage:.1%} answered, {last.risk:.1%} of them wrong when every answer is given"
    inner = [
        *_frame("share of the questions that is answered", "share of the answers that is wrong"),
        *_ticks(most),
        f'<polyline class="line" points="{path}"/>',
        f'<circle class="dot" cx="{_x(last.coverage):.1f}" cy="{_y(last.risk / most):.1f}" r="3.5"/>',
    ]
    return _svg(told, inner)


def wrong_answers(curve: Sequence[tuple[float, float]], chosen: tuple[float, float], rate: float, most: float) -> str:
    """Wrong answers over answered questions, as a picture that stands alone.

    curve: answered and wrong, 0..1; chosen: the point that is marked; rate: a line; most: how far up the picture goes, 0..1.
    """
    inside = [(x, y) for x, y in curve if y <= most]
    path = " ".join(f"{_x(x):.1f},{_y(y / most):.1f}" for x, y in inside)
    told = f"Risk-coverage curve: at {rate:.2%} wrong answers {chosen[0]:.1%} of the questions in scope are answered"
    inner = [
        *_frame("answered, of the questions in scope", "wrong answers, of all questions"),
        *_ticks(most),
        f'<line class="ideal" x1="{_x(0)}" y1="{_y(rate / most):.1f}" x2="{_x(1)}" y2="{_y(rate / most):.1f}"/>',
        f'<polyline class="line" points="{path}"/>',
        f'<circle class="dot" cx="{_x(chosen[0]):.1f}" cy="{_y(min(1.0, chosen[1] / most)):.1f}" r="3.5"/>',
    ]
    return _alone(_svg(told, inner), told)


def calibration(bins: Sequence[Bin]) -> str:
    """The share of right answers over confidence, as bars, with the line on which both are the same."""
    if not bins:
        return ""
    inner = [*_frame("confidence", "share of right answers"), *_ticks(1.0)]
    for one in bins:
        x, y, width = _x(one.low), _y(one.right), _x(one.high) - _x(one.low)
        told = f"confidence {one.low:.1f} to {one.high:.1f}: {one.right:.1%} of {one.count} right"
        place = f'x="{x + 1:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{_y(0) - y:.1f}"'
        inner.append(f'<rect class="bar" {place}><title>{told}</title></rect>')
    inner.append(f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>')
    return _svg("Calibration: how often answers of about one confidence are right", inner)


def robustness(rows: Sequence[Robustness]) -> str:
    """Right before and after each perturbation, as pairs of bars."""
    if not rows:
        return ""
    wide, left, row_high = 620, 230, 26
    high = len(rows) * row_high + 30
    span = wide - left - 70
    inner = []
    for at, row in enumerate(rows):
        y = at * row_high + 6
        points = (row.right - row.clean) * 100
        name = escape(f"{row.perturbation} ({row.source})")
        inner += [
            f'<text class="label" x="{left - 8}" y="{y + 13}" text-anchor="end">{name}</text>',
            f'<rect class="clean" x="{left}" y="{y}" width="{span * row.clean:.1f}" height="8"/>',
            f'<rect class="bar" x="{left}" y="{y + 9}" width="{span * row.right:.1f}" height="8"/>',
            f'<text class="label" x="{left + span + 6}" y="{y + 13}">{points:+.1f}</text>',
        ]
    inner.append(f'<text class="label" x="{left}" y="{high - 6}">0 %</text>')
    inner.append(f'<text class="label" x="{left + span}" y="{high - 6}" text-anchor="end">100 %</text>')
    told = "Share of right replies before (upper bar) and after (lower bar) each perturbation, and the change in points"
    return _svg(told, inner, wide, high)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDE - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HIGH - _BOTTOM - share * (_HIGH - _TOP - _BOTTOM)


def _frame(below: str, beside: str) -> Iterator[str]:
    yield f'<line class="axis" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(0)}"/>'
    yield f'<line class="axis" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(0)}" y2="{_y(1)}"/>'
    yield f'<text class="label" x="{_x(0.5)}" y="{_HIGH - 8}" text-anchor="middle">{below}</text>'
    middle = _y(0.5)
    yield f'<text class="label" x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">{beside}</text>'


def _ticks(most: float) -> Iterator[str]:
    """Shares along both axes; the upright one ends at `most`."""
    for at in range(5):
        share = at / 4
        yield f'<text class="tick" x="{_x(share)}" y="{_y(0) + 15}" text-anchor="middle">{share:.0%}</text>'
        digits = 0 if most > 0.2 else 1
        yield f'<text class="tick" x="{_x(0) - 5}" y="{_y(share) + 4}" text-anchor="end">{share * most:.{digits}%}</text>'
        if at:
            yield f'<line class="grid" x1="{_x(0)}" y1="{_y(share)}" x2="{_x(1)}" y2="{_y(share)}"/>'


def _alone(svg: str, title: str) -> str:
    """A plot as a file of its own, with the colours that it would have in a page."""
    head, _, rest = svg.partition(">")
    size = f'width="{_WIDE * 2}" height="{_HIGH * 2}"'
    return (
        f'{head} xmlns="http://www.w3.org/2000/svg" {size}><title>{escape(title)}</title><style>{_STYLE}</style>{_PAPER}{rest}\n'
    )


def _svg(told: str, inner: Sequence[str], wide: int = _WIDE, high: int = _HIGH) -> str:
    return f'<svg viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(told)}">{"".join(inner)}</svg>'
