import pytest

from bot.reply import Reply
from tests.packs import bakery, shipped

RUSTINO = "Rustino (rye loaf) is made from sourdough.\n\nSourdough rises with a starter."
PROOFING = "Proofing is the last rise of the dough."


def ask(text: str) -> Reply:
    return bakery().ask(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is Rustino? what is proofing?", f"{RUSTINO}\n\nProofing is the last rise of the dough."),
        (
            "What is proofing and what is a starter?",
            "Proofing is the last rise of the dough.\n\nA starter is flour and water that has begun to ferment.",
        ),
        ("what is Rustino?? WHAT IS RUSTINO?", RUSTINO),
        (
            "how is Rustino baked and does Brioletta contain milk?",
            "Rustino (rye loaf) is made from sourdough. Sourdough is baked in a stone oven.\n\n"
            "Yes. Bread from yeast dough contains milk. Brioletta (brioche) is made from yeast dough.",
        ),
        (
            "what is proofing? who won the cup?",
            "Proofing is the last rise of the dough.\n\nTo “who won the cup” I have no answer.",
        ),
    ],
)
def test_several_questions(text: str, expected: str) -> None:
    assert ask(text).text == expected


@pytest.mark.parametrize(
    "text", ["is Rustino made from sourdough and how is it baked?", "is Rustino made from sourdough? How is it baked?"]
)
def test_both_of_two_questions_about_one_thing(text: str) -> None:
    assert ask(text).text == (
        "Yes. Rustino (rye loaf) is made from sourdough.\n\n"
        "Rustino (rye loaf) is made from sourdough. Sourdough is baked in a stone oven."
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Does Darzalex cause hair loss and how is it given?", ["hair loss", "as an infusion into a vein"]),
        ("what is Darzalex? does it cause hair loss?", ["belongs to this group", "hair loss"]),
    ],
)
def test_both_of_two_questions_in_the_shipped_pack(text: str, parts: list[str]) -> None:
    told = shipped().ask(text).text
    assert [part for part in parts if part not in told] == []


def test_where_things_stand_in_several_questions() -> None:
    text = "what is Rustino? what is Kornelia?"
    assert [text[e.span[0] : e.span[1]] for e in ask(text).entities] == ["Rustino", "Kornelia"]


def test_several_answers_share_their_sources() -> None:
    reply = ask("what is Rustino? what is proofing?")
    assert [source.section for source in reply.sources] == ["Doughs", "Starters"]


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("allergens of sourdough. And how is puff pastry baked?", ["contains wheat", "in a stone oven"]),
        ("tell me about proofing, and is Rustino made from sourdough?", [PROOFING, "Yes. Rustino"]),
        (
            "what are the allergens of sourdough and the trade name of brioche?",
            ["contains wheat", "We sell brioche as Brioletta"],
        ),
        ("I bake a lot. What is proofing? Also, does Brioletta contain milk?", [PROOFING, "contains milk"]),
        ("what is proofing? what is a starter? how is Rustino baked?", [PROOFING, "A starter is", "stone oven"]),
        ("thanks! what is proofing, and what is Rustino?", [PROOFING, RUSTINO]),
    ],
)
def test_each_question_has_its_answer_in_order(text: str, intents: list[str]) -> None:
    told = ask(text).text
    places = [told.find(part) for part in intents]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is proofing? how much does Rustino cost?", f"{PROOFING}\n\nThe book that I know says nothing about prices."),
        ("Who won the cup? And what is proofing?", f"{PROOFING}\n\nTo “Who won the cup” I have no answer."),
        (
            "what is proofing? how is crispbread baked?",
            f"{PROOFING}\n\nThe book does not say how crispbread is baked.",
        ),
    ],
)
def test_what_has_no_answer_is_named(text: str, expected: str) -> None:
    reply = ask(text)
    assert (reply.kind, reply.text) == ("answer", expected)


@pytest.mark.parametrize(
    "text",
    [
        "Rustino has sesame in it, my neighbour says. Is she right?",
        "Do you know something? Does Rustino contain sesame?",
        "does Rustino contain sesame, yes or no?",
    ],
)
def test_what_only_frames_a_question_is_no_question(text: str) -> None:
    assert (
        ask(text).text == "Yes. There may be traces of sesame in bread from sourdough. Rustino (rye loaf) is made from sourdough."
    )


def test_what_is_asked_of_something_unknown_is_not_answered_of_what_was_spoken_of() -> None:
    conversation = bakery().conversation()
    conversation.ask("what is Rustino?")
    assert "stone oven" not in conversation.ask("Who won the cup? How is it baked?").text


def test_a_pronoun_in_the_second_question_stands_for_the_thing_of_the_first() -> None:
    conversation = bakery().conversation()
    conversation.ask("what is Mandorla?")
    assert "stone oven" in conversation.ask("what is Rustino? And how is it baked?").text.split("\n\n")[-1]


def test_a_decision_about_somebody_stays_one_beside_another_question() -> None:
    assert ask("what is Rustino? can I eat it with my allergy?").kind == "refer"


def test_what_is_told_around_a_question_is_not_taken_apart() -> None:
    """The combination in the story is not asked for."""
    story = (
        "My partner has been on the dex part of his combination for a month and our house has turned into a film set: he is "
        "descaling kettles at night, sorting the spices and crying at adverts for dog food. "
        "What are the side effects of dexamethasone?"
    )
    assert shipped().ask(story).intent == "side_effects.list:dexamethasone"
