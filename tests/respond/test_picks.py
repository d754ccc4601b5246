import pytest

from bot.reply import Reply
from tests.packs import bakery

SOUR = "Bread from sourdough contains wheat. There may be traces of sesame."
YEAST = "Bread from yeast dough contains:\n- wheat\n- milk\n- eggs\n- hazelnuts"
PUFF = "Bread from puff pastry contains wheat, milk and almonds."
CHOICE = "Which one do you mean? I can tell you the allergens of these:\n1. Sourdough\n2. Yeast dough\n3. Puff pastry"
NONE = "Then none of these. Name one of them, or ask me something else."


def talk(*questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bakery().conversation()
    return [conversation.ask(question) for question in questions][-1]


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
        ("the middle one", YEAST),
        ("the last two", f"{YEAST}\n\n{PUFF}"),
        ("the first two please", f"{SOUR}\n\n{YEAST}"),
        ("2 please, thanks", YEAST),
        ("I'd like the third", PUFF),
        ("I meant the second one", YEAST),
        ("what about puff pastry?", PUFF),
        ("yest dough", YEAST),
        ("Kornelia", f"Kornelia (spelt loaf) is made from sourdough. {SOUR}"),
        ("everything", f"{SOUR}\n\n{YEAST}\n\n{PUFF}"),
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


def test_what_is_no_choice_leaves_the_choices_open() -> None:
    conversation = bakery().conversation()
    conversation.ask("allergens?")
    assert conversation.ask("9").text == NONE
    assert conversation.ask("neither").text == NONE
    assert conversation.ask("2").text == YEAST


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is puff pastry?", "overview:puff_pastry"),
        ("is yeast dough baked with steam?", "oven.verify:yeast_dough+steam"),
        ("does all bread from sourdough contain wheat?", "allergens.verify:sourdough+wheat"),
    ],
)
def test_a_question_about_a_choice_is_no_pick(text: str, intent: str) -> None:
    assert talk("allergens?", text).intent == intent


def test_one_choice_after_the_other() -> None:
    assert talk("allergens?", "the first", "and the third?").text == PUFF


def test_a_choice_told_again_is_a_choice() -> None:
    reply = talk("allergens?", "pardon?")
    assert (reply.kind, len(reply.options)) == ("clarify", 3)


def test_it_asks_back_once_in_a_row_and_then_tells_everything() -> None:
    reply = talk("allergens?", "allergens?")
    assert (reply.kind, reply.text) == ("answer", f"{SOUR}\n\n{YEAST}\n\n{PUFF}")
    assert talk("allergens?", "oven?").kind == "answer"
    assert talk("allergens?", "what is proofing?", "allergens?").kind == "clarify"


def test_a_choice_is_picked_after_none_of_the_others_was() -> None:
    conversation = bakery().conversation()
    conversation.ask("allergens?")
    assert conversation.ask("none of those, puff pastry").intent == "allergens.list:puff_pastry"
