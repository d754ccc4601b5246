"""A pack in a temporary folder, and what is wrong with it as its author reads it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.errors import PackError
from bot.pack.load import read

ABOUT = """\
pack:
  title: Tea
  notice: Ask a gardener.
  greeting: Hello.
  source: {title: The tea book, publisher: Leaf Press}
"""

Files = Mapping[str, str | bytes]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Files], Path]:
    """Write files into `my`, a folder that stands where one works, and give that folder."""
    monkeypatch.chdir(tmp_path)

    def write(files: Files) -> Path:
        folder = Path("my")
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


@pytest.fixture
def faults(write: Callable[[Files], Path]) -> Callable[[str | Files], list[str]]:
    """The faults of a pack, given as its files, or as `a.yaml` beside a `pack.yaml` that is in order."""

    def faults(files: str | Files) -> list[str]:
        folder = write({"pack.yaml": ABOUT, "a.yaml": files} if isinstance(files, str) else files)
        try:
            return [str(fault) for fault in read(folder)[1]]
        except PackError as error:
            return str(error).splitlines()

    return faults
