import pytest

from bot.respond.talk import SmallTalker
from tests.packs import bakery, bakery_compiled, understood

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
