from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks.ranking.data import slip
from bot.inplace import Arrays, ArraysWriter
from bot.understand.terms import Terms, TermsBuilder
from tests.packs import english

WORDS = (
    (
        "return refund repair deliver delivery saw lamp table chair cupboard bookcase Lisbon Lyon teapot kettle "
        "porcelain wardrobe exchange assemble dispose insurance availability curtains cushion cushions lamps"
    )
    .lower()
    .split()
)


@cache
def terms() -> Terms:
    """The words of one entry each."""
    builder = TermsBuilder(english())
    for number, word in enumerate(WORDS):
        builder.add([word], number)
    with TemporaryDirectory() as folder:
        with ArraysWriter(Path(folder) / "terms") as writer:
            builder.write(writer, len(WORDS))
        return Terms(Arrays(Path(folder) / "terms"))


def stem(word: str) -> int:
    found = terms().find(word, english().stem(word))
    assert found is not None
    return found


def test_words_and_their_forms() -> None:
    assert all(terms().stem_text(stem(word)) == english().stem(word) for word in WORDS)
    assert stem("lamp") == stem("lamps") == stem("lamping")  # the last is in no phrasing, but its stem is
    assert terms().find("piano", "piano") is None


def test_rare_words_tell_more() -> None:
    weights = {word: terms().weights[stem(word)] for word in ("lamp", "kettle")}  # two entries have a lamp or lamps
    assert weights["kettle"] > weights["lamp"] > 0
    assert (terms().counts[stem("lamp")], terms().counts[stem("kettle")]) == (2, 1)


@given(st.sampled_from([word for word in WORDS if len(word) > 3]), st.integers(0, 10**6))
def test_one_slip_is_always_seen_through(word: str, seed: int) -> None:
    typed = slip(word, Random(seed))
    assert typed == word or stem(word) in {near.stem for near in terms().near(typed)} | {terms().find(typed, typed)}


@given(st.text("abcdelprstu", min_size=3, max_size=8))
def test_near_words_against_the_slow_and_obvious_way(typed: str) -> None:
    near = {one.stem for one in terms().near(typed)}
    by_hand = sorted(stem(word) for word in WORDS if word != typed and OSA.distance(word, typed) == 1)
    assert near.issuperset(by_hand[:1])  # no more than a few are kept, the nearest first
    assert all(0 < one.likeness < 1 for one in terms().near(typed))


def test_two_slips_in_a_long_word() -> None:
    assert terms().near("avilabilitty")[0].stem == stem("availability")
    assert terms().near("zzzzzzzzzz") == ()


def test_words_that_ran_together() -> None:
    assert terms().divided("tablelamp") == (stem("table"), stem("lamp"))
    assert terms().divided("tablepiano") == ()
