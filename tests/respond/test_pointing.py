import pytest

from bot.reply import Reply
from tests.packs import bakery, shipped


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
    "last", ["back to the first bread. how is it baked?", "how was the first bread I asked about baked, remind me"]
)
def test_the_first_thing_that_was_asked_about(last: str) -> None:
    before = ("what is Mandorla?", "which breads are made from sourdough?", "and yeast dough?")
    assert talk(*before, last).intent == "oven.list:mandorla"


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


@pytest.mark.parametrize("text", ["which baskets is the second in?", "how is the second baked?"])
def test_a_place_before_a_verb_or_at_the_end(text: str) -> None:
    reply = talk("which breads are made from sourdough?", text)
    assert "kornelia" in str(reply.intent)


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


@pytest.mark.parametrize("text", ["the third one", "third?", "and the third", "number 3", "the third one please"])
def test_a_place_in_a_list_of_all_of_a_kind(text: str) -> None:
    assert talk("which kinds of dough are there?", text).intent == "overview:puff_pastry"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("name the one beginning with B", "brioletta"),
        ("the one that starts with the letter b", "brioletta"),
        ("and the one starting with an N?", "nuttina"),
        ("which one begins with N", "nuttina"),
    ],
)
def test_what_begins_with_a_letter(text: str, thing: str) -> None:
    assert talk("which breads are made from yeast dough?", text).intent == f"overview:{thing}"
    assert talk("what is yeast dough?", text).intent == f"overview:{thing}"


def test_the_members_of_the_group_that_was_spoken_of() -> None:
    assert talk("what is yeast dough?", "what is the plain name of the second one?").intent == "plain.list:nuttina"


def test_the_one_of_a_group_that_was_not_named() -> None:
    assert talk("Rustino and Brioletta", "the third one?").intent != "overview:kornelia"


@pytest.mark.parametrize("text", ["third member?", "and the third one", "the third drug"])
def test_the_third_of_three(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("are Tecvayli and Talvey in the same group?")
    assert str(conversation.ask(text).intent).endswith(":elranatamab")


@pytest.mark.parametrize(
    ("text", "group"), [("examples of the first group", 0), ("last group?", 2), ("members of the second group?", 1)]
)
def test_the_groups_that_an_entry_names(text: str, group: int) -> None:
    conversation = shipped().conversation()
    assert conversation.ask("which drug groups are combined in an early relapse?").intent == "early-treatment"
    wanted = ("proteasome_inhibitors", "immunomodulators", "monoclonal_antibodies")[group]
    assert wanted in str(conversation.ask(text).intent)


@pytest.mark.parametrize("text", ["and the mono one?", "mono one too?", "the monoclonal ones", "what about the mono ones"])
def test_a_part_of_a_name(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("do bispecifics cause fatigue?")
    assert conversation.ask(text).intent == "side_effects.verify:monoclonal_antibodies+fatigue"


@pytest.mark.parametrize("text", ["the best one", "a good one", "in the oven one day"])
def test_a_word_that_is_no_part_of_a_name(text: str) -> None:
    assert not str(talk("what is Rustino?", "what is sourdough?", text).intent).startswith("overview")


@pytest.mark.parametrize("text", ["in how many of them?", "so that makes 2 or 3 in total", "with how many of those?"])
def test_another_number_than_that_of_the_list(text: str) -> None:
    assert not str(talk("which kinds of dough are there?", text).intent).startswith("count_kind")


def test_the_other_of_two_that_were_not_both_named() -> None:
    assert talk("what is the trade name of spelt loaf?", "and the other's").intent == "trade.list:rustino"


@pytest.mark.parametrize("pointer", ["the ordinary one", "the plain one", "and the regular one?"])
def test_that_of_which_another_is_a_form(pointer: str) -> None:
    conversation = shipped().conversation()
    assert conversation.ask("which mixes use the Faspro one?").intent == "parts.reverse:faspro+combination"
    assert conversation.ask(pointer).intent == "parts.reverse:daratumumab"
