"""Cases: what may be written, and what a pack says to them."""

import msgspec
import pytest
from jsonschema import Draft202012Validator

from bot.coverage.cases import Case, Expectation, Turn, WrittenCase, case_of, schema, unknown_names
from tests.packs import bakery_pack


def made(**fields: object) -> Case:
    case, wrong = case_of(msgspec.convert(fields, WrittenCase), id="a", source="s")
    assert wrong == []
    return case


def test_what_is_expected_may_stand_beside_the_question_or_under_expect() -> None:
    beside = made(ask="Milk?", kind="answer", has=["Milk"], verdict="yes")
    under = made(ask="Milk?", expect={"kind": ["answer"], "has": [["Milk"]], "verdict": "yes"})
    assert beside == under == Case("a", (Turn("Milk?", Expectation(("answer",), (("milk",),), verdict="yes")),), source="s")


def test_a_question_without_expectation_is_asked_all_the_same() -> None:
    assert made(ask="Milk?").turns == (Turn("Milk?"),)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "a case needs 'ask', the question, or 'turns', a list of questions"),
        ({"ask": " "}, "a question is empty"),
        ({"ask": "a", "turns": [{"ask": "b"}]}, "a case has 'ask' or 'turns', not both"),
        (
            {"ask": "a", "kind": "answer", "expect": {}},
            "'kind' stands beside 'expect': put all of it there, or leave 'expect' out",
        ),
        ({"turns": [{"ask": "a"}], "has": ["b"]}, "'has' stands beside 'turns': say in each turn what is expected of it"),
    ],
)
def test_a_case_that_contradicts_itself_is_told(fields: dict[str, object], message: str) -> None:
    assert case_of(msgspec.convert(fields, WrittenCase), id="a", source="s")[1] == [message]


def test_the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses() -> None:
    validator = Draft202012Validator(schema())
    for good in (
        [{"ask": "a", "kind": "answer"}],
        {"cases": [{"turns": [{"ask": "a"}]}]},
        {"ask": "a", "has": [["b", "c"], "d"]},
    ):
        validator.validate(good)
    for bad in ([{"ask": 1}], {"cases": [{"aks": "a"}]}, {"ask": "a", "kind": "answr"}, {"ask": "a", "verdict": True}):
        assert not validator.is_valid(bad)


@pytest.mark.parametrize(
    "intent", ["keeping", "hello", "advice", "allergens.list", "allergens.verify:rustino+wheat", "overview:rustino"]
)
def test_intents_of_the_pack_are_known(intent: str) -> None:
    assert list(unknown_names(made(ask="a", intent=intent), bakery_pack())) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"intent": "keping"}, "'a' expects the intent 'keping', and the pack has none of that id (did you mean 'keeping'?)"),
        (
            {"intent": "allergens.list:rustno"},
            "'a' expects the intent 'allergens.list:rustno', and the pack has no thing 'rustno' (did you mean 'rustino'?)",
        ),
        ({"intent": "allergens.sing"}, "'a' expects the intent 'allergens.sing', and the pack has none of that id"),
        (
            {"entities": ["milk", "mlk"]},
            "'a' expects the entity 'mlk', and the pack has no thing of that id (did you mean 'milk'?)",
        ),
    ],
)
def test_names_that_the_pack_does_not_have_are_told(fields: dict[str, object], message: str) -> None:
    (fault,) = unknown_names(made(ask="a", **fields), bakery_pack())
    assert fault.message == message
