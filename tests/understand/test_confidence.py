import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.respond.decide import THRESHOLD
from tests.packs import understood

QUESTIONS = [
    "what is Rustino",
    "which breads contain nuts",
    "does Kornelia contain milk",
    "how is Mandorla baked",
    "why does the crust crack",
    "how should bread be kept",
    "how many baskets are there",
    "can bread be frozen",
    "is Rustino made from sourdough",
]
RARE = ["zabrino", "quorvex", "blimphet", "xylonite", "trundlewort"]


def best(text: str) -> float:
    """Confidence of the surest claim, 0 when there is none."""
    return max((claim.confidence for claim in understood(text).claims), default=0.0)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_plain_question_is_sure(text: str) -> None:
    assert best(text) >= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "does Zabrino contain nuts",
        "what is Zabrino",
        "how is Zabrino baked",
        "which dough is Zabrino made from",
        "is Zabrino in a basket with Quorvex",
        "what does Rustino have to do with Zabrino",
    ],
)
def test_an_unknown_name_makes_it_silent(text: str) -> None:
    assert best(text) < THRESHOLD


@pytest.mark.parametrize("text", ["what is the phonetics of the rye loaf", "what are the shoe sizes of Rustino"])
def test_the_name_of_what_nobody_knows_of_a_thing_weighs_as_much_as_a_gap(text: str) -> None:
    assert best(text) < THRESHOLD - 0.15


@pytest.mark.parametrize(
    "text",
    [
        "how much does Rustino cost",
        "the price of sourdough",
        "calories in Rustino",
        "is Rustino fattening",
        "what do I pay for a basket with Rustino",
        "are breads with nuts cheap",
    ],
)
def test_a_gap_makes_it_silent(text: str) -> None:
    assert best(text) < THRESHOLD


@pytest.mark.parametrize(
    "text",
    [
        "why does Rustino contain sesame",
        "when was Rustino baked",
        "why is Mandorla made from puff pastry",
        "when was Rustino invented",
    ],
)
def test_the_time_or_the_reason_of_a_fact_makes_it_silent(text: str) -> None:
    assert best(text) < THRESHOLD


@pytest.mark.parametrize("text", ["the weather", "python list comprehension", "who won the cup", "tell a story about dragons"])
def test_what_is_elsewhere_makes_it_silent(text: str) -> None:
    assert best(text) < THRESHOLD


@pytest.mark.parametrize("question", ["does Rustino contain milk?", "what is Rustino?", "which breads contain nuts?"])
@pytest.mark.parametrize(
    "story",
    [
        "My cousin from Vienna gave me a present yesterday.",
        "We had trouble with the train, and then the rain started.",
        "Hello there!",
        "I have been coming to you for twenty years.",
    ],
)
def test_a_story_around_the_question_does_not(story: str, question: str) -> None:
    assert best(f"{story} {question}") >= THRESHOLD
    assert best(f"{question} {story}") >= THRESHOLD
    assert understood(f"{story} {question}").claims[0].intent == understood(question).claims[0].intent


@given(st.sampled_from(QUESTIONS), st.lists(st.sampled_from(RARE), min_size=1, max_size=4), st.booleans())
def test_a_rare_word_that_nothing_explains_never_makes_it_surer(text: str, words: list[str], first: bool) -> None:
    surest = best(text)
    for word in words:
        text = f"{word} {text}" if first else f"{text} {word}"
        assert best(text) <= surest
        surest = best(text)


@given(
    st.lists(st.sampled_from([*RARE, "rye", "Rustino", "milk", "crust", "why", "cost", "the", "not", "how", "many"]), max_size=10)
)
def test_confidence_is_between_none_and_full(words: list[str]) -> None:
    found = understood(" ".join(words))
    assert all(0 <= claim.confidence <= claim.score + 0.0001 <= 1.0001 for claim in found.claims)
    assert list(found.claims) == sorted(found.claims, key=lambda claim: (-claim.confidence, claim.intent))
    assert len({claim.intent for claim in found.claims}) == len(found.claims)
