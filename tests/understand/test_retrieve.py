import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.mentions import Finder
from bot.understand.query import Claim
from bot.understand.retrieve import asked_as, broader_of, features_of, is_negated, is_template, vector_of
from bot.understand.utterance import Reader
from tests.packs import bakery_compiled, bakery_pack, english, understood

WORDS = [
    "crust",
    "crack",
    "loaf",
    "burst",
    "oven",
    "freezer",
    "frozen",
    "bread",
    "keep",
    "store",
    "starter",
    "toast",
    "why",
    "how",
]


def claims(text: str) -> dict[str, Claim]:
    """The claims of the entries to answer `text`, best first."""
    return {claim.entry: claim for claim in understood(text).claims if claim.entry is not None}


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("How should bread be kept?", "keeping"),
        ("where do I store my loaf", "keeping"),
        ("the best place for keeping bread fresh?", "keeping"),
        ("can bread be frozen", "freezing"),
        ("may I put bread into the freezer", "freezing"),
        ("why does the crust crack", "crust"),
        ("my crust is torn, what is the reason", "crust"),
        ("why do loaves burst open in an oven", "crust"),
        ("how do I make a starter", "starter-steps"),
        ("how is bread toasted", "toasting"),
    ],
)
def test_the_nearest_phrasing_wins(text: str, entry: str) -> None:
    assert next(iter(claims(text))) == entry


@pytest.mark.parametrize("entry", bakery_pack().entries)
def test_the_phrasing_itself_is_nearest_to_itself(entry: str) -> None:
    for _, texts in asked_as(bakery_pack(), entry):
        for text in texts:
            if not is_template(text):
                found = claims(text)[entry]
                assert re.search(r"\(1\.00\)", found.reasons[0]), text
                assert found.score == max(claim.score for claim in claims(text).values())


def vectors() -> list[tuple[str, dict[str, float]]]:
    """(entry, weighted features) of every phrasing, made one by one."""
    made, pack = bakery_compiled(), bakery_pack()
    reader, finder = Reader(made.lexicon, made.english, corrects=False), Finder(made.lexicon, made.english)
    found: list[tuple[str, dict[str, float]]] = []
    for entry in pack.entries:
        for text in (text for _, texts in asked_as(pack, entry) for text in texts if not is_template(text)):
            utterance = reader.read(text)
            features = features_of(utterance, finder.find(utterance), made.english, broader_of(pack))
            found.append((entry, vector_of(utterance, features)))
    return found


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * other.get(feature, 0.0) for feature, weight in one.items())
    lengths = [math.sqrt(sum(weight * weight for weight in vector.values())) for vector in (one, other)]
    return shared / (lengths[0] * lengths[1]) if all(lengths) else 0.0


VECTORS = vectors()


def nearest(text: str) -> dict[str, float]:
    """Entry -> cosine of its nearest phrasing, by going through them all."""
    found, made = understood(text), bakery_compiled()
    features = features_of(found.utterance, found.mentions, made.english, broader_of(made.pack))
    question = vector_of(found.utterance, features)
    rarity = {f: math.log(1 + len(VECTORS) / sum(f in v for _, v in VECTORS)) for _, vector in VECTORS for f in vector}

    def weighed(vector: dict[str, float]) -> dict[str, float]:
        return {feature: weight * rarity.get(feature, 0.0) for feature, weight in vector.items()}

    best: dict[str, float] = {}
    for entry, vector in VECTORS:
        best[entry] = max(best.get(entry, 0.0), cosine(weighed(question), weighed(vector)))
    return best


@given(st.lists(st.sampled_from([*WORDS, "Rustino", "rye", "not", "the", "is"]), min_size=1, max_size=7))
def test_the_cosine_is_that_of_the_slow_computation(words: list[str]) -> None:
    text = " ".join(words)
    expected = nearest(text)
    for entry, claim in claims(text).items():
        told = re.search(r"nearest phrasing .* \((\d\.\d\d)\)", claim.reasons[0])
        assert told is None or abs(float(told[1]) - expected[entry]) <= 0.0051


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("can bread be frozen?", "yes"),
        ("does bread survive the freezer?", "yes"),
        ("may bread be put into the freezer?", "yes"),
        ("is frozen bread good?", "yes"),
        ("does freezing spoil the bread?", "no"),
        ("is frozen bread ruined?", "no"),
        ("does freezing not spoil the bread?", "yes"),
        ("does bread not survive the freezer?", "no"),
        ("isn't frozen bread ruined?", "no"),
        ("frozen bread is ruined, right?", "no"),
        ("how can bread be frozen", None),
        ("putting bread into the freezer", None),
        ("why does the crust crack?", None),
    ],
)
def test_verdicts(text: str, verdict: str | None) -> None:
    assert understood(text).claims[0].verdict == verdict


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("is it baked", False),
        ("is it not baked", False),
        ("is rye ever never baked", True),
        ("rye is not baked", True),
        ("rye is not never baked", False),
        ("do not bake it", False),
        ("", False),
    ],
)
def test_negated_phrasings(text: str, negated: bool) -> None:
    assert is_negated(text.split(), english()) is negated


@pytest.mark.parametrize(
    ("text", "template"),
    [("what is rye", False), ("what is [the] rye", True), ("(a|b)", True), ("toast {bread}", True), ("<ask> rye", True)],
)
def test_templates_are_told_from_sentences(text: str, template: bool) -> None:
    assert is_template(text) is template


def test_every_way_to_ask_an_entry() -> None:
    assert asked_as(bakery_pack(), "freezing") == (
        (None, ["Can bread be frozen?", "putting bread into the freezer"]),
        ("yes", ["does bread survive the freezer", "may bread be put into the freezer", "is frozen bread good"]),
        ("no", ["does freezing spoil the bread", "is frozen bread ruined"]),
    )
    assert asked_as(bakery_pack(), "crust")[0][1][-2:] == [
        "My loaf bursts open in the oven, why is that?",
        "why does the surface of a loaf tear while it bakes",
    ]


def test_variants_and_the_wider_things() -> None:
    assert broader_of(bakery_pack()) == {"hazelnuts": "nuts", "almonds": "nuts"}
