"""Learning from examples: which of a few labels a text bears.

Softmax (multinomial logistic) regression over sparse features, trained by minibatches with AdaGrad steps (Duchi, Hazan and Singer
2011). Training needs numpy and happens when a pack is compiled; telling needs nothing but the weights.
"""

import math
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPOCHS = 4
_LEAST_STEPS = 120
"""Few examples are gone through more often."""
_BATCH = 128
_RATE = 0.6

_SHORT = 16.0
"""Texts of fewer features than this weigh less."""

_RAREST = 2
"""Examples that must have a feature for it to count, where there are more than _FEW examples."""
_FEW = 1000

_STEPS = 127
"""Weights are kept as whole numbers of -127..127 times one scale, as bytes of which _ZERO is 0."""
_ZERO = 128

_LEAST_WEIGHT = 14
"""Features of which no weight reaches so many steps are left out."""

_LANE = array("I").itemsize
_FINE = 16
"""Values of features are counted in sixteenths."""

_STRIDE = 7919
"""A prime: examples are taken in steps of it, so that neighbours of one label do not come together."""


class Model(Struct, frozen=True):
    """Weights of some labels, in a few long strings of bytes: they load at once, however many features there are."""

    labels: tuple[str, ...]
    scale: float
    table: bytes
    """a hash table: checksums of features, 32 bits, each at the first free slot from its own on; 0 where a slot is free"""
    places: bytes
    """slot -> number of the feature's row, 32 bits"""
    weights: bytes
    """a row for each feature: a byte for each label; less _ZERO, times `scale`, it is the weight"""


class Teller:
    """Tells labels with a model. Keeps what it looked up; equal input gives equal output."""

    def __init__(self, model: Model) -> None:
        self.labels = model.labels
        self._scale = model.scale / _FINE
        self._slots, self._places = memoryview(model.table).cast("I"), memoryview(model.places).cast("I")
        self._weights = model.weights
        self._row = lru_cache(maxsize=16384)(self._found)

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """label -> probability, 0..1, together 1; `features` as those that were learned from, values of 0 to 15."""
        row = self._row
        total = sum([round(value * _FINE) * row(feature) for feature, value in features.items()])
        scores = array("I")
        scores.frombytes(total.to_bytes(len(self.labels) * _LANE, sys.byteorder))
        scale = self._scale / _length(features.values())
        most = max(scores, default=0)
        shares = [math.exp((score - most) * scale) for score in scores]
        whole = sum(shares)
        return {label: share / whole for label, share in zip(self.labels, shares, strict=True)}

    def _found(self, feature: str) -> int:
        """The weights of a feature as one whole number with _LANE bytes for each, so that rows are added up in one go.

        0 for a feature that is not known.
        """
        checksum, last = checksum_of(feature), len(self._slots) - 1
        at = checksum & last
        while self._slots[at] != checksum:
            if not self._slots[at]:
                return 0
            at = (at + 1) & last
        start = self._places[at] * len(self.labels)
        row = self._weights[start : start + len(self.labels)]
        return int.from_bytes(array("I", list(row)).tobytes(), sys.byteorder)


def checksum_of(feature: str) -> int:
    """A feature as a number of 32 bits, never 0. Two features that share one count as the same."""
    return crc32(feature.encode()) or 1


NOTHING = Model(labels=(), scale=1.0, table=bytes(_LANE), places=bytes(_LANE), weights=b"")
"""What is learned from no examples."""


def learn(
    examples: Sequence[Mapping[str, float]],
    labels: Sequence[str],
    worth: Sequence[float] = (),
    *,
    least_weight: int = _LEAST_WEIGHT,
    apart: bool = False,
) -> Model:
    """A model of `examples`, each feature -> value, of which each bears the label at its place. The same for the same input.

    worth: how much each example counts; 1 for all when left out.
    least_weight: features of which no weight reaches so many steps (1 to 127) are left out.
    apart: each label is told from all others by itself (logistic regression, one against the rest) instead of all at once. It
    ranks many alike labels better; its probabilities need a fit of their own.
    """
    if len(set(labels)) < 2:
        return NOTHING
    import numpy as np  # only to learn: it takes longer to import than a question to answer

    names = tuple(sorted(set(labels)))
    seen = Counter(feature for example in examples for feature in example)
    rarest = _RAREST if len(examples) > _FEW else 1
    kept = sorted(feature for feature, count in seen.items() if count >= rarest)
    checksums = {checksum: number for number, checksum in enumerate(dict.fromkeys(map(checksum_of, kept)))}
    numbers = {feature: checksums[checksum_of(feature)] for feature in kept}
    rows = _Rows([examples[at] for at in _order(len(examples))], numbers)
    targets = np.array([names.index(labels[at]) for at in _order(len(examples))])[rows.kept]
    counts = np.array([worth[at] if worth else 1.0 for at in _order(len(examples))], dtype=np.float32)[rows.kept]
    weights = np.zeros((len(checksums), len(names)), dtype=np.float32)
    squares = np.full((len(checksums), len(names)), 1e-8, dtype=np.float32)
    batches = [
        (rows.batch(start, start + _BATCH), targets[start : start + _BATCH], counts[start : start + _BATCH, None])
        for start in range(0, len(targets), _BATCH)
    ]
    for _ in range(max(_EPOCHS, _LEAST_STEPS // len(batches))):
        for batch, target, count in batches:
            scores = np.add.reduceat(weights[batch.columns] * batch.values, batch.starts, axis=0)
            if apart:
                shares = 1 / (1 + np.exp(-scores))
            else:
                scores -= scores.max(axis=1, keepdims=True)
                shares = np.exp(scores)
                shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(target)), target] -= 1.0
            shares *= count
            slope = np.add.reduceat(shares[batch.rows_by_column] * batch.values_by_column, batch.begins, axis=0)
            squares[batch.touched] += slope * slope
            weights[batch.touched] -= _RATE * slope / np.sqrt(squares[batch.touched])
    scale = float(np.abs(weights).max()) / _STEPS or 1.0
    whole = np.rint(weights / scale).astype(int)
    told = np.abs(whole).max(axis=1) >= least_weight
    table, places = _table([checksum for checksum, number in checksums.items() if told[number]])
    return Model(names, round(scale, 6), table, places, (whole[told] + _ZERO).astype(np.uint8).tobytes())


class _Rows:
    """Examples as arrays: the numbers of their features, and the values, one example after the other."""

    def __init__(self, examples: Sequence[Mapping[str, float]], numbers: Mapping[str, int]) -> None:
        import numpy as np

        columns: list[int] = []
        values: list[float] = []
        lengths: list[float] = []
        sizes: list[int] = []
        for example in examples:
            before = len(columns)
            for feature, value in example.items():
                number = numbers.get(feature)
                if number is not None:
                    columns.append(number)
                    values.append(value)
            sizes.append(len(columns) - before)
            lengths.append(_length(example.values()))
        every = np.array(sizes)
        self.kept = np.flatnonzero(every)
        """the examples of which some feature counts"""
        self._columns = np.array(columns)
        self._values: NDArray[np.float32] = np.divide(np.array(values), np.repeat(np.array(lengths), every), dtype=np.float32)
        self._sizes = every[self.kept]
        self._ends = np.cumsum(self._sizes)

    def batch(self, start: int, end: int) -> "_Batch":
        """The kept examples from `start` to before `end`."""
        import numpy as np

        sizes = self._sizes[start:end]
        first = int(self._ends[start] - sizes[0])
        inside = slice(first, first + int(sizes.sum()))
        columns, values = self._columns[inside], self._values[inside].reshape(-1, 1)
        order = np.argsort(columns, kind="stable")
        touched, begins = np.unique(columns[order], return_index=True)
        return _Batch(
            columns=columns,
            values=values,
            starts=np.concatenate(([0], np.cumsum(sizes)[:-1])),
            rows_by_column=np.repeat(np.arange(len(sizes)), sizes)[order],
            values_by_column=values[order],
            touched=touched,
            begins=begins,
        )


class _Batch(Struct, frozen=True):
    """Some examples as the arrays that a step needs."""

    columns: "NDArray[np.int64]"
    values: "NDArray[np.float32]"
    starts: "NDArray[np.int64]"
    """where in `columns` each example begins"""
    rows_by_column: "NDArray[np.int64]"
    """the example of each value, in the order of columns"""
    values_by_column: "NDArray[np.float32]"
    touched: "NDArray[np.int64]"
    """the columns that occur"""
    begins: "NDArray[np.int64]"
    """where in `values_by_column` each of them begins"""


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


def _order(size: int) -> list[int]:
    """The numbers below `size`, neighbours far apart: examples of one label stand together, which would spoil a batch."""
    return [at * _STRIDE % size for at in range(size)] if size % _STRIDE else list(range(size))


def _length(values: Iterable[float]) -> float:
    """What the values are divided by, so that long texts count as much as others; short ones stay small, for they say little."""
    return math.sqrt(max(_SHORT, sum([value * value for value in values])))
