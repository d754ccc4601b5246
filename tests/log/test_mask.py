"""What tells who somebody is does not reach the log; what was asked does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.log.mask import mask


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


@given(st.text(max_size=300))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    assert mask(mask(text)).count("@") <= mask(text).count("@")
    assert not re.search(r"\d{6}", mask(text))
