import pytest

from bot.respond.talk import SmallTalker
from tests.packs import bakery, bakery_compiled, shipped, understood

ANSWERS = {"hello": "Hello! Ask me about bread.", "thanks": "You are welcome.", "bye": "Goodbye.", "ok": "All right."}


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("hello", "hello"),
        ("Hi there!", "hello"),
        ("GOOD MORNING, baker", "hello"),
        ("thanks", "thanks"),
        ("thank you so much for everything", None),
        ("thank you so much", "thanks"),
        ("Thanks for your help :-)", "thanks"),
        ("thx", "thanks"),
        ("well, ok then", "ok"),
        ("bye", "bye"),
        ("Hello! Thanks.", "thanks"),
        ("Ok. Bye!", "bye"),
        ("thanks. bye", "bye"),
        ("hello hello", "hello"),
        ("hello, who are you", None),
        ("thanks for the fish", None),
        ("hello " * 41, None),
        ("", None),
    ],
)
def test_what_is_a_courtesy(text: str, talk: str | None) -> None:
    made = bakery_compiled()
    assert SmallTalker(made.talk, made.english).find(understood(text).utterance.tokens) == talk


@pytest.mark.parametrize("talk", ANSWERS)
def test_a_courtesy_is_answered(talk: str) -> None:
    text = str(bakery().pack.smalltalk[talk].phrasings[0]).strip("()").split("|")[0].strip("(")
    reply = bakery().ask(text)
    assert (reply.kind, reply.intent, reply.text) == ("chitchat", talk, ANSWERS[talk])
    assert (reply.sources, reply.verdict) == ((), None)


def test_a_greeting_comes_with_questions_to_begin_with() -> None:
    assert bakery().ask("hello").suggestions == ("How should bread be kept?", "Which breads contain nuts?")
    assert bakery().ask("thanks").suggestions == ()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello, what is Rustino?", "overview:rustino"),
        ("Thanks! And how should bread be kept?", "keeping"),
        ("ok, does Rustino contain milk", "allergens.verify:rustino+milk"),
        ("good morning, why does the crust crack?", "crust"),
    ],
)
def test_a_courtesy_does_not_eat_the_question(text: str, intent: str) -> None:
    reply = bakery().ask(text)
    assert (reply.kind, reply.intent) == ("answer", intent)


def test_a_courtesy_leaves_the_talk_as_it_was() -> None:
    talk = bakery().conversation()
    told = talk.ask("what is sourdough?").text
    before = talk.state
    talk.ask("thanks!")
    assert talk.state == before
    assert talk.ask("say that again").text == told


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("thanks, I feel a bit calmer", "thanks"),
        ("the van is here. thank you", "thanks"),
        ("thank you, my daughter will be glad", "thanks"),
        ("I must hang up, goodbye", "bye"),
    ],
)
def test_a_courtesy_with_a_remark(text: str, talk: str) -> None:
    reply = bakery().ask(text)
    assert (reply.kind, reply.intent) == ("chitchat", talk)


@pytest.mark.parametrize(
    "text",
    [
        "thanks, how much is Rustino?",
        "ok my cat is old",
        "write me a long poem about all the many rivers in the big wide world, thanks",
        "thanks, who won the cup?",
        "Rustino, thanks",
    ],
)
def test_a_remark_is_no_courtesy_where_something_is_asked(text: str) -> None:
    assert bakery().ask(text).kind != "chitchat"


@pytest.mark.parametrize(
    ("before", "text", "intent"),
    [
        ("what is Tecvayli?", "How does it work?", "works.list:teclistamab"),
        ("what is Tecvayli?", "so how does it work then", "works.list:teclistamab"),
        ("hello", "how does it work?", "help"),
        ("what is Tecvayli?", "help", "help"),
        ("what is Tecvayli?", "I need some help", "help"),
        ("what is Tecvayli?", "that was helpful", "thanks"),
        ("what is Tecvayli?", "thanks, that's really kind of you to explain", "thanks"),
        ("what is Tecvayli?", "ok ta, got to put the kettle on", "thanks"),
        ("what is Tecvayli?", "right then, I'm off to bed", "leaving"),
        ("what is Tecvayli?", "night night, sleep well", "leaving"),
        ("what is Tecvayli?", "it's raining again", "day"),
        ("what is Tecvayli?", "lovely day, isn't it?", "day"),
        ("what is Tecvayli?", "my week was awful", "day"),
    ],
)
def test_courtesies_of_the_shipped_pack(before: str, text: str, intent: str) -> None:
    conversation = shipped().conversation()
    conversation.ask(before)
    assert conversation.ask(text).intent == intent


@pytest.mark.parametrize(
    "before",
    ["I see. ", "got it. ", "that's scary. ", "Oh, that is good to know! ", "really? ", "one more thing. ", "never mind. "],
)
@pytest.mark.parametrize("question", ["how is Rustino baked?", "Rustino allergens", "is Mandorla made from puff pastry"])
def test_an_acknowledgement_before_a_question_changes_nothing(before: str, question: str) -> None:
    assert bakery().ask(before + question).text == bakery().ask(question).text


@pytest.mark.parametrize(
    "text", ["so do i give mine up?", "that is me all over. so do i give mine up?", "should he leave off now"]
)
def test_a_decision_that_is_asked_for_is_no_courtesy(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what can steroids do to you")
    assert conversation.ask(text).kind == "refer"


@pytest.mark.parametrize("text", ["i see. does it cause fever too", "i see. and its side effects", "ok. any infections with it"])
def test_an_acknowledgement_alarms_nobody(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("what kind of drug is Revlimid?")
    assert conversation.ask(text).kind == "answer"


@pytest.mark.parametrize("text", ["I have to go to the hospital tomorrow", "I need 500 words on Macbeth by tomorrow pls help"])
def test_what_only_sounds_like_a_courtesy(text: str) -> None:
    assert shipped().ask(text).kind != "chitchat"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ta for being straight with me", "thanks"),
        ("right, night then, and thanks for putting up with me", "bye"),
        ("cheers for all your help today", "thanks"),
    ],
)
def test_thanks_for_this_and_that(text: str, intent: str) -> None:
    assert shipped().ask(text).intent == intent


@pytest.mark.parametrize("text", ["thanks for that, I feel suicidal", "thanks for listening, my throat is closing"])
def test_thanks_hide_no_emergency(text: str) -> None:
    assert shipped().ask(text).kind == "urgent"


def test_who_asks_what_gets_it_has_not_got_it() -> None:
    assert shipped().ask("what else gets mixed with it").kind != "chitchat"


@pytest.mark.parametrize(
    "text", ["are u a robot or a nurse", "Am I typing to a real nurse here?", "is this just some bot", "do i talk with machine"]
)
def test_who_is_there(text: str) -> None:
    assert shipped().ask(text).intent == "who"


def test_a_question_for_good_news_is_no_nod() -> None:
    assert shipped().ask("is there ANY good news").kind != "chitchat"
    assert shipped().ask("good news").kind == "chitchat"
