"""Large packs: what is found among phrasings on disk is what the learned model of a small pack finds."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from benchmarks.ranking.data import slip
from benchmarks.ranking.synthetic import beside
from bot.compiled import compile_pack
from bot.engine import Engine
from bot.understand.asked import asked_as, is_template
from bot.understand.large import is_large
from tests.large import as_large, large_bakery, large_shop, shop_pack
from tests.packs import bakery, bakery_pack

PHRASINGS = [(text, id_) for id_, entry in shop_pack().entries.items() for text in (entry.question, *entry.phrasings)]


def first(engine: Engine, text: str) -> str | None:
    ranked = engine.rank(text, 1)
    return ranked[0].intent if ranked else None


# ---- next to the small pack -------------------------------------------------------------------------------------------------


def test_a_phrasing_asks_for_its_own_entry_and_is_known_to_the_word() -> None:
    for text, id_ in PHRASINGS:
        assert (large_shop().rank(text, 1)[0].intent, large_shop().rank(text, 1)[0].confidence) == (id_, 0.98)


def test_large_and_small_agree() -> None:
    """Of questions with a slip, at least 95 in 100 have the same entry first; answers that both give are the same."""
    small = Engine(compile_pack(shop_pack()))
    asked = [slip(text, Random(number)) for number, (text, _) in enumerate(PHRASINGS)]
    same = sum(first(small, text) == first(large_shop(), text) for text in asked)
    assert same >= 0.95 * len(asked)
    for text in asked:
        one, other = small.ask(text), large_shop().ask(text)
        if one.kind == other.kind == "answer":
            assert one.text == other.text


def test_facts_rules_guards_and_courtesies_stay_as_they_are() -> None:
    for question in (
        "does Rustino contain milk?",
        "which breads contain nuts",
        "how do I toast Rustino",  # a template
        "hello",
        "can I eat bread with a nut allergy",  # a guard
        "what does it cost",  # a gap
    ):
        large, small = large_bakery().ask(question), bakery().ask(question)
        assert (large.kind, large.text, large.intent, large.sources) == (small.kind, small.text, small.intent, small.sources)


@pytest.mark.parametrize("entry", bakery_pack().entries)
def test_entries_beside_facts(entry: str) -> None:
    for _, texts in asked_as(bakery_pack(), entry):
        for text in texts:
            if not is_template(text):
                assert first(large_bakery(), text) == first(bakery(), text) == entry


def test_yes_and_no_of_an_entry() -> None:
    assert large_bakery().ask("does bread survive the freezer?").verdict == "yes"
    assert large_bakery().ask("does freezing spoil the bread?").verdict == "no"


def test_good_next_questions_come_from_disk() -> None:
    question = "How should bread be kept?"
    assert large_bakery().ask(question).suggestions == bakery().ask(question).suggestions != ()


# ---- slips, and words left out or in another order -----------------------------------------------------------------------


@given(st.sampled_from(PHRASINGS), st.integers(0, 10**6))
def test_a_slip_of_the_keyboard_changes_nothing(asked: tuple[str, str], seed: int) -> None:
    assert first(large_shop(), slip(asked[0], Random(seed))) == asked[1]


@given(st.sampled_from(PHRASINGS), st.integers(0, 10**6))
def test_nor_does_a_slip_where_a_word_is_left_out(asked: tuple[str, str], seed: int) -> None:
    words, random = asked[0].split(), Random(seed)
    del words[random.randrange(len(words))]
    assert first(large_shop(), slip(" ".join(words), random)) == asked[1]


@given(st.sampled_from(PHRASINGS), st.randoms(use_true_random=False))
def test_nor_does_another_order_of_the_words(asked: tuple[str, str], random: Random) -> None:
    words = asked[0].split()
    random.shuffle(words)
    assert first(large_shop(), " ".join(words)) == asked[1]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("repairing of the torn sawfrom Lyon", "repair-torn-saw-lyon"),  # ran together
        ("can you rep air my torn saw from Lyon", "repair-torn-saw-lyon"),  # torn in two
        ("CAN YOU REPAIR MY TORN SAW (LYON)???", "repair-torn-saw-lyon"),
        ("my saw is torn. I bought it in Lyon. can you repair it", "repair-torn-saw-lyon"),
        ("please could somebody reppair a trn saw, it is from lion", "repair-torn-saw-lyon"),
    ],
)
def test_other_ways_to_write_it(text: str, entry: str) -> None:
    assert entry in shop_pack().entries
    assert first(large_shop(), text) == entry


# ---- what is out of scope ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["what is the capital of France", "who won the match?", "xyzzy", "", "…", "\ud800", "a" * 9000])
def test_what_no_entry_answers_is_answered_by_none(text: str) -> None:
    assert large_shop().ask(text).kind == "fallback"


def test_a_near_neighbour_is_seldom_taken_for_the_entry_itself() -> None:
    asked = [one.text for one in beside(5 * len(shop_pack().entries), 100)]
    assert sum(large_shop().ask(text).kind == "answer" for text in asked) <= 5


@given(st.text(st.characters(), max_size=200))
@settings(max_examples=50)
def test_no_text_is_too_odd(text: str) -> None:
    ranked = large_shop().rank(text)
    assert all(0 < candidate.confidence <= 1 for candidate in ranked)
    assert sum(candidate.confidence for candidate in ranked) <= 1.98
    assert ranked == large_shop().rank(text)


# ---- the same everywhere ------------------------------------------------------------------------------------------------------


def test_compiled_again_it_says_the_same() -> None:
    again = as_large(shop_pack())
    asked = [slip(text, Random(number)) for number, (text, _) in enumerate(PHRASINGS[::7])]
    assert [again.rank(text) for text in asked] == [large_shop().rank(text) for text in asked]


def test_several_threads_and_processes_rank_as_one_does() -> None:
    asked = [text for text, _ in PHRASINGS[::3]]
    one_by_one = [large_shop().rank(text, 3) for text in asked]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda text: large_shop().rank(text, 3), asked)) == one_by_one
    assert large_shop().rank_many(asked, 3, workers=2) == one_by_one


def test_two_entries_with_the_same_words_are_told_apart_by_nobody() -> None:
    pack = shop_pack()
    one, other = list(pack.entries)[:2]
    twins = {**pack.entries, other: pack.entries[one]}
    engine = as_large(replace(pack, entries=twins))
    ranked = engine.rank(pack.entries[one].question, 2)
    assert {candidate.intent for candidate in ranked} == {one, other}
    assert engine.ask(pack.entries[one].question).kind == "fallback"


def test_a_phrasing_without_a_word_does_no_harm() -> None:
    pack = shop_pack(5)
    odd = {id_: replace(entry, phrasings=["???", "the"]) for id_, entry in pack.entries.items()}
    assert as_large(replace(pack, entries=odd)).ask("?").kind == "fallback"


def test_what_is_large_is_a_matter_of_entries_and_phrasings() -> None:
    assert not is_large(bakery_pack())
    assert not is_large(shop_pack())
    assert is_large(shop_pack(1_100))
