"""What entries are learned and ranked by."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.features import _NEIGHBOURS, _PAIRS, _PIECES, features_of, ranking_features, vector_of
from bot.understand.utterance import Reader
from tests.packs import bakery_compiled


def features(text: str) -> dict[str, float]:
    made = bakery_compiled()
    utterance = Reader(made.lexicon, made.english).read(text)
    vector = vector_of(utterance, features_of(utterance, (), made.english, {}))
    return ranking_features(utterance, vector, made.index.idf, 100)


def of_kind(values: dict[str, float], kind: str) -> dict[str, float]:
    return {feature[2:]: value for feature, value in values.items() if feature.startswith(kind)}


def test_neighbours_pairs_and_pieces() -> None:
    values = features("bread without nuts")
    stems = list(dict.fromkeys(word for pair in of_kind(values, "b:") for word in pair.split()))[1:-1]
    assert set(of_kind(values, "p:")) == {" ".join(sorted(pair)) for pair in combinations(stems, 2)}
    assert {"^b", "ead", "bread", "ts$"} <= set(of_kind(values, "x:"))


@given(st.lists(st.sampled_from(["bread", "nuts", "oven", "rye", "xylophone", "when"]), min_size=2, max_size=12, unique=True))
def test_each_kind_has_its_length_whatever_the_text(words: list[str]) -> None:
    values = features(" ".join(words))
    for kind, length in (("b:", _NEIGHBOURS), ("p:", _PAIRS), ("x:", _PIECES)):
        assert sum(value**2 for value in of_kind(values, kind).values()) ** 0.5 == pytest.approx(length)


def test_a_long_text_has_a_bounded_number_of_features() -> None:
    assert len(features("one two three four five six seven eight nine ten eleven " * 400)) < 5000
