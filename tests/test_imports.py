"""What is imported: little at run time, and only downwards in the code."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import ROOT

HEAVY = {"prompt_toolkit", "numpy", "sklearn", "scipy", "torch", "asyncio", "importlib.metadata"}


def modules(code: str, cache: Path) -> set[str]:
    """What is imported after `code` has run in a process of its own."""
    env = {**os.environ, "FAQBOT_CACHE": str(cache)}
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def parents(names: set[str], of: set[str]) -> set[str]:
    """Those of `of` that are among `names`."""
    return {name for name in names if name in of}


def test_importing_the_library_imports_no_door(tmp_path: Path) -> None:
    found = modules("import bot", tmp_path)
    assert parents(found, HEAVY | {"yaml", "argparse", "sqlite3", "http"}) == set()
    assert [name for name in found if name.startswith(("bot.shell", "bot.cli", "bot.__main__"))] == []


def test_answering_needs_neither_yaml_nor_a_terminal(tmp_path: Path) -> None:
    modules("from bot import Engine; Engine.load()", tmp_path)  # compiles the pack
    found = modules("from bot import Engine; Engine.load().ask('what are the side effects of Velcade?')", tmp_path)
    assert parents(found, HEAVY | {"yaml", "argparse"}) == set()
    assert "bot.pack.load" not in found


def test_one_question_on_the_command_line_needs_no_terminal(tmp_path: Path) -> None:
    quietly = "with contextlib.redirect_stdout(io.StringIO()):"
    ask = f"import bot.cli, contextlib, io\n{quietly} bot.cli.main(['ask', 'what is Velcade?'])"
    modules(ask, tmp_path)
    assert parents(modules(ask, tmp_path), HEAVY | {"yaml"}) == set()


def test_a_command_imports_no_other(tmp_path: Path) -> None:
    quietly = "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):"
    for words, commands in (
        (["ask", "hello"], {"bot.commands.ask"}),
        (["coverage", "--help"], {"bot.commands.coverage"}),
        (["--help"], set()),
    ):
        found = modules(f"import bot.cli, contextlib, io\n{quietly} bot.cli.main({words!r})", tmp_path)
        assert {name for name in found if name.startswith("bot.commands.")} == commands
        assert "bot.log" not in found


# ---- the graph ----------------------------------------------------------------------------------------------------------

LAYERS = [
    {"bot.errors", "bot.inplace", "bot.processes", "bot.progress", "bot.shelf"},
    {"bot.language", "bot.semantic"},
    {"bot.pack", "bot.reply"},
    {"bot.understand"},
    {"bot.respond"},
    {"bot.cache"},
    {"bot.compiled"},
    {"bot.replier"},
    {"bot.calibration"},
    {"bot.engine"},
    {"bot"},
    {"bot.arguments", "bot.progress", "bot.writing"},
    {"bot.log"},
    {"bot.coverage", "bot.exchange", "bot.serve", "bot.shell"},
    {"bot.commands"},
    {"bot.cli"},
    {"bot.__main__"},
]
"""From the bottom to the top. A part may import itself and what is below it; doors do not import one another, but
`commands` and `cli` open the others."""


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted((ROOT / "bot").rglob("*.py"))}


def imported(path: Path) -> Iterator[str]:
    """Every module of ours that the file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "bot")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports out from `bot`"
            if node.module and node.module.split(".")[0] == "bot":
                inner = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (name if name in FILES else node.module for name in inner)


def part_of(module: str) -> str:
    """`bot.pack` of `bot.pack.load`."""
    return ".".join(module.split(".")[:2])


def height(module: str) -> int:
    return next(n for n, layer in enumerate(LAYERS) if part_of(module) in layer)


def test_every_part_has_its_layer() -> None:
    assert {part_of(module) for module in FILES} == set().union(*LAYERS)


@pytest.mark.parametrize("module", FILES)
def test_imports_lead_downwards(module: str) -> None:
    doors = {"bot.shell", "bot.serve", "bot.exchange", "bot.cli", "bot.__main__"}
    for other in imported(FILES[module]):
        if part_of(other) == part_of(module) or (part_of(module) in doors and other == "bot"):
            continue
        assert height(other) < height(module), f"{module} imports {other}"


def test_no_module_leads_back_to_itself() -> None:
    graph = {module: {name for name in imported(path) if name != "bot"} for module, path in FILES.items()}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for other in sorted(graph.get(module, ())):
                visit(other, (*way, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_the_package_is_marked_as_typed() -> None:
    assert (ROOT / "bot" / "py.typed").exists()
