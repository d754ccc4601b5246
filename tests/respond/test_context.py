import json
from typing import Any

import pytest

from bot.engine import Conversation
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


@pytest.mark.parametrize("after", ["and what comes last?", "then? next step", "and at the end", "what happens after that"])
def test_what_comes_next_of_what_is_told_step_by_step(after: str) -> None:
    reply = talk("what is a starter?", after)
    assert (reply.kind, "Feed it every day" in reply.text) == ("answer", True)


@pytest.mark.parametrize("after", ["who has the last word?", "what comes last?"])
def test_nothing_comes_next_of_what_has_no_steps(after: str) -> None:
    assert talk("what is Rustino?", after).kind != "answer"


@pytest.mark.parametrize("text", ["is Mandorla in there?", "is Mandorla among them?", "is Mandorla one of those"])
def test_whether_one_is_in_a_list(text: str) -> None:
    assert talk("which breads are made from sourdough?", text).verdict == "no"


@pytest.mark.parametrize("name", ["of Mandorla", "Mandorla", "sorry, of Mandorla", "Mandorla please"])
def test_what_is_asked_of_nothing_is_asked_of_what_is_named_next(name: str) -> None:
    assert talk("plain name?", name).intent == "plain.list:mandorla"


def test_what_is_asked_of_nothing_offers_the_things_that_have_it() -> None:
    reply = talk("what is the plain name?")
    assert (reply.kind, [option.title for option in reply.options][:2]) == (
        "clarify",
        ["Rustino (rye loaf)", "Kornelia (spelt loaf)"],
    )


@pytest.mark.parametrize(
    "after", ["is it the same for Mandorla?", "and if it's Mandorla?", "would it be the same with Mandorla?"]
)
def test_the_same_question_of_another_thing(after: str) -> None:
    assert talk("does Rustino contain milk?", after).intent == "allergens.verify:mandorla+milk"


def test_whether_a_thing_is_the_same_as_another_asks_for_both() -> None:
    assert talk("does Rustino contain milk?", "is it the same as Mandorla?").intent == "same:rustino+mandorla"


@pytest.mark.parametrize("after", ["bad for milk lovers? milk", "milk in the end?", "milk counts?"])
def test_a_value_alone_asks_whether_what_was_spoken_of_has_it(after: str) -> None:
    reply = talk("what is sourdough?", after)
    assert (reply.verdict, reply.text) == ("no", NO_MILK)


@pytest.mark.parametrize("text", ["what side effects do they have", "do they have side effects", "and their side effects?"])
def test_a_fact_asked_for_by_name_comes_before_an_entry_about_the_same(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("which drugs are chemotherapy drugs?")
    assert conversation.ask(text).intent == "side_effects.list:chemotherapy"


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


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        (
            ["sesame", "and Rustino?"],
            "Yes. There may be traces of sesame in bread from sourdough. Rustino (rye loaf) is made from sourdough.",
        ),
        (["does sourdough contain wheat?", "what else?"], SOUR),
        (["does sourdough contain wheat?", "does it contain anything else?"], SOUR),
        (["does Rustino contain milk?", "and Kornelia too?"], NO_MILK),
        (
            ["does Rustino contain milk?", "Brioletta ditto"],
            "Yes. Bread from yeast dough contains milk. Brioletta (brioche) is made from yeast dough.",
        ),
        (["allergens?", "Puff pasty one"], PUFF),
        (["what is Rustino?", "thanks, and what is it?"], RUSTINO),
        (
            ["which baskets have Rustino?", "and Brioletta?", "both?"],
            "We pack one with Rustino (rye loaf) and Brioletta (brioche): Rustino, Brioletta and Mandorla.",
        ),
        (
            ["what is proofing?", "back to Rustino: how is it baked?"],
            "Rustino (rye loaf) is made from sourdough. Sourdough is baked in a stone oven.",
        ),
    ],
)
def test_what_is_left_out_is_taken_from_before(questions: list[str], text: str) -> None:
    assert talk(*questions).text == text


def test_a_pronoun_in_a_question_that_no_fact_answers() -> None:
    conversation = bakery().conversation()
    conversation.ask("how do I make a starter?")
    assert conversation.ask("so it is flour, and what are its steps?").intent in {"starter-steps", "steps.list:starter"}


def test_why() -> None:
    told = talk("does Rustino contain wheat?").text
    reply = talk("does Rustino contain wheat?", "but why?")
    assert (reply.kind, reply.text) == ("answer", f"The book that I know gives no reason beyond this. {told}")
    assert talk("the crust cracks, is that so?", "why?").intent in {"crust", "why"}
    assert talk("why").kind == "fallback"


@pytest.mark.parametrize(
    "text",
    [
        "shorter",
        "shorter please",
        "can you make it shorter?",
        "that's too long",
        "in a nutshell please",
        "and in fewer words?",
        "blimey. and in fewer words?",
        "thanks, could you sum it up?",
        "just give me the short version",
    ],
)
def test_ways_to_ask_for_less(text: str) -> None:
    assert talk("what is Rustino?", text).text == "Rustino (rye loaf) is made from sourdough."


@pytest.mark.parametrize(
    "text",
    [
        "what do you mean?",
        "what does that mean?",
        "sorry, say that again?",
        "I'm afraid I didn't catch that, could you repeat it?",
        "can you repeat that please",
        "come again? in plain English",
        "huh?",
        "I don't get it",
        "what did you just say",
        "you lost me",
        "thanks. one more time please",
    ],
)
def test_ways_to_ask_for_the_same(text: str) -> None:
    assert talk("what is Rustino?", text).text == RUSTINO


@pytest.mark.parametrize(
    "text",
    [
        "tell me more",
        "ok, tell me more",
        "anything else?",
        "is there anything else?",
        "go on",
        "what else should I know",
        "great, thanks. anything more?",
    ],
)
def test_ways_to_ask_for_more(text: str) -> None:
    assert talk("what is sourdough?", text).text == SOUR


def test_shorter_is_about_what_was_said_last() -> None:
    assert talk("what is sourdough?", "tell me more", "shorter").text == "Bread from sourdough contains wheat."
    assert talk("does Rustino contain wheat?", "in short").text == "Yes. Bread from sourdough contains wheat."


def test_an_emergency_and_a_referral_are_told_again_as_what_they_are() -> None:
    assert talk("my throat is swelling", "say that again").kind == "urgent"
    assert talk("may I eat Rustino?", "what do you mean?").kind == "refer"
    assert talk("may I eat Rustino?", "why?").kind == "refer"


@pytest.mark.parametrize("text", ["what is it made from?", "which is it?", "is that all right for the freezer?"])
def test_a_question_is_no_wish_about_the_answer_before(text: str) -> None:
    assert talk("what is Rustino?", text).intent not in {"again", "more", "shorter", "why"}


@pytest.mark.parametrize(
    "text",
    [
        "really?",
        "no way, really?",
        "are you sure?",
        "sure sure?",
        "you sure about that?",
        "seriously?",
        "is that true?",
        "I don't believe it",
        "that can't be right",
        "says who?",
        "where does it say that?",
        "hm. are you quite certain?",
    ],
)
def test_who_does_not_believe_it_hears_it_again_with_its_source(text: str) -> None:
    told = talk("does Rustino contain milk?")
    reply = talk("does Rustino contain milk?", text)
    assert (reply.kind, reply.verdict, reply.sources) == ("answer", "no", told.sources)
    assert reply.text == f"{told.text}\n\nThat is what the book says (Doughs)."


@pytest.mark.parametrize(
    "text",
    [
        "I lost you at the end there, would you say it once more",
        "you lost me halfway, what was that again?",
        "sorry dear, I missed the end. once more please",
        "my eyes are poor. could you repeat that?",
        "run that by me again",
    ],
)
def test_an_aside_does_not_hide_a_wish(text: str) -> None:
    assert talk("what is Rustino?", text).text == RUSTINO


@pytest.mark.parametrize("text", ["my throat is swelling. sorry, again", "what? my throat is closing"])
def test_an_alarm_beside_a_wish_is_met(text: str) -> None:
    assert talk("what is Rustino?", text).kind == "urgent"


@pytest.mark.parametrize("text", ["a bit shorter if you would", "less words please", "shorter"])
def test_there_is_nothing_to_shorten_where_there_was_no_answer(text: str) -> None:
    reply = talk("what is the weather like?", text)
    assert (reply.kind, reply.text) == ("fallback", "I had no answer to that, so there is nothing to shorten.")
    assert talk("what is Rustino?", text).text == "Rustino (rye loaf) is made from sourdough."


@pytest.mark.parametrize(
    "text",
    [
        "is Brioletta as well?",
        "Brioletta too?",
        "does Brioletta too",
        "and does Brioletta?",
        "Brioletta as well?",
        "can Brioletta?",
    ],
)
def test_the_relation_is_carried_over(text: str) -> None:
    assert talk("does Rustino contain milk?", text).intent == "allergens.verify:brioletta+milk"


@pytest.mark.parametrize("text", ["is Mandorla as well?", "Mandorla too?", "and Mandorla?", "does Mandorla?"])
def test_whether_something_is_in_the_list_too(text: str) -> None:
    reply = talk("which breads are made from sourdough?", text)
    assert (reply.intent, reply.verdict) == ("dough.verify:mandorla+sourdough", "no")


@pytest.mark.parametrize("text", ["milk?", "and milk", "milk too?", "is milk listed?", "milk counts?", "what about milk"])
def test_whether_a_value_is_in_the_list(text: str) -> None:
    assert talk("allergens of yeast dough", text).verdict == "yes"
    assert talk("allergens of sourdough", text).verdict == "no"


@pytest.mark.parametrize(
    "text", ["puff pastry I mean", "sorry, I meant puff pastry", "oops, I mean puff pastry", "no, I was asking about puff pastry"]
)
def test_who_corrects_himself_asks_again(text: str) -> None:
    assert talk("allergens of sourdough", text).text == PUFF
    assert talk("allergens?", text).text == PUFF


@pytest.mark.parametrize("text", ["which breads?", "in which breads", "and which breads have that", "what breads is that in?"])
def test_what_has_the_thing_spoken_of(text: str) -> None:
    assert talk("sesame", text).intent == "allergens.reverse:sesame"


@pytest.mark.parametrize(
    ("before", "last", "intent"),
    [
        (["what is Mandorla?"], "baskets", "parts.reverse:mandorla"),
        (["what is Mandorla?"], "and hampers please", "parts.reverse:mandorla"),
        (["what is Brioletta made from?"], "wrong one, meant Nuttina", "dough.list:nuttina"),
        (["what is Brioletta made from?"], "oops, I meant Mandorla", "dough.list:mandorla"),
        (["which breads are made from sourdough?"], "and the first, how many baskets", "parts.count:rustino+basket"),
        (["which breads are made from sourdough?", "and the first, how many baskets"], "second?", "parts.count:kornelia"),
    ],
)
def test_bare_nouns_corrections_and_places_go_on_from_the_last_question(before: list[str], last: str, intent: str) -> None:
    assert talk(*before, last).intent == intent


@pytest.mark.parametrize(
    ("before", "last", "intent"),
    [
        (["which treatments list cytokine release syndrome?"], "what is that", "what.list:crs"),
        (["clinical trials", "how do I find one near me?"], "why would anyone pick that over normal treatment", "trial-why"),
        (["clinical trials"], "go on, tell me more about them", "more"),
    ],
)
def test_what_was_spoken_of_is_what_a_pronoun_asks_about(before: list[str], last: str, intent: str) -> None:
    conversation = shipped().conversation()
    for question in before:
        conversation.ask(question)
    assert conversation.ask(last).intent == intent


def test_a_weak_answer_about_something_else_is_not_given() -> None:
    conversation = shipped().conversation()
    conversation.ask("what is CAR T?")
    assert conversation.ask("why would they do that").kind == "fallback"


@pytest.mark.parametrize("first", ["what is Rustino?", "trade name of the rye loaf"])
def test_a_value_alone_asks_whether_the_last_thing_has_it(first: str) -> None:
    reply = talk(first, "milk?")
    assert (reply.verdict, "sourdough" in reply.text) == ("no", True)


def test_a_name_after_none_of_the_choices_is_asked_about() -> None:
    assert talk("allergens?", "none of them, Rustino").intent == "allergens.list:rustino"


def test_one_stands_for_the_group_that_was_told() -> None:
    assert talk("what is yeast dough?", "is Rustino one").verdict == "no"
    assert talk("what is yeast dough?", "is Nuttina one?").verdict == "yes"
    assert talk("how many breads are made from yeast dough?", "is Rustino one?").verdict == "no"


def test_something_is_asked_of_either() -> None:
    assert talk("is Rustino like Mandorla?", "sesame in either?").intent == "allergens.verify:rustino+mandorla+sesame"


def test_it_is_compared_with_what_is_named() -> None:
    assert talk("what is Rustino?", "is it the same as Kornelia?").intent == "same:rustino+kornelia"


def test_both_of_nothing_is_no_question() -> None:
    assert talk("what is Rustino?", "both").kind == "fallback"


@pytest.mark.parametrize("text", ["where did you get that number", "and where is this from?", "where did you read that?"])
def test_where_it_is_from(text: str) -> None:
    assert talk("how should bread be kept?", text).text.endswith("That is what the book says (At home).")


def test_what_is_named_is_no_premise_about_what_was_spoken_of() -> None:
    conversation = shipped().conversation()
    conversation.ask("what is Abecma?")
    assert "Abecma" not in conversation.ask("how are chemo drugs given").text


def test_it_and_another_thing_are_set_side_by_side() -> None:
    """`of the same sort as A` by itself asks for others of A's; with `it`, whether the two are of one."""
    reply = talk("what is Brioletta made of", "thanks. it is of the same dough as Nuttina?")
    assert (reply.intent, reply.verdict) == ("dough.same:brioletta+nuttina", "yes")


def test_a_short_remark_before_a_question_is_left_aside() -> None:
    """What it denies, or does not want, is not what is asked for."""
    reply = talk("What is Rustino made of?", "Not the price then. What are its allergens?")
    assert (reply.kind, reply.intent) == ("answer", "allergens.list:rustino")


@pytest.mark.parametrize("text", ["does Brioletta do that too?", "does Brioletta have it?", "and does Brioletta do the same?"])
def test_whether_something_else_does_that_too(text: str) -> None:
    assert talk("does Rustino contain milk?", text).intent == "allergens.verify:brioletta+milk"


@pytest.mark.parametrize("text", ["compare that with puff pastry", "and compared to puff pastry?", "versus puff pastry?"])
def test_what_was_asked_beside_something_else(text: str) -> None:
    assert talk("what are the allergens of sourdough?", text).intent == "allergens.compare:sourdough+puff_pastry"


def test_a_bare_attribute_is_asked_of_all_that_was_compared() -> None:
    reply = talk("what is the difference between sourdough and puff pastry?", "allergens?")
    assert reply.intent == "allergens.list:sourdough+puff_pastry"


@pytest.mark.parametrize("text", ["risk of infection with it?", "it can cause infections?"])
def test_a_pronoun_beside_a_value_asks_of_what_was_spoken_of(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what is CAR T?")
    conversation.ask("how many kinds of drugs are there?")
    assert conversation.ask(text).intent == "side_effects.verify:car_t+infection"


def test_what_is_told_of_one_clause_is_not_asked_in_the_next() -> None:
    conversation = shipped().conversation()
    conversation.ask("what's dexamethasone")
    reply = conversation.ask("haha my gran blames it for her belly. does it make you put on weight")
    assert (reply.intent, reply.verdict) == ("side_effects.verify:dexamethasone+weight_gain", "yes")
