import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import words
from bot.pack.format import About, Entry, Kind, Pack, SourceWork, Thing
from bot.understand.lexicon import Lexicon, build
from bot.understand.spelling import Speller
from bot.understand.utterance import Reader
from tests.packs import bakery_compiled, english, shipped_source

DICTIONARY = [line.split()[0] for line in words.PATH.read_text(encoding="ascii").splitlines()]


def speller() -> Speller:
    made = bakery_compiled()
    return Speller(made.lexicon, made.english)


def corrected(found: Speller, typed: str) -> str:
    """What a word that stands alone is read as."""
    (meant,) = found.corrected([typed])
    return " ".join(meant)


def read(text: str) -> str:
    made = bakery_compiled()
    return " ".join(token.word for token in Reader(made.lexicon, made.english).read(text).tokens)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rustno", "rustino"),
        ("rustinno", "rustino"),
        ("rsutino", "rustino"),
        ("rustinos", "rustino"),
        ("kornelja", "kornelia"),
        ("corneliah", "kornelia"),
        ("briolleta", "brioletta"),
        ("mandolra", "mandorla"),
        ("hazlenut", "hazelnut"),
        ("sezame", "sesame"),
        ("alergens", "allergens"),
        ("sourdoh", "sourdough"),
    ],
)
def test_names_are_corrected(typed: str, meant: str) -> None:
    assert corrected(speller(), typed) == meant


@pytest.mark.parametrize("typed", ["zabrino", "rxsxixo", "mkq", "ry3", "kornnnnnnnnlia", "x" * 41, "brötchen", "12345"])
def test_what_is_too_far_from_every_name_stays(typed: str) -> None:
    assert corrected(speller(), typed) == typed


@given(st.text("rustinokelambd", min_size=4, max_size=12))
def test_a_correction_stays_within_its_limits(typed: str) -> None:
    ((meant, *more),) = speller().corrected([typed])
    if meant != typed and not more and (meant,) not in english().shorthand.values():
        assert speller().knows(meant)
        assert abs(len(meant) - len(typed)) <= 4
        assert sum(char not in typed for char in set(meant)) <= 4


def test_no_word_of_the_dictionary_is_ever_corrected() -> None:
    shipped = shipped_lexicon()
    for lexicon in (bakery_compiled().lexicon, shipped):
        found = Speller(lexicon, english())
        wrong = [word for word in DICTIONARY[::7] if corrected(found, word) != word]
        assert wrong == []


def test_no_word_of_the_dictionary_becomes_a_name_in_any_company() -> None:
    reader, pack = Reader(shipped_lexicon(), english()), shipped_source()
    names = {str(name).lower() for thing in pack.things.values() if thing.kind == "drug" for name in thing.facts.values()}
    texts = [f"what is {word} good for" for word in DICTIONARY[::29] if word not in names]
    assert [text for text in texts if any(token.word in names for token in reader.read(text).tokens)] == []


@pytest.mark.parametrize("text", ["what is tick good for", "what is trip good for", "what is vent good for"])
def test_a_word_of_grammar_is_no_neighbour(text: str) -> None:
    reader = Reader(shipped_lexicon(), english())
    assert " ".join(token.word for token in reader.read(text).tokens) == text


def shipped_lexicon() -> Lexicon:
    """The lexicon of the shipped pack."""
    return build(shipped_source(), english())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("puff pasty", "puff pastry"),
        ("a pasty", "a pasty"),
        ("sour cough", "sour dough"),
        ("a bad cough", "a bad cough"),
        ("the stone oxen", "the stone oven"),
        ("the oxen of stone", "the oxen of stone"),
    ],
)
def test_a_real_word_is_corrected_beside_its_neighbour_alone(typed: str, expected: str) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("yeastdough", "yeast dough"),
        ("puffpastry", "puff pastry"),
        ("the rus tino", "the rustino"),
        ("brio letta", "brioletta"),
        ("korn elia", "kornelia"),
        ("rustino brioletta", "rustino brioletta"),
        ("egg milk", "egg milk"),
    ],
)
def test_glued_and_torn_words(typed: str, expected: str) -> None:
    assert read(typed) == expected


def speller_of(*aliases: list[str]) -> Speller:
    """A speller for things with these names."""
    things = {f"t{at}": Thing(kind="k", name=names[0], aliases=names[1:]) for at, names in enumerate(aliases)}
    about = About(title="T", source=SourceWork(title="S", publisher="P"), notice="N", greeting="G")
    return Speller(build(Pack(pack=about, kinds={"k": Kind(name="k", plural="ks")}, things=things), english()), english())


def test_a_word_between_two_others_is_left_alone() -> None:
    assert corrected(speller_of(["bandela"], ["bandola"]), "bandyla") == "bandyla"


def test_a_word_between_two_names_of_one_thing_is_corrected() -> None:
    assert corrected(speller_of(["bandela", "bandola"]), "bandyla") == "bandela"


def test_the_nearer_of_two_is_meant() -> None:
    assert corrected(speller_of(["bandela"], ["bendulo"]), "bandeli") == "bandela"


def usual_speller() -> Speller:
    """Of a pack that names no things."""
    asked = ["my card is late", "the card has not come", "is it a cart"]
    entries = {
        "card": Entry(question="Where is my card?", answer="Here.", phrasings=asked),
        "cats": Entry(question="Do you like cats?", answer="No."),
    }
    about = About(title="Bank", source=SourceWork(title="Cards", publisher="Bank"), notice="", greeting="Hello.")
    pack = Pack(pack=about, entries=entries)
    return Speller(build(pack, english()), english())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("crad", "card"),
        ("lzte", "late"),
        ("carrd", "card"),
        ("whre", "where"),
        ("cat", "cat"),  # a word of its own
        ("q", "q"),
        ("xylofone", "xylofone"),
    ],
)
def test_without_names_any_word_of_the_phrasings_may_be_meant(typed: str, meant: str) -> None:
    assert corrected(usual_speller(), typed) == meant


def test_of_two_words_that_are_as_near_the_usual_one_is_meant() -> None:
    assert corrected(usual_speller(), "carx") == "card"


def test_a_slip_that_the_author_put_in_is_not_read_as_something_else() -> None:
    reader = Reader(shipped_lexicon(), english())
    assert [token.word for token in reader.read("bone marow vena").tokens] == ["bone", "marrow", "vena"]  # `lena` is a drug


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wha are teh side efects", "what are the side effects"),
        ("whast is car t", "what is car t"),
        ("doess it hurt", "does it hurt"),
        ("ehich ones are approved", "which ones are approved"),
        ("how mny drugs are ther", "how many drugs are there"),
        ("whatis a relapse", "what is a relapse"),
        ("rhats all", "what is all"),  # a slip in shorthand
        ("thge bradn name", "the brand name"),
    ],
)
def test_common_words_are_corrected_by_what_stands_beside_them(typed: str, meant: str) -> None:
    reader = Reader(shipped_lexicon(), english())
    assert " ".join(token.word for token in reader.read(typed).tokens) == meant


@pytest.mark.parametrize(
    "text",
    [
        "how does xpovio work",
        "is selinexor listed",
        "what about venetoclax",
        "does aml relapse",
        "MoA of it",  # an abbreviation, by its capitals
        "CLL drugs",
        "crs",
    ],
)
def test_what_is_a_name_is_left_alone(text: str) -> None:
    assert Reader(shipped_lexicon(), english()).read(text).corrections == ()


def test_the_same_slip_is_read_by_its_neighbours() -> None:
    reader = Reader(shipped_lexicon(), english())
    read = [reader.read(text).corrections for text in ("i am tird", "the tird drug")]
    assert read == [(("tird", "tired"),), (("tird", "third"),)]


def test_a_real_word_that_nobody_says_there_is_corrected() -> None:
    reader = Reader(shipped_lexicon(), english())
    texts = ("a hart attack", "a stone in my shoe", "the moths ate my jumper")
    read = [" ".join(token.word for token in reader.read(text).tokens) for text in texts]
    assert read == ["a heart attack", "a stone in my shoe", "the moths ate my jumper"]
