"""The engine inside another program: threads, event loops, a callback, and imports that cost nothing."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import Engine, Reply
from tests.packs import bakery, shipped, write_bakery
from tests.test_imports import modules

QUESTIONS = [
    "what is Rustino?",
    "how is it baked?",
    "does it contain milk?",
    "what about Brioletta?",
    "allergens?",
    "the first one",
]


def heard(folder: Path) -> tuple[Engine, list[tuple[str, Reply]]]:
    """An engine, and what its callback hears."""
    replies: list[tuple[str, Reply]] = []
    return Engine.load(write_bakery(folder), cache=False, on_reply=lambda text, reply: replies.append((text, reply))), replies


def test_a_conversation_on_an_event_loop() -> None:
    async def run() -> list[Reply]:
        talk = bakery().conversation()
        return [await talk.aask(question) for question in QUESTIONS]

    talk = bakery().conversation()
    assert [reply.to_dict() for reply in asyncio.run(run())] == [talk.ask(question).to_dict() for question in QUESTIONS]


def test_the_event_loop_goes_on_while_an_answer_is_made() -> None:
    async def run() -> int:
        text = "what are the side effects of Velcade and what is a transplant? " * 80
        asked = asyncio.create_task(shipped().aask(text))
        beats = 0
        while not asked.done():
            await asyncio.sleep(0)
            beats += 1
        assert (await asked).text
        return beats

    assert asyncio.run(run()) > 2  # one to begin and one to end it, if the answer held the loop up


def test_one_question_on_an_event_loop() -> None:
    reply = asyncio.run(bakery().aask("what is proofing"))
    assert reply.to_dict() == bakery().ask("what is proofing").to_dict()


def test_many_conversations_at_once_keep_to_themselves() -> None:
    talk = bakery().conversation()
    expected = [talk.ask(question).to_dict() for question in QUESTIONS]

    def run(_: int) -> list[object]:
        own = bakery().conversation()
        return [own.ask(question).to_dict() for question in QUESTIONS]

    with ThreadPoolExecutor(8) as pool:
        assert all(replies == expected for replies in pool.map(run, range(24)))


def test_threads_may_share_a_conversation(tmp_path: Path) -> None:
    engine, replies = heard(tmp_path)
    talk = engine.conversation()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(talk.ask, QUESTIONS * 8))
    again = engine.conversation()
    told = replies[: len(QUESTIONS) * 8]
    assert sorted(text for text, _ in told) == sorted(QUESTIONS * 8)
    assert [again.ask(text).to_dict() for text, _ in told] == [reply.to_dict() for _, reply in told]
    assert talk.state == again.state


def test_a_callback_hears_every_message_and_its_reply(tmp_path: Path) -> None:
    engine, replies = heard(tmp_path)
    talk = engine.conversation()
    given = [engine.ask("what is proofing"), talk.ask("allergens?"), talk.ask("the first one"), asyncio.run(talk.aask("thanks"))]
    assert [text for text, _ in replies] == ["what is proofing", "allergens?", "the first one", "thanks"]
    assert [reply for _, reply in replies] == given


def test_a_callback_cannot_break_a_reply(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(text: str, reply: Reply) -> None:
        raise RuntimeError("the metrics are away")

    engine = Engine.load(write_bakery(tmp_path), cache=False, on_reply=fail)
    assert engine.ask("what is proofing").to_dict() == bakery().ask("what is proofing").to_dict()
    assert engine.conversation().ask("what is proofing").kind == "answer"
    assert [(record.name, record.levelno) for record in caplog.records] == [("faqbot", logging.ERROR)] * 2
    assert "the metrics are away" in caplog.text
    assert "proofing" not in caplog.records[0].getMessage()


OF_THE_SERVER = {
    "starlette",
    "uvicorn",
    "prometheus_client",
    "redis",
    "numpy",
    "prompt_toolkit",
    "argparse",
    "asyncio",
    "bot.serve",
}


def test_the_library_brings_in_no_door(tmp_path: Path) -> None:
    modules("from bot import Engine; Engine.load()", tmp_path)
    found = modules("import bot; bot.Engine.load().conversation().ask('what is Velcade?')", tmp_path)
    assert found & OF_THE_SERVER == set()


def test_the_command_line_brings_in_no_server(tmp_path: Path) -> None:
    quietly = "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):"
    modules(f"import bot.cli, contextlib, io\n{quietly} bot.cli.main(['ask', 'hello'])", tmp_path)  # the first start compiles
    for command in (["--help"], ["ask", "hello"], ["serve", "--help"]):
        found = modules(f"import bot.cli, contextlib, io\n{quietly} bot.cli.main({command!r})", tmp_path)
        assert found & (OF_THE_SERVER - {"argparse", "bot.serve"}) == set()
        assert ("bot.serve" in found) == (command[0] == "serve")
