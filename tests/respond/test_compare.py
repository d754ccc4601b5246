"""Questions about several things beside each other, as a user reads their answers."""

import pytest

from tests.packs import bakery


def told(text: str) -> str:
    return bakery().ask(text).text


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Rustino, Kornelia, Mandorla: odd one out?",
            "Mandorla (almond croissant). Mandorla (almond croissant) is made from puff pastry.",
        ),
        ("which of Rustino, Kornelia and Mandorla is not made from sourdough", "Mandorla (almond croissant). "),
        ("Rustino, Brioletta, Mandorla: which is the odd one out", "There is no single one:"),
    ],
)
def test_which_does_not_belong(text: str, first: str) -> None:
    assert told(text).startswith(first)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("what has more allergens, Rustino or Brioletta", "lists more allergens for Brioletta (brioche) (four) than for Rustino"),
        (
            "which has fewer allergens, Rustino or Brioletta",
            "lists fewer allergens for Rustino (rye loaf) (two) than for Brioletta",
        ),
        ("what has more allergens, Rustino or Kornelia", "They have the same allergens"),
        ("which allergens do Rustino and Brioletta share", "In common (allergens): wheat."),
        ("compare the allergens of Rustino and Brioletta", "Only Brioletta (brioche): milk, eggs and hazelnuts."),
        ("compare Rustino with Brioletta", "In common (allergens): wheat."),
    ],
)
def test_what_is_shared_and_what_is_not(text: str, part: str) -> None:
    assert part in told(text)


def test_what_is_shared_is_told_without_the_rest() -> None:
    assert "hazelnuts" not in told("which allergens do Rustino and Brioletta share")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("are Rustino and Kornelia made from the same dough", "yes"),
        ("are Rustino and Mandorla made from one dough", "no"),
        ("Rustino = sourdough?", "yes"),
        ("Rustino = puff pastry?", "no"),
        ("are Rustino and the rye loaf different breads?", "no"),
        ("is Rustino the same as the rye loaf?", "yes"),
    ],
)
def test_the_same_or_not(text: str, verdict: str) -> None:
    assert bakery().ask(text).verdict == verdict


@pytest.mark.parametrize("text", ["Is Rustino or Nuttina in more baskets", "Rustino or Nuttina, which is in more baskets?"])
def test_which_is_in_more(text: str) -> None:
    expected = "The book lists more baskets for Rustino (rye loaf) (two) than for Nuttina (hazelnut roll) (one)."
    assert bakery().ask(text).text.startswith(expected)


def test_how_many_there_are_in_the_group_of_a_thing() -> None:
    told = bakery().ask("how many other breads of the same dough as Nuttina").text
    assert told.endswith("There are two in this group with Nuttina (hazelnut roll). The other one: Brioletta (brioche).")


def test_names_before_the_question_are_what_is_chosen_from() -> None:
    assert bakery().ask("Rustino, Nuttina, Mandorla: which one is sourdough?").text.startswith("Rustino (rye loaf).")


def test_anything_like_it_asks_for_its_group() -> None:
    assert bakery().ask("is Rustino anything like Kornelia?").verdict == "yes"
