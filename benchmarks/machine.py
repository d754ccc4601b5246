"""Where a figure was measured, and what a benchmark says when it cannot run."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import NoReturn

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "questions"

PACKAGES = ("rapidfuzz", "PyYAML", "prompt_toolkit", "msgspec", "PyStemmer")


def describe() -> str:
    """One line: the machine, its Python and the versions of what the bot is built on."""
    from bot import __version__

    found = [f"faqbot {__version__}", *(f"{name} {_version(name)}" for name in PACKAGES)]
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}; {', '.join(found)}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine() or "unknown processor"


def stop(message: str) -> NoReturn:
    """End the benchmark with a plain sentence and exit code 2."""
    print(f"cannot run: {message}", file=sys.stderr)
    raise SystemExit(2)


def milliseconds(seconds: list[float]) -> str:
    """The median of `seconds`, with the range in brackets."""
    return f"{median(seconds) * 1000:.1f} ms ({min(seconds) * 1000:.1f} to {max(seconds) * 1000:.1f})"
