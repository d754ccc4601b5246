"""Floors under the figures, in a file beside the pack: a change that answers fewer questions rightly does not pass in silence.

    {"cases": "3f2a…", "noise": {"right": 0.005, "wrong": 0.001}, "floors": {"facts": {"right": 0.99, "wrong": 0.001}}}

`right` is the least share of right replies in a source of cases, `wrong` the largest share of wrong ones: a wrong answer is
worse than none, so it has a limit of its own and a narrower band of noise.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from bot.coverage.cases import CaseError
from bot.coverage.measure import Measures
from bot.errors import Fault
from bot.writing import written_whole

NAME = "floors.json"
"""The file, in the folder of the pack."""

Share = Annotated[float, Meta(ge=0, le=1)]


class Noise(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a figure may fall before it counts."""

    right: Share = 0.005
    wrong: Share = 0.001


class Floor(Struct, frozen=True, forbid_unknown_fields=True):
    right: Share
    """least share of right replies"""
    wrong: Share
    """largest share of wrong ones"""


class Floors(Struct, frozen=True, forbid_unknown_fields=True):
    cases: str
    """digest of the cases that the floors were set with"""
    floors: dict[str, Floor] = field(default_factory=dict)
    """by source of cases"""
    noise: Noise = field(default_factory=Noise)
    false_verdicts: int | None = None
    """most questions that may be answered yes where no is right, or the other way round"""


class Verdict(Struct, frozen=True):
    """What the gate says."""

    fell: tuple[str, ...]
    """a sentence for each figure that fell"""
    notes: tuple[str, ...]
    """what else is worth knowing: cases that changed, sources that were not asked"""

    @property
    def passed(self) -> bool:
        return not self.fell


def read_floors(path: Path) -> Floors | None:
    """The floors in `path`; None when there is no such file. Raises CaseError when it cannot be used."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Floors)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CaseError([Fault(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        mend = "mend it, or remove it and set the floors anew with --set-floors"
        raise CaseError([Fault(str(path), 1, 1, f"is no file of floors: {error}; {mend}")]) from error


def hold(measures: Measures, floors: Floors, digest: str) -> Verdict:
    """Whether every figure stands above its floor. `digest`: of the cases that were asked now."""
    fell: list[str] = []
    notes: list[str] = []
    for source, floor in floors.floors.items():
        tally = measures.sources.get(source)
        if tally is None or tally.accuracy is None or tally.wrong_rate is None:
            notes.append(f"{source}: has a floor and was not asked")
            continue
        if tally.accuracy < floor.right - floors.noise.right:
            least = f"the floor is {floor.right:.2%} and the noise {floors.noise.right:.2%}"
            fell.append(f"{source}: {tally.accuracy:.2%} right ({tally.right} of {tally.judged}); {least}")
        if tally.wrong_rate > floor.wrong + floors.noise.wrong:
            most = f"at most {floor.wrong:.2%} may be, and the noise is {floors.noise.wrong:.2%}"
            fell.append(f"{source}: {tally.wrong_rate:.2%} wrong ({tally.wrong} of {tally.judged}); {most}")
    if floors.false_verdicts is not None and measures.false_verdicts > floors.false_verdicts:
        fell.append(f"{measures.false_verdicts} false yes or no; at most {floors.false_verdicts} may be")
    if floors.cases != digest:
        notes.append("the cases are not those that the floors were set with; --set-floors takes the new ones over")
    return Verdict(tuple(fell), tuple(notes))


def raised(measures: Measures, floors: Floors | None, digest: str, *, lower: bool) -> tuple[Floors, list[str]]:
    """The floors as the figures are now, and a sentence for each that would have to come down, and does not unless `lower`."""
    old = floors or Floors(digest)
    found = dict(old.floors)
    kept: list[str] = []
    for source, tally in measures.sources.items():
        if tally.accuracy is None or tally.wrong_rate is None:
            continue
        now, before = Floor(_down(tally.accuracy), _up(tally.wrong_rate)), found.get(source)
        if before is not None and not lower:
            if now.right < before.right:
                kept.append(f"{source}: right stays at {before.right:.2%}, and is {now.right:.2%}")
            if now.wrong > before.wrong:
                kept.append(f"{source}: wrong stays at {before.wrong:.2%}, and is {now.wrong:.2%}")
            now = Floor(max(now.right, before.right), min(now.wrong, before.wrong))
        found[source] = now
    false = measures.false_verdicts
    if old.false_verdicts is not None and not lower:
        if false > old.false_verdicts:
            kept.append(f"false yes or no: stays at {old.false_verdicts}, and is {false}")
        false = min(false, old.false_verdicts)
    return Floors(digest, dict(sorted(found.items())), old.noise, false), kept


def _down(share: float) -> float:
    return int(share * 10_000) / 10_000


def _up(share: float) -> float:
    return -int(-share * 10_000 // 1) / 10_000


def write_floors(path: Path, floors: Floors) -> None:
    """Write the floors. Raises OSError when that cannot be done; the file that was there stays."""
    with written_whole(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(floors)) + b"\n")
