from typing import Any

import pytest

from tests.packs import understood

SAID = ["wh", "how_many", "verifies", "asked", "compares", "same", "lists", "other", "both", "only", "size", "without"]


def cues(text: str) -> dict[str, Any]:
    """What `text` is asked with; indices as the words that stand there, and nothing that is not said."""
    found = understood(text)
    words = [token.word for token in found.utterance.tokens]
    said: dict[str, Any] = {}
    for name in SAID:
        value = getattr(found.cues, name)
        if value:
            said[name] = " ".join(words[at] for at in sorted(value)) if isinstance(value, frozenset | tuple) else value
    return said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("rye", {}),
        ("rye?", {"asked": True}),
        ("what is rye", {"wh": "what"}),
        ("so, please: how is rye baked?", {"wh": "how", "asked": True}),
        ("I wonder which bread rises", {"wh": "which"}),
        ("the baker who bakes", {}),
        ("is rye baked", {"verifies": True}),
        ("ok and does it rise?", {"verifies": True, "asked": True}),
        ("what is it or is it not", {"wh": "what"}),
        ("it is when they rise?", {"asked": True}),
        ("they bake what you had?", {"wh": "what", "asked": True}),
        ("they can bake what you had?", {"asked": True}),
        ("is it good for what they bake?", {"verifies": True, "asked": True}),
        ("rye next to what they bake?", {"asked": True}),
        ("tell me how it is baked", {"wh": "how", "lists": True}),
        ("I wonder how it is baked", {"wh": "how"}),
        ("how many breads", {"wh": "how", "how_many": "many"}),
        ("the number of breads", {"how_many": "number"}),
        ("many breads", {}),
        ("compare rye with spelt", {"compares": True}),
        ("the same dough", {"same": True}),
        ("are they identical", {"verifies": True, "same": True}),
        ("list them", {"lists": True}),
        ("any other", {"verifies": True, "other": True}),
        ("both of them", {"both": True}),
        ("only wheat", {"only": True}),
        ("with two breads", {"size": 2}),
        ("a trio of breads", {"size": 3}),
        ("how many have two", {"wh": "how", "how_many": "many"}),
        ("rye without milk", {"without": "without"}),
        ("rye but not milk", {"without": "but"}),
        ("rye and not milk", {"without": "and"}),
        ("neither rye nor milk", {"without": "neither nor"}),
        ("everything other than rye", {"other": True, "without": "other"}),
        ("everything apart from rye", {"without": "apart"}),
    ],
)
def test_what_the_small_words_say(text: str, expected: dict[str, Any]) -> None:
    assert cues(text) == expected


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("rye does not rise", True),
        ("which does not rise", True),
        ("it never rises", True),
        ("rye does not never rise", False),
        ("isn't rye baked", False),
        ("well, isn't rye baked", False),
        ("aren't they baked without milk", False),
        ("rye rises", False),
        ("rye but not milk", False),
        ("rye does not rise, does it?", True),
        ("it does not rise", True),
        ("it is not rye, right?", True),
    ],
)
def test_denials(text: str, negated: bool) -> None:
    assert understood(text).cues.negated is negated


@pytest.mark.parametrize(
    ("text", "verifies"),
    [
        ("rye rises, right?", True),
        ("rye rises, right", False),
        ("the right rye", False),
        ("is it true that rye rises", True),
        ("true or false: rye rises", True),
        ("rye rises, is that correct?", True),
        ("what is right", False),
        ("rye rises", False),
        ("when it is cold, does it rise?", True),
        ("if it is cold will it rise", True),
        ("if you bake rye is it good", True),
        ("is it so that the breads which rise are baked?", True),
        ("when does it rise", False),
        ("when is it baked?", False),
        ("if it is cold what does it do", False),
        ("if you have it", False),
    ],
)
def test_statements_that_ask_whether_they_are_so(text: str, verifies: bool) -> None:
    assert understood(text).cues.verifies is verifies


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("I bake. What is rye? Thanks.", (1,)),
        ("what is rye and what is spelt", (0, 1)),
        ("I bake rye", ()),
        ("is it rye? it is brown. is it good", (0, 2)),
        ("rye?", (0,)),
    ],
)
def test_clauses_that_ask(text: str, asking: tuple[int, ...]) -> None:
    assert understood(text).asking == asking


@pytest.mark.parametrize(
    "text",
    [
        "when it comes back you get the same drug, right?",
        "They take which treatments I had into account. Correct?",
        "the cells are where it starts, aren't they?",
        "so basically it starts in the oven",
    ],
)
def test_a_check_at_the_end_of_a_statement_asks_for_yes_or_no(text: str) -> None:
    assert understood(text).cues.verifies
