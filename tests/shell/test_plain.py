import io
from collections.abc import Iterator

from bot.engine import Engine
from bot.shell.plain import answers, lines


def test_lines_of_bytes() -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"one\r\ntw\xff\n\nfour"))
    assert list(lines(stream)) == ["one", "tw�", "", "four"]
    assert list(lines(None)) == []


def test_every_question_has_one_line(engine: Engine) -> None:
    questions = ["What happens in the tea ceremony?", "thanks", "", "/quit"]
    found = list(answers(engine, questions))
    assert found[:2] == [
        "It takes these steps: / 1. The host boils the water and lets it stand for a while, so that it does not scald the leaves."
        " / 2. The guests bow.",
        "You are welcome.",
    ]
    assert len(found) == 4
    assert all(found)


def test_an_answer_comes_before_the_next_question_is_read(engine: Engine) -> None:
    read: list[str] = []

    def questions() -> Iterator[str]:
        for question in ("thanks", "thank you"):
            read.append(question)
            yield question

    assert next(answers(engine, questions())) == "You are welcome."
    assert read == ["thanks"]
