"""Whether a stated rate of wrong answers is kept: CLINC150 as a pack that states it, asked the validation questions.

usage: python -m benchmarks.rates --data DIR [--rates RATE …] [--phrasings N …]

The pack is what `faqbot import` makes of the training questions, with a `wrong_answer_rate`; it is asked by `Engine.ask`.
Out of scope are the 200 questions of the splits oos_val and oos_train, which the pack does not hold. The test split is not read.
`wrong` weighs questions in scope and out of scope equally, as the rate is defined. It wants clinc150_full.jsonl.gz in DIR.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from benchmarks.machine import describe, stop
from benchmarks.ranking.data import Example, read_set, write_examples
from bot import Engine
from bot.calibration.curve import OUTSIDE, choose
from bot.calibration.fit import calibration_of
from bot.compiled import compile_pack
from bot.exchange.importing import import_files
from bot.pack.load import load
from bot.progress import Progress
from bot.respond.decide import THRESHOLD

SPLITS = {100: "train", 10: "train_10", 5: "train_5"}
"""Phrasings of an entry -> the split that has so many."""

RATES = (0.005, 0.01, 0.02, 0.05)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, and return 0."""
    args = _arguments(argv)
    splits = read_set(args.data / "clinc150_full.jsonl.gz")
    asked = [*splits["val"], *splits["oos_val"], *splits["oos_train"]]
    print(f"{describe()}\n")
    print("phrasings  stated  threshold  answered  wrong in scope  answered out of scope   wrong")
    for phrasings in args.phrasings:
        for line in _lines(splits[SPLITS[phrasings]], asked, args.rates):
            print(f"{phrasings:>9}  {line}", flush=True)
    return 0


def _lines(train: list[Example], asked: list[Example], rates: Sequence[float]) -> list[str]:
    """A line for each rate."""
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        write_examples(Path(folder) / "examples.csv", train)
        found = import_files([Path(folder) / "examples.csv"], Path(folder) / "pack", answer="Noted.", title="Benchmark")
        if not found.is_written:
            stop("the examples make no pack:\n" + "\n".join(map(str, found.faults[:20])))
        pack = load(Path(folder) / "pack")
        pack = replace(pack, pack=replace(pack.pack, wrong_answer_rate=rates[0]))  # a bot with a rate tells no second answer
        compiled = compile_pack(pack)
        calibration = calibration_of(pack, Engine.answerer, told=progress.show)
    lines: list[str] = []
    for rate in rates:
        threshold = choose(calibration, rate, THRESHOLD).point.threshold
        lines.append(f"{rate:>6.1%}  {threshold:>9.4f}  {_line(Engine(replace(compiled, threshold=threshold)), asked)}")
    return lines


def _line(engine: Engine, asked: list[Example]) -> str:
    replies = [(example.label, engine.ask(example.text)) for example in asked]
    inside = [(label, reply) for label, reply in replies if label is not None]
    answered = sum(reply.kind == "answer" for _, reply in inside) / len(inside)
    wrong = sum(reply.kind == "answer" and reply.intent != label for label, reply in inside) / len(inside)
    outside = [reply.kind == "answer" for label, reply in replies if label is None]
    false = sum(outside) / len(outside)
    both = (1 - OUTSIDE) * wrong + OUTSIDE * false
    return f"{answered:>8.1%}  {wrong:>14.2%}  {false:>21.1%}  {both:>6.2%}"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", metavar="DIR", type=Path, required=True, help="the folder that holds the public sets")
    parser.add_argument("--rates", metavar="RATE", type=float, nargs="+", default=RATES, help="stated rates, 0..0.5")
    parser.add_argument("--phrasings", type=int, nargs="+", choices=sorted(SPLITS), default=[100, 10, 5], help="of an entry")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
