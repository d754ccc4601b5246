"""Learning from examples: which of a few labels a text bears.

Softmax (multinomial logistic) regression over sparse features, trained by minibatches with AdaGrad steps (Duchi, Hazan and Singer
2011). Training needs numpy and happens when a pack is compiled; telling needs nothing but the weights.
"""

import math
import sys
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

_EPOCHS = 8
_LEAST_STEPS = 120
"""Few examples are gone through more often."""
_BATCH = 128
_RATE = 0.35

_SHORT = 16.0
"""Texts of fewer features than this weigh less."""

_RAREST = 2
"""Examples that must have a feature for it to count, where there are more than _FEW examples."""
_FEW = 1000

_STEPS = 127
"""Weights are kept as whole numbers of -127..127 times one scale, as bytes of which _ZERO is 0."""
_ZERO = 128

_LANE = array("I").itemsize
_FINE = 16
"""Values of features are counted in sixteenths."""

_STRIDE = 7919
"""A prime: examples are taken in steps of it, so that neighbours of one label do not come together."""


class Model(Struct, frozen=True):
    """Weights of some labels."""

    labels: tuple[str, ...]
    scale: float
    weights: dict[str, bytes]
    """feature -> a byte for each label; less _ZERO, times `scale`, it is the weight"""

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """label -> probability, 0..1, together 1; `features` as those that were learned from, values of 0 to 15."""
        total = 0
        for feature, value in features.items():
            row = self.weights.get(feature)
            if row is not None:
                total += round(value * _FINE) * _lanes(row)
        scores = array("I")
        scores.frombytes(total.to_bytes(len(self.labels) * _LANE, sys.byteorder))
        scale = self.scale / _FINE / _length(features)
        most = max(scores, default=0)
        shares = [math.exp((score - most) * scale) for score in scores]
        whole = sum(shares)
        return {label: share / whole for label, share in zip(self.labels, shares, strict=True)}


@lru_cache(maxsize=32768)
def _lanes(row: bytes) -> int:
    """The bytes of `row` as one whole number with _LANE bytes for each, so that rows are added up in one go."""
    return int.from_bytes(array("I", list(row)).tobytes(), sys.byteorder)


NOTHING = Model(labels=(), scale=1.0, weights={})
"""What is learned from no examples."""


def learn(examples: Sequence[Mapping[str, float]], labels: Sequence[str]) -> Model:
    """A model of `examples`, each feature -> value, of which each bears the label at its place. The same for the same input."""
    if len(set(labels)) < 2:
        return NOTHING
    import numpy as np  # only to learn: it takes longer to import than a question to answer

    names = tuple(sorted(set(labels)))
    numbers = _numbered(examples)
    kept = [at for at in _order(len(examples)) if any(feature in numbers for feature in examples[at])]
    weights = np.zeros((len(numbers), len(names)), dtype=np.float32)
    squares = np.full((len(numbers), len(names)), 1e-8, dtype=np.float32)
    batches = [_Batch([examples[at] for at in kept[n : n + _BATCH]], numbers) for n in range(0, len(kept), _BATCH)]
    targets = [np.array([names.index(labels[at]) for at in kept[n : n + _BATCH]]) for n in range(0, len(kept), _BATCH)]
    for _ in range(max(_EPOCHS, _LEAST_STEPS // len(batches))):
        for batch, target in zip(batches, targets, strict=True):
            scores = np.add.reduceat(weights[batch.columns] * batch.values, batch.starts, axis=0)
            scores -= scores.max(axis=1, keepdims=True)
            shares = np.exp(scores)
            shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(target)), target] -= 1.0
            slope = np.add.reduceat(shares[batch.rows_by_column] * batch.values_by_column, batch.begins, axis=0)
            squares[batch.touched] += slope * slope
            weights[batch.touched] -= _RATE * slope / np.sqrt(squares[batch.touched])
    scale = float(np.abs(weights).max()) / _STEPS or 1.0
    whole = np.rint(weights / scale).astype(int)
    kept_rows = {f: bytes((whole[n] + _ZERO).tolist()) for f, n in numbers.items() if whole[n].any()}
    return Model(names, round(scale, 6), kept_rows)


class _Batch:
    """Some examples as the arrays that a step needs; made once and used in each round."""

    def __init__(self, examples: Sequence[Mapping[str, float]], numbers: Mapping[str, int]) -> None:
        import numpy as np

        known = [[(numbers[f], v / _length(example)) for f, v in example.items() if f in numbers] for example in examples]
        sizes = np.array([len(row) for row in known])
        self.columns = np.array([number for row in known for number, _ in row])
        self.values = np.array([value for row in known for _, value in row], dtype=np.float32)[:, None]
        self.starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        order = np.argsort(self.columns, kind="stable")
        self.rows_by_column = np.repeat(np.arange(len(known)), sizes)[order]
        self.values_by_column = self.values[order]
        self.touched, self.begins = np.unique(self.columns[order], return_index=True)


def _order(size: int) -> list[int]:
    """The numbers below `size`, neighbours far apart: examples of one label stand together, which would spoil a batch."""
    return [at * _STRIDE % size for at in range(size)] if size % _STRIDE else list(range(size))


def _numbered(examples: Sequence[Mapping[str, float]]) -> dict[str, int]:
    """The features that count, each with its number, in the order of their names."""
    seen: dict[str, int] = {}
    for example in examples:
        for feature in example:
            seen[feature] = seen.get(feature, 0) + 1
    rarest = _RAREST if len(examples) > _FEW else 1
    return {feature: number for number, feature in enumerate(sorted(f for f, n in seen.items() if n >= rarest))}


def _length(features: Mapping[str, float]) -> float:
    """What the values are divided by, so that long texts count as much as others; short ones stay small, for they say little."""
    return math.sqrt(max(_SHORT, sum(value * value for value in features.values())))
