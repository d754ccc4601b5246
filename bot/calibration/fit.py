"""The calibration of a pack, kept beside the compiled one, and the thresholds that follow from a stated rate of wrong answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.cache import keep, read_kept
from bot.calibration.curve import Calibration, choose
from bot.calibration.trials import Answerer, Told, calibrated
from bot.compiled import Compiled
from bot.pack.format import Pack
from bot.respond.decide import THRESHOLD

if TYPE_CHECKING:
    from bot.semantic import Embedder

DEFAULT_RATE = 0.01
"""The rate of wrong answers that a pack is held to which states none, where somebody asks for its curve."""

_HIGH = 0.25
"""Entries of high risk are held to this share of the rate."""


def calibration_of(
    pack: Pack,
    bot_of: Callable[[Compiled], Answerer],
    key: str = "",
    told: Told | None = None,
    compiled: Compiled | None = None,
    embedder: "Embedder | None" = None,
) -> Calibration:
    """The calibration of a checked pack: the one that is kept, or a new one, which is kept then.

    compiled: the pack, where it is compiled already.
    key: what it is kept by (`key_of`); empty: it is neither looked for nor kept. Raises nothing of its own: a damaged one is made
    again, and one that cannot be kept is done without.
    """
    kept = read_kept(f"{key}.curve", Calibration) if key else None
    if kept is not None:
        return kept
    made = calibrated(pack, bot_of, told, compiled, embedder)
    if key:
        keep(f"{key}.curve", made)
    return made


def fitted(
    compiled: Compiled,
    pack: Pack,
    bot_of: Callable[[Compiled], Answerer],
    key: str = "",
    told: Told | None = None,
    embedder: "Embedder | None" = None,
) -> Compiled:
    """`compiled` with the thresholds for the rate that `pack` states, as it is when it states none."""
    rate = pack.pack.wrong_answer_rate
    if rate is None:
        return compiled
    calibration = calibration_of(pack, bot_of, key, told, compiled, embedder)
    threshold = choose(calibration, rate, THRESHOLD).point.threshold
    of_high = choose(calibration, rate * _HIGH, THRESHOLD).point.threshold
    return replace(compiled, threshold=threshold, threshold_of_high=max(threshold, of_high))
