"""What an embedder says of a text, learned from and weighed beside the words."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.compiled import compile_pack
from bot.engine import Engine
from bot.semantic import EmbedderError
from bot.understand.meaning import meanings
from bot.understand.utterance import Reader
from tests.packs import bakery_compiled, bakery_pack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SENSES = [{"bread", "loaf", "breads", "panis"}, {"kept", "stored", "store", "box", "servatur"}, {"crust", "crack", "cracks"}]


class Senses:
    """A tiny embedder: it knows a few words, and which of them mean the same."""

    fingerprint = "senses"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        rows = np.zeros((len(texts), len(SENSES)), dtype=np.float32)
        for at, text in enumerate(texts):
            rows[at] = [sum(word in sense for word in text.split()) for sense in SENSES]
        lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, np.maximum(lengths, 1), dtype=np.float32)


def fit(engine: Engine, text: str, intent: str) -> float:
    return next((found.confidence for found in engine.rank(text, 10) if found.intent == intent), 0.0)


def test_words_that_only_the_embedder_knows_make_an_entry_likelier() -> None:
    pack = bakery_pack()
    without = Engine(compile_pack(pack))
    beside = Engine(compile_pack(pack, embedder=Senses()), embedder=Senses())
    intent = without.rank("How should bread be kept?", 1)[0].intent
    text = "how must a panis be stored"
    assert fit(beside, text, intent) > fit(without, text, intent) + 0.05


def test_what_the_phrasings_say_is_still_known() -> None:
    beside = Engine(compile_pack(bakery_pack(), embedder=Senses()), embedder=Senses())
    assert beside.ask("How should bread be kept?").text == Engine(bakery_compiled()).ask("How should bread be kept?").text
    assert beside.ask("the weather tomorrow").kind == "fallback"


def test_texts_of_which_the_embedder_knows_nothing_have_no_features() -> None:
    made = bakery_compiled()
    reader = Reader(made.lexicon, made.english)
    known, unknown = meanings(Senses(), [reader.read("bread box"), reader.read("tomorrow")])
    assert known
    assert all(value > 0 for value in known.values())
    assert unknown == {}
    assert meanings(None, [reader.read("bread")]) == [{}]


def test_a_cache_is_told_apart_by_the_embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "pack").mkdir()
    from tests.packs import BAKERY

    (tmp_path / "pack" / "pack.yaml").write_text(BAKERY, encoding="utf-8")
    Engine.load(tmp_path / "pack")
    Engine.load(tmp_path / "pack", embedder=Senses())
    assert len(list((tmp_path / "cache").glob("*.pack"))) == 2
    again = Engine.load(tmp_path / "pack", embedder=Senses())
    fresh = Engine(compile_pack(bakery_pack(), embedder=Senses()), embedder=Senses())
    assert again.rank("how must a panis be stored", 1) == fresh.rank("how must a panis be stored", 1)


class Broken(Senses):
    """It worked when the pack was compiled."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        raise EmbedderError("no memory left")


def test_an_embedder_that_fails_is_done_without(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(compile_pack(bakery_pack(), embedder=Senses()), embedder=Broken())
    assert engine.ask("How should bread be kept?").kind == "answer"
    assert "the embedder failed" in caplog.text
