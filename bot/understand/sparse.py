"""Examples as arrays: what learning goes through again and again. It needs numpy, which is imported where it is used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING

from bot.understand.model import checksum_of, length_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RAREST = 2
"""Examples that must have a feature for it to count, where there are more than _FEW examples."""
_FEW = 1000

_STRIDE = 7919
"""A prime: examples are taken in steps of it, so that neighbours of one label do not come together."""


class Rows:
    """The examples of which some feature counts, one after the other."""

    def __init__(self, examples: Sequence[Mapping[str, float]], shortest: float = 0.0) -> None:
        """shortest: as in Model."""
        import numpy as np

        seen = Counter(chain.from_iterable(examples))
        rarest = _RAREST if len(examples) > _FEW else 1
        kept = sorted(feature for feature, count in seen.items() if count >= rarest)
        numbers = {checksum: number for number, checksum in enumerate(dict.fromkeys(map(checksum_of, kept)))}
        self.checksums = list(numbers)
        """of the features, each with the number of its place; two features that share a checksum share a place"""
        place_of = {feature: numbers[checksum_of(feature)] for feature in kept}
        order = in_turn(len(examples))
        ordered = [examples[at] for at in order]
        lengths = [length_of(example.values(), shortest) if shortest else 1.0 for example in ordered]
        own = np.array([len(example) for example in ordered])
        of_row = np.repeat(np.arange(len(ordered)), own)
        found = map(place_of.get, chain.from_iterable(ordered), repeat(-1))
        places = np.fromiter(found, dtype=np.int64, count=len(of_row))
        values = np.fromiter(chain.from_iterable(e.values() for e in ordered), dtype=np.float64, count=len(of_row))
        counts = places >= 0
        every = np.bincount(of_row[counts], minlength=len(ordered))
        self.kept: NDArray[np.int64] = np.array(order)[np.flatnonzero(every)]
        """the number of each example"""
        self.sizes: NDArray[np.int64] = every[every > 0]
        """how many features of it count"""
        self.ends: NDArray[np.int64] = np.cumsum(self.sizes)
        """where it ends in `columns` and `values`"""
        self.columns: NDArray[np.int64] = places[counts]
        self.values: NDArray[np.float32] = (values[counts] / np.array(lengths)[of_row[counts]]).astype(np.float32)


def in_turn(size: int) -> list[int]:
    """The numbers below `size`, neighbours far apart: examples of one label stand together, which would spoil what is learned."""
    return [at * _STRIDE % size for at in range(size)] if size % _STRIDE else list(range(size))
