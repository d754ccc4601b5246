"""Figures of several systems as bars: a picture that stands alone, light and dark."""

from collections.abc import Sequence
from html import escape

_WIDE, _LEFT, _BAR, _GAP, _RIGHT, _TOP = 640, 90, 12, 14, 60, 34
_STYLE = """
svg { --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --a: #2f6fb3; --b: #8fb8de; --c: #c98a1b; font-family: sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14181d; --ink: #e6e9ed; --quiet: #a3adb8; --a: #6aa8e8; --b: #3d6a97; --c: #e0ad4f; }
}
.paper { fill: var(--paper); } .a { fill: var(--a); } .b { fill: var(--b); } .c { fill: var(--c); }
.label { fill: var(--ink); font-size: 13px; } .value { fill: var(--quiet); font-size: 11px; }
"""
_CLASSES = ("a", "b", "c")


def bars(title: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> str:
    """An SVG file: for each row (a system, and shares of 0..1, one for each of up to three `names`) as many bars."""
    row_high = len(names) * _BAR + _GAP
    high = _TOP + len(rows) * row_high + 4
    span = _WIDE - _LEFT - _RIGHT
    inner = ['<rect class="paper" width="100%" height="100%"/>']
    for at, (name, kind) in enumerate(zip(names, _CLASSES, strict=False)):
        x = _LEFT + at * 180
        inner.append(f'<rect class="{kind}" x="{x}" y="10" width="12" height="12"/>')
        inner.append(f'<text class="label" x="{x + 18}" y="21">{escape(name)}</text>')
    for at, (system, shares) in enumerate(rows):
        top = _TOP + at * row_high
        middle = top + len(names) * _BAR / 2 + 4
        inner.append(f'<text class="label" x="{_LEFT - 8}" y="{middle:g}" text-anchor="end">{escape(system)}</text>')
        for number, (share, kind) in enumerate(zip(shares, _CLASSES, strict=False)):
            y, wide = top + number * _BAR, span * share
            inner.append(f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{wide:.1f}" height="{_BAR - 2}"/>')
            inner.append(f'<text class="value" x="{_LEFT + wide + 5:.1f}" y="{y + _BAR - 3}">{share:.1%}</text>')
    told = "; ".join(f"{system}: {', '.join(f'{share:.1%}' for share in shares)}" for system, shares in rows)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}" role="img">'
    about = f"<title>{escape(title)}</title><desc>{escape(', '.join(names))}. {escape(told)}</desc>"
    return f"{head}{about}<style>{_STYLE}</style>{''.join(inner)}</svg>\n"
