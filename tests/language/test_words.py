import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.words import NAME, PATH, RAREST, band

LINES = PATH.read_text(encoding="ascii").splitlines()
BANDS = {word: int(rarity) for word, rarity in map(str.split, LINES)}

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def test_the_file_is_one_that_can_be_searched() -> None:
    assert all(re.fullmatch(r"[a-z]{2,20} (10|20|35|40|50|55|60|99)", line) for line in LINES)
    words = [line.split()[0] for line in LINES]
    assert words == sorted(set(words))
    assert PATH.read_bytes().endswith(b"\n")


@pytest.mark.parametrize(
    ("word", "rarity"),
    [("the", 10), ("yes", 10), ("what", 10), ("aardvark", 20), ("aachen", NAME), ("london", NAME), ("velcade", None)],
)
def test_how_rare_a_word_is(word: str, rarity: int | None) -> None:
    assert band(word) == rarity


def test_every_word_is_found_by_bisection_as_by_reading_on() -> None:
    assert {word: band(word) for word in BANDS} == BANDS
    assert set(BANDS.values()) == {10, 20, 35, 40, 50, 55, RAREST, NAME}


@pytest.mark.parametrize(
    "word", ["", " ", "the ", " the", "The", "the 10", "aachen 99", "aachen 99\naah", "\n", "\0", "the\0", "café", "~", "\ud800"]
)
def test_what_is_no_word(word: str) -> None:
    assert band(word) is None


@given(st.sampled_from(sorted(BANDS)), st.integers(0, 20), st.text(LETTERS + "-' 0", max_size=2), st.integers(0, 2))
def test_neighbours_of_words_are_found_when_they_are_words(word: str, at: int, new: str, dropped: int) -> None:
    neighbour = word[:at] + new + word[at + dropped :]
    assert band(neighbour) == BANDS.get(neighbour)


@given(st.text(LETTERS, max_size=6) | st.text(max_size=6))
def test_any_text_is_a_word_or_none(text: str) -> None:
    assert band(text) == BANDS.get(text)
