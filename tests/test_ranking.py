"""Candidates without a reply: `engine.rank` and `engine.rank_many`."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import Engine
from tests.packs import bakery, shipped
from tests.test_engine import QUESTIONS
from tests.test_imports import modules

TWINS = """\
pack: {title: Twins, greeting: Hello., notice: None., source: {title: A book, publisher: Somebody}}
entries:
  zebra: {question: Where is the red one?, answer: Left., section: One, phrasings: ["(where is|find) it"]}
  aardvark: {question: Where is the blue one?, answer: Right., section: One, phrasings: ["(where is|seek) it"]}
"""


def test_entries_and_facts_are_ranked_together() -> None:
    ranked = shipped().rank("side effects of Velcade?", 10)
    assert ranked[0].intent == "side_effects.list:bortezomib"
    assert set(shipped().pack.entries) & {candidate.intent for candidate in ranked}
    assert ranked == tuple(sorted(ranked, key=lambda candidate: (-candidate.confidence, candidate.intent)))
    assert all(0 < candidate.confidence <= 1 for candidate in ranked)


def test_the_first_candidate_is_what_the_reply_answers() -> None:
    reply = bakery().ask("does Rustino contain milk?")
    ranked = bakery().rank("does Rustino contain milk?")
    assert [one.intent for one in ranked] == [one.intent for one in reply.candidates]
    assert ranked[0].intent == reply.intent


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_than_asked_for(limit: int) -> None:
    every = shipped().rank("how does treatment of a relapse work", 50)
    assert len(every) > 3
    assert shipped().rank("how does treatment of a relapse work", limit) == every[:limit]


def test_ties_go_by_intent(tmp_path: Path) -> None:
    (tmp_path / "twins.yaml").write_text(TWINS, encoding="utf-8")
    first, second = Engine.load(tmp_path, cache=False).rank("where is it")
    assert first.confidence == second.confidence
    assert (first.intent, second.intent) == ("aardvark", "zebra")


def test_what_is_unknown_has_no_candidates() -> None:
    assert bakery().rank("") == ()
    assert bakery().rank("…") == ()


def test_ranking_remembers_nothing() -> None:
    before = bakery().rank("how is it baked?")
    bakery().rank("what is Rustino?")
    assert bakery().rank("how is it baked?") == before


@given(st.text(st.characters(), max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    ranked = bakery().rank(text)
    assert all(0 < candidate.confidence <= 1 for candidate in ranked)
    assert ranked == bakery().rank(text)


@pytest.mark.parametrize("text", ["\ud800\x00", "nuts " * 50_000, "a" * 100_000, "🥖" * 1000, "\n\t\r\u202e\ufeff"])
def test_nor_too_long(text: str) -> None:
    assert len(bakery().rank(text)) <= 5


def test_several_processes_rank_as_one_does() -> None:
    texts = [f"{question} {number}" for number in range(20) for question in (*QUESTIONS, "\ud800")]
    one_by_one = [shipped().rank(text, 3) for text in texts]
    assert any(one_by_one)
    assert shipped().rank_many(texts, 3) == one_by_one
    assert shipped().rank_many(iter(texts), 3, workers=2) == one_by_one


def test_a_batch_of_nothing() -> None:
    assert bakery().rank_many([], workers=2) == []


def test_what_cannot_be_asked_for() -> None:
    for call in (
        lambda: bakery().rank("nuts", 0),
        lambda: bakery().rank_many([], 0),
        lambda: bakery().rank_many([], workers=0),
    ):
        with pytest.raises(ValueError, match="should be 1 or more"):
            call()
    with pytest.raises(TypeError, match="`rank` is for one"):
        bakery().rank_many("does it contain nuts?")


def test_a_script_that_would_start_itself_again_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from bot import Engine\nprint(Engine.load().rank_many(['side effects'] * 4, workers=2))\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 1
    assert 'must do its work under `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def test_one_process_imports_nothing_for_several(tmp_path: Path) -> None:
    modules("from bot import Engine; Engine.load()", tmp_path)
    found = modules("from bot import Engine; Engine.load().rank_many(['side effects of Velcade?'])", tmp_path)
    assert found & {"concurrent.futures", "multiprocessing", "bot.processes", "numpy"} == set()
