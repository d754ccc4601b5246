"""MCP with the official client library: over the standard streams of a real process, and over HTTP."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from bot.serve.mcp import Tools
from tests.documents import ROOT
from tests.packs import bakery
from tests.serve.servers import server
from tests.serve.test_access import TOKEN

Use = Callable[[Client], Awaitable[Any]]


def used(connection: Any, use: Use) -> Any:
    """What `use` gives, which gets a client that is connected."""

    async def run() -> Any:
        async with asyncio.timeout(60), Client(connection) as client:
            return await use(client)

    return asyncio.run(run())


def here(use: Use) -> Any:
    """The same with a server about the bakery in this process."""
    engine = bakery()
    return used(Tools(lambda: engine, engine.aask).server(), use)


def called(tool: str, **arguments: Any) -> Any:
    return here(lambda client: client.call_tool(tool, arguments))


def process(folder: Path) -> StdioServerParameters:
    """`faqbot mcp` as an assistant's program starts it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return StdioServerParameters(command=sys.executable, args=["-m", "bot", "mcp", "--pack", str(folder)], env=env)


# ---- the tools -----------------------------------------------------------------------------------------------------------


def test_a_question_gets_the_reply_that_everybody_gets() -> None:
    result = called("ask", question="is Rustino sourdough")
    assert result.structured_content == json.loads(json.dumps(bakery().ask("is Rustino sourdough").to_dict()))
    (content,) = result.content
    assert content.text == (
        "Yes. Rustino (rye loaf) is made from sourdough.\n\nSource: Crumb Press: The bread book, Doughs, https://crumb.example/book"
    )
    assert not result.is_error


def test_a_thing_is_looked_up() -> None:
    result = called("facts", name="rye loaf")
    assert result.structured_content["found"] is True
    assert "Sourdough is baked in a stone oven." in result.structured_content["text"]
    assert result.content[0].text == result.structured_content["text"]


def test_a_thing_that_is_not_known_is_not_made_up() -> None:
    result = called("facts", name="a wheelbarrow")
    assert (result.structured_content["found"], result.structured_content["text"]) == (False, "")
    assert "Nothing is known under the name" in result.content[0].text


def test_topics_are_listed_with_the_notice() -> None:
    result = called("topics")
    assert result.structured_content["notice"] == "I repeat what one book says."
    questions = [question for topic in result.structured_content["topics"] for question in topic["questions"]]
    assert set(questions) == set(bakery().questions())


CALLS = [
    ("ask", {"question": "how is it baked?"}),
    ("ask", {"question": "my throat is swelling"}),
    ("ask", {"question": "what is the capital of France"}),
    ("facts", {"name": "Rustino"}),
    ("facts", {"name": "nobody"}),
    ("topics", {}),
]


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
def test_what_a_tool_gives_is_what_its_schema_says(tool: str, arguments: dict[str, Any]) -> None:
    tools = {found.name: found for found in here(lambda client: client.list_tools()).tools}
    jsonschema.validate(arguments, tools[tool].input_schema, jsonschema.Draft202012Validator)
    value = called(tool, **arguments).structured_content
    schema = tools[tool].output_schema
    jsonschema.validate(value, schema, jsonschema.Draft202012Validator)
    assert schema["type"] == "object"
    assert set(schema["required"]) == set(value)


def test_a_client_is_told_that_the_tools_change_nothing_and_what_to_do_with_replies() -> None:
    async def use(client: Client) -> tuple[Any, Any]:
        return await client.list_tools(), client.instructions

    listed, instructions = here(use)
    assert [tool.name for tool in listed.tools] == ["ask", "facts", "topics"]
    assert all(tool.annotations.read_only_hint and not tool.annotations.open_world_hint for tool in listed.tools)
    assert "'urgent'" in instructions
    assert "I repeat what one book says." in instructions


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("ask", {}, "missing required field `question`"),
        ("ask", {"question": 3}, "Expected `str`, got `int` - at `$.question`"),
        ("ask", {"question": ""}, "a question has 1 to 6000 characters, got 0"),
        ("ask", {"question": "x" * 6001}, "a question has 1 to 6000 characters, got 6001"),
        ("ask", {"question": "x", "more": 1}, "unknown field `more`"),
        ("dance", {}, "there is no tool 'dance': ask, facts, topics"),
    ],
)
def test_a_call_that_cannot_be_is_told_why(tool: str, arguments: dict[str, Any], message: str) -> None:
    result = called(tool, **arguments)
    assert result.is_error
    assert message in result.content[0].text


# ---- over the standard streams -------------------------------------------------------------------------------------------


def test_an_assistant_starts_it_and_asks(bakery_folder: Path) -> None:
    async def use(client: Client) -> list[Any]:
        listed = await client.list_tools()
        replies = [await client.call_tool("ask", {"question": text}) for text in ("what is proofing", "is Rustino sourdough")]
        return [[tool.name for tool in listed.tools], *(reply.structured_content["text"] for reply in replies)]

    names, proofing, rustino = used(stdio_client(process(bakery_folder)), use)
    assert names == ["ask", "facts", "topics"]
    assert proofing == "Proofing is the last rise of the dough."
    assert rustino.startswith("Yes.")


def test_nothing_but_messages_is_printed(bakery_folder: Path) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "hello"}}},
    ]
    started = process(bakery_folder)
    with subprocess.Popen(
        [started.command, *started.args], stdin=-1, stdout=-1, stderr=-1, env=started.env, text=True
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        ids = []
        for message in messages:
            print(json.dumps(message), file=running.stdin, flush=True)
            if "id" in message:
                ids.append(json.loads(running.stdout.readline())["id"])
        running.stdin.close()
        rest, errors = running.stdout.read(), running.stderr.read()
        assert (ids, rest, errors, running.wait(30)) == ([1, 2], "", "", 0)


def test_a_bad_pack_is_told_on_the_error_stream_alone(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("entries: [", encoding="utf-8")
    started = process(tmp_path)
    done = subprocess.run(
        [started.command, *started.args], check=False, capture_output=True, text=True, env=started.env, input=""
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "bad.yaml:2:1: not readable as YAML" in done.stderr


# ---- over HTTP -----------------------------------------------------------------------------------------------------------


def test_over_http_with_a_token(bakery_folder: Path, tmp_path: Path) -> None:
    options = ("--pack", str(bakery_folder), "--mcp")
    with server(*options, cache=tmp_path, FAQBOT_TOKENS=TOKEN) as running:
        url = f"{running.url}/mcp"
        assert running.post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code == 401

        async def use() -> Any:
            async with (
                asyncio.timeout(60),
                httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
                Client(streamable_http_client(url, http_client=http)) as client,
            ):
                await client.list_tools()
                return await client.call_tool("ask", {"question": "what is proofing"})

        assert asyncio.run(use()).structured_content["text"] == "Proofing is the last rise of the dough."
        figures = running.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
        assert 'faqbot_replies_total{kind="answer"} 1.0' in figures
        foreign = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://elsewhere.example"}
        assert running.post("/mcp", {}, headers=foreign).status_code == 403
        assert running.stop() == 0


def test_without_the_option_there_is_no_mcp(client: Any) -> None:
    assert client.post("/mcp", json={}).status_code == 404
