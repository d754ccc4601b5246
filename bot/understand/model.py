"""What is learned, as a few long strings of bytes, and telling labels with it. Telling needs nothing but the weights."""

import math
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec import Struct

from bot.understand.views import Reduced, reduced

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STEPS = 127
"""Weights are kept as whole numbers of -127..127 times one scale, as bytes of which _ZERO is 0."""
_ZERO = 128

_LANE = array("I").itemsize
_KEPT = 16_384
"""Rows that are kept as they were found."""
_FINE = 1 << 14
"""Values of features are counted in so many parts. Those of a text have a length of a few at most, so no lane overflows."""


class Model(Struct, frozen=True):
    """Weights of some labels, in a few long strings of bytes: they load at once, however many features there are, and lie in the
    cache's own file, of which all processes share one copy."""

    labels: tuple[str, ...]
    scale: float
    table: memoryview
    """a hash table: checksums of features, 32 bits, each at the first free slot from its own on; 0 where a slot is free"""
    places: memoryview
    """slot -> number of the feature's row, 32 bits"""
    weights: memoryview
    """a row for each feature: a byte for each label; less _ZERO, times `scale`, it is the weight"""
    bias: tuple[float, ...] = ()
    """what each label starts from; nothing when left out"""
    others: float = 0.0
    """odds that no label fits, beside 1 for a label whose sum is 0"""
    shortest: float = 0.0
    """values are divided by their length, or by this where that is shorter: such texts say little; 0: they come as they count"""

    def __reduce__(self) -> Reduced:
        return reduced(self)


class Teller:
    """Tells labels with a model. Keeps what it looked up; equal input gives equal output."""

    def __init__(self, model: Model) -> None:
        self.labels = model.labels
        self._scale = model.scale / _FINE
        self._slots, self._places = model.table.cast("I"), model.places.cast("I")
        self._weights = model.weights
        self._bias = model.bias or (0.0,) * len(model.labels)
        self._others = model.others
        self._shortest = model.shortest
        self._rows: dict[int, int] = {}

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """label -> probability, 0..1, together 1 less what is left for none of them.

        `features` as those that were learned from, values of 0 or more.
        """
        *steps, parts = self._sums(features)
        scale, nothing = self._scale, _ZERO * parts
        sums = [(score - nothing) * scale + bias for score, bias in zip(steps, self._bias, strict=True)]
        most = max(sums, default=0.0)
        odds = [math.exp(one - most) for one in sums]
        whole = sum(odds) + (self._others * math.exp(-most) if self._others else 0.0)
        return {label: one / whole for label, one in zip(self.labels, odds, strict=True)}

    def _sums(self, features: Mapping[str, float]) -> "array[int]":
        """For each label the sum of its weights as they are kept, times the parts of the values; and these parts together."""
        together: dict[float, list[int]] = {}
        kept, slots, last = self._rows, self._slots, len(self._slots) - 1
        for feature, value in features.items():  # many have the same value: adding up is quicker than multiplying
            checksum = checksum_of(feature)
            row = kept.get(checksum)
            if row is None:
                if not slots[checksum & last]:
                    continue  # most features of a text are known to no model
                row = self._row(checksum)
            together.setdefault(value, []).append(row)
        fine = _FINE / length_of(features.values(), self._shortest) if self._shortest else _FINE
        whole = sum([round(value * fine) * sum(own) for value, own in together.items()])
        sums = array("I")
        sums.frombytes(whole.to_bytes((len(self.labels) + 1) * _LANE, "little"))
        if sys.byteorder == "big":
            sums.byteswap()
        return sums

    def _row(self, checksum: int) -> int:
        """The weights of a feature as one whole number with _LANE bytes for each, so that rows are added up in one go, and a 1
        behind them, so that known features are counted on the way. 0 for a feature that is not known.
        """
        row, last = 0, len(self._slots) - 1
        at = checksum & last
        while self._slots[at] and self._slots[at] != checksum:
            at = (at + 1) & last
        if self._slots[at]:
            start = self._places[at] * len(self.labels)
            lanes = bytearray((len(self.labels) + 1) * _LANE)
            lanes[::_LANE] = bytes(self._weights[start : start + len(self.labels)]) + b"\1"
            row = int.from_bytes(lanes, "little")
        if len(self._rows) >= _KEPT:
            self._rows.clear()
        self._rows[checksum] = row
        return row


def length_of(values: Iterable[float], shortest: float) -> float:
    """The length of a vector of these values, at least `shortest`."""
    return math.sqrt(max(shortest * shortest, sum([value * value for value in values])))


def checksum_of(feature: str) -> int:
    """A feature as a number of 32 bits, never 0. Two features that share one count as the same."""
    return crc32(feature.encode()) or 1


_EMPTY = memoryview(bytes(_LANE))
NOTHING = Model(labels=(), scale=1.0, table=_EMPTY, places=_EMPTY, weights=memoryview(b""))
"""What is learned from no examples."""


def packed(
    labels: Sequence[str],
    checksums: Sequence[int],
    weights: "NDArray[np.float32]",
    least_weight: int,
    *,
    bias: Sequence[float] = (),
    others: float = 0.0,
    shortest: float = 0.0,
) -> Model:
    """The model of these weights, of shape (checksums, labels).

    least_weight: features of which no weight reaches so many steps (1 to 127) are left out.
    """
    import numpy as np

    scale = float(np.abs(weights).max(initial=0.0)) / _STEPS or 1.0
    whole = np.rint(weights / scale).astype(np.int16)
    told = np.abs(whole).max(axis=1) >= least_weight
    table, places = _table([checksum for checksum, does_tell in zip(checksums, told, strict=True) if does_tell])
    rows = (whole[told] + _ZERO).astype(np.uint8).tobytes()
    return Model(
        labels=tuple(labels),
        scale=round(scale, 9),
        table=memoryview(table),
        places=memoryview(places),
        weights=memoryview(rows),
        bias=tuple(round(float(one), 6) for one in bias),
        others=others,
        shortest=shortest,
    )


def _table(checksums: Sequence[int]) -> tuple[bytes, bytes]:
    """The hash table of `checksums`, and for each of its slots the place of the checksum among them."""
    size = 1 << max(1, (2 * len(checksums)).bit_length())
    slots, places = array("I", bytes(size * _LANE)), array("I", bytes(size * _LANE))
    for place, checksum in enumerate(checksums):
        at = checksum & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at], places[at] = checksum, place
    return slots.tobytes(), places.tobytes()
