"""Questions with the intent of each: public sets, parts of them, and the same questions with a slip in each."""

import csv
import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.machine import stop

LEAST_WORD = 4
"""Letters of a word in which people slip."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)}
"""Letter -> the letters beside it on a keyboard"""


class Example(Struct, frozen=True):
    """One question, and what it asks for."""

    text: str
    label: str | None
    """the intent; None when it is out of scope"""


class _Row(Struct):
    split: str
    text: str
    label: str | None


def read_set(path: Path) -> dict[str, list[Example]]:
    """The splits of a set: gzipped JSON lines of `split`, `text` and `label`. Ends the benchmark when it cannot be read."""
    splits: dict[str, list[Example]] = {}
    decoder = msgspec.json.Decoder(_Row)
    try:
        with gzip.open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = decoder.decode(line)
                except msgspec.MsgspecError as error:
                    stop(f"{path}:{number}: {error}")
                splits.setdefault(row.split, []).append(Example(row.text, row.label))
    except (OSError, EOFError) as error:
        stop(f"{path}: {getattr(error, 'strerror', None) or error}; --data names the folder that holds it")
    return splits


def sampled(examples: Sequence[Example], intents: int | None) -> list[Example]:
    """Those of so many intents, spread evenly over their names, and all that are out of scope. None: all of them."""
    labels = sorted({example.label for example in examples if example.label is not None})
    if intents is None or intents >= len(labels):
        return list(examples)
    kept = {labels[at * len(labels) // intents] for at in range(intents)}
    return [example for example in examples if example.label is None or example.label in kept]


def held_out(examples: Sequence[Example], every: int) -> tuple[list[Example], list[Example]]:
    """Examples in two parts: those to learn from, and one in `every` of each intent, which are not."""
    seen: dict[str | None, int] = {}
    kept: list[Example] = []
    out: list[Example] = []
    for example in examples:
        seen[example.label] = seen.get(example.label, 0) + 1
        (out if seen[example.label] % every == 0 else kept).append(example)
    return kept, out


def with_slips(examples: Iterable[Example], seed: int = 1) -> list[Example]:
    """The same questions with one slip of the keyboard in each; those without a word of LEAST_WORD letters stay as they are."""
    random = Random(seed)
    return [replace(example, text=slip(example.text, random)) for example in examples]


def slip(text: str, random: Random) -> str:
    """`text` with a letter replaced by its neighbour, left out, doubled, or in the place of the next."""
    words = text.split(" ")
    places = [at for at, word in enumerate(words) if len(word) >= LEAST_WORD and word.isascii() and word.isalpha()]
    if not places:
        return text
    at = random.choice(places)
    word = words[at]
    letter = random.randrange(len(word))
    kinds = ["neighbour", "left out", "doubled"]
    if letter + 1 < len(word) and word[letter] != word[letter + 1]:
        kinds.append("swapped")
    kind = random.choice(kinds)
    if kind == "neighbour":
        changed = random.choice(_NEIGHBOURS[word[letter].lower()])
        words[at] = word[:letter] + changed + word[letter + 1 :]
    elif kind == "left out":
        words[at] = word[:letter] + word[letter + 1 :]
    elif kind == "doubled":
        words[at] = word[: letter + 1] + word[letter:]
    else:
        words[at] = word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :]
    return " ".join(words)


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Write them as the CSV that `faqbot import` takes, without those that are out of scope; how many there are."""
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["intent", "question"])
        for example in examples:
            if example.label is not None:
                writer.writerow([example.label, example.text])
                number += 1
    return number


def read_examples(path: Path) -> list[Example]:
    """What `write_examples` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Example(row["question"], row["intent"]) for row in csv.DictReader(file)]
