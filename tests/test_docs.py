"""docs/: every example is run, every key is described, every link leads somewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect

from bot.coverage.cases import WrittenCase
from bot.engine import Engine
from bot.pack.format import Pack
from bot.pack.load import load, read
from tests.documents import DOCS, ROOT, Block, again, blocks, links, written

PACK = ROOT / "docs" / "pack.md"
EMBEDDING = ROOT / "docs" / "embedding.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
COVERAGE = ROOT / "docs" / "coverage.md"
EXAMPLES = [block for path in (PACK, ARCHITECTURE, COVERAGE, EMBEDDING) for block in blocks(path) if block.is_example]
STEPS = [block for block in blocks(PACK) if block.language == "yaml" and block.note != "with faults"]


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a Unix shell")
@pytest.mark.parametrize("block", EXAMPLES, ids=str)
def test_the_bot_says_what_is_printed(block: Block, tmp_path: Path) -> None:
    assert again(block, tmp_path) == block.text, "if the change is meant: python -m tests.documents"


@pytest.mark.parametrize("block", STEPS, ids=str)
def test_the_pack_is_sound_after_every_step(block: Block, tmp_path: Path) -> None:
    assert re.match(r"# [\w-]+/[\w-]+\.yaml\n", block.text), "the first line names the file"
    for folder in written(block, tmp_path):
        assert read(folder)[1] == []


def test_the_tests_that_the_page_writes_into_its_pack_hold(tmp_path: Path) -> None:
    (folder,) = written(STEPS[-1], tmp_path)
    engine = Engine.load(folder)
    tests = load(folder).tests
    assert len(tests) > 2
    for test in tests:
        reply = engine.ask(test.ask)
        assert (test.ask, reply.kind, test.intent or reply.intent) == (test.ask, test.kind, reply.intent)
        assert reply.verdict == (test.verdict or reply.verdict)
        assert all(text in reply.text for text in test.has)
        assert not any(text in reply.text for text in test.lacks)


def test_what_the_page_on_coverage_writes_in_python_runs(tmp_path: Path) -> None:
    (code,) = (block for block in blocks(COVERAGE) if block.language == "python")
    written(code, tmp_path)
    done = subprocess.run([sys.executable, "-c", code.text], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          check=False, capture_output=True, text=True)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "4\n", "")


def test_every_key_of_a_case_and_every_option_is_described() -> None:
    page = COVERAGE.read_text(encoding="utf-8")
    assert [key for key in WrittenCase.__struct_fields__ if f"`{key}`" not in page] == []
    done = subprocess.run(
        [sys.executable, "-m", "bot", "coverage", "--help"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    options = set(re.findall(r"^  (--[\w-]+)", done.stdout, re.MULTILINE))
    for command in (["diff"], ["suggest"], ["chat"], ["log", "export"], ["log", "purge"]):
        told = subprocess.run(
            [sys.executable, "-m", "bot", *command, "--help"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        options |= set(re.findall(r"^  (--[\w-]+)", told.stdout, re.MULTILINE))
    minor = {"--history", "--no-color", "--help", "--embedder", "--perturb", "--folds", "--no-progress", "--timeout"}
    assert [option for option in sorted(options - minor) if option not in page] == []


def keys(kind: inspect.Type) -> Iterator[str]:
    """Every key that `kind` allows, at any depth."""
    for field in getattr(kind, "fields", ()):
        yield field.name
        yield from keys(field.type)
    inner: list[Any] = [getattr(kind, name, None) for name in ("value_type", "item_type")]
    for other in (*getattr(kind, "types", ()), *inner):
        if other is not None:
            yield from keys(other)


@pytest.mark.parametrize("key", sorted(set(keys(inspect.type_info(Pack)))))
def test_every_key_of_a_pack_is_described(key: str) -> None:
    assert f"`{key}`" in PACK.read_text(encoding="utf-8")


def test_every_part_of_the_house_is_on_its_plan() -> None:
    plan = ARCHITECTURE.read_text(encoding="utf-8").partition("## The way")[0]
    parts = [p for p in (ROOT / "bot").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()]
    assert [p.name for p in parts if p.name not in plan] == []


@pytest.mark.parametrize("path", [*DOCS, ROOT / "benchmarks" / "README.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_links_and_names_of_files_lead_somewhere(path: Path) -> None:
    named = re.findall(r"`((?:bot|faq|docs|examples|tests|benchmarks)/[\w./-]+)`", path.read_text(encoding="utf-8"))
    wanted = [*(path.parent / link for link in links(path)), *(ROOT / name for name in named)]
    assert [str(target) for target in wanted if not target.exists()] == []


def test_benchmarks_that_are_named_exist() -> None:
    modules = re.findall(r"python -m (benchmarks\.\w+)", (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8"))
    measured = "accuracy banking77 clinc150 guards inputs latency load logs page rates scale startup trust"
    assert {f"benchmarks.{name}" for name in measured.split()} == set(modules)
    assert all((ROOT / (name.replace(".", "/") + ".py")).exists() for name in modules)
