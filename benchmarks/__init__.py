"""Figures about the bot: how right, how fast. Run each as `python -m benchmarks.NAME` from the top folder."""

import sys
from importlib.util import find_spec

_NEEDED = ("msgspec", "rapidfuzz", "yaml", "Stemmer", "prompt_toolkit")

if _missing := [name for name in _NEEDED if find_spec(name) is None]:  # said here, before anything below fails to import
    print(f"cannot run: {sys.executable} lacks {', '.join(_missing)}: python -m pip install '.[test]'", file=sys.stderr)
    raise SystemExit(2)
