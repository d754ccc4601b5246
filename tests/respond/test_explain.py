"""Whole traces: how the words were read, what was recognised, who competed, and what decided."""

import pytest

from bot.respond.decide import THRESHOLD
from bot.respond.trust import TRUSTED
from tests.packs import bakery


def trace(text: str) -> list[str]:
    """The trace without the candidates after the first, whose order is a matter of hundredths."""
    steps = bakery().ask(text).trace.steps
    rivals = [step for step in steps if step.startswith("candidate: ")][1:]
    return [step for step in steps if step not in rivals]


def test_a_fact() -> None:
    *steps, decision = trace("Does rustno contain milk?")
    assert steps == [
        "read: does rustino contain milk",
        "corrected: 'rustno' read as 'rustino'",
        "recognised: 'rustino' as thing rustino",
        "recognised: 'contain' as a verb of allergens",
        "recognised: 'milk' as thing milk",
        "asked as: yes or no",
        "candidate: allergens.verify:rustino+milk 0.93 (fit 0.93): verify allergens: rustino / milk",
    ]
    because = "decision: answer allergens.verify:rustino+milk, because 'allergens.verify:rustino+milk' with 0.93"
    assert decision.startswith(f"{because}; it is right with a probability of 0.9")


def test_an_answer_that_is_held_back_tells_how_likely_it_is_right() -> None:
    decision = trace("is it not the crust that tears and can it not be eaten")[-1]
    assert decision.startswith("decision: fallback, because 'crust' with 0.")
    assert decision.endswith(f"less than {TRUSTED}")


def test_an_entry() -> None:
    steps = trace("Why does the crust crack?")
    assert steps[:2] == ["read: why does the crust crack", "asked as: why"]
    assert steps[2] == "candidate: crust 0.98 (fit 0.98): one of its phrasings"
    assert steps[3:] == ["decision: answer crust, because 'crust' with 0.98"]


def test_a_rule() -> None:
    assert trace("so how do I toast Rustino") == [
        "read: so how do i toast rustino",
        "recognised: 'rustino' as thing rustino",
        "asked as: how",
        "candidate: toasting 0.98 (fit 0.98): rule '(how do|may|can) (i|you) toast {bread}'",
        "decision: answer toasting, because 'toasting' with 0.98",
    ]


def test_silence_and_its_reason() -> None:
    steps = trace("how much does Rustino cost")
    assert steps[:4] == [
        "read: how much does rustino cost",
        "recognised: 'rustino' as thing rustino",
        "recognised: 'cost' as something not covered: price",
        "asked as: how",
    ]
    assert steps[4].startswith("candidate: overview:rustino 0.")
    assert steps[4].endswith("; leaves unexplained: cost")
    assert steps[5].startswith("decision: fallback, because the best candidate 'overview:rustino' reaches 0.")
    assert steps[5].endswith(f", less than {THRESHOLD:.2f}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["read: (no words)", "decision: fallback, because nothing in the question is known"]),
        ("the weather", ["read: the weather", "decision: fallback, because nothing in the question is known"]),
    ],
)
def test_nothing_known(text: str, expected: list[str]) -> None:
    assert trace(text) == expected


def test_a_guard() -> None:
    steps = trace("my throat is swelling")
    assert steps[:2] == ["read: my throat is swelling", "guard: reaction (urgent) by 'throat is swelling'"]
    assert steps[2].startswith("decision: urgent reaction, because ")


def test_a_guard_is_the_reason() -> None:
    assert not trace("my throat is swelling")[-1].endswith("because nothing in the question is known")


def test_frames_and_checks() -> None:
    assert trace("by the way, Rustino contains wheat, right?")[1:6] == [
        "recognised: 'by the way' as a frame around the question",
        "recognised: 'rustino' as thing rustino",
        "recognised: 'contains' as a verb of allergens",
        "recognised: 'wheat' as thing wheat",
        "recognised: 'right' as a check whether it is so",
    ]


def test_a_message_that_is_too_long() -> None:
    steps = trace("rye " * 5000)
    assert steps[1] == "the message is longer than what is read; its end was left out"
    assert steps[1] not in bakery().ask("rye").trace.steps


def test_what_was_carried_over() -> None:
    talk = bakery().conversation()
    talk.ask("what is Rustino?")
    reply = talk.ask("how is it baked?")
    assert "candidate: oven.list:rustino 0.95 (fit 0.95): list oven of rustino; 'rustino' is carried over" in reply.trace.steps


def test_a_trace_is_one_line_a_step_and_part_of_the_json_on_demand() -> None:
    reply = bakery().ask("what is rye\n<b>\x1b[31m")
    assert str(reply.trace) == "\n".join(reply.trace.steps)
    assert all(step.isprintable() for step in reply.trace.steps)
    assert "trace" not in reply.to_dict()
    assert reply.to_dict(trace=True)["trace"] == list(reply.trace.steps)


@pytest.mark.parametrize("text", ["what is Rustino? what is Kornelia?", "say that again"])
def test_every_reply_has_a_trace(text: str) -> None:
    talk = bakery().conversation()
    talk.ask("what is sourdough")
    assert talk.ask(text).trace.steps != ()
