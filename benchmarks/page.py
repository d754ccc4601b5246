"""Writes docs/benchmarks.md and its pictures from the files in benchmarks/results.

usage: python -m benchmarks.page [--check]

`--check` writes nothing, and ends with 1 when the page does not show what the files hold.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT
from benchmarks.ranking.plots import bars
from benchmarks.ranking.results import RESULTS, Result, read
from benchmarks.ranking.systems import SYSTEMS

PAGE = ROOT / "docs" / "benchmarks.md"

TITLES = {
    "clinc150": "CLINC150: 150 intents, and questions that are none of them",
    "banking77": "BANKING77: 77 intents of one bank",
    "scale": "Large packs",
}

_INTRODUCTION = """\
# Ranking: figures

How well the engine tells what is asked, next to other ways to do it, and what large packs cost. This page is made by
`python -m benchmarks.page` from the files in [benchmarks/results](../benchmarks/results), each of which says when, where, with
which versions and by which command it was measured. How right the answers of the shipped pack are, and how long they take, is
told in [benchmarks/README.md](../benchmarks/README.md).

```sh
python -m pip install '.[test]' -r benchmarks/requirements.txt
```
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only tell whether the page is that of the files")
    args = parser.parse_args(argv)
    made = {PAGE: page(RESULTS)} | {PAGE.parent / name: picture for name, picture in pictures(RESULTS).items()}
    if args.check:
        is_same = all(path.exists() and path.read_text(encoding="utf-8") == text for path, text in made.items())
        print("docs/benchmarks.md shows the results" if is_same else "docs/benchmarks.md is old: python -m benchmarks.page")
        return 0 if is_same else 1
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


def _results(folder: Path) -> list[Result]:
    found = [read(path) for path in sorted(folder.glob("*.json"))]
    found.sort(key=lambda one: (list(TITLES).index(one.benchmark), one.split != "test"))
    return found


def pictures(folder: Path) -> dict[str, str]:
    """Each picture of the page by its name, from the results in `folder`."""
    return {
        _picture(one, setting): bars(
            f"{TITLES[one.benchmark]}: {setting}",
            _BARS_OF_SCALE if one.benchmark == "scale" else _BARS,
            [
                (name, _bars_of(figures, of_scale=one.benchmark == "scale"))
                for name, figures in systems.items()
                if "failed" not in figures
            ],
        )
        for one in _results(folder)
        for setting, systems in one.settings.items()
    }


_BARS = ("accuracy", "with slips", "answered at 1 % wrong")
_BARS_OF_SCALE = ("right first", "clean")


def _bars_of(figures: dict[str, Any], *, of_scale: bool) -> list[float]:
    asked = figures["asked"]
    if of_scale:
        return [asked["first"], asked["clean"]]
    return [asked["accuracy"], figures["slips"]["accuracy"], asked["answered_at_1_percent"]]


def _picture(one: Result, setting: str) -> str:
    parts = (one.benchmark, one.split if one.split != "test" else "", setting.replace(",", ""))
    return f"plots/{'-'.join(filter(None, parts))}.svg"


def page(folder: Path) -> str:
    """The page, from the results in `folder`."""
    found = _results(folder)
    systems = {name for one in found for own in one.settings.values() for name in own}
    legend = [f"- **{name}**: {SYSTEMS[name].about}" for name in SYSTEMS if name in systems]
    return "\n".join([_INTRODUCTION, *legend, "", *(line for one in found for line in _section(one))]).rstrip() + "\n"


def _section(one: Result) -> Iterator[str]:
    on = f" ({one.split} questions)" if one.split else ""
    yield f"## {TITLES[one.benchmark]}{on}"
    yield ""
    yield f"`{one.command}`, {one.date}; {one.machine}"
    yield ""
    for setting, systems in one.settings.items():
        yield f"### {setting} phrasings" if one.benchmark == "scale" else f"### {setting}"
        yield ""
        yield f"![{', '.join(_BARS_OF_SCALE if one.benchmark == 'scale' else _BARS)}]({_picture(one, setting)})"
        yield ""
        yield from _table(systems, of_scale=one.benchmark == "scale")
        yield ""
    yield from (f"- {sentence}" for sentence in one.protocol)
    yield ""


def _table(systems: dict[str, dict[str, Any]], *, of_scale: bool) -> Iterator[str]:
    titles = ["right first", "clean", "AUROC"] if of_scale else _titles(systems)
    times = ["p50, CPU", "p99, CPU", "engine's p50 to its", "built in, CPU", "memory to build", "opens in", "memory to answer"]
    head = ["", *titles, *times, "on disk"]
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    ours = systems.get("faqbot", {}).get("time", {}).get("cpu_p50_ms")
    for name, figures in systems.items():
        if "failed" in figures:
            yield f"| {name} | {figures['failed']} |{' |' * (len(head) - 2)}"
            continue
        built, time = figures["built"], figures["time"]
        truth = _truth_of_scale(figures) if of_scale else _truth(figures, titles)
        ratio = f"{ours / time['cpu_p50_ms']:.2f}" if ours and time["cpu_p50_ms"] else "–"
        cells = [
            name,
            *truth,
            f"{time['cpu_p50_ms']:.2f} ms",
            f"{time['cpu_p99_ms']:.2f} ms",
            ratio,
            f"{built['cpu_seconds']:.1f} s",
            f"{built['peak_mb']:.0f} MB",
            f"{time['open_ms']:.0f} ms" + (f", {time['open_cpu_ms']:.0f} of them CPU" if "open_cpu_ms" in time else ""),
            f"{time['peak_mb']:.0f} MB",
            f"{built['disk_mb']:.1f} MB",
        ]
        yield f"| {' | '.join(cells)} |"


def _truth_of_scale(figures: dict[str, Any]) -> list[str]:
    asked = figures["asked"]
    return [_percent(asked["first"]), _percent(asked["clean"]), f"{asked['auroc']:.3f}"]


_SCOPE = ("in scope", "out of scope", "AUROC")


def _titles(systems: dict[str, dict[str, Any]]) -> list[str]:
    """The columns on how right it is; those on what is out of scope only where something is."""
    has_outside = any(own["asked"]["auroc"] is not None for own in systems.values() if "asked" in own)
    return ["accuracy", "with slips", *(_SCOPE if has_outside else ()), "answered at 1 % wrong"]


def _truth(figures: dict[str, Any], titles: list[str]) -> list[str]:
    asked = figures["asked"]
    cells = [_percent(asked["accuracy"]), _percent(figures["slips"]["accuracy"])]
    if "AUROC" in titles:
        cells += [_percent(asked["in_scope"]), _percent(asked["out_of_scope"]), f"{asked['auroc']:.3f}"]
    return [*cells, _percent(asked["answered_at_1_percent"])]


def _percent(share: float) -> str:
    return f"{share:.1%}"


if __name__ == "__main__":
    sys.exit(main())
