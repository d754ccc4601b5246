"""How well questions are told apart on BANKING77: 77 intents of one bank, with all examples, ten and five of each.

usage: python -m benchmarks.banking77 --data DIR [--validation] [--systems NAME …] [--only SETTING …] [--sample N]

The set has no validation split: one in ten of the training questions is that, and the system that gives the threshold does not
learn from it. The figures are those of the test split, which is for the one run after everything was chosen: `--validation`
leaves it alone. It wants banking77.jsonl.gz in DIR.
The peers: python -m pip install -r benchmarks/requirements.txt
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ranking.data import held_out, read_set
from benchmarks.ranking.public import Setting, run

_EVERY = 10
"""One in so many training questions is for validation."""

SHOTS = {"full": "train", "10-shot": "train_10", "5-shot": "train_5"}


def settings(data: Path, test: bool) -> list[Setting]:
    """Each number of examples, with the same questions asked."""
    splits = read_set(data / "banking77.jsonl.gz")
    few = {example.text for name in ("train_10", "train_5") for example in splits[name]}
    kept, validation = held_out([example for example in splits["train"] if example.text not in few], _EVERY)
    train = [*kept, *(example for example in splits["train"] if example.text in few)]
    asked = splits["test"] if test else []
    return [
        Setting(name, train, validation, asked, whole=splits["train"])
        if split == "train"
        else Setting(name, splits[split], validation, asked)
        for name, split in SHOTS.items()
    ]


def main(argv: Sequence[str] | None = None) -> int:
    return run("banking77", __doc__ or "", settings, argv)


if __name__ == "__main__":
    sys.exit(main())
