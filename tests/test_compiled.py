"""The compiled pack and its cache: it can be lost, damaged or foreign, and nobody notices."""

import hashlib
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cache import cache_folder, key_of
from bot.compiled import Compiled, compile_pack, read_cache, write_cache
from bot.engine import Engine
from bot.pack.files import pack_files, shipped_pack
from bot.pack.load import load
from tests.packs import bakery, bakery_compiled, write_bakery

ROOT = Path(__file__).parents[1]
QUESTIONS = [
    "what is Rustino?",
    "does Kornelia contain nuts",
    "why does the crust crack?",
    "how do I toast Rustino",
    "hello",
    "the weather",
]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bakery in a folder, and an empty cache beside it."""
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "pack").mkdir()
    return write_bakery(tmp_path / "pack")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling costs nothing, for what it makes is at hand."""
    monkeypatch.setattr("bot.engine.compile_pack", lambda *_: bakery_compiled())


def cached(pack: Path) -> Path:
    """The file of the compiled pack."""
    return cache_folder() / f"{key_of(pack_files(pack))}.pack"


def replies(engine: Engine) -> list[dict[str, object]]:
    return [engine.ask(question).to_dict(trace=True) for question in QUESTIONS]


def test_a_pack_is_kept_and_gives_the_same_replies(pack: Path) -> None:
    assert read_cache(key_of(pack_files(pack))) is None
    first = replies(Engine.load(pack))
    assert list(cache_folder().iterdir()) == [cached(pack)]
    assert isinstance(read_cache(key_of(pack_files(pack))), Compiled)
    assert replies(Engine.load(pack)) == first == replies(bakery())


def test_the_cache_is_read_and_not_made_again(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Engine.load(pack)
    monkeypatch.setattr("bot.engine.compile_pack", None)
    assert Engine.load(pack).ask("what is proofing").text == "Proofing is the last rise of the dough."


@pytest.mark.usefixtures("quick")
def test_without_a_cache_nothing_is_written_or_read(pack: Path) -> None:
    Engine.load(pack, cache=False)
    assert not cache_folder().exists()
    write_cache(key_of(pack_files(pack)), bakery_compiled())
    cached(pack).write_bytes(b"damaged")
    assert Engine.load(pack, cache=False).ask("hello").kind == "chitchat"
    assert cached(pack).read_bytes() == b"damaged"


def signed(body: bytes, data: bytes) -> bytes:
    """`body` behind the right magic and digest, as a foreign program of the same make would write it."""
    magic = data[: data.index(b"\n") + 1]
    return magic + hashlib.sha256(body).digest() + body


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "garbage": lambda data: b"\x00\xff" * 5000,
    "truncated": lambda data: data[: len(data) // 2],
    "only the magic": lambda data: data[: data.index(b"\n") + 1],
    "only the head": lambda data: data[: data.index(b"\n") + 33],
    "one byte less": lambda data: data[:-1],
    "one byte more": lambda data: data + b"\x00",
    "one bit turned": lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
    "another magic": lambda data: b"X" + data[1:],
    "another version": lambda data: data.replace(b"-1\n", b"-0\n", 1),
    "another digest": lambda data: data[: data.index(b"\n") + 1] + b"\x00" * 32 + data[data.index(b"\n") + 33 :],
    "a pickle": lambda data: b"cos\nsystem\n(S'true'\ntR.",
    "signed, but no body": lambda data: signed(b"", data),
    "signed, but no msgpack": lambda data: signed(b"\xc1\xc1\xc1", data),
    "signed, but another shape": lambda data: signed(b"\x81\xa4pack\xa3tea", data),
    "signed, but deep": lambda data: signed(b"\x91" * 100_000, data),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_made_again_in_silence(pack: Path, damage: str, capfd: pytest.CaptureFixture[str]) -> None:
    write_cache(key_of(pack_files(pack)), bakery_compiled())
    whole = cached(pack).read_bytes()
    cached(pack).write_bytes(DAMAGES[damage](whole))
    assert read_cache(key_of(pack_files(pack))) is None
    assert Engine.load(pack).ask("what is proofing").text == "Proofing is the last rise of the dough."
    assert read_cache(key_of(pack_files(pack))) is not None
    assert capfd.readouterr() == ("", "")
    assert [path.suffix for path in cache_folder().iterdir()] == [".pack"]


@pytest.mark.usefixtures("quick")
def test_a_folder_stands_where_the_cache_should(pack: Path) -> None:
    cached(pack).mkdir(parents=True)
    assert Engine.load(pack).ask("hello").kind == "chitchat"
    assert list(cache_folder().iterdir()) == [cached(pack)]


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written(pack: Path) -> None:
    cache_folder().mkdir()
    cache_folder().chmod(0o500)
    assert Engine.load(pack).ask("hello").kind == "chitchat"
    assert list(cache_folder().iterdir()) == []


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["pack/bakery.yaml", "pack/bakery.yaml/deeper", "/dev/null/x", "/proc/nothing"])
def test_a_cache_folder_that_cannot_be(pack: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FAQBOT_CACHE", str(pack.parent / name))
    assert Engine.load(pack).ask("what is proofing").text == "Proofing is the last rise of the dough."
    assert [path.name for path in pack.iterdir()] == ["bakery.yaml"]


@pytest.mark.usefixtures("quick")
def test_a_write_that_fails_leaves_nothing_behind(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    monkeypatch.setattr("os.replace", full)
    assert Engine.load(pack).ask("hello").kind == "chitchat"
    assert list(cache_folder().iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_others_may_not_read_the_cache(pack: Path) -> None:
    Engine.load(pack)
    assert stat.S_IMODE(cached(pack).stat().st_mode) & 0o077 == 0


def test_two_processes_at_once(pack: Path) -> None:
    script = f"from bot import Engine; print(Engine.load({str(pack)!r}).ask('what is proofing').text)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    runs = [subprocess.Popen([sys.executable, "-c", script], stdout=pipe, stderr=pipe, env=environment) for _ in range(3)]
    assert [run.communicate(timeout=60) for run in runs] == [(b"Proofing is the last rise of the dough.\n", b"")] * 3
    assert list(cache_folder().iterdir()) == [cached(pack)]
    assert read_cache(key_of(pack_files(pack))) is not None


@pytest.mark.usefixtures("quick")
def test_what_is_left_of_a_process_that_died_does_no_harm(pack: Path) -> None:
    cache_folder().mkdir(parents=True)
    (cache_folder() / "tmpdead.part").write_bytes(b"half")
    Engine.load(pack)
    assert replies(Engine.load(pack)) == replies(bakery())


@pytest.mark.parametrize("change", ["a word", "a blank at the end", "another file", "another name"])
def test_a_changed_pack_has_another_key(pack: Path, change: str) -> None:
    before, file = key_of(pack_files(pack)), pack / "bakery.yaml"
    match change:
        case "a word":
            file.write_text(file.read_text().replace("three months", "nine months."))
        case "a blank at the end":
            file.write_text(file.read_text() + "\n")
        case "another file":
            (pack / "more.yaml").write_text("synonyms: {}\n")
        case _:
            file.rename(pack / "bread.yaml")
    assert key_of(pack_files(pack)) != before


def test_a_changed_pack_is_answered_from_at_once(pack: Path) -> None:
    file = pack / "bakery.yaml"
    assert Engine.load(pack).ask("can bread be frozen?").text == "Yes. Bread keeps for three months in the freezer."
    modified = file.stat()
    file.write_text(file.read_text().replace("three months", "eight months"))
    os.utime(file, ns=(modified.st_atime_ns, modified.st_mtime_ns))
    assert Engine.load(pack).ask("can bread be frozen?").text == "Yes. Bread keeps for eight months in the freezer."


def test_the_same_pack_has_the_same_key_wherever_it_lies(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    assert key_of(pack_files(write_bakery(tmp_path / "moved"))) == key_of(pack_files(pack))
    assert len({key_of(pack_files(pack)), key_of(pack_files(shipped_pack()))}) == 2


@pytest.mark.usefixtures("quick")
def test_only_the_newest_caches_are_kept(pack: Path) -> None:
    cache_folder().mkdir(parents=True)
    for number in range(20):
        path = cache_folder() / f"{number:032x}.pack"
        path.write_bytes(b"old")
        os.utime(path, (number, number))
    Engine.load(pack)
    kept = sorted(path.name for path in cache_folder().iterdir())
    assert len(kept) == 8
    assert cached(pack).name in kept


def test_where_the_cache_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_CACHE", "/tmp/one")
    assert cache_folder() == Path("/tmp/one")
    monkeypatch.delenv("FAQBOT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/tmp/two")
    assert cache_folder() == Path("/tmp/two/faqbot")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/tmp/three")
    assert cache_folder() == Path("/tmp/three/.cache/faqbot")


@pytest.mark.usefixtures("quick")
def test_without_a_home_the_pack_is_loaded_all_the_same(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("FAQBOT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", staticmethod(homeless))
    assert Engine.load(pack).ask("hello").kind == "chitchat"


def test_what_is_compiled_is_made_of_plain_values(pack: Path) -> None:
    made = compile_pack(load(pack))
    assert type(made.pack.pack.title) is str
    assert {type(key) for key in made.pack.things} == {str}
    write_cache("key", made)
    assert read_cache("key") == made


def test_a_compiled_pack_goes_to_another_process_as_it_is() -> None:
    compiled = bakery_compiled()
    assert pickle.loads(pickle.dumps(compiled)) == compiled
