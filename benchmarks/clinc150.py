"""How well questions are told apart on CLINC150: 150 intents, and questions that are none of them.

usage: python -m benchmarks.clinc150 --data DIR [--validation] [--systems NAME …] [--sample N] [--minutes N] [--gigabytes N]

Every system learns from the 15,000 questions of the training split; thresholds come from the validation split and its 100
questions out of scope. The figures are those of the test split, which is for the one run after everything was chosen:
`--validation` leaves it alone. It wants clinc150_full.jsonl.gz in DIR.
The peers: python -m pip install -r benchmarks/requirements.txt
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ranking.data import read_set
from benchmarks.ranking.public import Setting, run


def settings(data: Path, test: bool) -> list[Setting]:
    """The one setting of the set."""
    splits = read_set(data / "clinc150_full.jsonl.gz")
    asked = [*splits["test"], *splits["oos_test"]] if test else []
    return [Setting("full", splits["train"], [*splits["val"], *splits["oos_val"]], asked)]


def main(argv: Sequence[str] | None = None) -> int:
    return run("clinc150", __doc__ or "", settings, argv)


if __name__ == "__main__":
    sys.exit(main())
