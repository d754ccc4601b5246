import json

import pytest

from bot.reply import Entity, Option, Reply, Source
from bot.respond.compose import plain
from tests.packs import bakery

TITLE = "Crumb Press: The bread book"
URL = "https://crumb.example/book"
RUSTINO = "Rustino (rye loaf) is made from sourdough.\n\nSourdough rises with a starter."
KNOWN = "About Rustino (rye loaf) I can tell you: dough, baskets, what it is, allergens and oven."


def ask(text: str) -> Reply:
    return bakery().ask(text)


def test_the_answer_of_an_entry() -> None:
    reply = ask("How should bread be kept?")
    assert (reply.kind, reply.intent, reply.verdict) == ("answer", "keeping", None)
    assert reply.text == reply.markdown == "Keep bread in a box of clay or wood."
    assert reply.sources == (Source(TITLE, "At home", URL, "2026-03-31"),)
    assert reply.suggestions == ("What is proofing?",)


def test_the_answer_of_an_entry_that_is_a_fact() -> None:
    reply = ask("how do I make a starter?")
    assert (reply.intent, reply.text) == ("starter-steps", "Mix flour and water. Feed it every day.")
    assert [source.section for source in reply.sources] == ["Starters"]


def test_a_verdict_stands_at_the_beginning() -> None:
    assert ask("can bread be frozen?").text == "Yes. Bread keeps for three months in the freezer."
    assert ask("does freezing spoil the bread?").text == "No. Bread keeps for three months in the freezer."


def test_the_answer_of_a_fact() -> None:
    reply = ask("which breads contain nuts?")
    assert (reply.kind, reply.intent) == ("answer", "allergens.reverse:nuts+bread")
    assert reply.text == (
        "Almonds are part of puff pastry (Mandorla).\n\nHazelnuts are part of yeast dough (Brioletta, Nuttina)."
    )
    assert reply.sources == (Source(TITLE, "Pastry", URL, "2026-03-31"), Source(TITLE, "Doughs", URL, "2026-03-31"))


def test_every_source_once() -> None:
    sources = ask("which of Rustino and Kornelia contains milk").sources
    assert len(set(sources)) == len(sources)


def test_a_choice() -> None:
    reply = ask("oven?")
    assert (reply.kind, reply.intent) == ("clarify", "oven.vague:")
    assert reply.text == "Which one do you mean? I can tell you the oven of these:\n1. Sourdough\n2. Yeast dough\n3. Puff pastry"
    assert reply.options[0] == Option("Sourdough", "Oven: sourdough")


@pytest.mark.parametrize("attribute", ["allergens?", "oven?", "which dough?", "baskets?", "which products?"])
def test_every_choice_can_be_asked(attribute: str) -> None:
    options = ask(attribute).options
    assert len(options) > 1
    for option in options:
        reply = ask(option.question)
        assert reply.kind == "answer", option.question
        assert option.title.split(" (")[0].lower() in reply.text.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the weather", "I don't have an answer to that. What I can answer: Bakery – questions about bread."),
        ("the price", "I don't have an answer to that. The book that I know says nothing about prices."),
        (
            "price and calories of the bakery",
            "I don't have an answer to that. The book that I know says nothing about prices or calories.",
        ),
        ("why is Rustino brown", f"I don't have an answer to that. {KNOWN}"),
        ("cost of Rustino", f"I don't have an answer to that. The book that I know says nothing about prices. {KNOWN}"),
        ("trade name of crispbread", "We have no name of our own for crispbread."),
        ("", "I don't have an answer to that. What I can answer: Bakery – questions about bread."),
        (
            "weather " * 2000,
            "I don't have an answer to that. Your message is very long; I read only its first 6000 characters. "
            "Please ask in a few sentences. What I can answer: Bakery – questions about bread.",
        ),
    ],
)
def test_what_it_says_when_it_does_not_know(text: str, expected: str) -> None:
    reply = ask(text)
    assert (reply.kind, reply.intent, reply.text) == ("fallback", None, expected)


def test_questions_that_it_can_answer_instead() -> None:
    assert ask("the weather").suggestions == ("How should bread be kept?", "Which breads contain nuts?")
    assert ask("why does the crust sing to the moon at night?").suggestions[0] == "Why does the crust crack?"
    assert len(ask("keep crust freezer starter toast").suggestions) <= 3


def test_what_was_recognised_and_where() -> None:
    text = "Does  rustno contain the hazel\u00adnuts, or “Milk”?"
    reply = ask(text)
    assert [(text[e.span[0] : e.span[1]], e.id, e.kind) for e in reply.entities] == [
        ("rustno", "rustino", "bread"),
        ("hazel\u00adnuts", "hazelnuts", "allergen"),
        ("Milk", "milk", "allergen"),
    ]
    assert reply.entities[0] == Entity("rustino", "bread", "rustno", (6, 12))


def test_rivals_are_ranked() -> None:
    reply = ask("how do I keep Rustino fresh in the freezer?")
    confidences = [candidate.confidence for candidate in reply.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert 1 < len(reply.candidates) <= 5
    assert ask("what is Rustino").candidates[0].intent == "overview:rustino"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [("**Yes.** It is.", "Yes. It is."), ("- a\n- **b**", "- a\n- b"), ("2 * 3 * 4", "2 * 3 * 4"), ("", "")],
)
def test_plain_text(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected


def test_facts_of_a_thing_by_any_of_its_names() -> None:
    told = bakery().facts("rye loaf")
    assert told is not None
    assert told.startswith("Rustino (rye loaf)\n")
    assert bakery().facts("RUSTINO") == told
    assert bakery().facts("pretzel") is None


def test_the_json_of_a_reply_holds_nothing_but_json() -> None:
    reply = ask("does Rustino contain milk?")
    assert json.loads(json.dumps(reply.to_dict()))["text"] == reply.text


def test_others_besides_one() -> None:
    reply = ask("what breads besides Rustino are made from sourdough")
    assert reply.verdict is None
    assert "Kornelia" in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "since Rustino is made from puff pastry, which allergens does it have?",
        "if Rustino is made from puff pastry, which allergens does it have?",
    ],
)
def test_a_false_premise_is_not_confirmed(text: str) -> None:
    assert "not made from puff pastry" in ask(text).text
