import json
import random
from typing import Any

import pytest

from bot.engine import Conversation
from bot.errors import StateError
from bot.reply import Reply
from tests.packs import bakery

TITLE = "Bakery – questions about bread"


def saved(conversation: Conversation) -> Any:
    """The state as it comes back from a file."""
    return json.loads(json.dumps(conversation.state))


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
        {"form": "count", "attribute": "breads", "things": ["sourdough"], "mode": "is:least"},
        {"form": "count_kind", "kind": "basket", "mode": "is:many2"},
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


def test_ten_thousand_turns_leave_the_memory_as_small_as_fifty() -> None:
    conversation, sizes = bakery().conversation(), []
    turns = [
        "what is Rustino?",
        "tell me more",
        "and Mandorla?",
        "allergens?",
        "the other one",
        "why?",
        "thanks",
        "how is it baked?",
    ]
    for at in range(10_000):
        conversation.ask(turns[at % len(turns)])
        sizes.append(len(json.dumps(conversation.state)))
    assert max(sizes[50:]) <= max(sizes[:50])


def test_what_a_saved_list_names_and_the_pack_no_longer_knows_is_forgotten() -> None:
    listed = ["pretzel", "rustino", "mandorla"]
    conversation = bakery().conversation({"version": 1, "pack": TITLE, "things": ["rustino"], "listed": listed})
    assert conversation.ask("how is the second one baked?").intent == "oven.list:mandorla"
