"""How the engine bears large packs: building, opening, memory, and the time and truth of an answer, at 10,000 phrasings and more.

usage: python -m benchmarks.scale [--sizes N …] [--million] [--systems NAME …] [--minutes N] [--gigabytes N]

The packs are synthetic: benchmarks/ranking/synthetic.py makes them, five phrasings to an entry. What is asked are phrasings of
theirs, as they stand there and with one word left out and one slip of the keyboard, and questions that no entry answers. Each
system is built by a process of its own and opened and asked by another; one that takes more time or memory than it may is ended,
and the result says so.
The peers: python -m pip install -r benchmarks/requirements.txt
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks.machine import describe
from benchmarks.ranking import measure
from benchmarks.ranking.data import Example, write_examples
from benchmarks.ranking.plan import Answers, Failed, Limits, answer, build
from benchmarks.ranking.results import RESULTS, arguments_of, result, write
from benchmarks.ranking.synthetic import PHRASINGS, beside, examples, questions
from benchmarks.ranking.systems import EXAMPLES, chosen

SIZES = (10_000, 100_000)
MILLION = 1_000_000

PEERS = ("faqbot", "rapidfuzz", "tantivy")

_ASKED = 400
_ASKED_SLOWLY = 60
"""Questions of systems that look at every phrasing."""

PROTOCOL = [
    f"Packs are synthetic, {PHRASINGS} phrasings to an entry, made by benchmarks/ranking/synthetic.py with seed 1.",
    "Asked are phrasings of the pack, each without one of its words and with one slip of the keyboard; now and then what is "
    "left fits two entries. clean: the same phrasings as they stand in the pack.",
    "auroc: how well the score tells questions of the first sort from as many of the same make that no entry answers.",
    "Every system is built by a fresh process and opened and asked by another, no two at once.",
    "first: the share of the questions whose entry is ranked first.",
    "cpu_p50_ms and cpu_p99_ms: processor time of one question of the first sort, asked alone, after 20 others.",
    "open_ms: by the clock, what Python imports for it included; open_cpu_ms: of that, what the processor worked.",
    "time.peak_mb: the most memory of the process that opens and answers, with its interpreter.",
    "rapidfuzz looks at every phrasing, so it is asked fewer questions.",
]


class Questions(Struct, frozen=True):
    """What is asked of a pack."""

    hurried: list[Example]
    clean: list[Example]
    beside: list[Example]
    """what no entry answers"""


def main(argv: Sequence[str] | None = None) -> int:
    args = _arguments(argv)
    names = chosen(args.systems, PEERS)
    sizes = [*(args.sizes or SIZES), *([MILLION] if args.million else [])]
    limits = Limits(args.minutes, args.gigabytes)
    print(describe())
    settings: dict[str, dict[str, dict[str, Any]]] = {}
    for size in sizes:
        entries = -(-size // PHRASINGS)
        print(f"\n{size:,} phrasings, {entries:,} entries", flush=True)
        asked = Questions(questions(size, _ASKED), questions(size, _ASKED, typed_hurriedly=False), beside(size, _ASKED))
        settings[f"{size:,}"] = {}
        for name in names:
            with tempfile.TemporaryDirectory(dir=args.work) as folder:
                figures = _measured(name, size, asked, Path(folder), limits)
            settings[f"{size:,}"][name] = figures
            print(_line(name, figures), flush=True)
    found = result("scale", arguments_of(argv), PROTOCOL, settings)
    print(f"\nwritten: {write(found, args.out).name}")
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    details = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__, formatter_class=details)
    parser.add_argument("--sizes", metavar="N", type=int, nargs="+", help="phrasings (default: 10000 100000)")
    parser.add_argument("--million", action="store_true", help="1,000,000, too")
    parser.add_argument("--systems", metavar="NAME", nargs="+", help=f"of {', '.join(PEERS)} (default: all)")
    parser.add_argument(
        "--minutes", metavar="N", type=float, default=10.0, help="of processor that building may take (default: 10)"
    )
    parser.add_argument("--gigabytes", metavar="N", type=float, default=6.0, help="of memory for each system (default: 6)")
    parser.add_argument(
        "--work", metavar="DIR", type=Path, help="where the packs are made, which goes again (default: temporary)"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, default=RESULTS, help="where the results go (benchmarks/results)")
    return parser.parse_args(argv)


def _measured(name: str, size: int, asked: Questions, folder: Path, limits: Limits) -> dict[str, Any]:
    write_examples(folder / EXAMPLES, examples(size))
    built = build(name, folder, limits)
    if isinstance(built, Failed):
        return {"failed": built.reason}
    if name == "rapidfuzz":
        asked = Questions(*(some[:: max(1, len(some) // _ASKED_SLOWLY)] for some in (asked.hurried, asked.clean, asked.beside)))
    batches = {batch: [example.text for example in getattr(asked, batch)] for batch in Questions.__struct_fields__}
    answers = answer(name, folder, batches, batches["hurried"], limits)
    if isinstance(answers, Failed):
        return {"built": msgspec.to_builtins(built), "failed": answers.reason}
    figures = {field: getattr(answers, field) for field in Answers.__struct_fields__ if field != "predictions"}
    found = answers.predictions
    truth = {
        "first": measure.accuracy(asked.hurried, found["hurried"]),
        "clean": measure.accuracy(asked.clean, found["clean"]),
        "auroc": measure.auroc([*asked.hurried, *asked.beside], [*found["hurried"], *found["beside"]]),
        "questions": len(asked.hurried),
    }
    return {"built": msgspec.to_builtins(built), "time": figures, "asked": truth}


def _line(name: str, figures: dict[str, Any]) -> str:
    if "failed" in figures:
        return f"  {name:10} {figures['failed']}"
    built, time = figures["built"], figures["time"]
    return (
        f"  {name:10} first {figures['asked']['first']:.1%}, clean {figures['asked']['clean']:.1%}; "
        f"p50 {time['cpu_p50_ms']:.2f} ms, p99 {time['cpu_p99_ms']:.2f} ms; "
        f"built in {built['seconds']:.1f} s, {built['peak_mb']:.0f} MB; "
        f"opens in {time['open_ms']:.0f} ms ({time['open_cpu_ms']:.0f} of processor), {time['peak_mb']:.0f} MB; "
        f"{built['disk_mb']:.1f} MB on disk"
    )


if __name__ == "__main__":
    sys.exit(main())
