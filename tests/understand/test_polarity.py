"""What is wanted and what is left out, word by word."""

import pytest

from bot.understand.polarity import Polarity, polarity_of
from tests.packs import english


def signs(text: str) -> dict[str, str]:
    """The sign of every capital letter of `text`."""
    words = text.split()
    found = polarity_of(dict(enumerate(word.lower() for word in words)), english())
    return {word: found.of(at, at) for at, word in enumerate(words) if word.isupper()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("which have A and B", {"A": "in", "B": "in"}),
        ("which have A but not B", {"A": "in", "B": "denied"}),
        ("which have A and not B", {"A": "in", "B": "denied"}),
        ("A without B", {"A": "in", "B": "denied"}),
        ("without A and without B", {"A": "denied", "B": "denied"}),
        ("without A but with B", {"A": "denied", "B": "in"}),
        ("neither A nor B", {"A": "denied", "B": "denied"}),
        ("use A and leave B out", {"A": "in", "B": "denied"}),
        ("leave out B but use A", {"A": "in", "B": "denied"}),
        ("B free baskets with A", {"A": "in", "B": "denied"}),
        ("with A where B is not used", {"A": "in", "B": "denied"}),
        ("with A where is not B", {"A": "in", "B": "denied"}),
        ("those that lack B and contain A", {"A": "in", "B": "denied"}),
        ("with A and no B", {"A": "in", "B": "denied"}),
        ("is there no basket with A", {"A": "in"}),
        ("which do not contain A", {"A": "denied"}),
        ("which are not used with A", {"A": "denied"}),
        ("is not A in it", {"A": "in"}),
        ("what goes with A besides B", {"A": "in", "B": "beside"}),
        ("which other than A are B", {"A": "beside", "B": "in"}),
        ("apart from A what contains it", {"A": "beside"}),
        ("all with A except B", {"A": "in", "B": "out"}),
        ("besides the one with A", {"A": "denied"}),
        ("all with A minus the ones with B", {"A": "in", "B": "denied"}),
        ("i left home with A", {"A": "in"}),
        ("not sure which have A", {"A": "in"}),
    ],
)
def test_signs(text: str, expected: dict[str, str]) -> None:
    assert signs(text) == expected


def test_where_nothing_is_left_out_there_are_no_marks() -> None:
    assert polarity_of(dict(enumerate(["which", "goes", "with", "A"])), english()) == Polarity()


def test_the_words_that_leave_out_account_for_themselves() -> None:
    words = ["nut", "free", "loaves", "but", "not", "rye"]
    tokens = polarity_of(dict(enumerate(words)), english()).tokens
    assert {words[at] for at in tokens} == {"free", "not"}
