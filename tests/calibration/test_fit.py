"""A pack that states a rate, end to end."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.cache import cache_folder, key_of, read_kept
from bot.calibration.curve import STRICTEST, Calibration
from bot.calibration.fit import calibration_of
from bot.compiled import compile_pack, read_cache
from bot.engine import Engine
from bot.pack.files import pack_files
from bot.pack.load import load
from bot.progress import Progress

ENTRIES = ("parking", "garden", "library", "swimming", "museum", "bakery", "market", "theatre")
WAYS = (
    "where is the {}",
    "when does the {} open",
    "how do I get to the {}",
    "what does the {} cost",
    "tell me about the {}",
    "is there a {} here",
    "directions to the {}",
    "who runs the {}",
    "can I visit the {} on Monday",
    "how long is the {} open",
    "I am looking for the {}",
    "does the {} have a phone",
)


def town(folder: Path, rate: float | None = None, risk: str = "normal") -> Path:
    """A pack of a few entries with a dozen phrasings each, every one of which has one telling word."""
    folder.mkdir(exist_ok=True)
    entries = {
        name: {
            "question": f"What about the {name}?",
            "answer": f"It is the {name}.",
            "section": "Town",
            "risk": risk,
            "phrasings": [way.format(name) for way in WAYS],
        }
        for name in ENTRIES
    }
    about = {"title": "Town", "greeting": "Hello.", "notice": "Ask.", "source": {"title": "T", "publisher": "P"}}
    if rate is not None:
        about["wrong_answer_rate"] = rate  # type: ignore[assignment]
    (folder / "pack.yaml").write_text(json.dumps({"pack": about, "entries": entries}))  # which is YAML
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def key(folder: Path) -> str:
    return key_of(pack_files(folder))


def answered(engine: Engine, questions: tuple[str, ...] = WAYS) -> int:
    return sum(engine.ask(f"please, {way.format('museum')}").kind == "answer" for way in questions)


@pytest.mark.usefixtures("cache")
def test_the_stated_rate_decides_what_is_answered(tmp_path: Path) -> None:
    strict, loose = (Engine.load(town(tmp_path / str(rate), rate)) for rate in (0.001, 0.4))
    unsure = "so the museum, hm, the whole business with tickets"
    assert strict.rank(unsure) == loose.rank(unsure)  # confidence stays what it is
    assert (strict.ask(unsure).kind, loose.ask(unsure).kind) == ("fallback", "answer")
    assert strict.ask("where is the museum").text == "It is the museum."


@pytest.mark.usefixtures("cache")
def test_a_pack_that_states_nothing_learns_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.calibration.fit.calibrated", None)
    engine = Engine.load(town(tmp_path / "town"))
    assert engine.ask("where is the museum").kind == "answer"
    assert sorted(path.suffix for path in cache_folder().iterdir()) == [".pack"]


class Shown(Progress):
    """Takes down what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[int] = []

    def show(self, what: str, done: int, total: int) -> None:
        self.done.append(done)


@pytest.mark.usefixtures("cache")
def test_the_threshold_is_kept_with_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = town(tmp_path / "town", 0.4)
    shown = Shown()
    first = answered(Engine.load(folder, progress=shown))
    assert shown.done == list(range(7))
    monkeypatch.setattr("bot.engine.compile_pack", None)
    assert answered(Engine.load(folder, progress=shown)) == first
    assert len(shown.done) == 7


def test_entries_of_high_risk_must_be_surer(tmp_path: Path) -> None:
    unsure, sure = "the museum tickets", "where is the museum"
    for risk, kind in (("normal", "answer"), ("high", "fallback"), ("low", "answer")):
        compiled = compile_pack(load(town(tmp_path / risk, risk=risk)))
        engine = Engine(replace(compiled, threshold=0.3, threshold_of_high=0.8))
        assert engine.ask(unsure).kind == kind
        assert engine.ask(sure).kind == "answer"
        if risk == "high":
            assert [step for step in engine.ask(unsure).trace.steps if "high risk" in step]
        assert Engine(compiled).ask(sure).kind == "answer"


@pytest.mark.usefixtures("cache")
def test_entries_of_high_risk_are_held_to_less_than_the_stated_rate(tmp_path: Path) -> None:
    folder = town(tmp_path / "town", 0.1)
    Engine.load(folder)
    kept = read_cache(key(folder))
    assert kept is not None
    assert kept.threshold < kept.threshold_of_high <= STRICTEST


def made(folder: Path) -> Calibration:
    return calibration_of(load(folder), Engine.answerer, key(folder))


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("damage", [b"", b"faqbot-pack-1\n", b"\x00" * 100])
def test_a_damaged_calibration_is_made_again(tmp_path: Path, damage: bytes) -> None:
    folder = town(tmp_path / "town")
    first = made(folder)
    kept = cache_folder() / f"{key(folder)}.curve"
    kept.write_bytes(damage)
    assert made(folder) == first
    assert read_kept(kept.name, Calibration) == first
    assert list(cache_folder().iterdir()) == [kept]


@pytest.mark.usefixtures("cache")
def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    assert calibration_of(load(folder), Engine.answerer) == made(folder)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file, and no folder")
    assert Engine.load(town(tmp_path / "town", 0.4)).ask("where is the museum").kind == "answer"
