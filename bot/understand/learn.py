"""Learning from examples how likely a text bears each of a few labels.

Softmax (multinomial logistic) regression over sparse features, trained by minibatches with AdaGrad steps (Duchi, Hazan and Singer
2011). Training needs numpy and happens when a pack is compiled.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.understand.model import NOTHING, Model, packed
from bot.understand.sparse import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPOCHS = 4
_LEAST_STEPS = 120
"""Few examples are gone through more often."""
_BATCH = 128
_ORDERS = 4
"""The examples are gone through in so many orders, each from the start, and the weights are the mean: of one order alone they are
as they fall, and one more example would turn what others say."""
_RATE = 0.6

_SHORTEST = 4.0
"""Texts of shorter vectors weigh less: they say little."""

_LEAST_WEIGHT = 14
"""Features of which no weight reaches so many steps are left out."""


def learn(
    examples: Sequence[Mapping[str, float]],
    labels: Sequence[str],
    worth: Sequence[float] = (),
    *,
    least_weight: int = _LEAST_WEIGHT,
    orders: int = _ORDERS,
) -> Model:
    """A model of `examples`, each feature -> value, of which each bears the label at its place. The same for the same input.

    worth: how much each example counts; 1 for all when left out.
    least_weight: features of which no weight reaches so many steps (1 to 127) are left out.
    orders: in how many orders the examples are gone through; more of them make the model depend less on each example.
    """
    if len(set(labels)) < 2:
        return NOTHING
    import numpy as np  # only to learn: it takes longer to import than a question to answer

    names = tuple(sorted(set(labels)))
    rows = Rows(examples, _SHORTEST)
    targets = np.array([names.index(labels[at]) for at in rows.kept])
    counts = np.array([worth[at] if worth else 1.0 for at in rows.kept], dtype=np.float32)
    weights = np.zeros((len(rows.checksums), len(names)), dtype=np.float32)
    for seed in range(orders):
        weights += _learned(rows, targets, counts, len(names), seed) / orders
    return packed(names, rows.checksums, weights, least_weight, shortest=_SHORTEST)


def _learned(
    rows: Rows, targets: "NDArray[np.int64]", counts: "NDArray[np.float32]", size: int, seed: int
) -> "NDArray[np.float32]":
    """The weights, of shape (features, labels), by going through the examples in one order."""
    import numpy as np

    order = np.random.default_rng(seed).permutation(len(targets))
    chosen = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    batches = [(_batch(rows, inside), targets[inside], counts[inside, None]) for inside in chosen]
    weights = np.zeros((len(rows.checksums), size), dtype=np.float32)
    squares = np.full(weights.shape, 1e-8, dtype=np.float32)
    for _ in range(max(_EPOCHS, _LEAST_STEPS // len(batches))):
        for batch, target, count in batches:
            scores = np.add.reduceat(weights[batch.columns] * batch.values, batch.starts, axis=0)
            scores -= scores.max(axis=1, keepdims=True)
            shares = np.exp(scores)
            shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(target)), target] -= 1.0
            shares *= count
            slope = np.add.reduceat(shares[batch.rows_by_column] * batch.values_by_column, batch.begins, axis=0)
            squares[batch.touched] += slope * slope
            weights[batch.touched] -= _RATE * slope / np.sqrt(squares[batch.touched])
    return weights


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


def _batch(rows: Rows, chosen: "NDArray[np.int64]") -> _Batch:
    """The examples of these numbers."""
    import numpy as np

    sizes = rows.sizes[chosen]
    starts = np.cumsum(sizes) - sizes
    inside = np.repeat(rows.ends[chosen] - sizes - starts, sizes) + np.arange(sizes.sum())
    columns, values = rows.columns[inside], rows.values[inside].reshape(-1, 1)
    order = np.argsort(columns, kind="stable")
    touched, begins = np.unique(columns[order], return_index=True)
    return _Batch(
        columns=columns,
        values=values,
        starts=starts,
        rows_by_column=np.repeat(np.arange(len(sizes)), sizes)[order],
        values_by_column=values[order],
        touched=touched,
        begins=begins,
    )
