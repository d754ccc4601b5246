"""What asks in a long message, and what is only told around it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.compiled import compile_pack
from bot.engine import Engine
from bot.pack.load import load
from bot.understand.focus import LONG, segments, unmarked
from tests.packs import bakery, english, understood, write_bakery

LEARNED = """
long:
  facts.allergens:
    - "My sister is coming over on Sunday with her two boys. We always have cake on Sundays. I bought a Brioletta for
      them. [[What allergens are in it]]? She drives a van and is always late, so I would rather know it now."
    - "I was in the queue for an hour, the man before me counted his coins twice, and then they had only the Kornelia
      left. [[What could my aunt react to in that]]? She had a bad time with shrimps in Spain, years ago."
    - "We moved here in May and the neighbours bring us something every week. I want to be polite and I want to live,
      so please tell me [[what the allergens of Mandorla are]]. The dog has eaten the note that came with it."
  facts.dough:
    - "He bakes at night and sleeps by day, that is how it is in our house. Yesterday he came home with a Rustino under
      his arm and never said a word. [[What kind of dough is it made from]]? I did not like to wake him up."
    - "My late husband made all of our bread and I never watched him do it. I was at work, you see. [[Which dough do
      they use for the Brioletta]]? He would have known that without looking up from his paper."
  crust:
    - "I have a new oven, it cost a fortune, and the man who put it in was no help at all with anything but the plug.
      [[Why does my loaf split open]]? I followed it to the letter, and my mother is coming to stay."
    - "Three loaves in the bin this week and the birds will not have them either. I weigh it all and I knead for ten
      minutes. Nobody in the shop could say [[why the surface tears in the oven]]. I am sixty and ought to know."
    - "Last year I won a prize at the fair with a plain white loaf and this year they laughed at me. [[What makes a
      crust burst]]? My wife says that I should take up fishing, and she may well be right about it."
"""

STORY = (
    "My boy got a rash from walnuts when he was four and we spent that night in the hospital, so I read every label now. "
    "Today he came home from school with half a {bread} in his bag, a gift from his teacher. {asks} "
    "I have hidden it on top of the cupboard until I know more."
)


@cache
def taught() -> Engine:
    """The bakery, after it has seen some long messages."""
    with TemporaryDirectory() as folder:
        write_bakery(Path(folder))
        (Path(folder) / "long.yaml").write_text(LEARNED, encoding="utf-8")
        return Engine(compile_pack(load(Path(folder))))


@pytest.mark.parametrize(
    ("bread", "asks", "intent"),
    [
        ("Rustino", "What allergens are in it?", "allergens.list:rustino"),
        ("Kornelia", "Could you tell me what the allergens are?", "allergens.list:kornelia"),
        ("Brioletta", "Which dough do they use for it?", "dough.list:brioletta"),
    ],
)
def test_what_is_told_is_not_answered(bread: str, asks: str, intent: str) -> None:
    assert taught().ask(STORY.format(bread=bread, asks=asks)).intent == intent


def test_a_story_without_a_question_that_is_covered_gets_no_answer() -> None:
    assert taught().ask(STORY.format(bread="Rustino", asks="What would you do in my shoes?")).kind == "fallback"


def test_a_short_message_is_asked_as_a_whole() -> None:
    assert understood("my boy likes it, so what allergens are in Rustino?").attention == ()


def test_a_pack_without_long_messages_answers_them_all_the_same() -> None:
    text = STORY.format(bread="Rustino", asks="What allergens are in Rustino?")
    assert len(text.split()) > LONG
    assert bakery().ask(text).intent == "allergens.list:rustino"


def test_what_stands_between_marks() -> None:
    assert unmarked("a [[b c]] d") == ("a b c d", ((2, 5),))
    assert unmarked("[[a]] b [[c]]") == ("a b c", ((0, 1), (4, 5)))


def test_segments_begin_at_question_words_and_commas() -> None:
    utterance = understood("I asked her, more than once, what dough it is and she said by which name do you mean").utterance
    found = [" ".join(token.word for token in utterance.tokens[first:end]) for first, end in segments(utterance, english())]
    assert found == ["i asked her", "more than once", "what dough it is and she said", "by which name do you mean"]
