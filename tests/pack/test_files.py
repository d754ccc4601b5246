import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import Engine, PackError
from bot.pack.files import pack_files, shipped_pack
from bot.pack.load import load
from tests.pack.conftest import ABOUT, Files

Write = Callable[[Files], Path]


def test_the_files_of_a_pack_are_those_of_its_folder_sorted_by_name(write: Write) -> None:
    folder = write({"b.yaml": "", "a.yml": "", ".hidden.yaml": "", "notes.txt": "", "c.yaml.bak": ""})
    (folder / "deeper").mkdir()
    (folder / "deeper" / "d.yaml").touch()
    assert pack_files(folder) == [Path("my/a.yml"), Path("my/b.yaml")]


def test_tables_stand_beside_the_yaml(write: Write) -> None:
    folder = write({"b.yaml": "", "a.csv": "", "c.tsv": "", "D.JSONL": "", "e.ndjson": "", "f.xlsx": ""})
    assert [path.name for path in pack_files(folder)] == ["D.JSONL", "a.csv", "b.yaml", "c.tsv", "e.ndjson"]


def test_there_is_no_such_folder(write: Write) -> None:
    write({})
    with pytest.raises(PackError) as raised:
        load(Path("mine"))
    assert str(raised.value) == "mine: there is no such folder"


def test_a_file_instead_of_a_folder(write: Write) -> None:
    with pytest.raises(PackError) as raised:
        load(write({"pack.yaml": ABOUT}) / "pack.yaml")
    assert str(raised.value) == "my/pack.yaml: a pack is a folder of YAML files, and this is a file"


def test_a_name_that_no_folder_can_have() -> None:
    with pytest.raises(PackError) as raised:
        load(Path("x" * 300))
    assert str(raised.value) == f"{'x' * 300}: cannot be read: File name too long"


def test_the_engine_has_the_same_word_for_it(write: Write) -> None:
    write({})
    with pytest.raises(PackError) as raised:
        Engine.load("my")
    assert str(raised.value) == "my: holds no .yaml file: `faqbot init` makes a pack to start from"


def test_an_unreadable_folder(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> list[Path]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    folder = write({"pack.yaml": ABOUT})
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(PackError) as raised:
        load(folder)
    assert str(raised.value) == "my: cannot be read: Permission denied"


@pytest.mark.parametrize("files", [{}, {"notes.txt": "tea"}, {".hidden.yaml": "rules: {}"}, {"a.csv": "question"}])
def test_a_folder_without_yaml(write: Write, files: Files) -> None:
    with pytest.raises(PackError) as raised:
        load(write(files))
    assert str(raised.value) == "my: holds no .yaml file: `faqbot init` makes a pack to start from"


def test_the_shipped_pack_is_found() -> None:
    assert "pack.yaml" in [path.name for path in pack_files(shipped_pack())]
