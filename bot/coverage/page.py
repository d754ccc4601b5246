"""A report as one HTML page that needs nothing else: no network, no fonts, no pictures. Made with jinja2."""

from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.coverage import plots
from bot.coverage.report import Cell, Report
from bot.coverage.run import RunError
from bot.pack.format import Pack

_TEMPLATE = "page.html.jinja"

_LONGEST = 1200
"""Characters of a text that are shown."""

_MOST_STEPS = 40


class Square(Struct, frozen=True):
    """One field of a matrix."""

    right: int
    questions: int

    @property
    def level(self) -> str:
        """`none`, `full`, `most`, `some` or `zero`: how much of it is right."""
        if not self.questions:
            return "none"
        if self.right == self.questions:
            return "full"
        return "most" if self.right >= 0.9 * self.questions else "some" if self.right else "zero"


class Grid(Struct, frozen=True):
    """A matrix with names beside and above."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


def as_html(report: Report, pack: Pack) -> bytes:
    """The page. Raises RunError when jinja2 is not installed."""
    try:
        from jinja2 import Environment, FileSystemLoader
    except ImportError as error:
        raise RunError("the page needs an extra: pip install 'faqbot[report]'") from error
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"percent": percent, "short": short}
    page = environment.get_template(_TEMPLATE).render(
        report=report,
        steps=_MOST_STEPS,
        forms=form_grid(report.matrix),
        grids=thing_grids(report.matrix, pack),
        risk=plots.risk_coverage(report.risk_coverage),
        calibration=plots.calibration(report.bins),
        robustness=plots.robustness(report.robustness),
    )
    return page.encode("utf-8", "replace")


def percent(share: float | None) -> str:
    """Of 1, with one decimal; never rounded up to 100 %, nor down to none."""
    if share is None:
        return "–"
    rounded = round(share * 100, 1)
    if share < 1 and rounded == 100:
        rounded = 99.9
    return "0.1 %" if share > 0 and rounded == 0 else f"{rounded:.1f} %"


def short(text: Any) -> str:
    """A text, cut where it is very long."""
    whole = str(text)
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"


def form_grid(cells: tuple[Cell, ...]) -> Grid:
    """Attribute × form, over all things."""
    return _grid("", "attribute", "form", cells, {})


def thing_grids(cells: tuple[Cell, ...], pack: Pack) -> list[Grid]:
    """Thing × attribute, one for each form."""
    names = {str(id_): str(thing.name) for id_, thing in pack.things.items()}
    forms = dict.fromkeys(cell.form for cell in cells)
    return [_grid(form, "thing", "attribute", tuple(c for c in cells if c.form == form), names) for form in forms]


def _grid(title: str, down: str, across: str, cells: tuple[Cell, ...], names: dict[str, str]) -> Grid:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for cell in cells:
        key = (getattr(cell, down), getattr(cell, across))
        right, questions = found.get(key, (0, 0))
        found[key] = (right + cell.right, questions + cell.questions)
    columns = tuple(dict.fromkeys(column for _, column in found))
    rows = tuple(dict.fromkeys(row for row, _ in found))
    return Grid(
        title,
        tuple(column or "(all)" for column in columns),
        tuple(
            (names.get(row, row) or "(all)", tuple(Square(*found.get((row, column), (0, 0))) for column in columns))
            for row in rows
        ),
    )
