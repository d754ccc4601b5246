import pytest

from bot.reply import Reply
from tests.packs import bakery, shipped

SOUR = "Rustino (rye loaf) is made from sourdough."


def talk(*questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bakery().conversation()
    return [conversation.ask(question) for question in questions][-1]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("and his, how is it baked?", "rustino"),
        ("how is hers baked?", "mandorla"),
        ("and hers, how is it baked?", "mandorla"),
        ("how is mine baked", "nuttina"),
        ("how are my ones baked?", "nuttina"),
        ("how is his one baked", "rustino"),
    ],
)
def test_whose_it_is(text: str, thing: str) -> None:
    reply = talk("dad buys Rustino and mum loves Mandorla", "I bought Nuttina", text)
    assert (reply.intent, reply.entities) == (f"oven.list:{thing}", ())


def test_his_and_hers_ask_again() -> None:
    told = ["my wife has Mandorla and my husband has Rustino", "how is hers baked?"]
    assert talk(*told, "and his?").intent == "oven.list:rustino"
    assert talk(*told, "and his doctor?").intent != "oven.list:rustino"


@pytest.mark.parametrize("text", ["how is that dough baked?", "how is the whole family baked?", "how is this group baked"])
def test_the_group_of_what_was_spoken_of(text: str) -> None:
    assert str(talk("does Rustino contain milk?", text).intent).startswith("oven.list:")


@pytest.mark.parametrize("text", ["how many drugs are in that class?", "number of drugs in that family"])
def test_the_number_in_the_group_of_what_was_spoken_of(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what is Ninlaro?")
    assert conversation.ask(text).intent == "members.count:proteasome_inhibitors"


@pytest.mark.parametrize("text", ["the two that aren't mine?", "the others that are not mine", "which ones are not mine?"])
def test_those_that_are_not_mine(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("I take Ninlaro, what kind of drug is it?")
    reply = conversation.ask(text)
    assert ("Velcade" in reply.text, "Kyprolis" in reply.text) == (True, True)


@pytest.mark.parametrize("text", ["the bispecific", "the bispecific I mean", "bispecifics", "sorry, the bispecific ones"])
def test_a_name_completes_a_question_that_stayed_open(text: str) -> None:
    conversation = shipped().conversation()
    assert conversation.ask("does the antibody thing make you tired").kind == "fallback"
    assert conversation.ask(text).intent == "side_effects.verify:bispecifics+fatigue"


@pytest.mark.parametrize("text", ["and CAR T?", "what about CAR-T", "CAR T too?"])
def test_the_question_to_an_entry_is_asked_of_something_else(text: str) -> None:
    conversation = shipped().conversation()
    assert conversation.ask("how do bispecifics work?").intent == "bispecifics-how"
    assert conversation.ask(text).intent in {"works.list:car_t", "cart-what"}


def test_a_name_alone_after_an_unknown_question_is_told_about() -> None:
    assert talk("what does it weigh in ounces?", "Rustino").intent == "overview:rustino"


@pytest.mark.parametrize("text", ["well, I trust you", "ok I believe you then", "I do trust you now"])
def test_trust_is_no_decision(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what is Ninlaro?")
    assert conversation.ask(text).kind == "chitchat"


@pytest.mark.parametrize("text", ["I trust you to tell me my dose", "I trust you, should I stop Ninlaro?"])
def test_trust_does_not_hide_a_decision(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what is Ninlaro?")
    assert conversation.ask(text).kind in {"refer", "fallback"}


@pytest.mark.parametrize(
    ("last", "thing"),
    [
        ("going back to the antibodies, do they give you a fever?", "monoclonal_antibodies+fever"),
        ("the antibody ones, do they give you a fever?", "monoclonal_antibodies+fever"),
    ],
)
def test_a_part_of_the_name_of_what_was_spoken_of(last: str, thing: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("which drugs are monoclonal antibodies?")
    conversation.ask("and immunomodulating ones?")
    assert conversation.ask(last).intent == f"side_effects.verify:{thing}"
    assert conversation.ask("what are antibodies?").intent == "overview:antibodies"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("comes from which oven?", "oven.list:rustino"),
        ("made from which dough", "dough.list:rustino"),
        ("contains nuts?", "allergens.verify:rustino+nuts"),
    ],
)
def test_the_subject_is_left_out(text: str, intent: str) -> None:
    assert talk("what is Rustino?", text).intent == intent
    assert talk("what is Rustino?", "what is Mandorla?", text).intent == intent.replace("rustino", "mandorla")


def test_nothing_is_the_subject_of_what_names_one() -> None:
    assert talk("what is Rustino?", "contains Mandorla nuts?").entities == talk("contains Mandorla nuts?").entities
