"""How words are used: against counting them out, and what tells one neighbour from another."""

import math
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.usage import Habits, usage_of

WORDS = ["rye", "bread", "is", "the", "crust", "oven"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), max_size=30)
SAID = [text.split() for text in ["what is in the rye bread", "is the rye bread dry", "the oven", "what is in the oven"]]


@given(TEXTS)
def test_pairs_are_counted(texts: list[list[str]]) -> None:
    habits = Habits(usage_of(texts, WORDS))
    slowly = Counter(pair for words in texts for pair in pairwise(["", *words, ""]))
    for first in ("", *WORDS):
        for second in ("", *WORDS):
            found, expected = habits.seen(first, second), slowly[first, second]
            assert found == pytest.approx(expected, rel=0.2)  # it is kept in steps of half an octave


@given(TEXTS)
def test_words_are_counted_and_known_ones_at_least_once(texts: list[list[str]]) -> None:
    counts = Habits(usage_of(texts, WORDS)).counts
    slowly = Counter(word for words in texts for word in words)
    assert {word: counts[word] for word in WORDS} == {word: max(1, slowly[word]) for word in WORDS}


@given(TEXTS, st.sampled_from(["", *WORDS]))
def test_what_may_follow_a_word_is_shared_out(texts: list[list[str]], before: str) -> None:
    habits = Habits(usage_of(texts, WORDS))
    counts = habits.counts
    whole = sum(math.exp(habits.fit(before, word, None, counts[word])) for word in counts)
    assert 0.5 < whole < 1.5


def test_a_word_that_no_dictionary_holds_counts_from_its_second_text_on() -> None:
    counts = Habits(usage_of([["rye", "zot"], ["zot"], ["zit"]], ["rye"])).counts
    assert ("zot" in counts, "zit" in counts) == (True, False)


@pytest.mark.parametrize(
    ("before", "after", "fits", "other"),
    [("the", "bread", "rye", "oven"), ("what", "in", "is", "the"), ("", "oven", "the", "rye"), ("the", "", "oven", "what")],
)
def test_the_word_fits_that_was_seen_there(before: str, after: str, fits: str, other: str) -> None:
    habits = Habits(usage_of(SAID, {word for words in SAID for word in words}))
    counts = habits.counts
    assert habits.fit(before, fits, after, counts[fits]) > habits.fit(before, other, after, counts[other])
