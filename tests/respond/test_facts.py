"""What the facts say to each form of question, in whole sentences."""

import pytest

from bot.pack.knowledge import Knowledge
from bot.respond.facts import Evaluator, Finding
from bot.understand.query import Query
from tests.packs import bakery_pack, shipped

RUSTINO = "Rustino (rye loaf) is made from sourdough."
RUSTINO_ALLERGENS = "Bread from sourdough contains wheat. There may be traces of sesame."
YEAST_ALLERGENS = "Bread from yeast dough contains:\n- wheat\n- milk\n- eggs\n- hazelnuts"
IN_YEAST = "yeast dough (Brioletta, Nuttina)"
IN_PUFF = "puff pastry (Mandorla)"
IN_SOUR = "sourdough (Rustino, Kornelia)"


def found(query: Query) -> Finding:
    return Evaluator(Knowledge(bakery_pack())).evaluate(query)


def said(query: Query) -> list[str]:
    return list(found(query).lines)


@pytest.mark.parametrize(
    ("attribute", "thing", "line"),
    [
        ("allergens", "sourdough", RUSTINO_ALLERGENS),
        ("allergens", "rustino", f"Rustino (rye loaf) is made from sourdough. {RUSTINO_ALLERGENS}"),
        ("allergens", "brioletta", f"Brioletta (brioche) is made from yeast dough.\n\n{YEAST_ALLERGENS}"),
        ("works", "brioletta", "Brioletta (brioche) is made from yeast dough. Yeast makes gas that lifts the dough."),
        ("works", "sourdough", "Sourdough rises with a starter."),
        ("plain", "rustino", "The plain name of Rustino is rye loaf."),
        ("trade", "rustino", "We sell rye loaf as Rustino."),
        ("dough", "rustino", RUSTINO),
        ("breads", "yeast_dough", "We bake these from yeast dough: Brioletta (brioche) and Nuttina (hazelnut roll)."),
        ("oven", "puff_pastry", "Puff pastry is baked in a steam oven and in a stone oven."),
        ("steps", "starter", "Mix flour and water. Feed it every day."),
        (
            "baskets",
            "rustino",
            "Rustino (rye loaf) is in these baskets:\n- Rustino, Brioletta and Mandorla\n- Rustino and Kornelia",
        ),
    ],
)
def test_list(attribute: str, thing: str, line: str) -> None:
    finding = found(Query("list", attribute, (thing,)))
    assert (list(finding.lines), finding.verdict, finding.is_known) == ([line], None, True)


@pytest.mark.parametrize(
    ("attribute", "line"),
    [
        ("trade", "We have no name of our own for crispbread."),
        ("allergens", "The book lists no allergens for crispbread."),
        ("oven", "The book does not say how crispbread is baked."),
        ("baskets", "Crispbread is in no basket."),
    ],
)
def test_what_is_listed_nowhere_is_not_known(attribute: str, line: str) -> None:
    finding = found(Query("list", attribute, ("crispbread",)))
    assert (list(finding.lines), finding.is_known) == ([line], False)


def test_where_the_author_gave_no_words_there_are_plain_ones() -> None:
    assert said(Query("list", "traces", ("sourdough",))) == ["There may be traces of sesame."]
    assert said(Query("list", "traces", ("yeast_dough",))) == ["The book does not say: traces of yeast dough."]


def test_several_things_one_after_the_other_and_their_sections() -> None:
    finding = found(Query("list", "allergens", ("sourdough", "puff_pastry")))
    assert list(finding.lines) == [RUSTINO_ALLERGENS, "Bread from puff pastry contains wheat, milk and almonds."]
    assert finding.sections == ("Doughs", "Pastry")


@pytest.mark.parametrize(
    ("thing", "lines"),
    [
        ("rustino", [RUSTINO, "Sourdough rises with a starter."]),
        ("crispbread", ["Crispbread is made from flatbread dough.", "Flatbread dough does not rise."]),
        (
            "sourdough",
            ["Sourdough rises with a starter.", "We bake these from sourdough: Rustino (rye loaf) and Kornelia (spelt loaf)."],
        ),
        ("starter", ["A starter is flour and water that has begun to ferment."]),
        ("milk", [f"Milk is part of {IN_YEAST} and {IN_PUFF}."]),
        ("nuts", [f"Almonds are part of {IN_PUFF}.", f"Hazelnuts are part of {IN_YEAST}."]),
        ("steam", [f"These are baked in a steam oven: {IN_YEAST} and {IN_PUFF}."]),
    ],
)
def test_overview(thing: str, lines: list[str]) -> None:
    finding = found(Query("overview", things=(thing,)))
    assert (list(finding.lines), finding.verdict, finding.is_known) == (lines, None, True)


def test_of_some_things_nothing_is_known() -> None:
    assert not found(Query("overview", things=("soy",))).is_known


def test_of_some_things_nothing_is_known_and_it_says_so() -> None:
    assert said(Query("overview", things=("soy",))) != ["Soy."]


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (Query("reverse", "allergens", values=("milk",)), [f"Milk is part of {IN_YEAST} and {IN_PUFF}."]),
        (
            Query("reverse", "allergens", values=("nuts",)),
            [f"Almonds are part of {IN_PUFF}.", f"Hazelnuts are part of {IN_YEAST}."],
        ),
        (Query("reverse", "allergens", values=("sesame",)), [f"There may be traces of sesame in {IN_SOUR}."]),
        (Query("reverse", "allergens", values=("wheat", "eggs")), [f"Wheat and eggs are part of {IN_YEAST}."]),
        (
            Query("reverse", "dough", values=("sourdough",)),
            ["These are made from sourdough: Rustino (rye loaf) and Kornelia (spelt loaf)."],
        ),
        (
            Query("reverse", "parts", values=("rustino",)),
            ["We pack two with Rustino (rye loaf):\n- Rustino, Brioletta and Mandorla\n- Rustino and Kornelia"],
        ),
        (Query("reverse", "parts", values=("crispbread",)), ["We pack no basket with crispbread."]),
        (
            Query("reverse", "parts", values=("kornelia", "nuttina")),
            ["We pack no basket with Kornelia (spelt loaf) and Nuttina (hazelnut roll)."],
        ),
        (Query("reverse", "allergens", without=("milk",)), [f"Milk is not listed for {IN_SOUR}."]),
        (Query("reverse", "allergens", without=("wheat",)), ["None. Every one of them has wheat."]),
        (
            Query("reverse", "parts", without=("rustino",)),
            ["We pack one without Rustino (rye loaf): Brioletta, Nuttina and Mandorla."],
        ),
        (
            Query("reverse", "parts", values=("brioletta",), without=("rustino",)),
            ["Leaving out Rustino (rye loaf): We pack one with Brioletta (brioche): Brioletta, Nuttina and Mandorla."],
        ),
    ],
)
def test_reverse(query: Query, lines: list[str]) -> None:
    finding = found(query)
    assert (list(finding.lines), finding.verdict, finding.is_known) == (lines, None, True)


def test_what_nothing_has_is_not_known_where_the_list_is_open() -> None:
    finding = found(Query("reverse", "allergens", values=("soy",)))
    assert (list(finding.lines), finding.is_known) == (["The book lists soy for no bread."], False)


def test_only() -> None:
    assert said(Query("reverse", "oven", values=("stone",), mode="only")) == [f"These are baked in a stone oven: {IN_SOUR}."]


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (Query("reverse", "parts", kind="basket", mode="size:2"), "The book lists one basket of two: Rustino and Kornelia."),
        (
            Query("reverse", "parts", kind="basket", mode="size:3"),
            "The book lists two baskets of three:\n- Rustino, Brioletta and Mandorla\n- Brioletta, Nuttina and Mandorla",
        ),
        (Query("reverse", "parts", kind="basket", mode="size:4"), "None: the book lists no basket of four."),
        (
            Query("reverse", "parts", values=("nuttina",), kind="basket", mode="size:3"),
            "The book lists one basket of three: Brioletta, Nuttina and Mandorla.",
        ),
    ],
)
def test_sizes(query: Query, line: str) -> None:
    assert said(query) == [line]


@pytest.mark.parametrize(
    ("query", "verdict", "line"),
    [
        (Query("verify", "allergens", ("sourdough",), ("wheat",)), "yes", "Yes. Bread from sourdough contains wheat."),
        (
            Query("verify", "allergens", ("rustino",), ("wheat",)),
            "yes",
            "Yes. Bread from sourdough contains wheat. Rustino (rye loaf) is made from sourdough.",
        ),
        (
            Query("verify", "allergens", ("rustino",), ("sesame",)),
            "yes",
            "Yes. There may be traces of sesame in bread from sourdough. Rustino (rye loaf) is made from sourdough.",
        ),
        (
            Query("verify", "allergens", ("brioletta",), ("nuts",)),
            "yes",
            "Yes. Bread from yeast dough contains hazelnuts. Brioletta (brioche) is made from yeast dough.",
        ),
        (
            Query("verify", "allergens", ("rustino",), ("milk",)),
            "no",
            "No, not in this book: it does not list milk for bread from sourdough.",
        ),
        (Query("verify", "dough", ("rustino",), ("sourdough",)), "yes", f"Yes. {RUSTINO}"),
        (
            Query("verify", "dough", ("rustino",), ("puff_pastry",)),
            "no",
            "No. Rustino (rye loaf) is not made from puff pastry, but from sourdough.",
        ),
        (
            Query("verify", "allergens", ("sourdough",), ("wheat",), mode="only"),
            "yes",
            "Yes. Bread from sourdough contains wheat.",
        ),
        (Query("verify", "allergens", ("yeast_dough",), ("wheat",), mode="only"), "no", f"No. {YEAST_ALLERGENS}"),
        (Query("verify", "parts", values=("rustino", "kornelia")), "yes", "Yes. We pack this basket: Rustino and Kornelia."),
        (
            Query("verify", "parts", values=("rustino", "mandorla")),
            "yes",
            "Yes. We pack one with Rustino (rye loaf) and Mandorla (almond croissant): Rustino, Brioletta and Mandorla.",
        ),
        (
            Query("verify", "parts", values=("kornelia", "mandorla")),
            "no",
            "No. We pack no basket with Kornelia (spelt loaf) and Mandorla (almond croissant) together.",
        ),
        (Query("verify", "parts", values=("crispbread",)), "no", "No. We pack no basket with crispbread."),
        (Query("verify", "allergens", values=("milk",)), "yes", f"Yes. Milk is part of {IN_YEAST} and {IN_PUFF}."),
    ],
)
def test_verify(query: Query, verdict: str, line: str) -> None:
    finding = found(query)
    assert (list(finding.lines), finding.verdict, finding.is_known) == ([line], verdict, True)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (Query("verify", "allergens", ("rustino",), ("soy",)), "The book lists soy for no bread."),
        (Query("verify", "allergens", ("crispbread",), ("milk",)), "The book lists no allergens for crispbread."),
        (Query("verify", "oven", ("crispbread",), ("stone",)), "The book does not say how crispbread is baked."),
        (Query("verify", "allergens", values=("soy",)), "The book lists soy for no bread."),
    ],
)
def test_neither_yes_nor_no_where_nothing_is_listed(query: Query, line: str) -> None:
    finding = found(query)
    assert (list(finding.lines), finding.verdict, finding.is_known) == ([line], None, False)


@pytest.mark.parametrize("form", ["verify", "reverse"])
def test_two_values_that_nothing_has_together(form: str) -> None:
    assert said(Query(form, "allergens", values=("milk", "sesame"))) != ["The book lists milk and sesame for no bread."]  # type: ignore[arg-type]


def test_a_question_with_several_verdicts_gets_none() -> None:
    finding = found(Query("verify", "allergens", ("rustino", "brioletta"), ("milk",)))
    assert finding.verdict is None
    assert list(finding.lines) == [
        "It does not list milk for bread from sourdough.",
        "Bread from yeast dough contains milk. Brioletta (brioche) is made from yeast dough.",
    ]


def test_a_question_with_one_verdict_twice_gets_it_once() -> None:
    finding = found(Query("verify", "allergens", ("brioletta", "mandorla"), ("milk",)))
    assert finding.verdict == "yes"
    assert list(finding.lines) == [
        "Yes. Bread from yeast dough contains milk. Brioletta (brioche) is made from yeast dough.",
        "Bread from puff pastry contains milk. Mandorla (almond croissant) is made from puff pastry.",
    ]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("wheat", "Bread from sourdough contains wheat. Rustino (rye loaf) is made from sourdough."),
        ("milk", "It does not list milk for bread from sourdough."),
    ],
)
def test_who_denies_is_told_what_is_so(value: str, line: str) -> None:
    finding = found(Query("verify", "allergens", ("rustino",), (value,), mode="not"))
    assert (list(finding.lines), finding.verdict) == ([line], None)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (
            Query("which_of", "allergens", ("rustino", "brioletta"), ("milk",)),
            "Brioletta (brioche). Bread from yeast dough contains milk. Brioletta (brioche) is made from yeast dough.",
        ),
        (
            Query("which_of", "dough", ("rustino", "kornelia", "mandorla"), ("sourdough",)),
            "Rustino (rye loaf) and Kornelia (spelt loaf). Rustino (rye loaf) is made from sourdough. "
            "Kornelia (spelt loaf) is made from sourdough.",
        ),
        (
            Query("which_of", "dough", ("rustino", "mandorla"), ("yeast_dough",)),
            "None of these. Rustino (rye loaf) is not made from yeast dough, but from sourdough. "
            "Mandorla (almond croissant) is not made from yeast dough, but from puff pastry.",
        ),
    ],
)
def test_which_of(query: Query, line: str) -> None:
    finding = found(query)
    assert (list(finding.lines), finding.verdict) == ([line], None)


def test_which_of_things_that_share_a_fact_says_it_once() -> None:
    finding = found(Query("which_of", "allergens", ("rustino", "kornelia"), ("milk",)))
    assert list(finding.lines) == ["None of these. It does not list milk for bread from sourdough."]
    assert finding.sections == ("Doughs",)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (
            Query("count", "breads", ("sourdough",)),
            "We bake two breads from sourdough: Rustino (rye loaf) and Kornelia (spelt loaf).",
        ),
        (
            Query("count", "baskets", ("rustino",)),
            "Rustino (rye loaf) is in two of the baskets:\n- Rustino, Brioletta and Mandorla\n- Rustino and Kornelia",
        ),
        (Query("count", "allergens", ("yeast_dough",)), f"Four. {YEAST_ALLERGENS}"),
        (Query("count", "allergens", values=("milk",)), f"Two. Milk is part of {IN_YEAST} and {IN_PUFF}."),
        (
            Query("count", "parts", values=("rustino",)),
            "We pack two with Rustino (rye loaf):\n- Rustino, Brioletta and Mandorla\n- Rustino and Kornelia",
        ),
        (Query("count", "parts", values=("crispbread",)), "We pack no basket with crispbread."),
        (
            Query("count_kind", kind="basket"),
            "The book names three baskets:\n- Rustino, Brioletta and Mandorla\n- Rustino and Kornelia\n"
            "- Brioletta, Nuttina and Mandorla",
        ),
        (Query("count_kind", kind="oven"), "The book names two ovens: in a stone oven and in a steam oven."),
    ],
)
def test_count(query: Query, line: str) -> None:
    finding = found(query)
    assert (list(finding.lines), finding.is_known) == ([line], True)


def test_count_with_parts() -> None:
    assert "sesame" in said(Query("count", "allergens", ("rustino",)))[0]


@pytest.mark.parametrize(
    ("query", "last"),
    [
        (Query("compare", "allergens", ("rustino", "brioletta")), "In common (allergens): wheat."),
        (Query("compare", "oven", ("sourdough", "yeast_dough")), "They have no oven in common."),
        (
            Query("compare", "allergens", ("rustino", "kornelia")),
            "They have the same allergens, because they belong together.",
        ),
        (Query("compare", "allergens", ("rustino", "crispbread")), "The book lists no allergens for crispbread."),
    ],
)
def test_compare_an_attribute(query: Query, last: str) -> None:
    assert said(query)[0].startswith(("Rustino (rye loaf) is made from sourdough. ", "Sourdough is baked in a stone oven."))
    assert said(query)[-1] == last


def test_compare_things() -> None:
    assert said(Query("compare", things=("rustino", "brioletta"))) == [
        RUSTINO,
        "Sourdough rises with a starter.",
        "Brioletta (brioche) is made from yeast dough.",
        "Yeast dough rises with yeast.",
        "In common (allergens): wheat.",
    ]


@pytest.mark.parametrize(
    ("query", "verdict", "first"),
    [
        (Query("same", things=("rustino",)), "yes", "Yes. Rustino is our name for rye loaf."),
        (Query("same", things=("starter",)), "yes", "Yes. These are two names for the same thing: sourdough starter."),
        (Query("same", things=("rustino", "kornelia")), "no", f"No. {RUSTINO}"),
        (Query("same", "allergens", ("rustino", "kornelia")), "yes", "Yes."),
        (Query("same", "allergens", ("rustino", "brioletta")), "no", "No."),
    ],
)
def test_same(query: Query, verdict: str, first: str) -> None:
    finding = found(query)
    assert (finding.verdict, finding.lines[0]) == (verdict, first)


def test_same_where_one_is_not_known() -> None:
    assert found(Query("same", "allergens", ("rustino", "crispbread"))).verdict is None


@pytest.mark.parametrize(
    ("thing", "lines"),
    [
        ("rustino", [RUSTINO, "The others in it: Kornelia (spelt loaf)."]),
        ("mandorla", ["Mandorla (almond croissant) is made from puff pastry."]),
    ],
)
def test_siblings(thing: str, lines: list[str]) -> None:
    assert said(Query("siblings", "dough", (thing,))) == lines


def test_vague_gives_a_choice() -> None:
    finding = found(Query("vague", "oven"))
    assert list(finding.lines) == ["Which one do you mean? I can tell you the oven of these:"]
    assert finding.options == (
        ("Sourdough", "Oven: sourdough"),
        ("Yeast dough", "Oven: yeast dough"),
        ("Puff pastry", "Oven: puff pastry"),
    )


def test_everything_that_is_known() -> None:
    assert Evaluator(Knowledge(bakery_pack())).everything("sourdough").splitlines() == [
        "Sourdough",
        "Sourdough rises with a starter.",
        "We bake these from sourdough: Rustino (rye loaf) and Kornelia (spelt loaf).",
        RUSTINO_ALLERGENS,
        "Sourdough is baked in a stone oven.",
    ]


def test_everything_that_is_known_of_a_thing_with_a_long_name() -> None:
    assert RUSTINO in Evaluator(Knowledge(bakery_pack())).everything("rustino").splitlines()


@pytest.mark.parametrize("form", ["verify", "reverse"])
@pytest.mark.parametrize("mode", ["", "all", "only"])
def test_a_question_that_names_nothing_to_look_for(form: str, mode: str) -> None:
    finding = found(Query(form, "allergens", mode=mode))  # type: ignore[arg-type]
    assert not finding.is_known


def test_is_there_anything_without_what_all_have() -> None:
    finding = found(Query("verify", "allergens", without=("wheat",)))
    assert (list(finding.lines), finding.verdict) == (["No. Every one of them has wheat."], "no")


def test_is_there_anything_without_what_some_have() -> None:
    finding = found(Query("verify", "allergens", without=("milk",)))
    assert finding.verdict == "yes"
    assert finding.lines[0].startswith("Yes. ")


@pytest.mark.parametrize("without", [(), ("rustino", "kornelia", "brioletta")])
@pytest.mark.parametrize("size", [2, 4])
def test_is_there_one_of_so_many(without: tuple[str, ...], size: int) -> None:
    finding = found(Query("verify", "parts", without=without, kind="basket", mode=f"size:{size}"))
    some = size == 2 and not without
    assert finding.verdict == ("yes" if some else "no")
    assert finding.lines[0].startswith("Yes. " if some else "No. The book lists no basket of")


@pytest.mark.parametrize("form", ["verify", "reverse"])
def test_two_values_that_nothing_has_at_all(form: str) -> None:
    assert not found(Query(form, "allergens", values=("soy", "rustino"))).is_known  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("does Ninlaro push the platelet count up?", "no"),
        ("can Ninlaro lower platelets?", "yes"),
        ("does Ninlaro raise the risk of low platelets?", "yes"),
        ("would a steroid lower your chances of an infection?", "no"),
        ("do steroids increase the risk of infection?", "yes"),
        ("does dexamethasone reduce weight gain?", "no"),
        ("does dexamethasone put weight on?", "yes"),
        ("does anything stop the diarrhea from Velcade?", None),
    ],
)
def test_a_thing_that_causes_something_does_not_work_against_it(text: str, verdict: str | None) -> None:
    reply = shipped().ask(text)
    assert (reply.kind, reply.verdict) == ("answer", verdict)
    assert ("the other way round" in reply.text) == (verdict == "no")


def test_what_is_not_listed_is_no_proof_that_it_is_prevented() -> None:
    assert shipped().ask("can Kyprolis prevent infection?").verdict is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Talvey and Tecvayli, are those two names for one drug?", "no"),
        ("are Velcade and bortezomib two names for the same drug?", "yes"),
        ("Kyprolis is simply another name for bortezomib, yes?", "no"),
    ],
)
def test_two_names_for_one_thing(text: str, verdict: str) -> None:
    assert shipped().ask(text).verdict == verdict


def test_another_name_is_told_where_one_is_asked_for() -> None:
    assert "Velcade" in shipped().ask("what is another name for bortezomib?").text


def test_whether_there_is_any_is_answered_with_yes_where_there_is() -> None:
    told, untold = (found(Query("list", "allergens", (thing,), mode="exists")) for thing in ("sourdough", "crispbread"))
    assert (told.lines, told.verdict) == (("Yes.", RUSTINO_ALLERGENS), "yes")
    assert (untold.lines, untold.verdict) == (("The book lists no allergens for crispbread.",), None)
