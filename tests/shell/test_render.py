import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shell.render import Para, cells, fold, layout, plain, safe, wrap


def test_what_follows_a_list_mark_hangs_under_its_first_word() -> None:
    text = (
        "Side effects can include:\n- nausea and a loss of appetite\n- nerve damage\n\n10. Rest for an hour or two.\nThat is all."
    )
    assert wrap(text, 24) == [
        "Side effects can",
        "include:",
        "- nausea and a loss of",
        "  appetite",
        "- nerve damage",
        "",
        "10. Rest for an hour or",
        "    two.",
        "That is all.",
    ]


def test_a_word_wider_than_the_terminal_is_broken() -> None:
    assert wrap("see https://tea.example/a/b", 10) == ["see", "https://te", "a.example/", "a/b"]


def test_wide_letters_take_two_columns() -> None:
    assert cells("茶 e\u0301") == 4
    assert wrap("抹茶抹茶 tea", 6) == ["抹茶抹", "茶 tea"]


def test_lines_are_no_longer_than_a_hundred_columns_however_wide_the_window() -> None:
    assert max(len(text) for _, text in layout([Para("word " * 100)], 250)) == 99


def test_a_window_narrower_than_twenty_columns_counts_as_twenty() -> None:
    assert plain([Para("one two three four five")], 3) == "one two three four\nfive\n"


def test_indent_stands_before_every_line() -> None:
    assert plain([Para("one two three four five", indent=2)], 20) == "  one two three four\n  five\n"


def test_two_columns() -> None:
    assert plain([Para("write the conversation to a file", head="/save FILE   ")], 32) == (
        "/save FILE   write the\n             conversation to a\n             file\n"
    )


def test_two_columns_stand_under_one_another_where_there_is_no_room() -> None:
    assert plain([Para("write it down", head="/save FILE   ")], 20) == "/save FILE\n  write it down\n"


def test_styles_are_named_and_newlines_have_none() -> None:
    assert layout([Para("Run!", "alarm"), Para("Sit.")], 80) == [("class:alarm", "Run!"), ("", "\n"), ("", "Sit."), ("", "\n")]


def test_text_for_a_file_is_not_wrapped() -> None:
    assert plain([Para("word " * 30 + "end", indent=2)]) == "  " + "word " * 30 + "end\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mb\x07", "a[31mb"),
        ("a\tb\xa0c", "a b c"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("lone \ud800 surrogate\x00", "lone  surrogate"),
        ("two\nlines", "two\nlines"),
        ("“é” 👩\u200d⚕", "“é” 👩\u200d⚕"),
        ("\x9b2J", "2J"),
    ],
)
def test_nothing_shown_can_command_the_terminal(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_folding_gives_one_line() -> None:
    assert fold("Side effects:\n- nausea\n\n- pain\r\n") == "Side effects: / - nausea / - pain"
    assert fold("\n \n") == ""


@given(st.text(max_size=300), st.integers(4, 60))
def test_every_word_is_kept_and_no_line_is_too_long(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(safe(text).split())
    assert all(cells(line) <= width for line in lines)


@given(st.text(max_size=200))
def test_folded_text_is_one_line(text: str) -> None:
    assert len(fold(text).splitlines()) <= 1
