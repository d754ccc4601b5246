import pytest
from msgspec.structs import replace

from bot.compiled import compile_pack
from bot.engine import Engine
from bot.reply import Reply
from tests.packs import bakery, bakery_pack, shipped

CALL = "This may be an emergency. Call now (Europe: 112; US: 911)."


def ask(text: str) -> Reply:
    return bakery().ask(text)


@pytest.mark.parametrize(
    "text",
    [
        "my throat is swelling",
        "throat closing",
        "Her tongue's swollen!!",
        "mY THRAOT is swellling",
        "I ate a roll. My throat is swelling. What now?",
        "my throat was swelling an hour ago",
        "why is my throat swelling after Rustino",
        "what is Rustino? my throat is swelling",
        "my throat is swelling, can I eat Rustino",
        "hello, my throat is swelling, thanks",
    ],
)
def test_an_emergency_comes_before_everything(text: str) -> None:
    reply = ask(text)
    assert (reply.kind, reply.intent, reply.text) == ("urgent", "reaction", CALL)
    assert (reply.sources, reply.options, reply.verdict) == ((), (), None)


@pytest.mark.parametrize("text", ["or rash?", "or low blood counts?", "and vomiting?", "ok so will it give me infections"])
def test_a_question_that_goes_on_alarms_nobody(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("does Revlimid cause constipation?")
    reply = conversation.ask(text)
    assert (reply.kind, reply.verdict is None) == ("answer", False)


@pytest.mark.parametrize("text", ["he has chest pain now", "I can't breathe", "and he won't wake up"])
def test_an_emergency_is_met_in_a_conversation_too(text: str) -> None:
    conversation = shipped().conversation()
    conversation.ask("does Revlimid cause constipation?")
    assert conversation.ask(text).kind == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "my throat was swelling years ago",
        "last winter my throat was swelling",
        "in 2015 my throat was swelling",
        "as in my childhood, my throat swelling",
    ],
)
def test_what_is_long_over_is_no_emergency(text: str) -> None:
    assert ask(text).kind != "urgent"


@pytest.mark.parametrize(
    "text",
    ["if my throat is swelling", "what if my throat is swelling", "could my throat be swelling", "suppose my throat is closing"],
)
def test_what_is_supposed_is_no_emergency(text: str) -> None:
    assert ask(text).kind != "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "no throat swelling",
        "I never had a throat swelling",
        "without a swollen tongue",
        "my throat is not swelling",
        "my throat isn't swollen at all",
        "my tongue is no longer swollen",
        "his face has never been swollen",
        "the tongue does not look swollen to me",
    ],
)
def test_what_is_denied_is_no_emergency(text: str) -> None:
    assert ask(text).kind != "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "my throat does not stop swelling",
        "my throat is closing, not swelling",
        "my throat is not swollen but closing",
        "my tongue, no lie, got swollen",
    ],
)
def test_a_negation_of_something_else_denies_nothing(text: str) -> None:
    assert ask(text).kind == "urgent"


@pytest.mark.parametrize(
    "text", ["does Rustino cause throat swelling", "can nuts make the throat swell", "which breads make throats swell"]
)
def test_a_question_about_bread_in_general_is_no_emergency(text: str) -> None:
    assert ask(text).kind != "urgent"


def test_what_the_author_excepts_is_no_emergency() -> None:
    assert ask("in the novel her throat is swelling").kind != "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "I'm not ok, my throat is swelling",
        "no one here, my throat is closing",
        "could you help me, my throat is swelling",
        "I was wondering, my tongue is swollen, what should I do",
        "I have come since 2019 and now my throat is swelling",
    ],
)
def test_what_is_said_around_an_emergency_does_not_hide_it(text: str) -> None:
    assert ask(text).kind == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "I'm not ok, crushing chest pain",
        "could someone help me, I can't breathe",
        "would you please help, my husband is having a seizure",
        "I was diagnosed in 2019 and now I have crushing chest pain",
        "my mum can't breathe",
        "I have a fever of 39",
        "he keeps vomiting, nothing stays down",
    ],
)
def test_emergencies_of_the_shipped_pack(text: str) -> None:
    assert shipped().ask(text).kind == "urgent"


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("I am itching now", True),
        ("my itching is worse since breakfast", True),
        ("itchy since the rye", True),
        ("itching after", False),
        ("itchy rye", False),
        ("he was itching", False),
    ],
)
def test_a_sign_counts_for_somebody_and_now(text: str, urgent: bool) -> None:
    assert (ask(text).kind == "urgent") is urgent


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("fever of 39.5", True),
        ("a temperature of 38", True),
        ("fever 42,5", True),
        ("fever of thirty nine and a half", True),
        ("fever of 37.9", False),
        ("fever 43", False),
        ("fever of thirty seven point five", False),
        ("fever, 39 breads please and thanks", True),
    ],
)
def test_figures(text: str, urgent: bool) -> None:
    assert (ask(text).kind == "urgent") is urgent


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("I will end it all", True),
        ("what if we end it all", True),
        ("end it all, years ago", True),
        ("I do not want to end it all", False),
        ("it all ends", False),
    ],
)
def test_whenever(text: str, urgent: bool) -> None:
    assert (ask(text).kind == "urgent") is urgent


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        ("can I eat Rustino", True),
        ("may my son safely eat the rye loaf?", True),
        ("can my daughter eat bread", True),
        ("can people eat Rustino", False),
        ("should we eat snow", False),
        ("I am allergic to nuts", True),
        ("my wife is allergic to sesame", True),
        ("who is allergic to nuts", False),
        ("allergic to cats", False),
    ],
)
def test_a_decision_is_referred_where_somebody_and_the_pack_are_spoken_of(text: str, refers: bool) -> None:
    assert (ask(text).kind == "refer") is refers


def test_in_a_talk_about_bread_a_decision_is_about_bread() -> None:
    talk = bakery().conversation()
    assert talk.ask("can I eat it").kind != "refer"
    talk.ask("what is Rustino")
    assert talk.ask("can I eat it").kind == "refer"


def test_a_referral_gives_the_general_fact() -> None:
    reply = ask("I am allergic to hazelnuts")
    assert reply.text == (
        "Please ask your doctor whether it is safe for you.\n\n"
        "What the book says in general: Hazelnuts are part of yeast dough (Brioletta, Nuttina)."
    )
    assert [source.section for source in reply.sources] == ["Doughs"]
    assert ask("can I eat Rustino").text == "Please ask your doctor whether it is safe for you."


def test_urgent_comes_before_refer() -> None:
    assert ask("I am allergic to nuts and my throat is swelling").kind == "urgent"


def test_what_the_author_wrote_as_a_way_to_ask_an_entry_is_answered() -> None:
    assert ask("should I eat a loaf with a torn crust").intent == "crust"
    assert ask("should I eat Rustino with a torn crust").kind == "refer"
    assert ask("my throat is closing, should I eat a loaf with a torn crust").kind == "urgent"


def test_an_entry_of_low_risk_is_told_to_anyone() -> None:
    reply = ask("how can I eat stale bread")
    assert (reply.kind, reply.text) == ("answer", "Soak stale bread in milk.")


def test_any_other_entry_is_told_after_whom_to_ask() -> None:
    reply = ask("can I eat bread toasted")
    assert (reply.kind, reply.text) == (
        "refer",
        "Please ask your doctor whether it is safe for you.\n\n"
        "What the book says in general: Toast bread in slices as thick as a finger.",
    )


def test_what_is_told_if_it_should_happen_is_no_emergency() -> None:
    assert ask("what if I tell my doctor that my throat is swelling").kind != "urgent"


def test_a_question_in_its_authors_words_sets_nothing_off_unless_something_is_told_around_it() -> None:
    people = ("aunt", "uncle", "mother", "father", "cousin", "neighbour", "friend", "boss", "sister", "brother")
    alarming = [f"my {who} is putting bread into the freezer" for who in people]
    alarming += [f"putting bread into the freezer, says my {who}" for who in people]
    harmless = [f"my {who} likes {what}" for who in people for what in ("cake", "a walk in the park")]
    engine = Engine(compile_pack(replace(bakery_pack(), examples={"reaction": alarming, "ordinary": harmless})))
    assert engine.ask("she is putting bread into the freezer").kind == "urgent"
    assert engine.ask("putting bread into the freezer").intent == "freezing"
    assert engine.ask("My aunt has said it. putting bread into the freezer").kind == "urgent"


def test_an_emergency_is_not_over_because_somebody_makes_light_of_it() -> None:
    conversation = shipped().conversation()
    first = conversation.ask("an elephant is sitting on my chest and my left arm is numb since 20 minutes")
    again = conversation.ask("nah, probably the curry")
    assert (first.kind, again.kind) == ("urgent", "urgent")
    assert again.text == first.text
    assert conversation.ask("what are the side effects of Velcade?").kind == "answer"
