"""`faqbot suggest`: what it proposes for which questions, and what a review writes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.coverage.suggest.gather import without_marks
from bot.coverage.suggest.writing import NewEntry, PackWriter, WriteError
from bot.engine import Engine
from bot.log.store import QuestionLog
from tests.commands import Run, in_folder, run
from tests.packs import BAKERY, bakery


@pytest.fixture
def suggest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `faqbot suggest`, with what a person types, in a folder that holds the pack `bakery`."""
    in_folder(tmp_path, monkeypatch)

    def call(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        lines = iter(typed.splitlines())

        def read(prompt: str) -> str:
            line = next(lines, None)
            if line is None:
                raise EOFError
            return line

        monkeypatch.setattr("builtins.input", read)
        return run(capsys, "suggest", "--pack", "bakery", *arguments)

    return call


LOG = """\
is there a car park
where is your car park
Where is your car park?
can bikes use the car park
crust torn after the wedding party
How should bread be kept?
"""


def test_questions_are_put_together_and_the_nearest_entry_is_shown(suggest: Run) -> None:
    Path("q.log").write_text(LOG, encoding="utf-8")
    code, out, err = suggest("q.log", "--json")
    assert (code, err) == (0, "")
    park, crust = json.loads(out)
    assert (park["sort"], park["count"], len(park["questions"])) == ("entry", 4, 3)
    assert {*park["questions"]} == {"is there a car park", "where is your car park", "can bikes use the car park"}
    assert crust["questions"] == ["crust torn after the wedding party"]
    assert (crust["sort"], crust["entry"], crust["phrasings"]) == ("phrasings", "crust", crust["questions"])
    assert crust["nearest"]["place"].startswith("bakery/bakery.yaml:")
    assert suggest("q.log")[1].startswith("4 questions to look at in 2 groups; 1 answered by now\n")


def test_a_log_of_the_shell_with_bad_answers(suggest: Run) -> None:
    log = QuestionLog("q.db")
    question = "How should bread be kept?"
    log.rate(question, bakery().ask(question), helpful=False, note="what of rye?")
    log.add("My name is Ann Lee. Is there a car park?", bakery().ask("Is there a car park?"))
    log.close()
    found = {one["sort"]: one for one in json.loads(suggest("q.db", "--json")[1])}
    assert found["answer"]["notes"] == ["what of rye?"]
    assert found["answer"]["nearest"]["intent"] == "keeping"
    assert found["entry"]["questions"] == ["Is there a car park?"]


def test_a_review_writes_what_is_accepted_and_runs_the_gate(suggest: Run) -> None:
    Path("q.log").write_text(LOG, encoding="utf-8")
    typed = "x\na\nYes, behind the mill.\ne\n\ncrust torn at the wedding\n"
    code, out, err = suggest("q.log", "--review", typed=typed)
    assert (code, err) == (0, "")
    assert "Type one letter" in out
    assert "4 written, 4 of them answered now; 0 proposals left" in out
    assert "self-test" in out
    engine = Engine.load("bakery")
    assert engine.ask("can bikes use the car park").text == "Yes, behind the mill."
    assert engine.ask("crust torn at the wedding").intent == "crust"
    gone, new = added(BAKERY, Path("bakery/bakery.yaml").read_text(encoding="utf-8"))
    (asks,) = gone  # a list in one line
    *entry, longer = [line.strip() for line in new]
    assert longer == asks.strip().removesuffix("]") + ", crust torn at the wedding]"
    car_park = engine.pack.entries["car-park"]
    assert sorted(entry) == sorted(
        [
            "car-park:",
            f"question: {car_park.question}",
            'answer: "Yes, behind the mill."',
            "phrasings:",
            *(f"- {text}" for text in car_park.phrasings),
        ]
    )


def test_nothing_is_written_by_skipping_or_leaving(suggest: Run) -> None:
    Path("q.log").write_text(LOG, encoding="utf-8")
    for typed in ("s\ns\n", "q\n", "", "a\n\nq\n"):
        assert "nothing was written" in suggest("q.log", "--review", typed=typed)[1]
    assert Path("bakery/bakery.yaml").read_text(encoding="utf-8") == BAKERY


def test_the_gate_that_falls_after_a_review_is_an_error(suggest: Run) -> None:
    Path("q.log").write_text("is there a car park\n", encoding="utf-8")
    floors = {"cases": "", "floors": {"self-test": {"right": 1.0, "wrong": 0.0}}, "noise": {"right": 0.0, "wrong": 0.0}}
    Path("bakery/floors.json").write_text(json.dumps(floors), encoding="utf-8")
    Path("cases.yaml").write_text("- {ask: is there a car park, kind: fallback}\n", encoding="utf-8")
    floors["floors"] = {"cases": {"right": 1.0, "wrong": 0.0}}
    Path("bakery/floors.json").write_text(json.dumps(floors), encoding="utf-8")
    code, out, _ = suggest("q.log", "--review", "--cases", "cases.yaml", typed="a\nYes.\n")
    assert code == 1
    assert "cases: 0.00% right (0 of 1)" in out


def test_what_cannot_be_read(suggest: Run) -> None:
    assert suggest("none.db")[::2] == (2, "none.db: there is no such file or folder\n")
    Path("rubbish").write_bytes(b"\0\1\2" * 500)
    code, out, err = suggest("rubbish")
    assert code == 2
    assert "NUL" in err
    assert out == ""


def test_personal_data_and_template_signs_are_no_phrasing() -> None:
    assert without_marks("My name is [name], what is [rye] {bread}?") == "what is rye bread ?"
    assert without_marks("call [phone]") == ""


# ---- writing ------------------------------------------------------------------------------------------------------------

BLOCK = """\
# The top.
pack: {title: T, greeting: Hi., notice: N., source: {title: S, publisher: P}}   # in one line

entries:
    hours:      # four blanks
        question: "When do you open?"
        section: null
        answer: >-
            We open
            at 7.
        phrasings:
        - opening hours   # the short one
        # between
        - 'what time'

    parking:
        question: Where can I park?
        answer: Here.
""".replace("        section: null\n", "")

FLOW = """\
pack: {title: T, greeting: Hi., notice: N., source: {title: S, publisher: P}}
entries:
  hours: {question: When do you open?,   answer: At 7., phrasings: [opening hours, "what, time"]}   # all in one line
  parking: {question: Where can I park?, answer: Here.}
"""

APART = """\
pack: {title: T, greeting: Hi., notice: N., source: {title: S, publisher: P}}
entries:
  hours:
    question: When do you open?
    answer: At 7.
phrasings:
  hours:
    # many
    asks:
      - opening hours
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], tuple[Path, PackWriter]]:
    def write(text: str) -> tuple[Path, PackWriter]:
        path = tmp_path / "pack.yaml"
        path.write_bytes(text.encode())
        return path, PackWriter(tmp_path)

    return write


def loaded(text: str) -> Any:
    """As the pack is read: the loader in C takes `{question: When?, …}`, the one in Python does not."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


Written = Callable[[str], tuple[Path, PackWriter]]


def added(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that are gone, and lines that are new."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_list_of_lines(written: Written) -> None:
    path, writer = written(BLOCK)
    writer.add_phrasings("hours", ("no", "12:30", "is it: open", "when are you open?"))
    gone, new = added(BLOCK, path.read_text(encoding="utf-8"))
    assert gone == []
    assert new == ['        - "no"', '        - "12:30"', '        - "is it: open"', '        - "when are you open?"']
    writer.add_phrasings("parking", ("may one park",))
    assert loaded(path.read_text(encoding="utf-8"))["entries"]["parking"]["phrasings"] == ["may one park"]
    assert added(BLOCK, path.read_text(encoding="utf-8"))[0] == []


def test_a_list_in_one_line(written: Written) -> None:
    path, writer = written(FLOW)
    writer.add_phrasings("hours", ("when, then",))
    text = path.read_text(encoding="utf-8")
    assert loaded(text)["entries"]["hours"]["phrasings"] == ["opening hours", "what, time", "when, then"]
    assert "# all in one line" in text
    assert len(text.splitlines()) == len(FLOW.splitlines())
    assert added(FLOW, text)[0] == [FLOW.splitlines()[2]]
    writer.add_entry(NewEntry("price", "What is it?", "Two.", "", ("how much",)))
    assert loaded(path.read_text(encoding="utf-8"))["entries"]["price"] == {
        "question": "What is it?", "answer": "Two.", "phrasings": ["how much"],
    }  # fmt: skip


def test_phrasings_that_are_kept_apart(written: Written) -> None:
    path, writer = written(APART)
    writer.add_phrasings("hours", ("when are you open",))
    assert added(APART, path.read_text(encoding="utf-8")) == ([], ["      - when are you open"])


def test_line_ends_a_mark_and_rights_of_the_file_stay(written: Written) -> None:
    path, writer = written("\ufeff" + APART.replace("\n", "\r\n"))
    path.chmod(0o640)
    writer.add_phrasings("hours", ("when are you open",))
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") == APART.count("\n") + 1
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_would_break_the_pack_is_taken_back(written: Written) -> None:
    path, writer = written(APART)
    with pytest.raises(WriteError, match=r"the pack would not be sound: .*pack\.yaml:1"):
        writer.add_phrasings("hours", ("(when are you open",))
    assert path.read_text(encoding="utf-8") == APART
    with pytest.raises(WriteError, match="there is no entry 'nope'"):
        writer.add_phrasings("nope", ("x",))
    assert [file.name for file in path.parent.iterdir()] == ["pack.yaml"]
