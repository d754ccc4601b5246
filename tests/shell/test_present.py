from bot.engine import Engine
from bot.pack.format import About, SourceWork
from bot.reply import Option, Reply, Source, Trace
from bot.shell.present import answer, cite, greeting, reasons, whole_answer
from bot.shell.render import layout, plain

BOOK = Source("Leaf Press: The tea book", "Pots", "https://tea.example/book", "2026-01-31")


def test_the_greeting_says_what_this_is_and_where_it_comes_from(engine: Engine) -> None:
    assert plain(greeting(engine.pack.pack), 80) == (
        "Tea – questions\n"
        "\n"
        "Hello. I answer questions about tea.\n"
        "I repeat what one book says.\n"
        "Source: Leaf Press: The tea book (reviewed 2026-01-31)\n"
        "\n"
        "Ask in your own words. For example: What is a teapot for?\n"
        "/help lists the commands, Ctrl-D leaves.\n"
        "\n"
    )


def test_the_greeting_admits_that_no_review_date_is_known() -> None:
    about = About(title="T", source=SourceWork("Book", "Press"), notice="N", greeting="G")
    assert "Source: Press: Book (review date not known)\n" in plain(greeting(about))


def test_a_source_in_full() -> None:
    assert cite(BOOK) == "Leaf Press: The tea book, “Pots”, reviewed 2026-01-31, https://tea.example/book"
    assert cite(Source("Book", "", None, None)) == "Book, review date not known"


def test_suggestions_stand_under_the_answer(engine: Engine) -> None:
    assert plain(answer(engine.ask("What happens in the tea ceremony?")), 60) == (
        "\n"
        "  It takes these steps:\n"
        "\n"
        "  1. The host boils the water and lets it stand for a while,\n"
        "     so that it does not scald the leaves.\n"
        "  2. The guests bow.\n"
        "\n"
        "  Source: “Ceremony”\n"
        "\n"
        "  You could ask:\n"
        "  - What is a teapot for?\n"
        "\n"
    )


def test_an_emergency_is_bold_red_and_what_stands_beside_an_answer_is_dim() -> None:
    urgent = Reply(kind="urgent", text="Call now.", markdown="", suggestions=("Who?",), sources=(BOOK,))
    assert [fragment for fragment in layout(answer(urgent), 80) if fragment[1].strip()] == [
        ("class:alarm", "  Call now."),
        ("class:quiet", "  Source: “Pots”"),
        ("class:quiet", "  You could ask:"),
        ("class:quiet", "  - Who?"),
    ]


def test_a_clarification_says_how_to_pick() -> None:
    reply = Reply(
        kind="clarify", text="Which tea?\n1. Green\n2. Black", markdown="", options=(Option("Green", "g?"), Option("Black", "b?"))
    )
    assert (
        plain(answer(reply)) == "\n  Which tea?\n  1. Green\n  2. Black\n\n  Type the number or the name of the one you mean.\n\n"
    )


def test_a_whole_answer_has_its_source_in_full() -> None:
    reply = Reply(kind="answer", text="Yes.", markdown="", sources=(BOOK,), suggestions=("Why?",))
    assert plain(whole_answer(reply)) == (
        "Yes.\n\nSource: Leaf Press: The tea book, “Pots”, reviewed 2026-01-31, https://tea.example/book\n\n"
        "You could ask:\n- Why?\n"
    )


def test_reasons_are_a_list() -> None:
    reply = Reply(kind="answer", text="Yes.", markdown="", explain=lambda: Trace(("understood 'pot'", "chose 'pot' with 0.97")))
    assert plain(reasons(reply)) == "Why:\n- understood 'pot'\n- chose 'pot' with 0.97\n"
    assert plain(reasons(Reply(kind="answer", text="", markdown=""))) == "Why: no reasons were recorded for this reply.\n"
