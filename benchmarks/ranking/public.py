"""A public set of questions and intents: each system learns from its training split, and is asked the others."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.machine import describe
from benchmarks.ranking import measure
from benchmarks.ranking.data import Example, sampled, with_slips, write_examples
from benchmarks.ranking.plan import Answers, Built, Failed, Limits, answer, build
from benchmarks.ranking.results import RESULTS, Result, arguments_of, result, write
from benchmarks.ranking.systems import EXAMPLES, SYSTEMS, chosen

RISK = 0.01
"""The share of all questions that may be answered wrongly."""

_TIMED = 320
"""Questions that are asked one by one, to take their time."""

PROTOCOL = [
    "Nothing is tuned on a test split: the engine and its thresholds were chosen on training and validation questions alone, "
    "and the peers keep the settings of their first run.",
    "Every system is built by a fresh process and opened and asked by another; the same questions, no two systems at once.",
    "cpu_p50_ms and cpu_p99_ms: processor time of one question, asked alone, after 20 others.",
    "accuracy: the right intent is first, of the questions in scope, whatever its score.",
    "in_scope, out_of_scope: the right intent is given, and no intent is given, with the threshold that makes most decisions on "
    "validation questions right, silence about what is out of scope being one.",
    "answered_at_1_percent: the questions in scope that are answered, rightly or wrongly, at the point of the risk-coverage "
    "curve of these questions where wrong answers, those to questions out of scope included, are 1 % of all questions.",
    "chosen_for_1_percent: the same with the threshold that keeps to 1 % on validation questions.",
    "slips: the same questions with one slip of the keyboard in each.",
]

ON_TEST = (
    "The test split was asked. It is for one run, when nothing will be changed any more: whoever ran it before has to say so."
)
ON_VALIDATION = (
    "The test split was not asked. Figures are those of validation questions; thresholds were chosen on the same questions, "
    "which flatters in_scope, out_of_scope and chosen_for_1_percent of every system."
)


class Setting(Struct, frozen=True):
    """What is learned from and what is asked."""

    name: str
    train: list[Example]
    validation: list[Example]
    test: list[Example]
    """empty: the validation questions are asked in their place"""
    whole: list[Example] | None = None
    """what is learned from to be asked the test questions, where `train` had to do without some for validation"""


def run(benchmark: str, description: str, settings_of: Callable[[Path, bool], list[Setting]], argv: Sequence[str] | None) -> int:
    """Run the benchmark as its command does; `settings_of` is given the folder of the data, and whether test is asked."""
    args = _arguments(benchmark, description, argv)
    names = chosen(args.systems)
    limits = Limits(args.minutes, args.gigabytes)
    print(describe())
    settings: dict[str, dict[str, dict[str, Any]]] = {}
    for setting in settings_of(args.data, not args.validation):
        if args.only and setting.name not in args.only:
            continue
        own = _sampled(setting, args.sample)
        print(f"\n{setting.name}: {_told(own)}", flush=True)
        settings[setting.name] = {}
        for name in names:
            figures = _measured(name, own, limits)
            settings[setting.name][name] = figures
            print(_line(name, figures), flush=True)
    split = "validation" if args.validation else "test"
    told = [*PROTOCOL, ON_VALIDATION if args.validation else ON_TEST]
    if args.sample:
        told.append(f"Only {args.sample} of the intents: these figures compare with no others.")
    found: Result = result(benchmark, arguments_of(argv), told, settings, split)
    print(f"\nwritten: {write(found, args.out).name}")
    return 0


def _arguments(benchmark: str, description: str, argv: Sequence[str] | None) -> argparse.Namespace:
    details = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{benchmark}", description=description, formatter_class=details)
    parser.add_argument("--data", metavar="DIR", type=Path, required=True, help="the folder that holds the public sets")
    parser.add_argument("--validation", action="store_true", help="figures of validation questions; the test split is not asked")
    parser.add_argument("--systems", metavar="NAME", nargs="+", help=f"of {', '.join(SYSTEMS)} (default: all)")
    parser.add_argument("--only", metavar="SETTING", nargs="+", help="only these settings")
    parser.add_argument("--sample", metavar="N", type=int, help="only N of the intents")
    parser.add_argument(
        "--minutes", metavar="N", type=float, default=10.0, help="of processor that building may take (default: 10)"
    )
    parser.add_argument("--gigabytes", metavar="N", type=float, default=6.0, help="of memory for each system (default: 6)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=RESULTS, help="where the results go (benchmarks/results)")
    return parser.parse_args(argv)


def _sampled(setting: Setting, intents: int | None) -> Setting:
    train = sampled(setting.train, intents)
    kept = {example.label for example in train} | {None}
    validation, test, whole = (
        [example for example in part or () if example.label in kept] for part in (setting.validation, setting.test, setting.whole)
    )
    return Setting(setting.name, train, validation, test, whole or None)


def _told(setting: Setting) -> str:
    train = setting.whole if setting.test and setting.whole else setting.train
    intents = len({example.label for example in train} - {None})
    asked = setting.test or setting.validation
    outside = sum(example.label is None for example in asked)
    return f"{len(train):,} examples of {intents} intents; asked {len(asked) - outside:,} in scope, {outside:,} out of scope"


def _measured(name: str, setting: Setting, limits: Limits) -> dict[str, Any]:
    asked = setting.test or setting.validation
    batches = {"validation": setting.validation, "asked": asked, "slips": with_slips(asked)}
    if not setting.test or setting.whole is None:
        built, answers = _run(name, setting.train, batches, limits)
    else:  # the threshold comes from a system that has not learned from the validation questions
        built, answers = _run(name, setting.train, {"validation": batches["validation"]}, limits)
        if isinstance(answers, Answers):
            validation = answers.predictions["validation"]
            built, answers = _run(name, setting.whole, {batch: batches[batch] for batch in ("asked", "slips")}, limits)
            if isinstance(answers, Answers):
                answers = replace(answers, predictions={**answers.predictions, "validation": validation})
    if isinstance(built, Failed):
        return {"failed": built.reason}
    if isinstance(answers, Failed):
        return {"built": msgspec.to_builtins(built), "failed": answers.reason}
    return figures_of(built, answers, batches)


def _run(
    name: str, train: list[Example], batches: dict[str, list[Example]], limits: Limits
) -> tuple[Built | Failed, Answers | Failed]:
    """What came of building the system from `train`, and of asking it the batches."""
    with tempfile.TemporaryDirectory() as folder:
        write_examples(Path(folder) / EXAMPLES, train)
        built = build(name, Path(folder), limits)
        if isinstance(built, Failed):
            return built, built
        texts = {batch: [example.text for example in examples] for batch, examples in batches.items()}
        asked = texts.get("asked", texts[next(iter(texts))])
        timed = asked[:: max(1, len(asked) // _TIMED)][:_TIMED]
        return built, answer(name, Path(folder), texts, timed, limits)


def figures_of(built: Built, answers: Answers, batches: dict[str, list[Example]]) -> dict[str, Any]:
    """All that is told of one system; thresholds come from the batch `validation`."""
    validation, predicted = batches["validation"], answers.predictions["validation"]
    threshold = measure.best_threshold(validation, predicted)
    safe = measure.safe_threshold(validation, predicted, RISK)
    figures: dict[str, Any] = {"built": msgspec.to_builtins(built)}
    figures["time"] = {
        name: getattr(answers, name)
        for name in ("open_ms", "open_cpu_ms", "peak_mb", "timed", "cpu_p50_ms", "cpu_p99_ms", "p50_ms", "p99_ms")
    }
    for batch in ("asked", "slips"):
        examples, predictions = batches[batch], answers.predictions[batch]
        best = measure.at_threshold(examples, predictions, threshold)
        figures[batch] = {
            "accuracy": measure.accuracy(examples, predictions),
            "in_scope": best.in_scope,
            "out_of_scope": best.out_of_scope,
            "auroc": measure.auroc(examples, predictions),
            "answered_at_1_percent": measure.answered_at(examples, predictions, RISK),
            "chosen_for_1_percent": msgspec.to_builtins(measure.at_threshold(examples, predictions, safe)),
        }
    asked = measure.curve(batches["asked"], answers.predictions["asked"], 50)
    figures["curve"] = [[point.answered, point.wrong] for point in asked]
    return figures


def _line(name: str, figures: dict[str, Any]) -> str:
    if "failed" in figures:
        return f"  {name:10} {figures['failed']}"
    asked, slips, time = figures["asked"], figures["slips"], figures["time"]
    shown = [f"accuracy {asked['accuracy']:.2%} (slips {slips['accuracy']:.2%})"]
    if asked["auroc"] is not None:
        shown.append(f"in {asked['in_scope']:.1%} out {asked['out_of_scope']:.1%} AUROC {asked['auroc']:.3f}")
    shown.append(f"answered at 1 % {asked['answered_at_1_percent']:.1%}")
    shown.append(f"built in {figures['built']['seconds']:.1f} s, {figures['built']['disk_mb']:.1f} MB")
    shown.append(f"opens in {time['open_ms']:.0f} ms; p50 {time['cpu_p50_ms']:.2f} ms")
    return f"  {name:10} {'; '.join(shown)}"
