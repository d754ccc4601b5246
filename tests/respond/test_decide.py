import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.respond.decide import THRESHOLD, Decision, decide, decider_of, least_for, reach
from bot.understand.query import Claim, Query
from bot.understand.understanding import Understanding
from tests.packs import bakery_pack, understood


def understanding(*claims: Claim) -> Understanding:
    empty = understood("")
    return Understanding(empty.utterance, (), empty.cues, (), claims)


def claim(intent: str, confidence: float, entry: bool = True) -> Claim:
    query = None if entry else Query("overview", things=(intent,))
    return Claim(intent, 1.0, frozenset(), ("because",), query=query, entry=intent if entry else None, confidence=confidence)


def test_nothing_is_known() -> None:
    assert decide(understanding()) == Decision("fallback", None, "nothing in the question is known")


@pytest.mark.parametrize("confidence", [THRESHOLD, 0.8, 1.0])
def test_a_claim_that_is_sure_enough_answers(confidence: float) -> None:
    best = claim("crust", confidence)
    assert decide(understanding(best)) == Decision("answer", best, f"'crust' with {confidence:.2f}")


def test_a_claim_that_is_not_sure_enough_does_not() -> None:
    best = claim("crust", THRESHOLD - 0.0001)
    decision = decide(understanding(best))
    assert (decision.action, decision.claim, decision.beside) == ("fallback", best, None)
    assert decision.reason == f"the best candidate 'crust' reaches {best.confidence:.2f}, less than {THRESHOLD:.2f}"


def test_another_threshold() -> None:
    assert decide(understanding(claim("crust", 0.3)), threshold=0.2).action == "answer"
    assert decide(understanding(claim("crust", 0.9)), threshold=0.91).action == "fallback"


def test_an_entry_that_comes_close_is_told_beside_it() -> None:
    best, rival = claim("crust", 0.8), claim("keeping", 0.75)
    assert decide(understanding(best, rival)).beside == rival
    assert decide(understanding(best, claim("keeping", 0.5))).beside is None


def test_a_pack_that_states_a_rate_gives_one_answer() -> None:
    two = understanding(claim("crust", 0.9), claim("keeping", 0.88))
    stated = replace(bakery_pack(), pack=replace(bakery_pack().pack, wrong_answer_rate=0.01))
    assert decider_of(bakery_pack())(two, 0.5).beside == two.claims[1]
    assert decider_of(stated)(two, 0.5).beside is None


def test_nothing_stands_beside_a_fact_or_a_rule() -> None:
    rival = claim("keeping", 0.89)
    assert decide(understanding(claim("rustino", 0.9, entry=False), rival)).beside is None
    assert decide(understanding(claim("crust", 0.98), rival)).beside is None
    assert decide(understanding(claim("crust", 0.9), claim("rustino", 0.89, entry=False))).beside is None


share = st.integers(0, 10_000).map(lambda step: step / 10_000)


@given(share, share, share, share)
def test_reach_is_the_highest_threshold_with_which_it_is_answered(best: float, rival: float, outside: float, at: float) -> None:
    asked = understanding(claim("crust", max(best, rival)), claim("keeping", min(best, rival)))
    highest = reach(decide(asked, 0.0), outside)
    answered = decide(asked, least_for(outside, at)).action == "answer"
    assert abs(at - highest) < 0.0002 or answered == (at < highest)


def test_nothing_known_reaches_nothing() -> None:
    assert reach(decide(understanding()), 0.0) == 0.0
