"""Questions about things themselves."""

import pytest

from bot.understand.query import Query
from tests.packs import understood


def query(text: str) -> Query | None:
    return understood(text).claims[0].query


@pytest.mark.parametrize("text", ["Rustino = sourdough?", "is Rustino the same as sourdough", "is sourdough the same as Rustino"])
def test_a_thing_and_its_group_are_the_same_in_so_far_as_it_belongs_to_it(text: str) -> None:
    assert query(text) == Query("verify", "dough", ("rustino",), ("sourdough",))


@pytest.mark.parametrize(
    "text",
    [
        "what are the close relatives of Rustino",
        "Rustino has a couple of close relatives. What are they called?",
        "breads like Rustino",
        "which breads are similar to Rustino",
        "what else is like Rustino",
        "Rustino's siblings?",
        "others like Rustino",
        "similar breads to Rustino",
        "are there other breads of the same dough as Rustino",
    ],
)
def test_what_is_like_a_thing(text: str) -> None:
    assert query(text) == Query("siblings", "dough", ("rustino",))


@pytest.mark.parametrize("text", ["my relatives like Rustino", "is it like Rustino", "what is Rustino like"])
def test_what_is_not_asked_for(text: str) -> None:
    assert "siblings" not in [claim.query.form for claim in understood(text).claims if claim.query and claim.confidence >= 0.65]


def test_two_names_that_are_asked_to_differ() -> None:
    assert query("are Rustino and the rye loaf different breads?") == Query("same", things=("rustino",), mode="not")


def test_the_same_kind_of_group() -> None:
    assert query("are Rustino and Kornelia of the same kind of dough") == Query("same", "dough", ("rustino", "kornelia"))
