"""How many emergencies and decisions the guards of a pack notice, and how often they speak up for nothing.

usage: python -m benchmarks.guards [--pack DIR] [--folds N] [--failures LABEL ...]

Cross-validation over the pack's own examples: each fifth of them is told by a model that learned from the rest. `noticed` counts
an alarm of the right kind (urgent or refer), `by name` the very guard. The second table tells what other thresholds would do.
The ordinary examples were written to look like alarms, so that their share of needless ones is far above that of what people ask.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.machine import stop
from bot import PackError
from bot.compiled import compile_pack, understander_of
from bot.pack.files import shipped_pack
from bot.pack.format import Pack
from bot.pack.load import load
from bot.respond.guard import Lesson, alarms_of, learned, lesson_of, lessons
from bot.respond.signs import Alarm, SignFinder
from bot.understand.asked import attribute_of
from bot.understand.model import Teller
from bot.understand.retrieve import IndexBuilder

ENTRIES = "entries"
FACTS = "facts"

LEVELS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)


class Told(Struct, frozen=True):
    """What a model that had not seen a message told of it."""

    label: str
    """of its example; ENTRIES for what an entry is asked, FACTS for questions over facts"""
    text: str
    shares: dict[str, float]
    """label -> probability"""
    alarms: tuple[Alarm, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, and return 0; 2 when the pack cannot be used."""
    args = _arguments(argv)
    try:
        pack = load(Path(args.pack) if args.pack else shipped_pack())
    except PackError as error:
        stop(f"the pack has faults\n{error}")
    told = cross_validated(pack, args.folds)
    print(report(told, pack))
    for label in args.failures or ():
        print("\n".join(["", f"{label}:", *_failures(told, label, pack)]))
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    details = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guards", description=__doc__, formatter_class=details)
    parser.add_argument("--pack", metavar="DIR", help="the pack whose guards are tried (default: the shipped one)")
    parser.add_argument("--folds", metavar="N", type=int, default=5, help="parts of the examples that are held out in turn")
    parser.add_argument("--failures", metavar="LABEL", nargs="*", help="the messages of these labels that are told wrongly")
    return parser.parse_args(argv)


# ---- what is measured ---------------------------------------------------------------------------------------------------


def cross_validated(pack: Pack, folds: int) -> list[Told]:
    """Every lesson of the pack, told by a model that learned from the others."""
    compiled = compile_pack(pack)
    english = compiled.english
    signs = SignFinder(compiled.signs, compiled.pack, english)
    understander = understander_of(compiled)
    builder = IndexBuilder(pack, compiled.lexicon, english)
    every = lessons(pack, understander, signs, english, [*builder.read(), *builder.read_facts()])
    told: list[Told] = []
    for fold in range(folds):
        teller = Teller(learned([one for at, one in enumerate(every) if at % folds != fold], pack))
        for lesson in every[fold::folds]:
            met = lesson if lesson.label else lesson_of(lesson.label, lesson.text, pack, understander, signs, english)
            shares = teller.probabilities(met.features)
            told.append(Told(_group(lesson), lesson.text, shares, alarms_of(shares, met.signs, pack)))
    return told


def _group(lesson: Lesson) -> str:
    if not lesson.label:
        return ENTRIES
    return FACTS if attribute_of(lesson.label) else lesson.label


def of_kind(told: Told, kind: str, pack: Pack) -> float:
    """How likely the message is for a guard of that kind, 0..1."""
    return sum(share for label, share in told.shares.items() if label in pack.guards and pack.guards[label].kind == kind)


# ---- what is printed ----------------------------------------------------------------------------------------------------


def report(told: list[Told], pack: Pack) -> str:
    """The tables."""
    return "\n\n".join((_guards(told, pack), _others(told, pack), *(_levels(told, pack, kind) for kind in ("urgent", "refer"))))


def _guards(told: list[Told], pack: Pack) -> str:
    lines = [f"{'guard':20}{'examples':>9}{'noticed':>10}{'by name':>10}"]
    for guard in pack.guards:
        own = [one for one in told if one.label == guard]
        kinds = [one for one in own if any(alarm.kind == pack.guards[guard].kind for alarm in one.alarms)]
        names = [one for one in own if any(alarm.guard == guard for alarm in one.alarms)]
        lines.append(f"{guard:20}{len(own):9}{_share(len(kinds), len(own)):>10}{_share(len(names), len(own)):>10}")
    return "\n".join(lines)


def _others(told: list[Told], pack: Pack) -> str:
    lines = [f"{'needless alarms':20}{'messages':>9}{'urgent':>10}{'refer':>10}"]
    for label in _harmless(told, pack):
        own = [one for one in told if one.label == label]
        counts = [sum(any(alarm.kind == kind for alarm in one.alarms) for one in own) for kind in ("urgent", "refer")]
        lines.append(f"{label:20}{len(own):9}" + "".join(f"{_share(count, len(own)):>10}" for count in counts))
    return "\n".join(lines)


def _levels(told: list[Told], pack: Pack, kind: str) -> str:
    """What other thresholds would do, and how far a probability can be believed."""
    groups = _harmless(told, pack)
    lines = [f"{kind + ' from':20}{'noticed':>9}" + "".join(f"{group:>10}" for group in groups)]
    meant = [of_kind(one, kind, pack) for one in told if one.label in pack.guards and pack.guards[one.label].kind == kind]
    harmless = {group: [of_kind(one, kind, pack) for one in told if one.label == group] for group in groups}
    for level in LEVELS:
        cells = [_share(sum(value >= level for value in values), len(values)) for values in (meant, *harmless.values())]
        lines.append(f"{level:<20}{cells[0]:>9}" + "".join(f"{cell:>10}" for cell in cells[1:]))
    lines += ["", f"{kind + ' probability':20}{'messages':>9}{'are so':>10}"]
    for low, high in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
        inside = [one for one in told if low <= of_kind(one, kind, pack) < high]
        so = sum(one.label in pack.guards and pack.guards[one.label].kind == kind for one in inside)
        lines.append(f"{f'{low} to {min(high, 1.0)}':20}{len(inside):9}{_share(so, len(inside)):>10}")
    return "\n".join(lines)


def _harmless(told: list[Told], pack: Pack) -> list[str]:
    return sorted({one.label for one in told} - set(pack.guards))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _failures(told: list[Told], label: str, pack: Pack) -> list[str]:
    wanted = {pack.guards[label].kind} if label in pack.guards else set()
    shown = [one for one in told if one.label == label and {alarm.kind for alarm in one.alarms[:1]} != wanted]
    return [f"  {', '.join(alarm.reason for alarm in one.alarms) or 'nothing'}: {one.text}" for one in shown]


if __name__ == "__main__":
    sys.exit(main())
