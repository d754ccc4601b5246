from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.clean import clean
from bot.understand.utterance import LONGEST, Reader, Utterance
from tests.packs import bakery_compiled


def read(text: str) -> Utterance:
    made = bakery_compiled()
    return Reader(made.lexicon, made.english).read(text)


def clauses(text: str) -> list[str]:
    """The clauses of `text` as words."""
    found = read(text)
    return [" ".join(token.word for token in found.tokens if token.clause == clause) for clause in range(found.clauses)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("...", []),
        ("What is it? And why?", ["what is it", "and why"]),
        ("I love bread. Does it have milk", ["i love bread", "does it have milk"]),
        ("one\ntwo; three: four!", ["one", "two", "three", "four"]),
        ("?? what ??", ["what"]),
        ("milk, eggs and nuts", ["milk eggs and nuts"]),
        ("what about rye, spelt or brioche?", ["what about rye spelt or brioche"]),
        ("what is rye, and does it rise", ["what is rye", "and does it rise"]),
        ("well, um, what is it", ["well um", "what is it"]),
        ("what is rye and what is spelt", ["what is rye", "and what is spelt"]),
        ("he ate it but is it good", ["he ate it", "but is it good"]),
        ("who and which", ["who and which"]),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("text", "asked"),
    [("", set()), ("what is it", set()), ("what is it?", {0}), ("it rises. right?", {1}), ("what? it rises. how??", {0, 2})],
)
def test_clauses_that_end_in_a_question_mark(text: str, asked: set[int]) -> None:
    assert read(text).asked == asked


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("what's that", "what is that"),
        ("what’s that", "what is that"),
        ("isn't it", "is not it"),
        ("I don't, can't", "i do not can not"),
        ("it won't rise", "it will not rise"),
        ("they're; we've; she'll; he'd; I'm", "they are we have she will he would i am"),
        ("bread's crust", "bread crust"),
        ("the bakers' oven", "the bakers oven"),
        ("u pls wat", "you please what"),
        ("rye vs spelt", "rye versus spelt"),
        ("doesnt it", "does not it"),
        ("rye = spelt", "rye equals spelt"),
        ("bake 2 her or 4 me", "bake to her or for me"),
        ("4 days", "4 days"),
        ("dose it rise", "does it rise"),
        ("what dose it do", "what does it do"),
        ("the dose", "the dose"),
        ("which oven dose Rustino need", "which oven does rustino need"),
        ("what is the dose", "what is the dose"),
        ("what happens in a high dose Rustino treatment", "what happens in a high dose rustino treatment"),
        # a sign that stands for a word
        ("rye + spelt", "rye plus spelt"),
        ("rye +spelt", "rye plus spelt"),
        ("plus 44, +44 20", "plus 44 plus 44 20"),
        ("c++", "c"),
        ("puff-pastry", "puff pastry"),
        ("bake at 39c", "bake at 39 c"),
        ("38,5 or 38.5", "38,5 or 38.5"),
        ("Ｒústino\u200b", "rustino"),
        ("rust\u202eino", "rustino"),
    ],
)
def test_contractions_shorthand_and_odd_letters(typed: str, expected: str) -> None:
    assert " ".join(token.word for token in read(typed).tokens) == expected


UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}


def spoken() -> dict[str, float]:
    """Numbers of several words, each written out: slow, and plain to see."""
    whole: dict[str, float] = {"a hundred": 100, "one hundred": 100}
    for value, ten in TENS.items():
        whole[ten] = value
        for unit in range(1, 10):
            whole[f"{ten} {UNITS[unit]}"] = whole[f"{ten}-{UNITS[unit]}"] = value + unit
    for unit, word in enumerate(UNITS[1:], 1):
        for head in ("a hundred", "one hundred", "a hundred and", "one hundred and", "hundred and", "one oh"):
            whole[f"{head} {word}"] = 100 + unit
    halves = {f"{words} and a half": value + 0.5 for words, value in whole.items()}
    points = {f"{words} point {UNITS[unit]}": value + unit / 10 for words, value in whole.items() for unit in range(10)}
    return {words: value for words, value in (whole | halves | points).items() if not words.isalpha()}


def test_spoken_numbers_are_read_as_figures() -> None:
    wrong = {words: clauses(words) for words, value in spoken().items() if clauses(words) != [f"{value:g}"]}
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thirty", "thirty"),
        ("thirty, eight", "thirty eight"),
        ("nine and a half", "nine and a half"),
        ("fever of thirty nine point five today", "fever of 39.5 today"),
        ("thirty eggs and a half", "thirty eggs and a half"),
        ("twenty ten", "twenty ten"),
        ("it is one", "it is one"),
    ],
)
def test_what_is_a_number_and_what_is_not(text: str, expected: str) -> None:
    assert clauses(text) == [expected]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("  What's Rustino?", ["What's", "What's", "Rustino"]),
        ("does Ｒustino rise", ["does", "Ｒustino", "rise"]),
        ("a Ru\u200bstino!", ["a", "Ru\u200bstino"]),
        ("crème brûlée", ["crème", "brûlée"]),
        ("the yeastdough", ["the", "yeastdough", "yeastdough"]),
        ("a rus tino", ["a", "rus tino"]),
        ("thirty nine and a half now", ["thirty nine and a half", "now"]),
        ("39c", ["39c", "39c"]),
    ],
)
def test_a_token_points_at_the_typed_text(text: str, typed: list[str]) -> None:
    assert [text[token.start : token.end] for token in read(text).tokens] == typed


WORDS = st.sampled_from(["rye", "Rustino", "crème", "what", "rises", "dough", "Ｍilk", "ﬁne", "straße", "42"])
BETWEEN = st.sampled_from([" ", "  ", "\t", " , ", "\u00a0", "? ", "\n", " \u200b", "! "])


@given(st.lists(st.tuples(WORDS, BETWEEN), max_size=8))
def test_words_are_found_where_they_were_typed(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + between for word, between in pieces)
    tokens = read(text).tokens
    assert [text[token.start : token.end] for token in tokens] == [word for word, _ in pieces]
    assert [token.word for token in tokens] == [clean(word).text for word, _ in pieces]


@given(st.text(max_size=80))
def test_any_text_gives_tokens_in_order_within_it(text: str) -> None:
    found = read(text)
    assert all(0 <= token.start < token.end <= len(text) and token.word for token in found.tokens)
    assert all(a.start <= b.start and a.clause <= b.clause for a, b in pairwise(found.tokens))
    assert {token.clause for token in found.tokens} == set(range(found.clauses))
    assert found.asked <= set(range(found.clauses))
    assert all(token.word == clean(token.word).text and token.weight >= 0 for token in found.tokens)


def test_corrections_are_kept() -> None:
    assert read("does rustno or a brio letta rise like yeastdough").corrections == (
        ("brio letta", "brioletta"),
        ("rustno", "rustino"),
        ("yeastdough", "yeast dough"),
    )


def test_an_authors_text_is_taken_as_it_stands() -> None:
    made = bakery_compiled()
    found = Reader(made.lexicon, made.english, corrects=False).read("rustno thirty nine 2 her")
    assert [token.word for token in found.tokens] == ["rustno", "thirty", "nine", "2", "her"]
    assert found.corrections == ()


def test_what_comes_after_the_longest_message_is_not_read() -> None:
    whole, longer = "rye " * (LONGEST // 4), "rye " * (LONGEST // 4) + "milk"
    assert (read(whole).is_cut, read(longer).is_cut) == (False, True)
    assert read(longer).tokens == read(whole).tokens
    assert read(longer).text == longer


@pytest.mark.parametrize(
    ("typed", "read_as"), [("feelin tired", "feeling tired"), ("a vitamin", "a vitamin"), ("in a cabin", "in a cabin")]
)
def test_a_g_that_is_not_spoken_is_put_back(typed: str, read_as: str) -> None:
    assert " ".join(token.word for token in read(typed).tokens) == read_as
