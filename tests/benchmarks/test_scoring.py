"""What counts as right, wrong and silent."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.scoring import (
    BankError,
    Case,
    Expectation,
    Mark,
    Tally,
    Turn,
    by_tag,
    faults_of,
    mark,
    outcome_of,
    read_bank,
    tally,
)
from bot.reply import Kind, Reply, Verdict


def reply(kind: Kind = "answer", text: str = "Yes. Nausea and hair loss.", verdict: Verdict | None = None) -> Reply:
    return Reply(kind=kind, text=text, markdown=text, verdict=verdict)


@pytest.mark.parametrize(
    ("expect", "faults"),
    [
        (Expectation(kind=("answer",)), ()),
        (Expectation(kind=("fallback", "answer")), ()),
        (Expectation(kind=("fallback", "refer")), ("kind is answer, not fallback or refer",)),
        (Expectation(kind=("answer",), has=(("nausea",), ("bald", "hair"))), ()),
        (Expectation(kind=("answer",), has=(("nausea",), ("fever", "chill"))), ("lacks 'fever' or 'chill'",)),
        (Expectation(kind=("answer",), lacks=("fever",)), ()),
        (Expectation(kind=("answer",), lacks=("fever", "hair")), ("has 'hair'",)),
        (Expectation(kind=("refer",), has=(("dose",),)), ("kind is answer, not refer", "lacks 'dose'")),
    ],
)
def test_what_a_reply_must_be(expect: Expectation, faults: tuple[str, ...]) -> None:
    assert faults_of(expect, reply()) == faults


@pytest.mark.parametrize(
    ("given", "wanted", "is_right"),
    [
        (reply(text="Yes. It can."), "yes", True),
        (reply(text="**Yes**, it can."), "yes", True),
        (reply(text="No, it cannot."), "yes", False),
        (reply(text="Yesterday it did."), "yes", False),
        (reply(text="It can.", verdict="yes"), "yes", True),
        (reply(text="It can.", verdict="no"), "yes", False),
        (reply(text="It can."), "no", False),
        (reply(text=""), "no", False),
    ],
)
def test_a_verdict_stands_in_its_field_or_first_in_the_text(given: Reply, wanted: Verdict, is_right: bool) -> None:
    assert (faults_of(Expectation(kind=("answer",), verdict=wanted), given) == ()) == is_right


@pytest.mark.parametrize(
    ("kind", "faults", "outcome"),
    [
        ("answer", (), "right"),
        ("fallback", (), "right"),
        ("answer", ("lacks 'x'",), "wrong"),
        ("refer", ("kind is refer, not answer",), "wrong"),
        ("urgent", ("kind is urgent, not answer",), "wrong"),
        ("chitchat", ("kind is chitchat, not answer",), "wrong"),
        ("fallback", ("kind is fallback, not answer",), "silent"),
        ("clarify", ("kind is clarify, not answer",), "silent"),
    ],
)
def test_silence_is_no_wrong_answer(kind: Kind, faults: tuple[str, ...], outcome: str) -> None:
    assert outcome_of(reply(kind), faults) == outcome


class Parrot:
    """An engine that repeats the question behind all that were asked before in the same conversation."""

    def conversation(self) -> Any:
        said: list[str] = []

        class Conversation:
            def ask(self, text: str) -> Reply:
                said.append(text)
                return reply(text=" ".join(said))

        return Conversation()


def turn(ask: str, *has: str) -> Turn:
    return Turn(ask, Expectation(kind=("answer",), has=tuple((text,) for text in has)))


def test_the_turns_of_a_case_are_one_conversation_and_cases_are_not() -> None:
    cases = [Case("a", (turn("one", "one"), turn("two", "one", "two")), ("x",)), Case("b", (turn("three", "one"),), ("x", "y"))]
    marks = list(mark(Parrot(), cases))
    assert [(m.case, m.turn, m.outcome, m.text) for m in marks] == [
        ("a", 1, "right", "one"),
        ("a", 2, "right", "one two"),
        ("b", 1, "wrong", "three"),
    ]
    assert tally(marks) == Tally(questions=3, right=2, wrong=1, silent=0)
    assert by_tag(marks) == {"x": Tally(3, 2, 1, 0), "y": Tally(1, 0, 1, 0)}


def test_shares() -> None:
    assert Tally(4, 2, 1, 1).share("right") == 0.5
    assert tally(list[Mark]()).share("wrong") == 0.0


GOOD = '{"id": "a", "tags": ["t"], "turns": [{"ask": "q", "expect": {"kind": ["answer"], "has": [["x", "y"]], "verdict": "no"}}]}'


def test_a_bank_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{GOOD}\n\n", encoding="utf-8")
    wanted = Expectation(kind=("answer",), has=(("x", "y"),), verdict="no")
    assert read_bank(path) == [Case("a", (Turn("q", wanted),), ("t",))]


def test_every_bad_line_of_a_bank_is_named(tmp_path: Path) -> None:
    lines = [
        GOOD,
        "{",
        GOOD,
        GOOD.replace('"a"', '"b"').replace('"has"', '"hass"'),
        '{"id": "c", "turns": []}',
        GOOD.replace('"a"', '"d"').replace("answer", "anser"),
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BankError) as caught:
        read_bank(path)
    assert [line.removeprefix(str(path)) for line in str(caught.value).splitlines()] == [
        ":2: Input data was truncated",
        ":3: the id 'a' stands already on line 1",
        ":4: Object contains unknown field `hass` - at `$.turns[0].expect`",
        ":5: 'c' has no turns, or a turn that expects no kind of reply",
        ":6: Invalid enum value 'anser' - at `$.turns[0].expect.kind[0]`",
    ]
