"""Results as files: what was measured, by which command, where and when."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from benchmarks.machine import ROOT, describe

RESULTS = ROOT / "benchmarks" / "results"

PACKAGES = ("rapidfuzz", "bm25s", "PyStemmer", "tantivy", "scikit-learn", "numpy")


class Result(Struct, frozen=True, kw_only=True):
    """What one run of a benchmark found."""

    benchmark: str
    command: str
    """as it can be typed again; `DIR` stands for the folder of the data"""
    date: str
    machine: str
    versions: dict[str, str]
    protocol: list[str]
    """how it was measured, a sentence each"""
    split: str = ""
    """on which the figures were taken: `test` or `validation`; empty where there are no splits"""
    settings: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """setting -> system -> figures, or `failed`: why there are none"""


def result(
    benchmark: str, argv: Sequence[str], protocol: list[str], settings: Mapping[str, dict[str, dict[str, Any]]], split: str = ""
) -> Result:
    """`settings` with what a reader must know to believe them. The machine is that which runs this."""
    versions = {name: found for name in PACKAGES if (found := _version(name))}
    return Result(
        benchmark=benchmark,
        command=command_of(benchmark, argv),
        date=datetime.now(UTC).date().isoformat(),
        machine=describe(),
        versions=versions,
        protocol=protocol,
        split=split,
        settings=dict(settings),
    )


def command_of(benchmark: str, argv: Sequence[str]) -> str:
    """The command with these arguments, without the folders of this machine."""
    words = list(argv)
    for option in ("--data", "--out", "--work"):
        for at, word in enumerate(words):
            if word == option and at + 1 < len(words):
                words[at + 1] = "DIR"
            elif word.startswith(f"{option}="):
                words[at] = f"{option}=DIR"
    return " ".join([f"python -m benchmarks.{benchmark}", *words])


def write(found: Result, folder: Path) -> Path:
    """Write it into `folder`, whole or not at all; one file for each benchmark and split."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".".join(filter(None, (found.benchmark, "" if found.split in {"", "test"} else found.split, "json")))
    text = msgspec.json.format(msgspec.json.encode(rounded(msgspec.to_builtins(found))), indent=1)
    part = path.with_suffix(".part")
    try:
        part.write_bytes(text + b"\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def read(path: Path) -> Result:
    return msgspec.json.decode(path.read_bytes(), type=Result)


def rounded(value: Any) -> Any:
    """`value` with five significant digits: more would be noise."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {name: rounded(own) for name, own in value.items()}
    return [rounded(own) for own in value] if isinstance(value, list) else value


def arguments_of(argv: Sequence[str] | None) -> list[str]:
    return list(sys.argv[1:] if argv is None else argv)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
