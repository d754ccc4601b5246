"""Phrasings with slips of the pen, in another order, and in other words that mean the same."""

import pytest

from tests.packs import understood


def first(text: str) -> tuple[str | None, float, bool]:
    """The likeliest entry, how sure it is, and whether it is known to the word."""
    claim = understood(text).claims[0]
    return claim.entry, claim.confidence, claim.to_the_word


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("where do I sttore my loaf", "keeping"),
        ("what makes a cruct brust", "crust"),
        ("Hi! cracs in the crust thanks", "crust"),
    ],
)
def test_slips_of_the_pen_in_a_phrasing(text: str, entry: str) -> None:
    assert first(text) == (entry, 0.98, True)


@pytest.mark.parametrize("text", ["where do I stroe my boat", "what makes a coast burst", "cracks in the truxt"])
def test_another_word_is_no_slip(text: str) -> None:
    assert not understood(text).claims or not first(text)[2]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("my loaf, where do I store", "keeping"),
        ("a crust burst makes what", "crust"),
    ],
)
def test_a_phrasing_in_another_order(text: str, entry: str) -> None:
    assert first(text) == (entry, 0.95, False)


def test_without_a_question_word_the_order_tells_what_is_asked() -> None:
    assert first("the freezer putting into bread") != ("freezing", 0.95, False)


def test_a_phrasing_in_other_words() -> None:
    assert first("where do I keep my loaf") == ("keeping", 0.9, False)
    assert first("where do I not keep my loaf")[1] < 0.9
