from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.engine import Engine
from bot.shell.completer import TalkCompleter, Vocabulary, guesses
from bot.shell.later import Later
from bot.shell.talk import Talk

WORDS = Vocabulary(
    ["Black tea", "Green tea", "Green tea powder", "matcha"],
    ["What is a teapot for?", "What is matcha?", "Who grows tea?"],
)


def offered(text: str, likely: tuple[str, ...] = ()) -> list[str]:
    """The lines that `text` could become."""
    return [text[: len(text) - guess.length] + guess.text for guess in guesses(text, WORDS, likely)]


def test_names_are_completed_wherever_they_stand() -> None:
    assert offered("how do I brew gre") == ["how do I brew Green tea", "how do I brew Green tea powder"]
    assert offered("is it (MAT") == ["is it (matcha"]


def test_several_words_of_a_name_narrow_it_down() -> None:
    assert offered("what is green tea p") == ["what is Green tea powder"]
    assert offered("what is green tea") == ["what is Green tea powder"]


def test_questions_are_completed_from_their_beginning() -> None:
    assert offered("what is") == ["What is a teapot for?", "What is matcha?"]
    assert offered("what is a t") == ["What is a teapot for?"]


def test_two_letters_are_too_few_to_guess_from() -> None:
    assert offered("wh") == []
    assert offered("how gr") == []


def test_what_is_complete_is_not_offered_again() -> None:
    assert offered("Who grows tea?") == []
    assert offered("matcha") == []


def test_an_empty_line_offers_what_may_come_next() -> None:
    assert offered("", ("Green", "Black")) == ["Green", "Black"]
    assert offered("g", ("Green", "Black")) == ["Green"]


def test_commands_and_their_arguments() -> None:
    assert offered("/s") == ["/source", "/save", "/save!"]
    assert offered("/facts gr") == ["/facts Green tea", "/facts Green tea powder"]
    assert offered("/facts ") == ["/facts Black tea", "/facts Green tea", "/facts Green tea powder", "/facts matcha"]
    assert offered("/feedback b") == ["/feedback bad"]
    assert offered("/help f") == ["/help facts", "/help feedback"]
    assert offered("/why x") == []
    assert guesses("/top", WORDS)[0].meta == "What you can ask about"


def test_a_pasted_page_is_not_searched() -> None:
    assert offered("gre " * 100 + "gre") == []


def test_many_names_are_found_at_once() -> None:
    words = Vocabulary((f"name {n}" for n in range(100_000)), ())
    assert [guess.text for guess in guesses("name 4242", words)] == [f"name 4242{n}" for n in range(8)]


def completions(completer: TalkCompleter, text: str, cursor: int | None = None) -> list[str]:
    return [c.text for c in completer.get_completions(Document(text, cursor), CompleteEvent())]


def test_the_commands_are_known_before_the_engine_is(engine: Engine) -> None:
    later = Later(lambda: engine)
    completer = TalkCompleter(later, Talk(later, "Tea"))
    assert completions(completer, "/wh") == ["/why"]
    assert completions(completer, "how is gre") == []
    later.wait()
    assert completions(completer, "how is gre") == ["Green tea"]
    assert completions(completer, "") == ["What is a teapot for?", "What happens in the tea ceremony?"]


def test_nothing_is_offered_in_the_middle_of_a_line(engine: Engine) -> None:
    later = Later(lambda: engine)
    later.wait()
    assert completions(TalkCompleter(later, Talk(later, "Tea")), "gre or black", 3) == []
