import json
import random
from typing import Any

import pytest

from bot.engine import Conversation
from bot.errors import StateError
from bot.reply import Reply
from tests.packs import bakery, shipped

TITLE = "Bakery – questions about bread"
RUSTINO = "Rustino (rye loaf) is made from sourdough.\n\nSourdough rises with a starter."
SOUR = "Bread from sourdough contains wheat. There may be traces of sesame."
YEAST = "Bread from yeast dough contains:\n- wheat\n- milk\n- eggs\n- hazelnuts"
PUFF = "Bread from puff pastry contains wheat, milk and almonds."
NO_MILK = "No, not in this book: it does not list milk for bread from sourdough."
CHOICE = "Which one do you mean? I can tell you the allergens of these:\n1. Sourdough\n2. Yeast dough\n3. Puff pastry"


def saved(conversation: Conversation) -> Any:
    """The state as it comes back from a file."""
    return json.loads(json.dumps(conversation.state))


def talk(*questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bakery().conversation()
    return [conversation.ask(question) for question in questions][-1]


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        (
            ["what is Rustino?", "how is it baked?"],
            "Rustino (rye loaf) is made from sourdough. Sourdough is baked in a stone oven.",
        ),
        (["what is sourdough?", "what are its allergens?"], SOUR),
        (["what is Mandorla?", "which dough is it made from?"], "Mandorla (almond croissant) is made from puff pastry."),
        (["what is Rustino?", "is it made from sourdough?"], "Yes. Rustino (rye loaf) is made from sourdough."),
        (
            ["what is puff pastry?", "thanks", "which oven is it baked in?"],
            "Puff pastry is baked in a steam oven and in a stone oven.",
        ),
        (["what is Rustino?", "does it contain milk?"], NO_MILK),
        (
            ["what is Kornelia?", "which baskets have it?"],
            "We pack one with Kornelia (spelt loaf): Rustino and Kornelia.",
        ),
    ],
)
def test_a_pronoun(questions: list[str], text: str) -> None:
    reply = talk(*questions)
    assert (reply.kind, reply.text) == ("answer", text)


def test_a_pronoun_in_the_shipped_pack() -> None:
    conversation = shipped().conversation()
    conversation.ask("what is Velcade?")
    assert conversation.ask("will it make you bald").verdict != "yes"


@pytest.mark.parametrize("text", ["it does not cause nausea, right?", "so it does not cause nausea?"])
def test_a_denial_is_not_confirmed(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what is Velcade?")
    assert conversation.ask(text).verdict != "yes"


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        (
            ["does Rustino contain milk?", "and Brioletta?"],
            "Yes. Bread from yeast dough contains milk. Brioletta (brioche) is made from yeast dough.",
        ),
        (
            ["does Rustino contain milk?", "what about eggs?"],
            "No, not in this book: it does not list eggs for bread from sourdough.",
        ),
        (["allergens of sourdough", "puff pastry?"], PUFF),
        (["allergens of sourdough", "thanks", "and yeast dough"], YEAST),
        (
            ["which breads contain sesame?", "and eggs?"],
            "Eggs are part of yeast dough (Brioletta, Nuttina).",
        ),
        (
            ["which baskets have Kornelia?", "and Nuttina?"],
            "We pack one with Nuttina (hazelnut roll): Brioletta, Nuttina and Mandorla.",
        ),
        (["what is proofing?", "and Rustino?"], RUSTINO),
    ],
)
def test_a_name_alone_asks_again(questions: list[str], text: str) -> None:
    assert talk(*questions).text == text


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        (["what is sourdough?", "allergens?"], SOUR),
        (["what is sourdough?", "and the oven?"], "Sourdough is baked in a stone oven."),
        (["what is Rustino?", "trade name?"], "We sell rye loaf as Rustino."),
        (["tell me about Brioletta", "and the plain name"], "The plain name of Brioletta is brioche."),
    ],
)
def test_a_relation_alone_asks_of_what_was_spoken_of(questions: list[str], text: str) -> None:
    assert talk(*questions).text == text


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
    ("pick", "text"),
    [
        ("1", SOUR),
        ("2.", YEAST),
        ("3", PUFF),
        ("number two", YEAST),
        ("option 3 please", PUFF),
        ("the first", SOUR),
        ("the third", PUFF),
        ("last", PUFF),
        ("sourdough", SOUR),
        ("Puff Pastry!", PUFF),
        ("yeast", YEAST),
        ("both", f"{SOUR}\n\n{YEAST}"),
        ("1 and 3", f"{SOUR}\n\n{PUFF}"),
        ("all of them", f"{SOUR}\n\n{YEAST}\n\n{PUFF}"),
        ("2nd", YEAST),
        ("the puff one", PUFF),
        ("the first one", SOUR),
        ("the second one", YEAST),
        ("the last one", PUFF),
    ],
)
def test_a_choice_is_picked(pick: str, text: str) -> None:
    conversation = bakery().conversation()
    assert conversation.ask("allergens?").text == CHOICE
    reply = conversation.ask(pick)
    assert (reply.kind, reply.text) == ("answer", text)


@pytest.mark.parametrize("pick", ["neither", "none of these", "9", "0", "the tenth"])
def test_what_is_no_choice_picks_nothing(pick: str) -> None:
    assert talk("allergens?", pick).kind == "fallback"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("what is proofing?", "overview:proofing"), ("how many baskets are there?", "count_kind:basket"), ("thanks", "thanks")],
)
def test_a_new_question_ignores_the_choice(text: str, intent: str) -> None:
    assert talk("allergens?", text).intent == intent


def test_a_choice_falls_away_with_the_next_question() -> None:
    assert talk("allergens?", "what is proofing?", "2").kind == "fallback"


@pytest.mark.parametrize("ask", ["say that again", "pardon?", "come again", "please repeat that"])
def test_again(ask: str) -> None:
    assert talk("what is Rustino?", ask).text == RUSTINO


def test_shorter_and_then_the_whole_again() -> None:
    assert talk("what is Rustino?", "shorter please").text == "Rustino (rye loaf) is made from sourdough."
    assert talk("what is Rustino?", "shorter please", "again").text == RUSTINO
    assert talk("allergens of yeast dough", "in short").text == YEAST


def test_more() -> None:
    assert talk("what is sourdough?", "tell me more").text == SOUR


def test_more_never_tells_the_same_twice() -> None:
    conversation = bakery().conversation()
    told = [conversation.ask("what is sourdough?").text, *(conversation.ask("tell me more").text for _ in range(3))]
    assert not any(later in earlier for at, later in enumerate(told) for earlier in told[:at] if "all I know" not in later)


@pytest.mark.parametrize("ask", ["again", "tell me more"])
def test_what_is_told_again_has_its_source(ask: str) -> None:
    assert talk("does sourdough contain milk?", ask).sources != ()


def test_more_of_nothing_is_no_answer() -> None:
    assert talk("the weather?", "tell me more").kind != "answer"


def test_nothing_was_said_before_the_first_question() -> None:
    for text in ("again", "and Brioletta?", "shorter", "2", "both", "the other one", "does it?"):
        assert talk(text).intent in {None, "overview:brioletta"}


def test_without_a_conversation_nothing_is_remembered() -> None:
    bakery().ask("what is Rustino?")
    assert bakery().ask("how is it baked?").kind == "clarify"


# ---- state ---------------------------------------------------------------------------------------------------------


def test_the_state_at_the_beginning() -> None:
    state = saved(bakery().conversation())
    assert (state["version"], state["pack"], state["things"], state["query"], state["options"]) == (1, TITLE, [], None, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["what is Rustino?"], "how is it baked?"),
        (["allergens?"], "2"),
        (["does Rustino contain milk?"], "and Brioletta?"),
        (["what is Rustino?", "what is Mandorla?"], "how is the first one baked?"),
        (["what is sourdough?"], "say that again"),
        (["the weather", "what is proofing?"], "tell me more"),
    ],
)
def test_a_conversation_goes_on_from_its_state(before: list[str], after: str) -> None:
    conversation = bakery().conversation()
    for question in before:
        conversation.ask(question)
    restored = bakery().conversation(state=saved(conversation))
    assert restored.state == conversation.state
    assert restored.ask(after).to_dict() == conversation.ask(after).to_dict()
    assert restored.state == conversation.state


def test_a_state_is_a_value_of_its_own() -> None:
    conversation = bakery().conversation()
    conversation.ask("what is Rustino?")
    state, copy = conversation.state, saved(conversation)
    conversation.ask("what is Mandorla?")
    assert json.loads(json.dumps(state)) == copy


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ([], "a saved conversation should be a table, got list"),
        ("x", "a saved conversation should be a table, got str"),
        ({}, "this conversation was saved as version None; this program reads version 1"),
        ({"version": 2, "pack": TITLE}, "this conversation was saved as version 2; this program reads version 1"),
        ({"version": "1"}, "this conversation was saved as version '1'; this program reads version 1"),
        ({"version": 1, "pack": "Tea"}, f"this conversation belongs to the pack 'Tea', not to '{TITLE}'"),
        (
            {"version": 1, "pack": TITLE, "things": "rustino"},
            "not a saved conversation: Expected `array`, got `str` - at `$.things`",
        ),
        ({"version": 1, "pack": TITLE, "text": None}, "not a saved conversation: Expected `str`, got `null` - at `$.text`"),
        (
            {"version": 1, "pack": TITLE, "query": {"form": "sing"}},
            "not a saved conversation: Invalid enum value 'sing' - at `$.query.form`",
        ),
        (
            {"version": 1, "pack": TITLE, "options": [["a"]]},
            "not a saved conversation: Expected `array` of length 2, got 1 - at `$.options[0]`",
        ),
    ],
)
def test_a_state_that_is_none_is_refused(state: Any, message: str) -> None:
    with pytest.raises(StateError) as caught:
        bakery().conversation(state=state)
    assert str(caught.value) == message


def test_things_that_the_pack_no_longer_knows_are_forgotten() -> None:
    conversation = bakery().conversation({"version": 1, "pack": TITLE, "things": ["pretzel", "rustino"]})
    assert saved(conversation)["things"] == ["rustino"]
    assert conversation.ask("how is it baked?").intent == "oven.list:rustino"


@pytest.mark.parametrize(
    "query",
    [
        {"form": "reverse", "attribute": "weight", "values": ["milk"]},
        {"form": "reverse", "attribute": "allergens", "values": ["pretzel"]},
        {"form": "reverse", "attribute": "parts", "values": ["rustino"], "mode": "size:x"},
    ],
)
def test_a_query_that_the_pack_does_not_know_is_refused_or_forgotten(query: dict[str, Any]) -> None:
    try:
        conversation = bakery().conversation({"version": 1, "pack": TITLE, "query": query})
    except StateError:
        return
    assert isinstance(conversation.ask("how many of those?"), Reply)


def test_memory_stays_small_and_every_turn_gets_a_reply() -> None:
    pack, chance = bakery().pack, random.Random(7)
    names = [str(thing.name) for thing in pack.things.values()]
    openings = ["what is {}?", "and {}?", "allergens?", "does {} contain milk?", "2", "tell me more", "which breads contain {}?"]
    conversation, largest = bakery().conversation(), 0
    for _ in range(2000):
        reply = conversation.ask(chance.choice(openings).format(chance.choice(names)))
        assert reply.text
        largest = max(largest, len(json.dumps(conversation.state)))
    assert largest < 4000


@pytest.mark.xfail(strict=True, reason="it asks back as often as it is asked")
def test_it_asks_back_once_in_a_row_at_most() -> None:
    assert talk("allergens?", "allergens?").kind != "clarify"


def test_a_choice_told_again_is_a_choice() -> None:
    reply = talk("allergens?", "pardon?")
    assert (reply.kind, len(reply.options)) == ("clarify", 3)
