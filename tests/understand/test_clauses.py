"""What belongs to a question, and what is only told around it."""

import pytest

from bot.understand.query import Query
from tests.packs import bakery, understood


def query(text: str) -> Query | None:
    return understood(text).claims[0].query


@pytest.mark.parametrize(
    "text",
    [
        "besides Rustino, which breads are made from sourdough?",
        "Apart from Rustino, what breads are made from sourdough?",
        "other than Rustino, which loaves are made from sourdough?",
    ],
)
def test_what_is_left_out_before_the_question(text: str) -> None:
    found = query(text)
    assert found is not None
    assert (found.form, found.attribute, found.things, found.values) == ("reverse", "dough", ("rustino",), ("sourdough",))


@pytest.mark.parametrize(
    "text",
    [
        "Rustino, Kornelia, Mandorla. Which one does not belong?",
        "which one does not belong: Rustino, Kornelia, Mandorla",
        "Rustino, Kornelia, Mandorla: which is the odd one out?",
        "Here are Rustino, Kornelia and Mandorla. One doesn't fit with the others. Which?",
    ],
)
def test_a_list_before_or_behind_the_question(text: str) -> None:
    assert query(text) == Query("odd", "dough", ("rustino", "kornelia", "mandorla"))


@pytest.mark.parametrize(
    "text", ["I like Rustino and Brioletta. What allergens are there?", "Rustino and Brioletta: which allergens?"]
)
def test_two_that_were_named_side_by_side(text: str) -> None:
    assert query(text) == Query("list", "allergens", ("rustino", "brioletta"))


def test_of_several_that_were_told_of_the_last_is_meant() -> None:
    assert query("I had Brioletta last week. Today I bought Rustino. What allergens are in it?") == Query(
        "list", "allergens", ("rustino",)
    )


@pytest.mark.parametrize(
    ("text", "thing", "group"),
    [
        ("since Rustino is made from puff pastry, which allergens does it have?", "rustino", "puff_pastry"),
        ("Kornelia is a yeast dough bread. What allergens does it contain?", "kornelia", "yeast_dough"),
        ("my aunt says Brioletta is sourdough, so which allergens does it have?", "brioletta", "sourdough"),
    ],
)
def test_what_a_thing_is_said_to_be(text: str, thing: str, group: str) -> None:
    assert query(text) == Query("list", "allergens", (thing,), premise=("dough", thing, group))


@pytest.mark.parametrize(
    "text",
    ["Rustino does not contain wheat, is that right?", "My aunt says Rustino never contains wheat. Is she right?"],
)
def test_what_is_denied_and_then_checked_is_not_confirmed(text: str) -> None:
    assert bakery().ask(text).verdict != "yes"
