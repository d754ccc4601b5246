"""Files in a folder of their own, and packs made of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.exchange.importing import Imported, import_files
from bot.pack.format import Pack
from bot.pack.load import load

Import = Callable[..., Imported]


@pytest.fixture
def import_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Write files into the folder where one works, and import them to the pack `my`."""
    monkeypatch.chdir(tmp_path)

    def import_(files: dict[str, str | bytes], **options: Any) -> Imported:
        for name, content in files.items():
            Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_files([Path(name) for name in files], Path("my"), **options)

    return import_


def entries(pack: Pack) -> dict[str, tuple[str, str | None, list[str]]]:
    """Entry -> its question, its answer, and the other ways to ask it."""
    return {str(id_): (str(e.question), e.answer, [*e.phrasings, *e.confirms, *e.denies]) for id_, e in pack.entries.items()}


def held() -> dict[str, tuple[str, str | None, list[str]]]:
    """What the pack `my` holds."""
    return entries(load(Path("my")))
