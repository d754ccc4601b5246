"""Make `bot/language/words.txt` from the SCOWL word lists (Debian package `scowl`).

usage: python benchmarks/make_words.py [--scowl /usr/share/dict/scowl] [--out bot/language/words.txt]

Each line is `word band`, sorted by byte; the band (10 very common .. 60 rare) is SCOWL's size class. Names of people and
places are written in lower case with band 99.
"""

import argparse
import re
from pathlib import Path

BANDS = (10, 20, 35, 40, 50, 55, 60)
DIALECTS = ("english", "american", "british", "british_z", "canadian", "australian")
WORD = re.compile(r"[a-z]{2,20}\Z")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scowl", type=Path, default=Path("/usr/share/dict/scowl"))
    parser.add_argument("--out", type=Path, default=Path("bot/language/words.txt"))
    args = parser.parse_args()
    bands: dict[str, int] = {}
    for band in BANDS:
        for dialect in DIALECTS:
            path = args.scowl / f"{dialect}-words.{band}"
            if path.exists():
                for word in path.read_text(encoding="iso-8859-1").split():
                    if WORD.match(word):
                        bands.setdefault(word, band)
    for list_ in ("upper", "proper-names"):
        for dialect in DIALECTS:
            for path in sorted(args.scowl.glob(f"{dialect}-{list_}.[3-5]*")):
                for word in path.read_text(encoding="iso-8859-1").lower().split():
                    if WORD.match(word):
                        bands.setdefault(word, 99)
    lines = [f"{word} {band}\n" for word, band in sorted(bands.items())]
    args.out.write_text("".join(lines), encoding="ascii")
    print(f"{len(lines)} words -> {args.out}")


if __name__ == "__main__":
    main()
