import pytest
from msgspec.structs import replace

from bot.compiled import compile_pack
from bot.engine import Engine
from bot.understand.asked import asked_as, is_template
from bot.understand.features import broader_of
from bot.understand.query import Claim
from bot.understand.retrieve import score_of
from tests.packs import bakery, bakery_compiled, bakery_pack, shipped, understood


def claims(text: str) -> dict[str, Claim]:
    """The claims of the entries to answer `text`, best first."""
    return {claim.entry: claim for claim in understood(text).claims if claim.entry is not None}


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("How should bread be kept?", "keeping"),
        ("where do I store my loaf", "keeping"),
        ("the best place for keeping bread fresh?", "keeping"),
        ("can bread be frozen", "freezing"),
        ("may I put bread into the freezer", "freezing"),
        ("why does the crust crack", "crust"),
        ("my crust is torn, what is the reason", "crust"),
        ("why do loaves burst open in an oven", "crust"),
        ("how do I make a starter", "starter-steps"),
        ("how is bread toasted", "toasting"),
    ],
)
def test_the_nearest_phrasing_wins(text: str, entry: str) -> None:
    assert next(iter(claims(text))) == entry


@pytest.mark.parametrize("entry", bakery_pack().entries)
def test_the_phrasing_itself_is_nearest_to_itself(entry: str) -> None:
    for _, texts in asked_as(bakery_pack(), entry):
        for text in texts:
            if not is_template(text):
                assert next(iter(claims(text))) == entry, text


@pytest.mark.parametrize("text", ["the weather in Paris", "xyzzy", "who won the match?"])
def test_what_no_entry_knows_is_sure_of_none(text: str) -> None:
    assert all(claim.confidence < 0.3 for claim in claims(text).values())


@pytest.mark.parametrize(("share", "more"), [(0.01, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 0.95)], ids=lambda share: f"{share:.2f}")
def test_the_likelier_fits_better(share: float, more: float) -> None:
    assert 0.0 < score_of(share) < score_of(more) < 1.0


def test_other_spellings_and_forms_of_a_word() -> None:
    """Pieces of words are features too."""
    assert next(iter(claims("why is my loaf cracking"))) == "crust"


def test_the_same_index_in_any_order_of_time() -> None:
    assert compile_pack(bakery_pack()).index == bakery_compiled().index


@pytest.mark.parametrize(
    ("text", "template"),
    [("what is rye", False), ("what is [the] rye", True), ("(a|b)", True), ("toast {bread}", True), ("<ask> rye", True)],
)
def test_templates_are_told_from_sentences(text: str, template: bool) -> None:
    assert is_template(text) is template


def test_every_way_to_ask_an_entry() -> None:
    assert asked_as(bakery_pack(), "freezing") == (
        (None, ["Can bread be frozen?", "putting bread into the freezer"]),
        ("yes", ["does bread survive the freezer", "may bread be put into the freezer", "is frozen bread good"]),
        ("no", ["does freezing spoil the bread", "is frozen bread ruined"]),
    )
    assert asked_as(bakery_pack(), "crust")[0][1][-3:] == [
        "should I eat a loaf with a torn crust",
        "My loaf bursts open in the oven, why is that?",
        "why does the surface of a loaf tear while it bakes",
    ]


def test_variants_and_the_wider_things() -> None:
    assert broader_of(bakery_pack()) == {"hazelnuts": "nuts", "almonds": "nuts"}


def test_a_pack_of_one_entry_answers_in_other_words() -> None:
    pack = bakery_pack()
    alone = replace(pack, entries={"crust": pack.entries["crust"]}, phrasings={}, smalltalk={}, tests=[])
    engine = Engine(compile_pack(alone))
    assert engine.ask("what makes my crust crack so much?").intent == "crust"
    assert engine.ask("who won the match?").kind == "fallback"


def test_an_entry_may_be_called_facts() -> None:
    pack = bakery_pack()
    entries = {("facts" if id_ == "crust" else id_): entry for id_, entry in pack.entries.items()}
    engine = Engine(compile_pack(replace(pack, entries=entries, phrasings={}, tests=[])))
    assert engine.ask("what makes my crust crack?").intent == "facts"


WAYS = {
    "facts.allergens": [
        "anything in the Rustino that could make my son come out in spots?",
        "could the Miller make someone come out in spots",
        "would a person come out in spots after puff pastry",
        "my son comes out in spots easily, and the sourdough?",
        "who comes out in spots after eating Kornelia",
    ]
    * 4,
    "facts": ["tell me something of Rustino", "what about the Miller", "sourdough, anything?"] * 4,
}
"""Ways to ask for an attribute that none of its words names."""


def learned() -> Engine:
    return Engine(compile_pack(replace(bakery_pack(), examples=WAYS)))


@pytest.mark.parametrize(
    "text", ["would the Kornelia make my boy come out in spots?", "could one come out in spots after the sourdough"]
)
def test_an_attribute_that_no_word_names_is_learned_from_examples(text: str) -> None:
    assert not (bakery().ask(text).intent or "").startswith("allergens")
    assert (learned().ask(text).intent or "").startswith("allergens")


def test_what_is_named_goes_before_what_is_learned() -> None:
    assert (learned().ask("what dough is the Rustino made from, I come out in spots").intent or "").startswith("dough")


# ---- phrasings to the word ------------------------------------------------------------------------------------------------


def shop() -> Engine:
    """A pack of two entries that are asked with slips of the pen, and one with words that any question has."""
    pack = bakery_pack()
    entries = {
        "maintain": replace(
            pack.entries["keeping"], question="Why maintain an oven?", phrasings=["whats the perpose of maintainance"]
        ),
        "purpose": replace(pack.entries["freezing"], question="What is the purpose of maintaining an oven?", phrasings=[]),
        "know": replace(pack.entries["crust"], question="How will they know?", phrasings=[]),
    }
    plain = {id_: replace(entry, so=[], not_so=[], confirms=[], denies=[]) for id_, entry in entries.items()}
    return Engine(compile_pack(replace(pack, entries=plain, phrasings={}, verdicts={}, long={}, examples={})))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("whats the perpose of maintainance", "maintain"),  # with the slips that its author put in
        ("What is the purpose of maintaining an oven?", "purpose"),
        ("how will they know?", "know"),  # of small words alone
        ("Good morning! What is the purpose of maintaining an oven? Thank you very much.", "purpose"),
        ("Sorry to bother you. How will they know Thanks!", "know"),
        ("I talked to the baker, who has no time. What is the purpose of maintaining an oven?", "purpose"),
    ],
)
def test_a_phrasing_is_known_to_the_word(text: str, intent: str) -> None:
    reply = shop().ask(text)
    assert (reply.intent, reply.confidence) == (intent, 0.98)


def test_a_phrasing_is_not_looked_for_behind_what_turns_it_round() -> None:
    reply = bakery().ask("does freezing spoil the bread, is that wrong?")
    assert reply.verdict != "yes"


def test_what_is_asked_by_name_goes_before_an_entry_that_passes_over_it() -> None:
    assert shipped().ask("How are chemotherapy drugs given?").text.startswith("The article says nothing about the way")
    assert shipped().ask("What do chemotherapy drugs do?").kind == "answer"
