"""The matcher against a slow one that writes every phrase of a template out and compares it word by word."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.template import expand, parse
from bot.understand.lexicon import words_of
from bot.understand.match import GAP, Line, Pattern, PatternBuilder, Places, by_stem, candidates
from bot.understand.utterance import Token
from tests.packs import english

SKIPS = 2
RULES = {"bake": "(bake|bakes) [the]"}


def pattern(template: str) -> Pattern:
    return PatternBuilder(english(), {name: parse(rule) for name, rule in RULES.items()}).pattern(template)


def tokens(words: list[str]) -> list[Token]:
    return [Token(word, english().stem(word), at, at + 1, 0, 1.0) for at, word in enumerate(words)]


def line(text: str, places: Places | None = None) -> Line:
    return Line(tokens(text.split()), english(), places)


def phrases(template: str) -> list[list[str]]:
    """Every phrase of `template` in the form in which words are compared."""
    rules = {name: parse(rule) for name, rule in RULES.items()}
    return [
        [form for word in phrase.split() for form in ([word] if word[0] in "*{" else forms(word))]
        for phrase in expand(parse(template), rules)
    ]


def forms(word: str) -> list[str]:
    return [w if english().roles.get(w) == "function" else english().stem(w) for w in words_of(word, english())]


def is_skipped(word: str) -> bool:
    return english().roles.get(word) in {"function", "filler"} and word not in english().negations


def fits(wanted: str, word: str) -> bool:
    if wanted == "{person}":
        return word in english().persons
    if wanted[0] == "{":
        low, high = wanted[1:-1].split("..")
        figure = word.replace(",", ".", 1)
        return figure.replace(".", "", 1).isdigit() and float(low) <= float(figure) <= float(high)
    return wanted in {word, english().stem(word)}


def ends(phrase: list[str], words: list[str], at: int, gap: int = 0) -> Iterator[int]:
    """Where `phrase` can end when it is read from `at` on."""
    if not phrase:
        yield at
    elif phrase[0] == "*":
        yield from ends(phrase[1:], words, at, GAP)
    else:
        for skipped in range((gap or SKIPS) + 1):
            if not gap and not all(is_skipped(word) for word in words[at : at + skipped]):
                break
            if at + skipped < len(words) and fits(phrase[0], words[at + skipped]):
                yield from ends(phrase[1:], words, at + skipped + 1)


def all_ends(template: str, words: list[str], at: int) -> set[int]:
    return {end for phrase in phrases(template) for end in ends(phrase, words, at)}


WORDS = ["rye", "ryes", "baked", "bake", "milk", "the", "of", "it", "i", "please", "not", "37", "39", "40,5", "12.5.1"]
LEAVES = st.sampled_from(["rye", "bakes", "milk", "the", "it", "*", "{person}", "{38..43}", "rye-milk", "<bake>"])
TEMPLATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map("|".join).map("({})".format),
        inner.map("[{}]".format),
    ),
    max_leaves=6,
)
ROWS = st.lists(st.sampled_from(WORDS), max_size=9)


@given(TEMPLATES, ROWS)
@example("rye * milk", ["rye", "the", "the", "of", "baked", "i", "milk"])
@example("(rye *|it) milk", ["rye", "baked", "milk"])
@example("[*] milk", ["baked", "milk"])
@example("(bakes|[bakes]) rye", ["rye"])
def test_search_finds_what_the_slow_one_finds(template: str, words: list[str]) -> None:
    found = Line(tokens(words), english()).search(pattern(template))
    starts = [at for at in range(len(words)) if any(end > at for end in all_ends(template, words, at))]
    if not starts:
        assert found is None
    else:
        assert found is not None
        start, end = found
        assert start in starts
        assert end == max(all_ends(template, words, start))
        assert all(is_skipped(word) for word in words[starts[0] : start])  # the first place, but for words before its first


@given(TEMPLATES, ROWS)
@example("what", ["please", "the", "of", "rye"])
@example("rye *", ["rye", "baked"])
def test_a_whole_line_is_what_the_slow_one_takes_for_whole(template: str, words: list[str]) -> None:
    whole = any(
        (len(words) - end <= SKIPS and all(map(is_skipped, words[end:]))) or (phrase[-1:] == ["*"] and len(words) - end <= GAP)
        for start in range(min(len(words), SKIPS + 1))
        if all(map(is_skipped, words[:start]))
        for phrase in phrases(template)
        for end in ends(phrase, words, start)
    )
    assert Line(tokens(words), english()).is_whole(pattern(template)) is whole


@given(TEMPLATES, ROWS)
def test_no_pattern_that_fits_is_left_out_of_the_candidates(template: str, words: list[str]) -> None:
    class Item:
        pattern: Pattern

    item, row = Item(), Line(tokens(words), english())
    item.pattern = pattern(template)
    found = candidates(by_stem([item]), row.forms)
    if row.search(item.pattern) or row.is_whole(item.pattern):
        assert found == [item]
    assert found in ([], [item])


@pytest.mark.parametrize(
    ("template", "text", "place"),
    [
        ("rye milk", "rye milk", (0, 2)),
        ("rye milk", "a rye of the milk", (1, 5)),
        ("rye milk", "rye of the it milk", None),
        ("rye milk", "rye not milk", None),
        ("rye milk", "milk rye", None),
        ("bakes", "it baked", (1, 2)),
        ("doing it", "does it", None),
        ("rye * milk", "rye milk", (0, 2)),
        ("rye * milk", "rye one two three four five milk", (0, 7)),
        ("rye * milk", "rye one two three four five six milk", None),
        ("rye [with] milk", "rye with milk", (0, 3)),
        ("(rye|milk)", "cold milk", (1, 2)),
        ("<bake> rye", "he bakes the rye", (1, 4)),
        ("rye-milk", "rye milk", (0, 2)),
        ("{person} bake", "my mum bakes", (0, 3)),
        ("{person} bake", "everyone bakes", None),
        ("{38..43}", "at 38", (0, 2)),
        ("rye {38..43}", "rye 43", (0, 2)),
        ("rye {38..43}", "rye 43.1", None),
        ("rye {38..43}", "rye 37.9", None),
        ("rye {38..43}", "rye 38,5", (0, 2)),
        ("rye {38..43}", "rye 3.8.5", None),
        ("rye {38..43}", "rye forty", None),
    ],
)
def test_search(template: str, text: str, place: tuple[int, int] | None) -> None:
    assert line(text).search(pattern(template)) == place


@pytest.mark.parametrize(
    ("template", "text", "whole"),
    [
        ("what is rye", "what is rye", True),
        ("what is rye", "so what is rye then", True),
        ("what is rye", "please tell what is rye thanks", True),
        ("what is rye", "what is rye bread", False),
        ("what is rye", "well um so please tell what is rye", False),
        ("what is rye", "not what is rye", False),
        ("what is rye", "", False),
        ("[is] rye", "rye", True),
        ("rye for *", "rye for my old aunt", True),
        ("rye for *", "rye for my old aunt who bakes with milk", False),
    ],
)
def test_whole_lines(template: str, text: str, whole: bool) -> None:
    assert line(text).is_whole(pattern(template)) is whole


def test_things_of_a_kind_stand_where_they_were_found() -> None:
    places: Places = {"bread": {1: (2, 3)}}
    assert line("toast rye loaf", places).is_whole(pattern("toast {bread}"))
    assert line("toast rye loaf", places).search(pattern("{bread}")) == (1, 3)
    assert not line("toast rye loaf", {"bread": {1: (2,)}}).is_whole(pattern("toast {bread}"))
    assert not line("toast rye loaf").is_whole(pattern("toast {bread}"))
    assert not line("toast rye loaf", places).is_whole(pattern("toast {oven}"))


@pytest.mark.parametrize(
    ("template", "keys"),
    [
        ("rye milk", ["milk"]),
        ("(rye|spelt) milk", ["milk"]),
        ("[rye] (milk|egg)", ["egg", "milk"]),
        ("[rye]", [""]),
        ("* {person}", [""]),
        ("(rye milk|bake *)", ["bake", "rye"]),
        ("(rye|{person})", [""]),
    ],
)
def test_the_fewest_words_of_which_one_must_be_there(template: str, keys: list[str]) -> None:
    assert pattern(template).keys == tuple(keys)


def test_candidates_come_once_and_in_a_fixed_order() -> None:
    class Item:
        def __init__(self, template: str) -> None:
            self.pattern = pattern(template)

    items = [Item("rye"), Item("(milk|rye)"), Item("*"), Item("spelt")]
    index = by_stem(items)
    assert candidates(index, frozenset({"rye", "milk"})) == [items[2], items[1], items[0]]
    assert candidates(index, frozenset()) == [items[2]]
