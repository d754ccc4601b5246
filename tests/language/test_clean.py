import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.clean import clean, printable

ANY_TEXT = st.text(
    st.characters() | st.characters(categories=["Cc", "Cf", "Cs", "Co", "M", "Z"]) | st.sampled_from("`´\n\rÆİßﬁ…ﷺ")
)
"""Any Unicode there is, lone surrogates and controls too."""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("What is Velcade?", "what is velcade?"),
        ("Ｖｅｌｃａｄｅ？", "velcade?"),
        ("what’s ‘this’", "what's 'this'"),
        ("what`s", "what's"),
        ("what´s", "what's"),
        ("what′s", "what's"),
        ("what`s Übel", "what's ubel"),
        ("“so” «so» „so”", '"so" "so" "so"'),
        ("a–b — c−d‑e", "a-b - c-d-e"),
        ("and…", "and."),
        ("¿Qué?", "?que?"),
        ("naïve café", "naive cafe"),
        ("Æon ŒUVRE ØRE ŁÓDŹ Đa ᴭ", "aeon oeuvre ore lodz da ae"),
        ("ﬁne ½ x² ① K", "fine 1⁄2 x2 1 k"),
        ("İstanbul Straße", "istanbul straße"),
        ("vel\u200bca\u200dde\ufeff\u00ad", "velcade"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("❤\ufe0f 1\ufe0f\u20e3 a\u034fb", "❤ 1 ab"),
        ("a\u3164b\u115fc", "abc"),
        ("a\u00a0b\u2003c\u3000d\u2028e", "a b c d e"),
        ("a\tb\x0bc", "a b c"),
        ("a\nb\r\nc", "a\nb\n\nc"),
        ("a\x00b\x1b[31mc\x7f\x9b", "a b [31mc  "),
        ("a\ud800b\udfff", "ab"),
        ("a\ue000b\U000e0041c\U0010ffff", "abc"),
        ("e\u0301\u0327 z\u0336a\u0489", "e za"),
        ("हिन्दी שָׁלוֹם", "हनद שלום"),
        ("🤔", "🤔"),
    ],
)
def test_what_is_read(typed: str, read: str) -> None:
    assert clean(typed).text == read


def test_the_way_back_to_what_was_typed() -> None:
    typed = "\u200bｖ½…é!"
    cleaned = clean(typed)
    assert cleaned.text == "v1⁄2.e!"
    assert [typed[cleaned.source(at)] for at in range(len(cleaned.text))] == ["ｖ", "½", "½", "½", "…", "é", "!"]
    assert cleaned.source(len(cleaned.text)) == len(typed)


@pytest.mark.parametrize(("typed", "end"), [("", 0), ("\u200b", 0), ("ok", 2), ("é\u200b", 1)])
def test_the_end_of_what_is_read_has_a_place_too(typed: str, end: int) -> None:
    cleaned = clean(typed)
    assert cleaned.source(len(cleaned.text)) == end


@pytest.mark.parametrize("plane", range(17))
def test_every_character_is_folded_once_and_for_all(plane: int) -> None:
    text = "é" + "".join(map(chr, range(plane << 16, (plane + 1) << 16)))
    folded = clean(text).text
    assert clean(folded).text == folded
    assert folded == folded.lower()
    assert {unicodedata.category(char)[0] for char in set(folded) - {"\n"}}.isdisjoint("CM")


@given(ANY_TEXT)
def test_any_text_is_read(typed: str) -> None:
    cleaned = clean(typed)
    assert clean(cleaned.text).text == cleaned.text
    assert all(char == "\n" or char.isprintable() for char in cleaned.text)
    places = [cleaned.source(at) for at in range(len(cleaned.text) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(typed) for place in places)
    assert all(place < len(typed) for place in places[:-1])


@given(ANY_TEXT, ANY_TEXT)
def test_a_text_is_read_the_same_whatever_stands_beside_it(typed: str, other: str) -> None:
    assert clean(typed + other).text == clean(typed).text + clean(other).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("what is Velcade?", "what is Velcade?"),
        ("  two\n\nlines\t", "two lines"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("a\u202eb\u200fc", "a b c"),
        ("a\x00b\ud800c\udfffd", "a bcd"),
        ("été ½ 🤔", "été ½ 🤔"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("x" * 78 + " yyy", "x" * 78 + "…"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANY_TEXT, st.integers(1, 40))
def test_any_text_can_be_shown(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert shown == shown.strip()
    assert printable(shown, limit) == shown
    assert shown.encode("utf-8").decode("utf-8") == shown
