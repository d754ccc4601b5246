"""What is learned from statements: which are so, which are not, and which an entry leaves open."""

from itertools import product

import pytest
from msgspec.structs import replace

from bot.compiled import compile_pack
from bot.engine import Engine
from bot.pack.format import Verdicts
from bot.understand.assent import OPEN, Assenter, Assents, Statement, taught
from bot.understand.understanding import Understanding
from tests.packs import bakery, bakery_pack, bakery_understander, english

WHO = ("the oven", "our oven", "your big oven", "the stone oven", "the oven in the back", "that oven")
HOT = ("is hot", "is very warm", "gets hot early", "is heated", "is warm at four", "glows", "stays hot", "is quite hot", "burns")
COLD = (
    "is cold",
    "is very chilly",
    "gets cold early",
    "is cooled",
    "is chilly at four",
    "freezes",
    "stays cold",
    "is icy",
    "is off",
)
COSTS = ("is expensive", "is pretty", "was a bargain", "comes from Milan", "is older than you", "costs much")


def statements(entry: str, holds: tuple[str, ...], fails: tuple[str, ...]) -> list[Statement]:
    sides = (("yes", holds), ("no", fails), (OPEN, COSTS))
    said = ((label, f"{who} {what}") for label, texts in sides for who, what in product(WHO, texts))
    return [Statement(entry, label, read.utterance, read.mentions) for label, text in said for read in [understood(text)]]


def understood(text: str) -> Understanding:
    return bakery_understander().read(text)


@pytest.fixture(scope="module")
def assents() -> Assents:
    """Of the oven it is said that it is hot, of the cellar that it is cold."""
    return taught([*statements("oven", HOT, COLD), *statements("cellar", COLD, HOT)], english())


def likeliest(assents: Assents, entry: str, text: str) -> str:
    read = understood(text)
    shares = Assenter(assents, english()).shares(entry, read.utterance, read.mentions, range(len(read.utterance.tokens)))
    assert sum(shares.values()) == pytest.approx(1.0)
    return max(shares, key=lambda label: shares[label])


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("oven", "so the old oven is hot, right?", "yes"),
        ("oven", "my aunt says it is cold in there", "no"),
        ("oven", "is it expensive", OPEN),
        ("cellar", "so the old oven is hot, right?", "no"),
        ("cellar", "my aunt says it is cold in there", "yes"),
    ],
)
def test_other_words_around_it_are_told_as_well(assents: Assents, entry: str, text: str, expected: str) -> None:
    assert likeliest(assents, entry, text) == expected


def test_nothing_is_told_of_an_entry_that_nothing_was_learned_of(assents: Assents) -> None:
    read = understood("is it hot")
    assert Assenter(assents, english()).shares("toasting", read.utterance, read.mentions, range(3)) == {}


def test_a_few_statements_teach_nothing() -> None:
    assert taught(statements("oven", HOT[:2], COLD[:2]), english()) == Assents()
    assert taught([], english()) == Assents()


def test_the_same_statements_teach_the_same(assents: Assents) -> None:
    assert taught([*statements("oven", HOT, COLD), *statements("cellar", COLD, HOT)], english()) == assents


@pytest.fixture(scope="module")
def taught_bakery() -> Engine:
    """The bakery, to which somebody explained what is so and what is not of bread in the freezer."""
    people = ("", "my aunt says ", "tell me, ", "honestly, ", "hi, ", "well ", "so ", "ok, ", "please, ", "listen, ")
    holds = (
        "is bread fine in the cold for a while",
        "does a loaf stay good on ice",
        "is icy bread still tasty",
        "are icy rolls tasty",
    )
    fails = ("is bread ruined in the cold", "does a loaf go bad on ice", "is icy bread stale", "are icy rolls stale and dry")
    verdicts = Verdicts(
        holds=[f"{who}{what}{end}" for who, what, end in product(people, holds, ("", " then", " at all"))],
        fails=[f"{who}{what}{end}" for who, what, end in product(people, fails, ("", " then", " at all"))],
    )
    pack = bakery_pack()
    return Engine(compile_pack(replace(pack, verdicts=pack.verdicts | {"freezing": verdicts})))


def verdict(engine: Engine, text: str) -> str | None:
    claims = engine.replier.claims(text)
    return next((claim.verdict for claim in claims if claim.entry == "freezing"), None)


def test_a_verdict_that_no_template_gives_is_learned(taught_bakery: Engine) -> None:
    text = "is bread from the freezer icy, stale and dry?"
    assert verdict(bakery(), text) is None
    assert verdict(taught_bakery, text) == "no"


def test_what_a_template_says_stands_against_weak_likeness(taught_bakery: Engine) -> None:
    text = "does bread keep for three months in the freezer?"
    assert verdict(bakery(), text) == verdict(taught_bakery, text) == "yes"


def test_a_question_for_more_than_yes_or_no_gets_neither(taught_bakery: Engine) -> None:
    assert verdict(taught_bakery, "how long is icy bread tasty in the freezer?") is None
