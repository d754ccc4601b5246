"""`faqbot import`, `export` and `init` from outside."""

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bot.progress import Progress
from tests.test_cli import Done, surroundings


def faqbot(folder: Path, *arguments: str, most_bytes: int | None = None) -> Done:
    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**surroundings(folder), "PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
        preexec_fn=limit,
    )


def told(done: Done) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def test_a_scaffold_that_answers(tmp_path: Path) -> None:
    assert told(faqbot(tmp_path, "init", "my")) == (
        0,
        'my: entries.yaml, pack.yaml, talk.yaml\nTry it: faqbot ask --pack my "when are you open?"\n',
        "",
    )
    assert told(faqbot(tmp_path, "check", "my", "--strict")) == (0, "my: no faults\n", "")
    done = faqbot(tmp_path, "ask", "--pack", "my", "when are you open?")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "We are open from 9 to 5, Monday to Friday.")
    again = "my: holds files already; name another folder, or --force puts the new pack in the place of the old\n"
    assert told(faqbot(tmp_path, "init", "my")) == (1, "", again)


def test_the_tests_of_the_scaffold_hold(tmp_path: Path) -> None:
    from bot.engine import Engine
    from bot.exchange.scaffolding import init
    from bot.pack.load import load

    init(tmp_path / "my")
    engine = Engine.load(tmp_path / "my", cache=False)
    for test in load(tmp_path / "my").tests:
        reply = engine.ask(test.ask)
        assert (test.ask, reply.kind, reply.intent) == (test.ask, test.kind, test.intent)


def test_an_import_tells_what_it_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "intent,question,answer,colour\na b,one,A\nhours,when,At 7,red\nhours,When?,,\nhours,x,At 8,\n"
    )
    assert told(faqbot(tmp_path, "import", "a.csv", "--to", "my")) == (
        0,
        "my: 1 entry, 1 phrasing; 1 row repeated another of their intent; 2 faults, told above: what they touch was left out\n",
        "a.csv:1:1: warning: the column 'colour' is not read\n"
        "a.csv:2:1: the row has 3 cells, and there are 4 columns: is it cut off?\n"
        "a.csv:5:1: another answer of 'hours' stands on line 3: it can have one only\n",
    )
    assert faqbot(tmp_path, "check", "my").returncode == 0


def test_nothing_to_import(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("intent,question,answer\n")
    assert told(faqbot(tmp_path, "import", "a.csv", "--to", "my")) == (
        1,
        "",
        "faqbot: nothing was written to my (there is nothing to import)\n",
    )


def test_an_export_lists_what_is_lost(tmp_path: Path) -> None:
    faqbot(tmp_path, "init", "my")
    done = faqbot(tmp_path, "export", "my", "--to", "-", "--format", "csv")
    assert done.stdout.splitlines()[:2] == [
        "intent,question,answer,section,verdict",
        'hours,When are you open?,"We are open from 9 to 5, Monday to Friday.",Opening hours,',
    ]
    assert done.stderr == (
        "left out of the pack: courtesies (2)\nleft out of the pack: tests (3)\nleft out of the pack: next questions (1)\n"
    )
    (tmp_path / "o.csv").write_text("mine")
    done = faqbot(tmp_path, "export", "my", "--to", "o.csv")
    assert told(done) == (1, "", "o.csv: stands there already; --force writes over it\n")
    assert faqbot(tmp_path, "export", "my", "--to", "o.csv", "--force").returncode == 0
    assert (tmp_path / "o.csv").read_text().startswith("intent,")
    assert faqbot(tmp_path, "export", "none", "--to", "p.csv").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are for Unix")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("intent,question,answer\n" + "".join(f"i{n},question number{n},answer\n" for n in range(500)))
    done = faqbot(tmp_path, "import", "a.csv", "--to", "my", most_bytes=4096)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "faqbot: File too large; nothing was written\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    faqbot(tmp_path, "import", "a.csv", "--to", "my")
    done = faqbot(tmp_path, "export", "my", "--to", "o.json", most_bytes=4096)
    assert (done.returncode, done.stderr) == (1, "faqbot: o.json: File too large; nothing was written\n")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == ["a.csv", "my"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_for_terminals_alone() -> None:
    quiet, shown = io.StringIO(), Terminal()
    assert list(Progress(quiet).over("abc", "reading", 3)) == list("abc")
    assert quiet.getvalue() == ""
    assert list(Progress(shown).over("abc", "reading", 3)) == list("abc")
    assert "reading [##########....................]  33% 1" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")


def test_the_bar_goes_when_the_work_is_interrupted() -> None:
    shown = Terminal()
    work = Progress(shown).over("abc", "reading", 3)
    next(work)
    work.close()  # type: ignore[attr-defined]
    assert shown.getvalue().endswith("\r\x1b[K")
