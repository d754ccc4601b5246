"""Learning from examples which of many labels a text bears, each told from all others by itself.

One linear support vector machine for each label, with squared hinge loss, learned by dual coordinate descent (Hsieh, Chang, Lin,
Keerthi and Sundararajan 2008), all labels at once. Of many alike labels it ranks the right one first more often than a model that
learns all of them together. Training needs numpy and happens when a pack is compiled.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.understand.model import NOTHING, Model, packed
from bot.understand.sparse import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPOCHS = 8
_LEAST_STEPS = 12_000
"""Few examples are gone through more often, but no more than _MOST_EPOCHS times."""
_MOST_EPOCHS = 20

_COST = 1.0
"""What an error costs, beside the length of the weights."""

_SHARP = 2.5
"""A label whose margin is 1 is e to the power of this times as likely as one on the border."""

_LABELS = 150
"""With fewer labels, what fits none of them is as likely as though there were so many, the rest on the wrong side by a margin
of 1: labels that are told from nothing but a few others say little about the rest of the world."""

_LEAST_WEIGHT = 5
"""Features of which no weight reaches so many steps are left out."""


def learn_margins(examples: Sequence[Mapping[str, float]], labels: Sequence[str]) -> Model:
    """A model of `examples`, each feature -> value, of which each bears the label at its place. The same for the same input.

    Values count as they are: vectors should be about as long as each other. Its probabilities leave something for none of the
    labels, and need a fit of their own.
    """
    if len(set(labels)) < 2:
        return NOTHING
    import numpy as np

    names = tuple(sorted(set(labels)))
    rows = Rows(examples)
    place = {name: number for number, name in enumerate(names)}
    targets = [place[labels[at]] for at in rows.kept]
    weights, bias = _descended(rows, targets, len(names))
    others = 1.0 + max(0, _LABELS - len(names)) * math.exp(-_SHARP)
    return packed(
        names, rows.checksums, weights * np.float32(_SHARP), _LEAST_WEIGHT, bias=(bias * _SHARP).tolist(), others=others
    )


def _descended(rows: Rows, targets: Sequence[int], size: int) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """The weights, of shape (features, labels), and what each label starts from."""
    import numpy as np

    weights = np.zeros((len(rows.checksums), size), dtype=np.float32)
    bias = np.zeros(size, dtype=np.float32)
    duals = np.zeros((len(targets), size), dtype=np.float32)
    starts = rows.ends - rows.sizes
    squares = np.add.reduceat(rows.values * rows.values, starts) + 1.0
    epochs = max(_EPOCHS, min(_MOST_EPOCHS, _LEAST_STEPS // len(targets)))
    softness = np.float32(1 / (2 * _COST))
    chance = np.random.default_rng(0)  # another order each time: it gets there sooner
    for _ in range(epochs):
        for at in chance.permutation(len(targets)):
            target = targets[at]
            inside = slice(starts[at], rows.ends[at])
            columns, values = rows.columns[inside], rows.values[inside]
            own = weights[columns]
            sums = values @ own + bias
            np.negative(sums, out=sums)
            sums[target] = -sums[target]  # how far each label is on the right side
            dual = duals[at]
            changed = np.maximum(dual - (sums - 1 + dual * softness) / (squares[at] + softness), 0)
            step = dual - changed
            step[target] = -step[target]
            duals[at] = changed
            weights[columns] = own + values[:, None] * step
            bias += step
    return weights, bias
