import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.clean import clean
from bot.language.english import ROLES, English, split, split_mixed

ENGLISH = English.load()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("what is it?", ["what", "is", "it", "?"]),
        ("don't, can't", ["don't", ",", "can't"]),
        ("'quoted' dogs'", ["quoted", "dogs"]),
        ("car-t cell", ["car", "t", "cell"]),
        ("so - what -- now", ["so", " - ", "what", "--", "now"]),
        ("a -> b = c", ["a", "->", "b", "=", "c"]),
        ("38.5 or 38,5 or 38.", ["38.5", "or", "38,5", "or", "38", "."]),
        ("39c", ["39c"]),
        ("one\ntwo;three:four!", ["one", "\n", "two", ";", "three", ":", "four", "!"]),
        ("snake_case @ #1 <b>", ["snake", "case", "1", "b"]),
        ("🤔 *%$", []),
    ],
)
def test_words_and_clause_marks(text: str, pieces: list[str]) -> None:
    assert [piece for piece, _, _ in split(text)] == pieces


@given(st.text())
def test_any_text_is_split_in_order_and_nothing_is_lost_but_signs(typed: str) -> None:
    text = clean(typed).text
    pieces = split(text)
    assert all(text[start:end] == piece for piece, start, end in pieces)
    assert all(before[2] <= after[1] for before, after in pairwise(pieces))
    kept = {at for _, start, end in pieces for at in range(start, end)}
    assert all(at in kept for at, char in enumerate(text) if char.isalnum())


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("39c", ["39", "c"]),
        ("4mg", ["4", "mg"]),
        ("b12", ["b", "12"]),
        ("38.5c", ["38.5", "c"]),
        ("38.5", ["38.5"]),
        ("velcade", ["velcade"]),
        ("don't", ["don't"]),
        ("1a2b", ["1", "a", "2", "b"]),
    ],
)
def test_figures_and_letters_in_one_word(word: str, pieces: list[str]) -> None:
    assert split_mixed(word) == pieces


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what", "what"),
        ("=", "equals"),
        ("u", "you"),
        ("dont", "do not"),
        ("don't", "do not"),
        ("can't", "can not"),
        ("cannot", "can not"),
        ("won't", "will not"),
        ("shan't", "shall not"),
        ("isn't", "is not"),
        ("i'm", "i am"),
        ("you're", "you are"),
        ("they've", "they have"),
        ("she'll", "she will"),
        ("i'd", "i would"),
        ("what's", "what is"),
        ("it's", "it is"),
        ("that's", "that is"),
        ("velcade's", "velcade"),
        ("doctor's", "doctor"),
        ("y'all", "you all"),
        ("idk", "do not know"),
        ("o'clock", "oclock"),
        ("ma'am", "maam"),
    ],
)
def test_shorthand_and_contractions(typed: str, read: str) -> None:
    assert " ".join(ENGLISH.expand(typed)) == read


@given(
    st.text(string.ascii_lowercase, min_size=1, max_size=8),
    st.sampled_from(["", "n't", "'re", "'ve", "'ll", "'m", "'d", "'s", "'x"]),
)
def test_any_word_is_one_to_three_words_without_apostrophes(head: str, tail: str) -> None:
    expanded = ENGLISH.expand(head + tail)
    assert 1 <= len(expanded) <= 3
    assert all(word and "'" not in word for word in expanded)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("treatment", "treatments"),
        ("treat", "treating"),
        ("causes", "caused"),
        ("lost", "losing"),
        ("fell", "falls"),
        ("women", "woman"),
        ("died", "dying"),
        ("tumours", "tumor"),
        ("was", "were"),
        ("is", "are"),
        ("teeth", "tooth"),
    ],
)
def test_inflections_have_one_stem(first: str, second: str) -> None:
    assert ENGLISH.stem(first) == ENGLISH.stem(second)


@pytest.mark.parametrize(("now", "then"), [("is", "was"), ("are", "were"), ("does", "did")])
def test_when_it_was_is_another_question_than_when_it_is(now: str, then: str) -> None:
    assert ENGLISH.stem(now) != ENGLISH.stem(then)


@pytest.mark.parametrize(
    ("first", "second"), [("lose", "loose"), ("heart", "hear"), ("remission", "remit"), ("class", "classic")]
)
def test_other_words_have_other_stems(first: str, second: str) -> None:
    assert ENGLISH.stem(first) != ENGLISH.stem(second)


RISING = ["the", "x", "get", "39", "cat", "blood", "abacus", "abaft", "velcade", "cost"]
"""Grammar, a letter, an empty verb, a number, words from common to rare, no word at all, one that changes the question."""


@pytest.mark.parametrize(("lighter", "heavier"), list(pairwise(RISING)))
def test_grammar_weighs_least_and_the_unknown_nearly_most(lighter: str, heavier: str) -> None:
    assert ENGLISH.weight(lighter) < ENGLISH.weight(heavier)


@pytest.mark.parametrize("word", ["the", "please"])
def test_grammar_and_courtesy_weigh_nothing(word: str) -> None:
    assert ENGLISH.weight(word) == 0.0


@given(st.text(min_size=1))
def test_any_word_has_a_weight(word: str) -> None:
    assert 0.0 <= ENGLISH.weight(word) <= 2.2


def test_the_lists_are_words_as_they_are_compared() -> None:
    listed = {*ENGLISH.roles, *ENGLISH.openers, *ENGLISH.negations, *ENGLISH.wh, *ENGLISH.is_after, *ENGLISH.irregular}
    assert [word for word in sorted(listed) if clean(word).text != word or len(split(word)) != 1] == []
    assert set(ENGLISH.roles.values()) == set(ROLES)


def test_what_is_read_for_shorthand_is_not_shorthand_itself() -> None:
    again = {typed: read for typed, read in ENGLISH.shorthand.items() if any(ENGLISH.expand(word) != (word,) for word in read)}
    assert again == {}


def test_irregular_forms_lead_to_a_form_that_leads_no_further() -> None:
    assert {form for form in ENGLISH.irregular.values() if ENGLISH.irregular.get(form, form) != form} == set()


def test_the_phrases_have_words_and_no_open_slots() -> None:
    phrases = (*ENGLISH.frames, *ENGLISH.verify)
    assert len(phrases) > 200
    assert [phrase for phrase in phrases if not phrase.strip() or set(phrase) & set("{}[]()<>|")] == []
