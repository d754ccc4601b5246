"""Learning labels apart from each other: against the obvious computation, and the same in every process."""

import pytest

from bot.understand.margins import _COST, _SHARP, learn_margins
from bot.understand.model import Model, Teller, checksum_of
from tests.understand.test_learn import examples, learned_under_other_seeds

TEXTS, LABELS = examples(90, 3)


def unit(text: dict[str, float]) -> dict[str, float]:
    length = sum(value**2 for value in text.values()) ** 0.5
    return {feature: value / length for feature, value in text.items()}


UNITS = [unit(text) for text in TEXTS]
MODEL = learn_margins(UNITS, LABELS)


def row(model: Model, feature: str) -> list[float]:
    """The weights of a feature, looked up one by one."""
    known = list(memoryview(model.table).cast("I"))
    if checksum_of(feature) not in known:
        return [0.0] * len(model.labels)
    at = memoryview(model.places).cast("I")[known.index(checksum_of(feature))] * len(model.labels)
    return [(byte - 128) * model.scale / _SHARP for byte in model.weights[at : at + len(model.labels)]]


def loss(weights: dict[str, float], bias: float, label: str) -> float:
    """What one machine minimises: half the length of its weights, and the squares of what falls short of the margin."""
    short = 0.0
    for text, own in zip(UNITS, LABELS, strict=True):
        margin = bias + sum(value * weights.get(feature, 0.0) for feature, value in text.items())
        short += max(0.0, 1 - margin * (1 if own == label else -1)) ** 2
    return (bias * bias + sum(weight * weight for weight in weights.values())) / 2 + _COST * short


@pytest.mark.parametrize("place", range(3))
def test_no_small_step_makes_the_loss_much_less(place: int) -> None:
    label, features = MODEL.labels[place], sorted({feature for text in UNITS for feature in text})
    weights, bias = {feature: row(MODEL, feature)[place] for feature in features}, MODEL.bias[place] / _SHARP
    reached = loss(weights, bias, label)
    step = 0.05
    for feature in features[::7]:
        for way in (step, -step):
            assert loss(weights | {feature: weights[feature] + way}, bias, label) > reached - 0.01 * reached
    for way in (step, -step):
        assert loss(weights, bias + way, label) > reached - 0.01 * reached


def test_it_learns_what_tells_and_leaves_something_for_no_label() -> None:
    for text, label in zip(UNITS, LABELS, strict=True):
        told = Teller(MODEL).probabilities(text)
        assert max(told, key=lambda name: told[name]) == label
        assert 0.0 < sum(told.values()) < 1.0


def test_a_text_of_which_nothing_is_known_is_likely_none_of_the_labels() -> None:
    unknown = Teller(MODEL).probabilities({"never seen": 1.0})
    known = Teller(MODEL).probabilities(UNITS[0])
    assert sum(unknown.values()) < sum(known.values())


def test_the_same_from_the_same_whatever_the_hash_seed() -> None:
    assert len(learned_under_other_seeds("bot.understand.margins", "learn_margins")) == 1


@pytest.mark.parametrize("labels", [[], ["a"], ["a", "a"]])
def test_nothing_is_learned_from_one_label(labels: list[str]) -> None:
    assert learn_margins([{"word": 1.0} for _ in labels], labels).labels == ()
