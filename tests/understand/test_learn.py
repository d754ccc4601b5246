"""Learning from examples: against the obvious computation, and the same in every process."""

import math
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.learn import learn
from bot.understand.model import Model, Teller, checksum_of, length_of


def examples(size: int, labels: int) -> tuple[list[dict[str, float]], list[str]]:
    """Texts of ten chance words, and one word that tells the label."""
    chance = random.Random(7)
    texts = [
        {f"w{chance.randrange(200)}": chance.choice([0.5, 1.0, 2.0]) for _ in range(10)} | {f"tells{n % labels}": 1.0}
        for n in range(size)
    ]
    return texts, [f"label{n % labels}" for n in range(size)]


def slowly(model: Model, features: dict[str, float]) -> dict[str, float]:
    """The softmax of the sums of weights, one by one."""
    known = list(memoryview(model.table).cast("I"))
    places = memoryview(model.places).cast("I")
    found = {f: places[known.index(checksum_of(f))] * len(model.labels) for f in features if checksum_of(f) in known}
    rows = {f: [(byte - 128) * model.scale for byte in model.weights[at : at + len(model.labels)]] for f, at in found.items()}
    length = length_of(features.values(), model.shortest)
    scores = [sum(features[f] * row[at] for f, row in rows.items()) / length for at in range(len(model.labels))]
    whole = sum(math.exp(score) for score in scores)
    return {label: math.exp(score) / whole for label, score in zip(model.labels, scores, strict=True)}


TEXTS, LABELS = examples(300, 5)
MODEL = learn(TEXTS, LABELS)
WORDS = sorted({word for text in TEXTS for word in text})


def test_it_learns_what_tells() -> None:
    told = [max(Teller(MODEL).probabilities(text).items(), key=lambda item: item[1])[0] for text in TEXTS]
    assert sum(one == other for one, other in zip(told, LABELS, strict=True)) > 290


@given(st.dictionaries(st.sampled_from([*WORDS, "never seen"]), st.sampled_from([0.5, 1.0, 1.5, 3.0]), max_size=30))
def test_the_sums_are_those_of_the_slow_computation(features: dict[str, float]) -> None:
    quick = Teller(MODEL).probabilities(features)
    assert quick == pytest.approx(slowly(MODEL, features), abs=1e-3)
    assert sum(quick.values()) == pytest.approx(1.0)


def learned_under_other_seeds(module: str, function: str) -> set[str]:
    """Digests of what `function` learns from the same examples in two processes with other hash seeds."""
    code = (
        f"from tests.understand.test_learn import examples; from {module} import {function}; import hashlib, msgspec;"
        f"print(hashlib.sha256(msgspec.msgpack.encode({function}(*examples(200, 3)))).hexdigest())"
    )
    return {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }


def test_the_same_from_the_same_whatever_the_hash_seed() -> None:
    assert len(learned_under_other_seeds("bot.understand.learn", "learn")) == 1


def test_what_an_example_is_worth() -> None:
    texts, labels = [{"word": 1.0}] * 40, ["a", "b"] * 20
    even = Teller(learn(texts, labels)).probabilities({"word": 1.0})
    odd = Teller(learn(texts, labels, [1.0, 0.1] * 20)).probabilities({"word": 1.0})
    assert odd["a"] > even["a"] + 0.1
    assert learn(texts, labels, [1.0] * 40) == learn(texts, labels)


@pytest.mark.parametrize("labels", [[], ["a"], ["a", "a"]])
def test_nothing_is_learned_from_one_label(labels: list[str]) -> None:
    assert learn([{"word": 1.0} for _ in labels], labels).labels == ()


def test_texts_of_which_nothing_is_known() -> None:
    assert max(Teller(MODEL).probabilities({"never seen": 1.0}).values()) == pytest.approx(0.2)
