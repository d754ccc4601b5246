"""The examples in README.md and docs/: read, run, and written anew.

A fenced block is an example by its first word:

    yaml      a file of a pack, named in its first line: `# bakery/bread.yaml`; a later block of that name takes its place
    text      a session of the shell, if it begins with `> `: with the pack that the document has so far, else the shipped one;
              `text apart` forgets every question before the next
    console   commands behind `$ ` and what they print, in a folder that holds the packs; `console served` speaks to
              `faqbot serve` on port 8000
    pycon     Python behind `>>> ` and what it prints

`python -m tests.documents` writes what they print now into the documents. Read the difference before you commit it.
"""

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from bot.engine import Engine
from bot.shell.later import Later
from bot.shell.render import Para, plain
from bot.shell.session import Shell
from bot.shell.talk import Talk

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = [README, *sorted((ROOT / "docs").glob("*.md"))]
COLUMNS = 80

_FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"#\s*([\w.-]+/[\w.-]+\.yaml)")


class Block(Struct, frozen=True):
    """One fenced block of a document."""

    path: Path
    line: int
    """of its first line"""
    language: str
    note: str
    """what stands behind the language"""
    text: str
    files: dict[str, str]
    """the packs of the document up to here, this block included: `folder/name.yaml` -> content"""

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"

    @property
    def is_session(self) -> bool:
        return self.language == "text" and self.text.startswith("> ")

    @property
    def is_example(self) -> bool:
        """Whether it prints something that can be run again."""
        return self.is_session or (self.language in {"console", "pycon"} and not self.is_served)

    @property
    def is_served(self) -> bool:
        """Whether it speaks to a server, which its test has to start."""
        return self.note == "served"


def blocks(path: Path) -> list[Block]:
    """Every fenced block of the document, in order."""
    source = path.read_text(encoding="utf-8")
    files: dict[str, str] = {}
    found: list[Block] = []
    for match in _FENCE.finditer(source):
        language, note, text = match.groups()
        named = _FILE.match(text)
        if language == "yaml" and named:
            files = {**files, named.group(1): text}
        line = source.count("\n", 0, match.start(3)) + 1
        found.append(Block(path, line, language, note.strip(), text, files))
    return found


def written(block: Block, folder: Path) -> list[Path]:
    """Write the packs that stand in the document up to `block` into `folder`, and give the folder of each."""
    for name, text in block.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return sorted({folder / Path(name).parent for name in block.files})


def again(block: Block, folder: Path) -> str:
    """The text of an example as it is when it is run now. `folder` is an empty one to work in."""
    packs = written(block, folder)
    if block.is_session:
        engine = Engine.load(packs[-1] if packs else None)
        lines = [line[2:] for line in block.text.splitlines() if line.startswith("> ")]
        return "\n".join(session(engine, [line]) for line in lines) if block.note == "apart" else session(engine, lines)
    if block.language == "console":
        return _console([line[2:] for line in block.text.splitlines() if line.startswith("$ ")], folder)
    return _python(block.text)


def session(engine: Engine, lines: list[str]) -> str:
    """What a person reads who types `lines` into the shell, 80 columns wide; without greeting and goodbye."""
    later = Later(lambda: engine)
    shown: list[str] = []
    left = iter(lines)

    def read() -> str:
        line = next(left, None)
        if line is None:
            raise EOFError
        shown.append(f"> {line}\n")
        return line

    Shell(later, Talk(later, str(engine.pack.pack.title)), read, lambda paras: shown.append(_page(paras))).run()
    return "".join(shown[:-1]).rstrip() + "\n"


def _page(paras: list[Para]) -> str:
    return plain(paras, COLUMNS)


_OTHERWISE = {"CI", "BUILD_NUMBER"}
"""Variables with which pytest prints otherwise than at home."""


def _console(commands: list[str], folder: Path) -> str:
    """The commands, each followed by what it prints, in one shell."""
    (folder / "bin").mkdir()
    for name, command in (
        ("faqbot", f'"{sys.executable}" -m bot'),
        ("pytest", f'"{sys.executable}" -m pytest'),
        ("python", f'"{sys.executable}"'),
    ):
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    (folder / "examples").symlink_to(ROOT / "examples")
    env = {
        **{name: value for name, value in os.environ.items() if name not in _OTHERWISE and not name.startswith("PYTEST_")},
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }
    end = "\x1e"
    script = "".join(f"{command}\nstatus=$?; printf '{end}'; (exit $status)\n" for command in commands)
    done = subprocess.run(["sh"], input=script, text=True, encoding="utf-8", cwd=folder, env=env, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)  # fmt: skip
    outputs = done.stdout.split(end)
    return "".join(f"$ {command}\n{output}" for command, output in zip(commands, outputs, strict=False))


def _python(text: str) -> str:
    names: dict[str, object] = {}
    lines: list[str] = []
    for example in doctest.DocTestParser().get_examples(text):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example.source, "<document>", "single"), names)
        first, *more = example.source.splitlines()
        lines += [f">>> {first}\n", *(f"... {line}\n" for line in more), printed.getvalue()]
    return "".join(lines)


def anew(path: Path) -> str:
    """The document with everything that its examples print as it is now."""
    source = path.read_text(encoding="utf-8")
    for block in blocks(path):
        if block.is_example:
            with tempfile.TemporaryDirectory() as folder:
                now = again(block, Path(folder))
            fence = f"```{block.language}{' ' * bool(block.note)}{block.note}\n"
            source = source.replace(f"{fence}{block.text}```", f"{fence}{now}```", 1)
    return source


def links(path: Path) -> Iterator[str]:
    """Where the document's links lead that stay within the project, without what stands behind `#`."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith(("#", "mailto:")):
            yield target.partition("#")[0]


def under(heading: str, path: Path = README) -> str:
    """The first line of the first fence under `heading`."""
    source = path.read_text(encoding="utf-8")
    match = re.search(rf"^#+ {re.escape(heading)}\n[^#]*?^```\w*\n(.*?)\n", source, re.MULTILINE | re.DOTALL)
    assert match, f"{path.name} has no fence under '{heading}'"
    return match.group(1)


if __name__ == "__main__":
    for document in DOCS:
        text = anew(document)
        if text != document.read_text(encoding="utf-8"):
            document.write_text(text, encoding="utf-8")
            print(f"{document.relative_to(ROOT)}: written anew")
