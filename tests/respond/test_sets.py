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


@pytest.mark.parametrize(
    "text",
    [
        "Brioletta and Nuttina and what",
        "Brioletta and Nuttina plus what?",
        "Brioletta and Nuttina I have already. Who is the missing one?",
        "which bread completes the trio with Nuttina and Brioletta",
    ],
)
def test_what_else_goes_with_the_names(text: str) -> None:
    assert "Brioletta, Nuttina and Mandorla" in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "how many baskets in total",
        "total number of baskets",
        "no. of baskets",
        "baskets: how many",
        "list all the baskets",
        "every single basket",
    ],
)
def test_all_of_a_kind(text: str) -> None:
    assert told(text).startswith("The book names three baskets:")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Rustino is off the table. Which baskets do without it?",
            "We pack one without Rustino (rye loaf): Brioletta, Nuttina and Mandorla.",
        ),
        (
            "Rustino and Nuttina are both out for me. Which baskets contain neither?",
            "None. Every one of them has Rustino (rye loaf) or Nuttina (hazelnut roll).",
        ),
        (
            "Rustino but no Kornelia, which baskets?",
            "Leaving out Kornelia (spelt loaf): We pack one with Rustino (rye loaf): Rustino, Brioletta and Mandorla.",
        ),
        (
            "Milk without almonds, what has that?",
            "Leaving out almonds: Milk is part of yeast dough (Brioletta, Nuttina).",
        ),
        (
            "which dough contains milk and does not contain almonds",
            "Leaving out almonds: Milk is part of yeast dough (Brioletta, Nuttina).",
        ),
    ],
)
def test_what_was_named_before_is_left_out(text: str, expected: str) -> None:
    assert told(text) == expected


def test_a_thing_and_a_group_together() -> None:
    expected = "We pack one with Rustino (rye loaf) and yeast dough: Rustino, Brioletta and Mandorla."
    assert told("baskets with Rustino and a yeast dough") == expected


def test_all_that_stood_side_by_side_is_asked_for() -> None:
    reply = bakery().ask("Nuttina with Mandorla and Kornelia, I heard of that. Is that among the baskets?")
    assert (reply.verdict, "Nuttina (hazelnut roll), Mandorla" in reply.text) == ("no", True)


def test_only_these() -> None:
    assert bakery().ask("Rustino with Kornelia by themselves, is that a basket?").verdict == "yes"
    assert bakery().ask("Rustino and Mandorla and nothing else, is that a basket?").verdict == "no"


def test_of_how_many_it_is_made_up() -> None:
    assert told("how many breads are in the basket with Kornelia").endswith("That is two breads.")


def test_what_is_in_most_but_for_what_is_left_aside() -> None:
    assert told("Brioletta aside, which bread is in the most baskets").startswith("Rustino (rye loaf) and Mandorla")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("there are two sourdough breads, right?", "yes"),
        ("she says there are three sourdough breads, true?", "no"),
        ("Only two sourdough breads are on the list. Agree?", "yes"),
        ("are there three baskets?", "yes"),
        ("are there 4 baskets?", "no"),
        ("is there a basket of two breads", "yes"),
        ("are there at least two sourdough breads", "yes"),
        ("are there at least 5 sourdough breads", "no"),
        ("are there more than two baskets?", "yes"),
        ("there are fewer than three baskets, right?", "no"),
        ("are there up to three baskets?", "yes"),
        ("I had two sourdough breads", None),
        ("which are the two sourdough breads", None),
    ],
)
def test_a_number_that_is_said_is_right_or_not(text: str, verdict: str | None) -> None:
    assert bakery().ask(text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict", "has"),
    [
        ("is Rustino the only bread with wheat", "no", "puff pastry"),
        ("is puff pastry the only dough with eggs", "no", "yeast dough"),
        ("is wheat the only allergen in sourdough", "yes", "wheat"),
        ("does only yeast dough contain eggs", None, "names no other"),
        ("is Mandorla the only bread of puff pastry", "yes", "Mandorla"),
        ("does yeast dough not only contain milk", "yes", "milk"),
    ],
)
def test_the_only_one(text: str, verdict: str | None, has: str) -> None:
    """That nothing else has it is so only where the facts hold all there is."""
    reply = bakery().ask(text)
    assert reply.verdict == verdict
    assert has in reply.text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("does puff pastry contain milk but no eggs", "yes"),
        ("does yeast dough contain milk but no wheat", "no"),
        ("puff pastry contains milk, never wheat, right?", "no"),
        ("does sourdough contain milk but no eggs", "no"),
        ("yeast dough contains milk and not always wheat, right?", "yes"),
    ],
)
def test_this_and_not_that_of_one_thing(text: str, verdict: str) -> None:
    assert bakery().ask(text).verdict == verdict
