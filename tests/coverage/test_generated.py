"""Questions that are made from a pack: what they ask, and that what they expect follows from the facts."""

from functools import cache

import pytest
from msgspec.structs import replace

from bot.coverage.bots import fold_of, without_fold
from bot.coverage.cases import Case, Expectation, Turn
from bot.coverage.dialogues import FOLLOW_UPS, dialogues
from bot.coverage.facts import FORMS, fact_cases
from bot.coverage.judge import marks_of
from bot.coverage.perturb import PERTURBATIONS, Perturber
from bot.coverage.probes import probes
from bot.coverage.selftest import held_out, pack_tests, self_test
from bot.pack.format import Check, Pack, Phrasings
from bot.pack.knowledge import Knowledge
from tests.packs import bakery, bakery_pack, shipped_source


@cache
def facts() -> dict[str, Case]:
    """Every fact question of the bakery, by what is asked."""
    return {case.turns[0].ask: case for case in fact_cases(bakery_pack())}


def expected(case: Case) -> Expectation:
    expect = case.turns[0].expect
    assert expect is not None
    return expect


@pytest.mark.parametrize(
    ("ask", "form", "expect"),
    [
        ("What are the allergens of sourdough?", "list", Expectation(("answer",), (("wheat",), ("sesame",)))),
        ("Which kinds of dough contain sesame?", "reverse",
         Expectation(("answer",), (("sourdough",),), ("yeast dough", "puff pastry"))),
        ("Which kinds of dough do not contain sesame?", "without",
         Expectation(("answer",), (("yeast dough",), ("puff pastry",)), ("sourdough",))),
        ("Does rye loaf contain wheat?", "verify-true", Expectation(("answer",), verdict="yes")),
        ("Is rye loaf a type of sourdough?", "membership", Expectation(("answer",), verdict="yes")),
        ("What is the trade name of rye loaf?", "list", Expectation(("answer",), (("rustino",),))),
        ("Is rye loaf the same as Rustino?", "same", Expectation(("answer",), verdict="yes")),
        ("How many breads does sourdough have?", "count", Expectation(("answer",), (("two", "2"),))),
        ("How does sourdough rise?", "list", None),
        ("What is mother dough?", "alias", Expectation(("answer",), (("a starter is flour and",),), entities=("starter",))),
        ("How many breads are there?", "count", Expectation(("answer",), (("six", "6"),))),
    ],
)  # fmt: skip
def test_facts_are_asked_in_every_form(ask: str, form: str, expect: Expectation | None) -> None:
    if expect is None:
        assert ask not in facts(), "sourdough has nothing of its own to say to this"
        return
    assert (facts()[ask].facets["form"], expected(facts()[ask])) == (form, expect)


def test_every_form_occurs_and_every_name_is_one() -> None:
    cases = list(fact_cases(bakery_pack()))
    assert {case.facets["form"] for case in cases} == set(FORMS)
    assert len({case.id for case in cases}) == len({case.turns[0].ask.lower() for case in cases}) == len(cases)


def test_what_is_asked_as_false_is_false() -> None:
    know = Knowledge(bakery_pack())
    false = [case for case in fact_cases(bakery_pack()) if case.facets["form"] == "verify-false"]
    assert len(false) > 20
    for case in false:
        assert expected(case).verdict == "no"
        value = case.id.split(".")[4]
        held = know.all_values(case.facets["thing"], case.facets["attribute"])
        assert held
        assert not any(know.is_form_of(own, value) or know.is_form_of(value, own) for own in held)


def test_the_bakery_answers_nearly_all_of_them_and_gives_no_false_verdict() -> None:
    marks = [mark for case in fact_cases(bakery_pack()) for mark in marks_of(case, bakery().conversation())]
    right = sum(mark.outcome == "right" for mark in marks)
    assert right >= 0.97 * len(marks), [mark.ask for mark in marks if mark.outcome != "right"]
    assert [m.ask for m in marks if m.expect and m.expect.verdict and m.verdict and m.verdict != m.expect.verdict] == []


# ---- the pack's own words -----------------------------------------------------------------------------------------------


def test_every_phrasing_is_asked_and_a_template_in_some_of_its_phrases() -> None:
    asked = [(case.facets["entry"], case.turns[0].ask) for case in self_test(bakery_pack())]
    assert [text for entry, text in asked if entry == "keeping"][:3] == [
        "How should bread be kept?", "where do I store my loaf", "best place to keep bread fresh",
    ]  # fmt: skip
    assert len([text for entry, text in asked if entry == "keeping"]) == 6
    assert all(char not in text for _, text in asked for char in "[](){}<>|")
    assert ("crust", "My loaf bursts open in the oven, why is that?") in asked


def test_who_confirms_is_never_told_no() -> None:
    cases = {case.turns[0].ask: expected(case) for case in self_test(bakery_pack())}
    assert cases["does freezing spoil the bread"].never == "yes"
    assert cases["does bread survive the freezer"].never == "no"
    assert cases["How do I make a starter?"].intent == ("starter-steps", "steps.list:starter")


def test_held_out_phrasings_are_not_in_the_pack_that_is_asked() -> None:
    pack, folds = bakery_pack(), 3
    whole = sorted(case.turns[0].ask for case in self_test(pack))
    parts = [[case.turns[0].ask for case in held_out(pack, fold, folds)] for fold in range(folds)]
    questions = [str(entry.question) for entry in pack.entries.values()]
    assert sorted([*questions, *(text for part in parts for text in part)]) == whole
    for fold, asked in enumerate(parts):
        rest = without_fold(pack, fold, folds)
        kept = {text for entry, said in rest.entries.items() for text in (*said.phrasings, *said.confirms, *said.denies)}
        kept |= {text for said in rest.phrasings.values() for text in said.asks}
        assert not kept & set(asked)
        assert all(fold_of(entry, text, folds) != fold for entry, said in rest.entries.items() for text in said.phrasings)


def test_the_tests_of_a_pack_are_cases() -> None:
    pack = replace(bakery_pack(), tests=[Check("Milk?", has=["Milk"], verdict="no"), Check("cup?", kind="fallback")])
    first, second = pack_tests(pack)
    assert expected(first) == Expectation(("answer",), (("milk",),), verdict="no")
    assert expected(second) == Expectation(("fallback",))


# ---- what cannot be answered --------------------------------------------------------------------------------------------


def test_probes_ask_for_what_the_pack_does_not_hold() -> None:
    pack = bakery_pack()
    cases = list(probes(pack))
    assert {case.facets["probe"] for case in cases} == {
        "unknown-thing",
        "unknown-attribute",
        "unknown-value",
        "gap",
        "missing-fact",
    }
    assert len({case.id for case in cases}) == len(cases)
    asked = {case.turns[0].ask for case in cases}
    assert "What are the baskets of crispbread?" not in asked, "an inverse: there is none, and that is an answer"
    assert "What are the allergens of flatbread dough?" in asked
    assert all("answer" not in expected(case).kind and expected(case).never == "yes" for case in cases)


def test_unknown_names_are_the_same_every_time_and_near_to_nothing() -> None:
    first = [case.turns[0].ask for case in probes(bakery_pack())]
    assert first == [case.turns[0].ask for case in probes(bakery_pack())]
    names = {text.split()[2].rstrip("?") for text in first if text.startswith("What is ") and len(text.split()) == 3}
    assert names
    assert all(bakery().ask(f"What is {name}?").kind == "fallback" for name in names)


# ---- the same in other words --------------------------------------------------------------------------------------------


def perturbed(text: str, name: str) -> str:
    case = next(case for case in fact_cases(bakery_pack()) if case.turns[0].ask == text)
    (made,) = [made for made in Perturber(bakery_pack()).cases([case], 1) if made.facets["perturbation"] == name]
    assert expected(made) == expected(case) or name == "negation"
    assert made.facets["of"] == case.id
    return made.turns[0].ask


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lower-case", "what are the allergens of sourdough?"),
        ("upper-case", "WHAT ARE THE ALLERGENS OF SOURDOUGH?"),
        ("no-punctuation", "What are the allergens of sourdough"),
        ("more-punctuation", "What are the allergens of sourdough??!"),
        ("contraction", "what're the allergens of sourdough?"),
        ("word-order", "sourdough, what are the allergens?"),
    ],
)
def test_perturbations(name: str, text: str) -> None:
    assert perturbed("What are the allergens of sourdough?", name) == text


@pytest.mark.parametrize("name", ["typo", "dropped-letter", "doubled-letter"])
def test_slips_are_small(name: str) -> None:
    before = "What are the allergens of sourdough?"
    after = perturbed(before, name)
    assert after != before
    assert abs(len(after) - len(before)) <= 1
    assert sorted(after) == sorted(before) or name != "typo"


def test_a_denial_must_not_be_told_yes() -> None:
    assert perturbed("Does rye loaf contain wheat?", "negation") == "rye loaf does not contain wheat, is that right?"
    case = next(case for case in fact_cases(bakery_pack()) if case.turns[0].ask == "Does rye loaf contain wheat?")
    (made,) = [made for made in Perturber(bakery_pack()).cases([case], 1) if made.facets["perturbation"] == "negation"]
    assert expected(made) == Expectation(("answer",), never="yes")


def test_a_thing_goes_by_its_other_name() -> None:
    assert perturbed("Does rye loaf contain wheat?", "synonym") in {"Does Rustino contain wheat?"}


def test_a_word_of_an_expression_keeps_its_place() -> None:
    pack = replace(bakery_pack(), synonyms={"bind": ["(find|dock)"], "learn": ["find out"]})
    ask = {
        text: Case(text, (Turn(text, Expectation(("answer",))),), source="self-test")
        for text in ("where do I find out about bread", "where do I find bread")
    }
    made = [made.turns[0].ask for made in Perturber(pack).cases(ask.values(), 9) if made.facets["perturbation"] == "synonym"]
    assert made == ["where do I dock bread"]


def test_each_source_is_perturbed_alike_and_the_same_every_time() -> None:
    def made() -> list[Case]:
        parents = [*fact_cases(bakery_pack()), *self_test(bakery_pack())]
        return list(Perturber(bakery_pack()).cases(parents, 4))

    cases = made()
    assert cases == made()
    assert {case.facets["perturbation"] for case in cases} == {*PERTURBATIONS, "synonym", "negation"}
    counts = [sum(c.facets["perturbation"] == name and c.facets["from"] == "facts" for c in cases) for name in PERTURBATIONS]
    assert counts == [4] * len(PERTURBATIONS)
    assert len({case.id for case in cases}) == len(cases)


@pytest.mark.slow
def test_the_shipped_pack_answers_its_generated_questions() -> None:
    pack: Pack = shipped_source()
    assert isinstance(pack.phrasings, dict)
    assert all(isinstance(more, Phrasings) for more in pack.phrasings.values())
    cases = list(fact_cases(pack))
    assert len(cases) > 2000
    assert {case.facets["form"] for case in cases} >= set(FORMS) - {"without"}


@cache
def talks() -> list[Case]:
    """Every generated dialogue of the bakery."""
    return list(dialogues(bakery_pack()))


def test_every_way_to_go_on_occurs_and_only_the_last_turn_is_judged() -> None:
    assert {case.facets["follow-up"] for case in talks()} == set(FOLLOW_UPS)
    assert len({case.id for case in talks()}) == len(talks())
    assert all([turn.expect is None for turn in case.turns] == [True] * (len(case.turns) - 1) + [False] for case in talks())


@pytest.mark.parametrize(
    ("follow_up", "first", "last", "expect"),
    [
        (
            "another-thing",
            "What are the allergens of sourdough?",
            "yeast dough",
            (("wheat",), ("milk",), ("eggs",), ("hazelnuts",)),
        ),
        ("another-question", "What is the trade name of rye loaf?", "its", (("sourdough",),)),
    ],
)
def test_a_dialogue_expects_what_its_last_question_asks_in_full(
    follow_up: str, first: str, last: str, expect: tuple[tuple[str, ...], ...]
) -> None:
    found = [c for c in talks() if c.facets["follow-up"] == follow_up and c.turns[0].ask == first and last in c.turns[-1].ask]
    assert [case.turns[-1].expect.has for case in found if case.turns[-1].expect] == [expect]


def test_the_bakery_goes_on_rightly() -> None:
    marks = [list(marks_of(case, bakery().conversation()))[-1] for case in talks()]
    assert sum(mark.outcome == "right" for mark in marks) >= 0.95 * len(marks)
    assert not [
        mark.case for mark in marks if mark.outcome == "wrong" and {"does not say yes", "does not say no"} & set(mark.faults)
    ]
