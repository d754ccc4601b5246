"""What tells who somebody is does not reach the log; what was asked does."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.log.mask import _NO_NAME, _PEOPLES, mask
from tests.packs import shipped_source


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("My name is Ann Lee, born 3 May 1961. Is it safe?", "My name is [name], born [date]. Is it safe?"),
        ("my name is john smith and i have myeloma", "my name is [name] and i have myeloma"),
        ("i'm called jo, what is velcade", "i'm called [name], what is velcade"),
        ("MY NAME IS ANNA", "MY NAME IS [name]"),
        ("my mum's name is Zoë O'Neil-Brown. She is ill", "my mum's name is [name]. She is ill"),
        ("I'm Mary Jones. hello", "I'm [name]. hello"),
        ("Dr. Smith said so", "Dr. [name] said so"),
        ("I'm Jane Smith and I have a question", "I'm [name] and I have a question"),
        ("Hello, I’m Jane. What is Velcade?", "Hello, I’m [name]. What is Velcade?"),
        ("i'm jane, what is velcade", "i'm [name], what is velcade"),
        ("I'm Hope Rose and tired", "I'm [name] and tired"),
        ("I Am Jane Smith, What Is Velcade", "I Am [name], What Is Velcade"),
        ("this is Dr Lee speaking", "this is Dr [name] speaking"),
        ("This is Lee speaking. May I ask?", "This is [name] speaking. May I ask?"),
        ("it's Mary Jones here", "it's [name] here"),
        ("What is Velcade? Regards, John", "What is Velcade? Regards, [name]"),
        ("What is Velcade?\nKind regards\njohn smith", "What is Velcade?\nKind regards\n[name]"),
        ("is it safe? Thanks, Mary-Ann O.", "is it safe? Thanks, [name]"),
        ("is it safe?\nBest wishes,\nJohn", "is it safe?\nBest wishes,\n[name]"),
        ("my husband is called Tom", "my husband is called [name]"),
        ("call me at +44 20 7946 0958 or ann.lee@example.org", "call me at [phone] or [e-mail]"),
        ("is (020) 7946-0958 right", "is [phone] right"),
        ("dob 03/05/1961 id 943 476 5919", "dob [date] id [number]"),
        ("born in 1961, card 4111-1111-1111-1111", "born in [date], card [number]"),
        ("June 3rd 2024 was it", "[date] was it"),
        ("my number is ٠٧٩٤٦٠٩٥٨١٢", "my number is [number]"),
    ],
)
def test_what_tells_who_somebody_is(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "what is the name of the drug",
        "I am not sure what Velcade is",
        "I'm Sick of it",
        "I Am Taking My Pills Now",
        "This Is About Side Effects",
        "as regards Velcade, is it safe",
        "what about a signed consent form",
        "may I put my name down",
        "the treatment is called Velcade",
        "what happens if I miss Velcade",
        "this is cancer",
        "Thanks, what is Velcade?",
        "in regards to nausea",
        "fever 38.5 after 120 mg in 2024, 3 cycles of 28 days",
        "What is it called in the US?",
        "is 4-5 years normal at 69",
        "[name] or {drug}?",
        "",
    ],
)
def test_what_is_asked_stays(text: str) -> None:
    assert mask(text) == text


NAMES = st.from_regex(r"[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9})?", fullmatch=True)


@given(NAMES, st.integers(10**9, 10**12), st.sampled_from(["", " ", "-", "."]))
def test_names_and_numbers_never_stay(name: str, number: int, mark: str) -> None:
    digits = mark.join(str(number)[at : at + 3] for at in range(0, len(str(number)), 3))
    masked = mask(f"Hello, my name is {name}, my number is {digits}, what is Velcade?")
    assert name not in masked
    assert not re.search(r"\d{3}", masked)
    assert masked.endswith("what is Velcade?")


NOBODY = (
    "I am {} refractory",
    "I'm on {} now",
    "This is {} Faspro?",
    "Is this {} here",
    "Dr {} said",
    "call me about {}",
    "thanks, {}",
)
THINGS = sorted(
    {str(name) for thing in shipped_source().things.values() for name in (thing.name, *thing.aliases) if name.isalpha()}
)


@pytest.mark.parametrize("sentence", NOBODY)
def test_a_thing_of_the_pack_is_nobody(sentence: str) -> None:
    assert len(THINGS) > 50
    for name in THINGS:
        text = sentence.format(name)
        assert mask(text, set(name.lower().split())) == text


def test_what_the_pack_asks_stays() -> None:
    pack = shipped_source()
    asked = [str(text) for entry in pack.entries.values() for text in (entry.question, *entry.phrasings)]
    asked += [str(text) for more in pack.phrasings.values() for text in more.asks]
    assert len(asked) > 1000
    assert [text for text in asked if mask(text) != text] == []


def test_what_somebody_is_stays_and_what_he_is_called_does_not() -> None:
    assert mask("I am Chinese, may I ask?") == "I am Chinese, may I ask?"
    assert mask("I am Wei Zhang, may I ask?") == "I am [name], may I ask?"


FULL = st.from_regex(r"[A-Z][a-z]{2,9} [A-Z][a-z]{2,9}", fullmatch=True)
ANNOUNCED = (
    "I'm {}, what is it?",
    "hello, i am {} and ill",
    "this is {} speaking",
    "is it so?\nRegards, {}",
    "is it so? Thanks, {}.",
)


@given(FULL, st.sampled_from(ANNOUNCED))
def test_an_announced_name_never_stays(name: str, sentence: str) -> None:
    assume(not set(name.lower().split()) & (_NO_NAME | _PEOPLES))
    assert mask(sentence.format(name)) == sentence.format("[name]")


@given(st.text(max_size=300))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    assert mask(mask(text)).count("@") <= mask(text).count("@")
    assert not re.search(r"\d{6}", mask(text))


@pytest.mark.parametrize("text", ["I saw the doctor. It is back.", "the doctor STILL says no"])
def test_a_doctor_without_a_name(text: str) -> None:
    assert mask(text) == text
