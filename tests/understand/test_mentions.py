import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.lexicon import STRUCTURAL
from tests.packs import english, understood


def mentions(text: str) -> list[tuple[str, str, str]]:
    """(kind, id, words) of each mention in `text`, but for frames."""
    found = understood(text)
    return [
        (m.kind, m.id, " ".join(found.utterance.tokens[at].word for at in m.tokens))
        for m in found.mentions
        if m.kind not in {"frame", "verify"}
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rustino", [("thing", "rustino", "rustino")]),
        ("the rye loaf", [("thing", "rustino", "rye loaf")]),
        ("a rustic one", [("thing", "rustino", "rustic")]),
        ("eggs, dairy", [("thing", "eggs", "eggs"), ("thing", "milk", "dairy")]),
        ("what is its trade name", [("attribute", "trade", "trade name")]),
        ("kinds of dough", [("kind", "dough", "kinds of dough")]),
        ("how is it stored", [("concept", "kept", "stored")]),
        ("at the shop", [("background", "", "shop")]),
        ("is it cheap", [("gap", "price", "cheap")]),
        ("containing", [("link", "allergens", "containing")]),
        ("nothing of ours", []),
    ],
)
def test_every_kind_of_phrase(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert mentions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oven", [("attribute", "oven", "oven")]),
        ("steam oven", [("thing", "steam", "steam oven")]),
        ("hazelnut", [("thing", "hazelnuts", "hazelnut")]),
        ("hazelnut roll", [("thing", "nuttina", "hazelnut roll")]),
        ("sourdough", [("thing", "sourdough", "sourdough")]),
        ("sourdough starter", [("thing", "starter", "sourdough starter")]),
        ("sesame seeds and sesame", [("thing", "sesame", "sesame seeds"), ("thing", "sesame", "sesame")]),
    ],
)
def test_the_longest_phrase_has_its_words_to_itself(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert mentions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kinds of the dough", [("kind", "dough", "kinds of dough")]),
        ("steam in the oven", [("thing", "steam", "steam oven")]),
        ("steam in of the oven", [("attribute", "oven", "oven")]),
        ("steam clean oven", [("attribute", "oven", "oven")]),
        ("puff. pastry", []),
        ("spelt? loaf", [("kind", "bread", "loaf")]),
        ("loaf spelt", [("kind", "bread", "loaf")]),
    ],
)
def test_words_of_grammar_may_stand_inside_a_phrase(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert mentions(text) == expected


def test_several_in_one_question() -> None:
    assert mentions("Does Rustno contain milk, or is the almond croissant baked with steam?") == [
        ("thing", "rustino", "rustino"),
        ("link", "allergens", "contain"),
        ("thing", "milk", "milk"),
        ("thing", "mandorla", "almond croissant"),
        ("attribute", "oven", "baked"),
        ("thing", "steam", "with steam"),
    ]


@pytest.mark.parametrize("text", ["have you Rustino", "has it Rustino", "does it have, Rustino"])
def test_an_auxiliary_that_opens_is_no_verb_of_a_thing(text: str) -> None:
    assert ("thing", "rustino", "rustino") in mentions(text)
    assert mentions("have you Rustino") == [("thing", "rustino", "rustino")]


@pytest.mark.parametrize(
    ("text", "framed"),
    [
        ("Can you tell me what Rustino is", "can you tell me"),
        ("by the way, what is Rustino", "by the way"),
        ("is it true that Rustino rises", "is it true that"),
        ("Rustino rises, right?", "right"),
    ],
)
def test_frames_around_a_question(text: str, framed: str) -> None:
    found = understood(text)
    words = [token.word for token in found.utterance.tokens]
    frames = [" ".join(words[at] for at in m.tokens) for m in found.mentions if m.kind in {"frame", "verify"}]
    assert framed in frames


WORDS = ["rye", "loaf", "spelt", "sour", "dough", "starter", "of", "the", "kinds", "puff", "pastry", "steam", "oven", "milk", "?"]


@given(st.lists(st.sampled_from([*WORDS, "baked", "in", "hazelnut", "roll", "trade", "name", "sold", "as"]), max_size=12))
def test_no_word_is_used_twice_and_every_phrase_stands_in_one_clause(words: list[str]) -> None:
    found = understood(" ".join(words))
    tokens, taken = found.utterance.tokens, dict[int, tuple[int, ...]]()
    for mention in found.mentions:
        assert list(mention.tokens) == sorted(set(mention.tokens))
        assert len({tokens[at].clause for at in mention.tokens}) == 1
        between = set(range(mention.tokens[0], mention.tokens[-1])) - set(mention.tokens)
        assert all(english().roles[tokens[at].word] == "function" for at in between)
        if mention.kind in STRUCTURAL:
            assert all(taken.setdefault(at, mention.tokens) == mention.tokens for at in mention.tokens)
