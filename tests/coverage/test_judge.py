"""What is right: one fault for everything that is not as expected."""

import pytest

from bot.coverage.cases import Case, Expectation, Turn
from bot.coverage.judge import faults_of, judged, marks_of, meets, outcome_of
from bot.reply import Entity, Kind, Reply, Verdict
from tests.packs import bakery


def reply(
    kind: Kind = "answer", text: str = "Yes. Milk.", verdict: Verdict | None = "yes", intent: str | None = "a.list:b"
) -> Reply:
    return Reply(
        kind=kind, text=text, markdown=text, verdict=verdict, intent=intent, entities=(Entity("milk", "x", "milk", (0, 4)),)
    )


@pytest.mark.parametrize(
    ("expect", "faults"),
    [
        (Expectation(), ()),
        (Expectation(kind=("answer", "refer"), has=(("milk", "dairy"),), lacks=("egg",), verdict="yes", never="no"), ()),
        (Expectation(intent=("a.list",), entities=("milk",)), ()),
        (Expectation(kind=("fallback", "refer")), ("kind is answer, not fallback or refer",)),
        (Expectation(has=(("egg", "eggs"), ("milk",))), ("lacks 'egg' or 'eggs'",)),
        (Expectation(lacks=("milk",)), ("has 'milk'",)),
        (Expectation(verdict="no"), ("does not say no",)),
        (Expectation(never="yes"), ("says yes",)),
        (Expectation(intent=("a", "a.li")), ("intent is a.list:b, not a or a.li",)),
        (Expectation(entities=("milk", "eggs")), ("does not recognise eggs",)),
    ],
)
def test_faults(expect: Expectation, faults: tuple[str, ...]) -> None:
    assert faults_of(expect, reply()) == faults


@pytest.mark.parametrize(
    ("text", "verdict", "wanted", "is_right"),
    [
        ("“Yes”, it does.", None, "yes", True),
        ("**Yes**, it can.", None, "yes", True),
        ("It does, yes.", None, "yes", False),
        ("Yesterday it did.", None, "yes", False),
        ("No, it cannot.", None, "yes", False),
        ("It can.", "yes", "yes", True),
        ("It can.", "no", "yes", False),
        ("It can.", None, "no", False),
        ("", None, "no", False),
    ],
)
def test_a_verdict_stands_in_its_field_or_first_in_the_text(
    text: str, verdict: Verdict | None, wanted: Verdict, is_right: bool
) -> None:
    faults = faults_of(Expectation(verdict=wanted), reply(text=text, verdict=verdict))
    assert faults == (() if is_right else (f"does not say {wanted}",))


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("answer", "wrong"), ("refer", "wrong"), ("chitchat", "wrong"), ("clarify", "clarified"), ("fallback", "silent")],
)
def test_silence_is_no_wrong_answer(kind: Kind, outcome: str) -> None:
    assert outcome_of(reply(kind), ("something",)) == outcome
    assert outcome_of(reply(kind), ()) == "right"


def test_an_intent_stands_for_all_its_things() -> None:
    assert [meets("a.list:b", wanted) for wanted in ("a.list", "a.list:b", "a", "a.list:c")] == [True, True, False, False]
    assert not meets(None, "a")


def test_the_questions_of_a_case_are_one_conversation() -> None:
    expect = Expectation(has=(("wheat",),))
    case = Case("c", (Turn("Which dough is Rustino made from?"), Turn("and its allergens?", expect)), ("t",), path="f", line=3)
    first, second = marks_of(case, bakery().conversation())
    assert (first.outcome, first.trace) == ("unjudged", ())
    assert (second.outcome, second.turn, second.tags, second.place) == ("right", 2, ("t",), "f:3")


def test_only_what_is_not_right_says_why() -> None:
    asked = bakery().ask("Which breads contain milk?")
    wrong = judged(Case("c", (Turn("Which breads contain milk?", Expectation(kind=("fallback",))),)), 1, asked)
    right = judged(Case("c", (Turn("Which breads contain milk?", Expectation(kind=("answer",))),)), 1, asked)
    assert wrong.trace == asked.trace.steps
    assert right.trace == ()
