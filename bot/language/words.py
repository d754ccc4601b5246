"""The English dictionary: is this a word, and how common is it?"""

import mmap
from functools import lru_cache
from pathlib import Path

PATH = Path(__file__).with_name("words.txt")

RAREST = 60
"""The band of the rarest words that the dictionary holds."""

NAME = 99
"""The band of names of people and places."""


@lru_cache(maxsize=1)
def _lines() -> mmap.mmap:
    with PATH.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(maxsize=4096)
def band(word: str) -> int | None:
    """How rare `word` is, from 10 (very common) to 60 (rare), NAME for a name; None when the dictionary does not hold it.

    The file is read in place: sorted lines `word band`, found by bisection.
    """
    if not word.isascii():
        return None
    lines, key = _lines(), word.encode() + b" "
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.find(b"\n", start)
        line = lines[start:end]
        if line.startswith(key):
            return int(line[len(key) :])
        if line < key:
            low = end + 1
        else:
            high = start
    return None
