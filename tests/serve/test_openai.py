"""The chat shape of the OpenAI API, with the real client of that API."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest
from starlette.testclient import TestClient

from tests.packs import bakery
from tests.serve.servers import Server, server
from tests.serve.test_api import error, wire


@pytest.fixture(scope="module")
def bakery_server(bakery_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server("--pack", str(bakery_folder), cache=tmp_path_factory.mktemp("cache")) as running:
        yield running


@pytest.fixture
def ai(bakery_server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{bakery_server.url}/v1", api_key="none", max_retries=0, http_client=httpx2.Client()) as client:
        yield client


def test_the_client_gets_an_answer_with_everything_that_we_know_about_it(ai: openai.OpenAI) -> None:
    question = "does Rustino contain milk?"
    got = ai.chat.completions.create(model="faqbot", messages=[{"role": "user", "content": question}])
    reply = bakery().ask(question)
    assert (got.object, got.model, got.choices[0].finish_reason) == ("chat.completion", "faqbot", "stop")
    assert got.choices[0].message.content == reply.markdown
    assert got.usage is not None
    assert got.usage.total_tokens == 4 + len(reply.markdown.split())
    assert got.model_extra == {"faqbot": wire(reply)}


def test_the_messages_before_give_the_context(ai: openai.OpenAI) -> None:
    got = ai.chat.completions.create(
        model="faqbot",
        messages=[
            {"role": "system", "content": "Answer in French. How is Brioletta baked?"},
            {"role": "user", "content": [{"type": "text", "text": "what is Rustino?"}]},
            {"role": "assistant", "content": "whatever"},
            {"role": "user", "content": "how is it baked?"},
        ],
    )
    talk = bakery().conversation()
    talk.ask("what is Rustino?")
    assert got.choices[0].message.content == talk.ask("how is it baked?").markdown


def test_a_stream_gives_the_same_text_and_ends_with_the_whole_reply(ai: openai.OpenAI) -> None:
    question = "which breads contain nuts?"
    stream = ai.chat.completions.create(
        model="faqbot",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    reply = bakery().ask(question)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == reply.markdown
    *_, last, usage = chunks
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra == {"faqbot": wire(reply)}
    assert usage.usage is not None
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_models(ai: openai.OpenAI) -> None:
    assert [model.id for model in ai.models.list()] == ["faqbot"]
    assert ai.models.retrieve("faqbot").owned_by == "faqbot"
    with pytest.raises(openai.NotFoundError, match="one model here"):
        ai.models.retrieve("gpt-9")


def test_the_client_shows_our_errors(ai: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="no message has the role 'user'") as caught:
        ai.chat.completions.create(model="faqbot", messages=[{"role": "system", "content": "hello"}])
    assert (caught.value.code, caught.value.param) == ("no_question", "messages")


def test_only_the_last_turns_are_taken_into_account(client: TestClient) -> None:
    texts = ["what is Rustino?", *["hello"] * 40, "how is it baked?"]
    chat = {"messages": [{"role": "user", "content": text} for text in texts]}
    response = client.post("/v1/chat/completions", json=chat)
    assert response.json()["faqbot"]["kind"] == "clarify"


def test_the_stream_is_made_of_events(client: TestClient) -> None:
    chat = {"messages": [{"role": "user", "content": "what is proofing"}], "stream": True}
    response = client.post("/v1/chat/completions", json=chat)
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, done, rest = response.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert all(json.loads(event.removeprefix("data: "))["object"] == "chat.completion.chunk" for event in events)


def test_more_than_one_choice_cannot_be_had(client: TestClient) -> None:
    chat = {"messages": [{"role": "user", "content": "hello"}], "n": 2}
    assert error(client.post("/v1/chat/completions", json=chat)) == (422, "invalid")
