import pytest
from msgspec.structs import replace as changed

from bot import Engine
from bot.respond.trust import Evidence, trust_in
from tests.packs import bakery, bakery_compiled, bakery_pack

SURE = Evidence(
    fit=3.0, likely=2.0, ahead=0.5, outside=0.0, asks_yes_no=0, untold=0, untold_by_entry=0, untold_fit=0, facts=0,
    carried=0, denied=0, unasked=0, clauses=1, length=0.6,
)  # fmt: skip


def test_what_fits_and_has_no_rival_is_likely_right() -> None:
    assert 0.9 < trust_in(SURE) < 1


@pytest.mark.parametrize(
    "worse",
    [
        {"fit": 0.0},
        {"likely": -3.0},
        {"ahead": -0.2},
        {"outside": 0.8},
        {"asks_yes_no": 1.0, "untold": 1.0, "untold_by_entry": 1.0, "untold_fit": 3.0},
        {"carried": 1.0},
        {"denied": 1.0},
        {"clauses": 4.0},
    ],
)
def test_what_speaks_against_an_answer_makes_it_less_likely(worse: dict[str, float]) -> None:
    assert trust_in(changed(SURE, **worse)) < trust_in(SURE)


def test_the_confidence_of_a_reply_is_how_likely_it_is_right() -> None:
    sure = bakery().ask("does Rustino contain wheat?")
    doubtful = bakery().ask("well then you know does not the Rustino thing that we spoke of contain wheat or so")
    assert sure.kind == "answer"
    assert sure.confidence > 0.9
    assert doubtful.kind == "fallback" or doubtful.confidence < sure.confidence


def test_candidates_are_on_the_scale_of_the_reply() -> None:
    reply = bakery().ask("how does the sourdough rise in the end")
    assert reply.kind == "answer"
    assert reply.candidates[0].confidence <= reply.confidence + 0.01


def test_a_pack_that_states_a_rate_keeps_its_own_curve() -> None:
    pack = bakery_pack()
    stated = Engine(changed(bakery_compiled(), pack=changed(pack, pack=changed(pack.pack, wrong_answer_rate=0.05))))
    reply = stated.ask("does Rustino contain milk?")
    assert reply.confidence == reply.candidates[0].confidence == stated.rank("does Rustino contain milk?")[0].confidence


def test_a_denial_beside_the_question_makes_no_answer_less_likely() -> None:
    told = bakery().ask("You are no fun. Does Rustino contain wheat?")
    asked = bakery().ask("You are fun. Does Rustino contain wheat?")
    assert (told.kind, told.verdict) == ("answer", "yes")
    assert told.confidence == pytest.approx(asked.confidence, abs=0.01)
