"""docs/embedding.md and docs/operations.md: what they show is run against a server, and what they list is complete."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serve.app import ROUTES
from bot.serve.arguments import add_arguments
from tests.documents import ROOT, Block, blocks
from tests.serve.servers import Server, server
from tests.tools import tool

EMBEDDING = ROOT / "docs" / "embedding.md"
OPERATIONS = ROOT / "docs" / "operations.md"
SERVED = [block for block in blocks(EMBEDDING) if block.is_served]
SNIPPETS = [block for block in blocks(EMBEDDING) if block.language == "python"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server("--mcp", cache=tmp_path_factory.mktemp("cache")) as running:
        yield running


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a Unix shell")
@pytest.mark.parametrize("block", SERVED, ids=str)
def test_the_server_says_what_is_printed(block: Block, running: Server) -> None:
    tool("curl", "curl")
    tool("jq", "jq")
    commands = [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
    script = "\n".join(commands).replace("localhost:8000", f"127.0.0.1:{running.port}")
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    printed = "".join(f"{line}\n" for line in block.text.splitlines() if not line.startswith("$ "))
    assert (done.stdout, done.stderr) == (printed, "")


@pytest.mark.parametrize("block", SNIPPETS, ids=str)
def test_the_snippets_run(block: Block, running: Server) -> None:
    code = block.text.replace("http://localhost:8000", running.url)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    *_, last = done.stdout.splitlines()
    assert re.fullmatch(r"answer 0\.\d+ Proteasome inhibitors", last)


def test_every_address_is_described() -> None:
    pages = EMBEDDING.read_text(encoding="utf-8") + OPERATIONS.read_text(encoding="utf-8")
    paths = {route.path for route in ROUTES} - {"/v1/models/{id}"}
    assert sorted(path for path in paths if path not in pages) == []


def test_every_option_with_a_number_is_described() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    page = OPERATIONS.read_text(encoding="utf-8")
    options = [action.option_strings[-1] for action in parser._actions]
    assert [option for option in options if option not in page and option not in {"--help", "--port"}] == []


def test_every_figure_is_described(running: Server) -> None:
    names = set(re.findall(r"^# TYPE (\w+)", running.get("/metrics").text, re.MULTILINE))
    page = OPERATIONS.read_text(encoding="utf-8")
    assert sorted(name for name in names if name not in page) == []
    assert len(names) >= 9


def test_the_limits_in_the_table_are_the_defaults() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    shown = re.findall(r"`(--[\w-]+) (\d+)`", OPERATIONS.read_text(encoding="utf-8"))
    defaults = vars(parser.parse_args([]))
    assert len(shown) >= 8
    assert {name: float(value) for name, value in shown} == {
        name: defaults[name.removeprefix("--").replace("-", "_")] for name, _ in shown
    }


@pytest.mark.parametrize("name", ["faqbot.service", "Containerfile"])
def test_the_options_in_the_examples_exist(name: str) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    known = {option for action in parser._actions for option in action.option_strings}
    text = (ROOT / "docs" / "examples" / name).read_text(encoding="utf-8")
    lines = [line.partition("serve")[2] for line in text.splitlines() if line.startswith(("ExecStart=", "ENTRYPOINT"))]
    assert len(lines) == 1
    used = {word.strip('",[]') for line in lines for word in line.split() if word.strip('",[]').startswith("--")}
    assert used <= known


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if not Path("/usr/bin/systemd-analyze").exists():
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    text = (ROOT / "docs" / "examples" / "faqbot.service").read_text(encoding="utf-8")
    unit = tmp_path / "faqbot.service"
    unit.write_text(text.replace("/opt/faqbot/bin/faqbot", "/bin/true"), encoding="utf-8")
    env = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(["/usr/bin/systemd-analyze", "verify", unit], capture_output=True, text=True, check=False, env=env)
    assert "Unknown" not in done.stderr
