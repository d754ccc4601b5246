"""`faqbot coverage` from outside: what is printed where, the files it writes, and the exit code."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bot.cli import main
from tests.commands import Run, in_folder, run
from tests.documents import ROOT
from tests.packs import write_bakery


@pytest.fixture
def faqbot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder that holds the pack `bakery`: exit code, output, errors."""
    in_folder(tmp_path, monkeypatch)

    def call(*arguments: str) -> tuple[int, str, str]:
        return run(capsys, "coverage", "--pack", "bakery", *arguments)

    return call


CASES = """\
- {ask: Which breads contain milk?, kind: answer, has: [Brioletta]}
- {ask: who won the cup, kind: fallback}
- {ask: Which breads contain wheat?, kind: fallback, tags: [bad]}
"""


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def test_a_file_of_cases(faqbot: Run) -> None:
    write("cases.yaml", CASES)
    code, out, err = faqbot("cases.yaml", "--jobs", "1")
    assert (code, err) == (0, "")
    assert re.search(r"^cases +3 +2 +2 +66\.7% +1 +33\.3% +0 +0$", out, re.MULTILINE)
    assert "wrong  cases.yaml:3\n  > Which breads contain wheat?\n" in out
    assert "    kind is answer, not fallback" in out


def test_a_log_is_asked_and_nothing_is_said_of_right_and_wrong(faqbot: Run) -> None:
    write("q.log", "Which breads contain milk?\nwho won the cup\n\0\n".replace("\0", "x" * 70_000))
    code, out, _ = faqbot("q.log", "--jobs", "1", "--csv", "out.csv")
    assert code == 0
    assert re.search(r"^q +2 +1 +– +– +0 +1$", out, re.MULTILINE)
    assert "q.log:3:0: is longer than 65536 bytes: no question, left out" in out
    assert Path("out.csv").read_text(encoding="utf-8").count("\n") > 2


def test_everything_is_asked_without_cases_and_every_file_is_written(faqbot: Run) -> None:
    code, out, err = faqbot("--jobs", "2", "--perturb", "3", "--folds", "2", "--html", "r.html", "--junit", "r.xml", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found["sources"]) == ["self-test", "held-out", "facts", "dialogues", "probes", "perturbed"]
    assert found["false_verdicts"] == 0
    assert len(ET.parse("r.xml").getroot().findall(".//testcase")) == sum(one["questions"] for one in found["sources"].values())
    assert "<h1>Answer coverage</h1>" in Path("r.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in Path().iterdir()) == ["bakery", "cache", "r.html", "r.xml"]
    assert list((Path("cache") / "coverage").iterdir()) == []


def test_the_report_is_the_same_for_any_number_of_jobs(faqbot: Run) -> None:
    reports = []
    for jobs in ("1", "2"):
        found = json.loads(faqbot("--sources", "facts,perturbed", "--jobs", jobs, "--json")[1])
        del found["timing"]
        reports.append(found)
    assert reports[0] == reports[1]


def test_the_gate(faqbot: Run) -> None:
    write("good.yaml", "- {ask: Which breads contain milk?, kind: answer}\n")
    floors = ("--floors", "floors.json", "--jobs", "1", "--failures", "0")
    code, _, err = faqbot("good.yaml", *floors, "--set-floors")
    assert (code, err) == (0, "floors: written to floors.json\n")
    assert "gate: passed" in faqbot("good.yaml", *floors)[1]
    write("good.yaml", "- {ask: Which breads contain milk?, kind: fallback}\n")
    code, out, _ = faqbot("good.yaml", *floors)
    assert code == 1
    assert "gate: 2 below the floor\n  good: 0.00% right (0 of 1); the floor is 100.00%" in out
    assert "note: the cases are not those that the floors were set with" in out
    assert "--lower-floors lowers it" in faqbot("good.yaml", *floors, "--set-floors")[2]
    assert faqbot("good.yaml", *floors)[0] == 1
    assert faqbot("good.yaml", *floors, "--set-floors", "--lower-floors")[0] == 0
    assert faqbot("good.yaml", *floors)[0] == 0
    assert faqbot("good.yaml", "--no-gate", "--jobs", "1")[0] == 0


def test_floors_beside_the_pack_hold_by_themselves(faqbot: Run) -> None:
    assert faqbot("--sources", "facts", "--set-floors")[0] == 0
    assert "gate: passed" in faqbot("--sources", "facts")[1]
    floors = json.loads(Path("bakery/floors.json").read_text(encoding="utf-8"))
    floors["floors"]["facts"] = {"right": 1, "wrong": 0}
    write("bakery/floors.json", json.dumps(floors))
    assert faqbot("--sources", "facts")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--jobs", "0"), "argument --jobs: should be a whole number of 1 or more, got '0'"),
        (("--folds", "1"), "argument --folds: should be a whole number of 2 or more, got '1'"),
        (("--sources", "fact"), "there is no source 'fact'"),
        (("--target", "localhost:80"), "--target should be an address such as http://localhost:8000"),
        (("--lower-floors",), "--lower-floors goes with --set-floors"),
        (("--scheduler", "tcp://x:1", "--jobs", "2"), "one of them says who works"),
    ],
)
def test_misuse(faqbot: Run, arguments: tuple[str, ...], message: str) -> None:
    code, _, err = faqbot(*arguments)
    assert code == 2
    assert message in err


def test_faults_of_cases_are_told_with_their_places_and_nothing_is_asked(faqbot: Run) -> None:
    write("cases.yaml", "- {ask: Milk?, intent: keping}\n- {ask: Milk?, entities: [mlk]}\n")
    write("bad.jsonl", '{"ask": 1}\n')
    code, out, err = faqbot("cases.yaml", "bad.jsonl")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "bad.jsonl:1:1: 'ask' of the case should be a text, got a number: put '1' in quotes",
        "cases.yaml:1:1: 'cases:1' expects the intent 'keping', and the pack has none of that id (did you mean 'keeping'?)",
        "cases.yaml:2:1: 'cases:2' expects the entity 'mlk', and the pack has no thing of that id (did you mean 'milk'?)",
        "faqbot: the cases cannot be used (3 faults)",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.yaml", None, "none.yaml: there is no such file or folder"),
        ("empty.log", "\n\n", "empty.log: holds no question to ask"),
        ("q.log", "\0\0", "q.log: is no text: it holds NUL bytes. A log is plain UTF-8 text"),
    ],
)
def test_files_that_hold_no_questions(faqbot: Run, name: str, content: str | None, message: str) -> None:
    if content is not None:
        write(name, content)
    code, _, err = faqbot(name)
    assert (code, err.splitlines()[0]) == (2, message)


def test_a_full_disk_is_told_and_finished_work_is_kept(faqbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("cases.yaml", CASES)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        code, _, err = faqbot("cases.yaml", "--csv", "out.csv", "--jobs", "1")
    assert (code, err) == (2, "faqbot: error: out.csv: No space left on device; what is finished is kept\n")
    assert not Path("out.csv").exists()
    (kept,) = (Path("cache") / "coverage").iterdir()
    shard = kept / "000000.shard"
    before = shard.stat().st_mtime_ns
    assert faqbot("cases.yaml", "--work", "cache/coverage", "--csv", "out.csv", "--jobs", "1")[0] == 0
    assert shard.stat().st_mtime_ns == before
    assert Path("out.csv").exists()


def test_a_bot_that_is_not_there(faqbot: Run) -> None:
    write("cases.yaml", CASES)
    code, _, err = faqbot("cases.yaml", "--target", "http://127.0.0.1:1", "--jobs", "1")
    assert code == 2
    assert err.startswith("faqbot: http://127.0.0.1:1: cannot be reached: ")


def test_whoever_has_read_enough_of_it_is_told_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "bakery").mkdir()
    write_bakery(tmp_path / "bakery")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "FAQBOT_CACHE": str(tmp_path / "cache")}
    command = f"'{sys.executable}' -m bot coverage --pack bakery --sources facts --json | head -1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_the_schema_of_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "cases"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "A file of faqbot cases"


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix has them")
def test_a_run_that_is_stopped_goes_on(tmp_path: Path) -> None:
    (tmp_path / "bakery").mkdir()
    write_bakery(tmp_path / "bakery")
    log = tmp_path / "q.log"
    line = f"Which breads contain milk?{' ' * 1000}\n"  # few questions fill a shard
    log.write_text(line * 600, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "FAQBOT_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "bot", "coverage", str(log), "--pack", str(tmp_path / "bakery"), "--jobs", "2", "--json"]
    work, pipe = tmp_path / "cache" / "coverage", subprocess.PIPE
    with subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as running:
        try:
            while running.poll() is None and not list(work.glob("*/*.shard")):
                pass  # until some of it is done
            os.killpg(running.pid, signal.SIGINT)
            err = running.communicate(timeout=60)[1]
        finally:
            running.kill()
    assert running.returncode == 130
    assert "stopped; what is finished is kept, and the same command goes on from there" in err
    finished = {path.name: path.stat().st_mtime_ns for path in work.glob("*/*.shard")}
    assert 1 <= len(finished) < 9
    again = subprocess.run([*command, "--work", str(work)], env=env, capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(again.stdout)["all"]["questions"] == 600
    assert {path.name: path.stat().st_mtime_ns for path in work.glob("*/*.shard")}.items() >= finished.items()
