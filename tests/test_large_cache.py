"""Large packs in the cache: a folder that is there whole or not at all, and made again when it is not."""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.ranking.synthetic import entries
from bot.cache import cache_folder, key_of
from bot.compiled import compile_pack
from bot.engine import Engine
from bot.pack.entries import EntryTable
from bot.pack.files import pack_files
from bot.pack.format import Entry
from bot.pack.load import load
from tests.large import every_pack_is_large
from tests.test_cli import Run, faqbot

__all__ = ["faqbot"]

ABOUT = "pack: {title: Shop, greeting: Hello., notice: None., source: {title: Handbook, publisher: Shop}}\n"
QUESTION = "can you repair my torn saw from Lyon"
ANSWER = "Noted: repair-torn-saw-lyon."
ROOT = Path(__file__).parents[1]


def written(folder: Path, number: int) -> Path:
    """A pack of so many entries in a table beside its YAML."""
    folder.mkdir()
    (folder / "pack.yaml").write_text(ABOUT, encoding="utf-8")
    rows = [
        {"intent": id_, "question": texts[0], "phrasings": texts[1:], "answer": f"Noted: {id_}.", "section": "Shop"}
        for id_, texts in entries(number)
    ]
    (folder / "entries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A pack that counts as large, and an empty cache and folder for temporary files beside it."""
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with every_pack_is_large():
        yield written(tmp_path / "shop", 20)


def kept(pack: Path) -> Path:
    """The folder of the compiled pack."""
    return cache_folder() / f"{key_of(pack_files(pack))}.pack"


def left(pack: Path) -> list[Path]:
    """What lies in the folder for temporary files."""
    return list((pack.parent / "temporary").iterdir())


def answer(pack: Path) -> str:
    return Engine.load(pack).ask(QUESTION).text


def test_a_large_pack_is_kept_and_opened_from_there(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(pack) == ANSWER
    assert list(cache_folder().iterdir()) == [kept(pack)]
    assert kept(pack).stat().st_mode & 0o077 == 0
    assert left(pack) == []
    monkeypatch.setattr("bot.engine.compile_pack", None)
    assert answer(pack) == ANSWER


def test_to_open_it_and_to_answer_few_entries_are_read(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(pack)
    decoded, read = EntryTable._read, list[int]()

    def noted(table: EntryTable, number: int) -> Entry:
        read.append(number)
        return decoded(table, number)

    monkeypatch.setattr(EntryTable, "__iter__", None)
    monkeypatch.setattr(EntryTable, "_read", noted)
    assert answer(pack) == ANSWER
    assert len(read) < 5


def test_it_can_be_moved_with_its_cache(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(pack)
    cache_folder().rename(tmp_path / "elsewhere")
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "elsewhere"))
    monkeypatch.setattr("bot.engine.compile_pack", None)
    assert answer(pack) == ANSWER


def test_without_a_cache_nothing_is_left_behind(pack: Path) -> None:
    engine = Engine.load(pack, cache=False)
    assert engine.ask(QUESTION).text == ANSWER
    assert len(left(pack)) == 1
    del engine
    gc.collect()
    assert left(pack) == []
    assert not cache_folder().exists()


def turned(data: bytes) -> bytes:
    """`data` with the bits of a byte in its middle turned round."""
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "one byte more": lambda data: data + b"\x00",
    "a byte turned": turned,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["compiled", "entries", "phrasings", "files", "search/meta.json", "search/*.idx"])
def test_a_damaged_one_is_made_again_in_silence(pack: Path, name: str, damage: str, capfd: pytest.CaptureFixture[str]) -> None:
    answer(pack)
    (file,) = kept(pack).glob(name)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    damaged = file.read_bytes()
    assert answer(pack) == ANSWER
    assert [path.read_bytes() for path in kept(pack).glob(name)] != [damaged]
    assert list(cache_folder().iterdir()) == [kept(pack)]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["compiled", "entries", "phrasings", "files", "search/meta.json"])
def test_nor_is_one_used_of_which_a_file_is_gone(pack: Path, name: str) -> None:
    answer(pack)
    (kept(pack) / name).unlink()
    assert answer(pack) == ANSWER
    assert (kept(pack) / name).exists()


def test_a_file_that_was_touched_and_is_the_same_is_used(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(pack)
    for path in kept(pack).rglob("*"):
        os.utime(path, (1, 1))
    monkeypatch.setattr("bot.engine.compile_pack", None)
    assert answer(pack) == ANSWER


def test_a_file_stands_where_the_folder_should(pack: Path) -> None:
    cache_folder().mkdir()
    kept(pack).write_bytes(b"something else")
    assert answer(pack) == ANSWER
    assert kept(pack).is_dir()


def test_a_cache_that_cannot_be_written_is_done_without(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_CACHE", str(pack / "pack.yaml" / "deeper"))
    engine = Engine.load(pack)
    assert engine.ask(QUESTION).text == ANSWER
    del engine
    gc.collect()
    assert left(pack) == []


def test_a_disk_that_is_full_while_it_is_kept(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.shelf.shutil.copytree", full)
    assert answer(pack) == ANSWER
    assert list(cache_folder().iterdir()) == []


def test_what_a_dead_process_left_goes_after_a_day(pack: Path) -> None:
    cache_folder().mkdir()
    for name, age in (("old.part", 0), ("new.part", None)):
        (cache_folder() / name / "search").mkdir(parents=True)
        if age is not None:
            os.utime(cache_folder() / name, (age, age))
    answer(pack)
    assert sorted(cache_folder().iterdir()) == sorted([kept(pack), cache_folder() / "new.part"])


def test_of_large_packs_the_newest_few_are_kept(pack: Path) -> None:
    for number in range(5):
        (cache_folder() / f"{number:032x}.pack").mkdir(parents=True)
        os.utime(cache_folder() / f"{number:032x}.pack", (number, number))
    answer(pack)
    assert len(list(cache_folder().iterdir())) == 3
    assert kept(pack).is_dir()


def test_a_changed_table_is_another_pack(pack: Path) -> None:
    assert answer(pack) == ANSWER
    table = pack / "entries.jsonl"
    modified = table.stat()
    table.write_text(table.read_text(encoding="utf-8").replace("Noted", "Known"), encoding="utf-8")
    os.utime(table, ns=(modified.st_atime_ns, modified.st_mtime_ns))
    assert answer(pack) == "Known: repair-torn-saw-lyon."


def test_an_engine_goes_on_when_its_folder_is_removed(pack: Path) -> None:
    engine = Engine.load(pack)
    for path in sorted(kept(pack).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert engine.ask(QUESTION).text == ANSWER


# ---- processes --------------------------------------------------------------------------------------------------------------

SCRIPT = """
import sys
from bot import Engine
from bot.understand import large
large.MOST_LEARNED = 0
print(Engine.load(sys.argv[1]).ask(sys.argv[2]).text)
"""


def started(pack: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", SCRIPT, str(pack), QUESTION]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(pack.parent / "temporary")}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_several_processes_at_once(pack: Path) -> None:
    runs = [started(pack) for _ in range(3)]
    assert [run.communicate(timeout=120) for run in runs] == [(f"{ANSWER}\n", "")] * 3
    assert list(cache_folder().iterdir()) == [kept(pack)]
    assert left(pack) == []


def test_an_interrupted_one_leaves_nothing_behind(pack: Path) -> None:
    (pack / "entries.jsonl").unlink()
    (pack / "pack.yaml").unlink()
    pack.rmdir()
    run = started(written(pack, 4_000))
    while not left(pack):
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=120)
    assert "KeyboardInterrupt" in told
    assert left(pack) == []
    assert not cache_folder().exists() or list(cache_folder().iterdir()) == []


# ---- without the search index ------------------------------------------------------------------------------------------------


def test_without_the_search_index_the_command_to_install_it_is_told(faqbot: Run, tmp_path: Path) -> None:
    written(tmp_path / "shop", 1_100)
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "tantivy.py").write_text("raise ImportError('not installed')", encoding="utf-8")
    done = faqbot("ask", "--pack", "shop", QUESTION, PYTHONPATH=f"{tmp_path / 'hidden'}{os.pathsep}{ROOT}")
    told = "faqbot: error: so large a pack needs a search index: python -m pip install 'faqbot[large]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert faqbot("check", "shop").stdout == "shop: no faults\n"


def test_a_small_pack_needs_none(tmp_path: Path) -> None:
    code = "import sys; from bot import Engine; Engine.load(sys.argv[1], cache=False).ask('hello'); print(*sys.modules)"
    folder = written(tmp_path / "shop", 20)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAQBOT_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", code.replace(", cache=False", ""), str(folder)]
    for _ in range(2):  # the second time from the cache
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) & {"tantivy", "bot.understand.large", "bot.inplace", "bot.shelf", "bot.pack.entries"} == set()


def test_what_is_compiled_without_a_cache_answers_too(pack: Path) -> None:
    assert Engine(compile_pack(load(pack))).ask(QUESTION).text == ANSWER
