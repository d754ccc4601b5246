"""Questions over many things, as a user reads their answers."""

import pytest

from tests.packs import bakery


def told(text: str) -> str:
    return bakery().ask(text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "which baskets have Rustino but not Kornelia",
            "Leaving out Kornelia (spelt loaf): We pack one with Rustino (rye loaf): Rustino, Brioletta and Mandorla.",
        ),
        ("baskets w/o Rustino", "We pack one without Rustino (rye loaf): Brioletta, Nuttina and Mandorla."),
        (
            "which breads other than Mandorla contain milk",
            "Leaving out Mandorla (almond croissant): Milk is part of yeast dough (Brioletta, Nuttina) and puff pastry.",
        ),
    ],
)
def test_with_this_and_not_that(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("which baskets have a sourdough bread", ["Rustino, Brioletta and Mandorla", "Rustino and Kornelia"], ["Nuttina"]),
        ("how many baskets have puff pastry", ["two"], ["Kornelia"]),
        ("which baskets have no sourdough", ["Brioletta, Nuttina and Mandorla"], ["Kornelia"]),
        ("what does Brioletta contain besides wheat", ["milk", "eggs", "hazelnuts", "Besides wheat"], ["- wheat"]),
        (
            "which bread is in the most baskets",
            ["Rustino", "Brioletta", "Mandorla", "two of the three"],
            ["Nuttina (hazelnut roll):"],
        ),
        ("which sourdough is in the most baskets", ["Rustino", "two of the three", "Kornelia (in one)"], []),
        ("which bread is in every basket", ["None of them is in every one of the three baskets"], []),
    ],
)
def test_by_groups_and_by_number(text: str, has: list[str], lacks: list[str]) -> None:
    found = told(text)
    assert [part for part in has if part.lower() not in found.lower()] == []
    assert [part for part in lacks if part in found] == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("do all baskets have Brioletta", "no"),
        ("is there a basket with sourdough and yeast dough", "yes"),
        ("is there a basket with flatbread dough", "no"),
        ("is there a basket without Rustino", "yes"),
        ("does every bread contain milk", "no"),
    ],
)
def test_is_there_one(text: str, verdict: str) -> None:
    assert bakery().ask(text).verdict == verdict


@pytest.mark.parametrize(
    "text", ["apart from the traces, which allergens does Rustino have?", "allergens of Rustino, leaving the traces aside"]
)
def test_a_part_that_is_set_aside(text: str) -> None:
    found = told(text)
    assert "wheat" in found
    assert "sesame" not in found


def test_what_is_pointed_at_is_not_asked_for() -> None:
    assert "sesame" in told("Rustino: which allergens does that type of dough have")
