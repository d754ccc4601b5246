import pytest

from bot.understand.query import Query
from tests.packs import bakery, bakery_understander, shipped, understood


def query(text: str) -> Query | None:
    """What `text` asks of the facts, as the surest claim has it."""
    return understood(text).claims[0].query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what allergens does Rustino have", Query("list", "allergens", ("rustino",))),
        ("allergens in Rustino and Brioletta", Query("list", "allergens", ("rustino", "brioletta"))),
        ("which breads are baked from sourdough", Query("list", "breads", ("sourdough",))),
        ("trade name of the spelt loaf", Query("list", "trade", ("kornelia",))),
        ("how does Nuttina rise", Query("list", "works", ("nuttina",))),
        ("what happens with a starter", Query("list", "steps", ("starter",))),
        ("how is crispbread baked", Query("list", "oven", ("crispbread",))),
        # whether there is any
        ("does Rustino have any allergens", Query("list", "allergens", ("rustino",), mode="exists")),
        ("is there a plain name for Kornelia", Query("list", "plain", ("kornelia",), mode="exists")),
        ("are the allergens of Rustino known", Query("list", "allergens", ("rustino",))),
    ],
)
def test_list(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is sourdough", Query("overview", things=("sourdough",))),
        ("Kornelia?", Query("overview", things=("kornelia",))),
        ("tell me about sourdough and yeast dough", Query("overview", things=("sourdough", "yeast_dough"))),
        ("what is Rustino in the bakery", Query("overview", things=("rustino",))),
    ],
)
def test_overview(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("which breads contain nuts", Query("reverse", "allergens", values=("nuts",), kind="bread", mode="all")),
        ("what contains wheat and eggs", Query("reverse", "allergens", values=("wheat", "eggs"), mode="all")),
        ("which breads do not contain milk", Query("reverse", "allergens", without=("milk",), kind="bread", mode="all")),
        ("which breads contain no milk", Query("reverse", "allergens", without=("milk",), kind="bread", mode="all")),
        (
            "which breads contain neither milk nor eggs",
            Query("reverse", "allergens", without=("milk", "eggs"), kind="bread", mode="all"),
        ),
        (
            "what contains wheat but not milk",
            Query("reverse", "allergens", values=("wheat",), without=("milk",), mode="all"),
        ),
        ("which are baked with steam", Query("reverse", "oven", values=("steam",), mode="all")),
        ("which contain only wheat", Query("reverse", "allergens", values=("wheat",), mode="only")),
        ("which baskets contain Rustino", Query("reverse", "parts", values=("rustino",), kind="basket", mode="all")),
        ("baskets without Rustino", Query("reverse", "parts", without=("rustino",), kind="basket", mode="all")),
    ],
)
def test_reverse(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("does Rustino contain milk", Query("verify", "allergens", ("rustino",), ("milk",))),
        ("Rustino contains milk, right?", Query("verify", "allergens", ("rustino",), ("milk",))),
        ("Rustino milk", Query("verify", "allergens", ("rustino",), ("milk",))),
        ("is Rustino made from puff pastry", Query("verify", "dough", ("rustino",), ("puff_pastry",))),
        ("do Rustino and Brioletta contain milk", Query("verify", "allergens", ("rustino", "brioletta"), ("milk",))),
        ("does Rustino not contain milk", Query("verify", "allergens", ("rustino",), ("milk",), mode="not")),
        ("isn't milk in Rustino", Query("verify", "allergens", ("rustino",), ("milk",))),
        ("does sourdough contain only wheat", Query("verify", "allergens", ("sourdough",), ("wheat",), mode="only")),
        ("is there a bread with milk", Query("verify", "allergens", values=("milk",), kind="bread", mode="all")),
        ("Rustino and Kornelia together", Query("verify", "parts", values=("rustino", "kornelia"), mode="all")),
    ],
)
def test_verify(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "which of Rustino and Brioletta contains milk",
            Query("which_of", "allergens", ("rustino", "brioletta"), ("milk",)),
        ),
        (
            "what is made from sourdough, Mandorla or Kornelia",
            Query("which_of", "dough", ("mandorla", "kornelia"), ("sourdough",)),
        ),
    ],
)
def test_which_of(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how many allergens does Rustino have", Query("count", "allergens", ("rustino",))),
        ("number of breads baked from sourdough", Query("count", "breads", ("sourdough",))),
        ("how many baskets have Rustino", Query("count", "parts", values=("rustino",), kind="basket", mode="all")),
        ("how many breads contain milk", Query("count", "allergens", values=("milk",), kind="bread", mode="all")),
        ("how many baskets are there", Query("count_kind", kind="basket")),
    ],
)
def test_count(text: str, expected: Query) -> None:
    assert query(text) == expected


def test_the_topic_changes_nothing() -> None:
    assert query("how many baskets are there in the bakery") == Query("count_kind", kind="basket")


@pytest.mark.parametrize("words", ["two breads", "just two rolls", "only 2 loaves"])
def test_sizes(words: str) -> None:
    found = query(f"which baskets have {words}")
    assert found is not None
    assert (found.form, found.attribute, found.kind, found.mode) == ("reverse", "parts", "basket", "size:2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is Rustino the rye loaf", Query("same", things=("rustino",))),
        ("is Rustino the same as Kornelia", Query("same", things=("rustino", "kornelia"))),
        ("do Rustino and Kornelia have the same allergens", Query("same", "allergens", ("rustino", "kornelia"))),
        ("compare Rustino and Kornelia", Query("compare", things=("rustino", "kornelia"))),
        ("compare the allergens of sourdough and puff pastry", Query("compare", "allergens", ("sourdough", "puff_pastry"))),
        ("what else is made from the dough of Rustino", Query("siblings", "dough", ("rustino",))),
        ("allergens?", Query("vague", "allergens")),
        ("which dough?", Query("vague", "dough")),
    ],
)
def test_same_compare_siblings_and_vague(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize("text", ["", "???", "what is it", "the weather tomorrow", "why", "breads"])
def test_what_names_no_fact_asks_for_none(text: str) -> None:
    assert [claim for claim in understood(text).claims if claim.query is not None] == []


def test_what_was_spoken_of_before_stands_in_for_a_pronoun() -> None:
    found = bakery_understander().understand("how is it baked", ("rustino", "brioletta")).claims[0]
    assert found.query == Query("list", "oven", ("rustino",))
    assert found.reasons[-1] == "'rustino' is carried over"
    assert found.confidence < understood("how is Rustino baked").claims[0].confidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what does Brioletta contain besides wheat", Query("list", "allergens", ("brioletta",), without=("wheat",))),
        ("which allergens other than wheat does Brioletta have", Query("list", "allergens", ("brioletta",), without=("wheat",))),
        (
            "which breads other than Mandorla contain milk",
            Query("reverse", "allergens", ("mandorla",), ("milk",), kind="bread", mode="all"),
        ),
        (
            "which baskets contain Brioletta but leave Rustino out",
            Query("reverse", "parts", values=("brioletta",), without=("rustino",), kind="basket", mode="all"),
        ),
        ("what goes with Rustino besides Kornelia", Query("reverse", "parts", values=("rustino",), mode="all")),
        (
            "baskets w/o Rustino and w/o Nuttina",
            Query("reverse", "parts", without=("rustino", "nuttina"), kind="basket", mode="all"),
        ),
        ("Rustino-free baskets", Query("reverse", "parts", without=("rustino",), kind="basket", mode="all")),
    ],
)
def test_what_is_left_out(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how many baskets have puff pastry", Query("count", "parts", values=("puff_pastry",), kind="basket", mode="all")),
        ("which baskets have no sourdough", Query("reverse", "parts", without=("sourdough",), kind="basket", mode="all")),
        (
            "is there a basket with sourdough and yeast dough",
            Query("verify", "parts", values=("sourdough", "yeast_dough"), kind="basket", mode="all"),
        ),
    ],
)
def test_values_by_way_of_their_group(text: str, expected: Query) -> None:
    assert query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("which bread is in the most baskets", Query("most", "parts", kind="bread", mode="most")),
        ("which loaf turns up least in the baskets", Query("most", "parts", kind="bread", mode="least")),
        ("which bread is in every basket", Query("most", "parts", kind="bread", mode="every")),
        ("what do all the baskets have in common", Query("most", "parts", mode="every")),
        ("most common yeast dough in the baskets", Query("most", "parts", values=("yeast_dough",), mode="most")),
        ("do all baskets contain Rustino", Query("verify", "parts", values=("rustino",), kind="basket", mode="every")),
    ],
)
def test_the_most_the_least_and_every_one(text: str, expected: Query) -> None:
    assert query(text) == expected


def test_what_is_not_known_completely_is_not_counted_out() -> None:
    forms = [claim.query.form for claim in understood("which allergen do most breads contain").claims if claim.query]
    assert "most" not in forms


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("what has more allergens, Rustino or Brioletta", "more"),
        ("which has fewer allergens, Rustino or Brioletta", "fewer"),
        ("which allergens do Rustino and Brioletta share", "shared"),
        ("what allergens do Rustino and Brioletta have in common", "shared"),
        ("how do the allergens of Rustino and Brioletta differ", ""),
        ("what allergens does Rustino have that Brioletta does not", ""),
    ],
)
def test_which_has_more_and_what_they_share(text: str, mode: str) -> None:
    assert query(text) == Query("compare", "allergens", ("rustino", "brioletta"), mode=mode)


def test_which_of_these_is_not() -> None:
    assert query("which of Rustino and Mandorla is not made from sourdough") == Query(
        "which_of", "dough", ("rustino", "mandorla"), ("sourdough",), mode="not"
    )


@pytest.mark.parametrize("text", ["do Rustino and sourdough both contain milk", "Rustino or sourdough: which has milk"])
def test_two_set_side_by_side_say_nothing_of_each_other(text: str) -> None:
    assert all(claim.query.premise is None for claim in understood(text).claims if claim.query)


def test_how_many_there_are_in_a_group_of_values() -> None:
    reply = shipped().ask("How many side effects of the stomach are there?")
    assert (reply.intent, reply.text.partition(":")[0]) == ("effects.count:gut", "Five")


def test_what_things_are_in_is_compared() -> None:
    assert bakery().ask("compare the baskets of Rustino and Kornelia").intent == "baskets.compare:rustino+kornelia"


def test_a_group_that_has_no_members_is_not_looked_for_by_them() -> None:
    assert "names nothing" not in shipped().ask("At what point is an experimental drug something to consider?").text


def test_a_value_belongs_to_another() -> None:
    assert shipped().ask("Does coughing belong to the changes in the mind?").verdict == "no"
    assert shipped().ask("Is coughing one of the problems with the lungs?").verdict == "yes"


@pytest.mark.parametrize(
    ("text", "attribute", "also"),
    [
        ("dough and allergens of Rustino", "dough", ("allergens",)),
        ("tell me how Rustino is baked and its allergens", "oven", ("allergens",)),
        ("dough, oven and allergens of Rustino", "dough", ("oven", "allergens")),
        ("allergens of Rustino", "allergens", ()),
    ],
)
def test_several_attributes_of_one_thing(text: str, attribute: str, also: tuple[str, ...]) -> None:
    found = query(text)
    assert found is not None
    assert (found.attribute, found.also, found.things) == (attribute, also, ("rustino",))


def test_several_attributes_of_one_thing_are_all_told() -> None:
    told = bakery().ask("dough and allergens of Rustino").text
    assert "sourdough" in told
    assert "wheat" in told
