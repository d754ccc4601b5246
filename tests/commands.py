"""`faqbot` run in this process, in a folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.packs import write_bakery

Run = Callable[..., tuple[int, str, str]]


def in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, *, bakery: bool = True) -> None:
    """Work in `folder` from now on, which holds the pack `bakery` and every cache, and where nobody keeps a log."""
    if bakery:
        (folder / "bakery").mkdir()
        write_bakery(folder / "bakery")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FAQBOT_CACHE", str(folder / "cache"))
    monkeypatch.delenv("FAQBOT_LOG", raising=False)
    monkeypatch.delenv("FAQBOT_LOG_DAYS", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of one command."""
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err
