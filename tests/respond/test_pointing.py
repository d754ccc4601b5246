import pytest

from bot.reply import Reply
from tests.packs import bakery


def talk(*questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bakery().conversation()
    return [conversation.ask(question) for question in questions][-1]


@pytest.mark.parametrize(
    ("last", "thing"),
    [
        ("how is the first one baked?", "rustino"),
        ("how is the other one baked?", "rustino"),
        ("how is it baked?", "mandorla"),
        ("how is Kornelia baked?", "kornelia"),
    ],
)
def test_the_first_and_the_other(last: str, thing: str) -> None:
    assert talk("what is Rustino?", "what is Mandorla?", last).intent == f"oven.list:{thing}"


@pytest.mark.parametrize(
    ("pointer", "thing"),
    [
        ("the first one", "rustino"),
        ("the second one", "kornelia"),
        ("the second", "kornelia"),
        ("the last one", "kornelia"),
        ("the first of them", "rustino"),
        ("the latter", "kornelia"),
        ("the former", "rustino"),
    ],
)
def test_the_things_of_a_list_by_their_place(pointer: str, thing: str) -> None:
    assert talk("which breads are made from sourdough?", f"what is the plain name of {pointer}?").intent == f"plain.list:{thing}"


def test_a_place_alone_asks_again_or_tells_what_it_is() -> None:
    assert talk("plain name of Rustino and Mandorla and Nuttina", "the middle one").intent == "plain.list:mandorla"
    assert talk("which breads are made from sourdough?", "the last one").intent == "overview:kornelia"
    assert talk("trade name of rye loaf", "and of brioche", "and the first one").intent == "trade.list:rustino"


def test_what_is_not_known_of_the_thing_pointed_at_is_not_told_of_another() -> None:
    conversation = bakery().conversation()
    conversation.ask("what is Rustino?")
    conversation.ask("what is crispbread?")
    assert conversation.ask("how is it baked?").text == "The book does not say how crispbread is baked."
    assert conversation.ask("and the other one?").intent == "oven.list:rustino"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do both contain milk?", "allergens.verify:rustino+mandorla+milk"),
        ("does either of them contain milk?", "allergens.verify:rustino+mandorla+milk"),
        ("which of them contains milk?", "allergens.which_of:rustino+mandorla+milk"),
        ("which one contains almonds?", "allergens.which_of:rustino+mandorla+almonds"),
        ("which one is made from sourdough?", "dough.which_of:rustino+mandorla+sourdough"),
        ("what do they have in common?", "compare:rustino+mandorla"),
        ("are they made from the same dough?", "dough.same:rustino+mandorla"),
        ("how do the two differ?", "compare:rustino+mandorla"),
    ],
)
def test_two_things_together(text: str, intent: str) -> None:
    assert talk("what is Rustino?", "what is Mandorla?", text).intent == intent


@pytest.mark.parametrize("text", ["the first time I bake, what happens?", "my last loaf burst", "the first of May"])
def test_an_ordinal_of_its_own_noun_points_at_nothing(text: str) -> None:
    reply = talk("which breads are made from sourdough?", text)
    assert "rustino" not in str(reply.intent)
    assert "kornelia" not in str(reply.intent)
