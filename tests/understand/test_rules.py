import pytest

from bot.understand.query import Claim
from tests.packs import understood


def rule(text: str) -> Claim | None:
    """The claim of a rule that reads the whole of `text`."""
    return next((claim for claim in understood(text).claims if claim.reasons[0].startswith("rule '")), None)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("how do i keep my bread", "keeping"),
        ("Where do you keep the bread?", "keeping"),
        ("so where do we keep bread then", "keeping"),
        ("please, how do I keep the bread", "keeping"),
        ("how do i keep my cat", None),
        ("how do i keep my rye bread", None),
        ("how do i keep", None),
        ("bread my keep i do how", None),
        ("how do i toast Rustino", "toasting"),
        ("may you toast the rye loaf", "toasting"),
        ("how do i toast a rustno", "toasting"),
        ("how do i toast milk", None),
        ("how do i toast Rustino and Kornelia", None),
    ],
)
def test_a_rule_reads_the_whole_question_or_nothing(text: str, entry: str | None) -> None:
    found = rule(text)
    assert (found and found.entry) == entry


def test_a_rule_explains_every_word_and_tells_itself() -> None:
    found = rule("so how do I toast Rustino")
    assert found is not None
    assert found.explained == frozenset(range(6))
    assert found.reasons == ("rule '(how do|may|can) (i|you) toast {bread}'",)
    assert found.confidence == found.score


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("is Rustino good toast", "yes"),
        ("is Rustino any good as toast?", "yes"),
        ("Rustino is good toast, right?", None),
        ("how do i toast Rustino", None),
    ],
)
def test_a_rule_gives_its_verdict_to_those_who_ask_for_one(text: str, verdict: str | None) -> None:
    assert understood(text).claims[0].verdict == verdict


def test_a_frame_around_it_is_no_part_of_the_question() -> None:
    assert rule("by the way, how do i keep my bread") is not None
    assert understood("by the way, how do i keep my bread").claims[0].entry == "keeping"


def test_a_frame_around_a_rule_with_a_blank() -> None:
    assert rule("by the way, how do i toast Rustino") is not None


def test_a_rule_may_be_about_the_words_of_a_frame() -> None:
    assert rule("what about my toaster") is not None
    assert rule("by the way, my toaster") is None
