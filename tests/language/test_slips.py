import pytest
from rapidfuzz.distance import OSA

from bot.language.slips import cost_of


def cost(typed: str, word: str) -> float:
    return cost_of(typed, word, OSA.distance(typed, word))


@pytest.mark.parametrize(
    ("likely", "unlikely", "word"),
    [
        ("braed", "brzad", "bread"),  # swapped, and a key far away
        ("oveen", "ovein", "oven"),  # a letter twice, and another one
        ("crist", "cr0st", "crust"),
        ("oben", "oqen", "oven"),  # the key beside
        ("loafs", "oaf", "loaf"),  # the first letter is rarely wrong
        ("krust", "prust", "crust"),  # it sounds alike
        ("constipashun", "constixaqion", "constipation"),
    ],
)
def test_the_likely_slip_costs_less(likely: str, unlikely: str, word: str) -> None:
    assert cost(likely, word) < cost(unlikely, word)


def test_two_slips_cost_less_in_a_long_word() -> None:
    assert cost("daraqumzmab", "daratumumab") < cost("korqezia", "kornelia")
