from pathlib import Path

import pytest

from bot.engine import Engine
from bot.errors import PackError
from bot.shell.start import about, begin


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_pack_that_must_be_compiled_greets_before_it_is(tea: Path) -> None:
    engine = begin(tea)
    assert about(engine, tea).title == "Tea – questions"
    assert not engine.has_begun
    assert engine.wait().ask("thanks").text == "You are welcome."


def test_a_compiled_pack_is_loaded_at_once(tea: Path) -> None:
    Engine.load(tea)
    engine = begin(tea)
    assert engine.has_begun
    assert about(engine, tea).title == "Tea – questions"


def test_a_damaged_cache_does_no_harm(tea: Path, cache: Path) -> None:
    Engine.load(tea)
    for file in cache.iterdir():
        file.write_bytes(b"junk")
    assert about(begin(tea), tea).title == "Tea – questions"


def test_a_bad_pack_is_refused_whether_compiled_or_not(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="there is no such folder"):
        begin(tmp_path / "nowhere")
    (tmp_path / "tea.yaml").write_text("pack: {}\n")
    with pytest.raises(PackError, match="has no 'title'"):
        about(begin(tmp_path), tmp_path)
