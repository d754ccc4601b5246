"""Files of cases: every format, and every fault with its place."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coverage.cases import Case, CaseError, Expectation, Turn
from bot.coverage.reading import LONGEST_LINE, Line, cases_of, json_case, lines_of, read_cases
from bot.errors import Fault


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_cases(path)
    return [str(fault).removeprefix(str(path)) for fault in caught.value.faults]


MILK = Expectation(("answer",), (("milk", "dairy"),), verdict="yes")


TURN = '{"ask": "Milk?", "expect": {"kind": ["answer"], "has": [["milk", "dairy"]], "verdict": "yes"}}'
FLAT = '"ask": "Milk?", "kind": "answer", "has": [["Milk", "dairy"]], "verdict": "yes"'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.yaml", f"- {{id: m, tags: [a, b], {FLAT}}}"),
        ("c.yml", f"cases:\n  - id: m\n    tags: [a, b]\n    turns:\n      - {TURN}"),
        ("c.json", f'[{{"id": "m", "tags": ["a", "b"], {FLAT}}}]'),
        ("c.jsonl", f'\n{{"id": "m", "tags": ["a", "b"], "turns": [{TURN}]}}\n'),
        ("c.csv", "\ufeffid,tags,Question,kind,has,verdict,when\r\nm,a;b,Milk?,answer,Milk|dairy,yes,today\r\n"),
        ("c.tsv", "id\ttags\task\tkind\thas\tverdict\nm\ta; b\tMilk?\tanswer\tMilk | dairy\tYes\n"),
    ],
)
def test_every_format_says_the_same(tmp_path: Path, name: str, content: str) -> None:
    (case,) = read_cases(written(tmp_path, name, content))
    assert (case.id, case.tags, case.turns, case.source) == ("m", ("a", "b"), (Turn("Milk?", MILK),), "c")
    assert case.line in {1, 2}


def test_a_log_is_a_question_a_line_and_expects_nothing(tmp_path: Path) -> None:
    cases = read_cases(written(tmp_path, "q.log", "\ufeffmilk?\n\n  eggs?  \r\nwheat?"))
    assert [(c.id, c.turns) for c in cases] == [
        ("q:1", (Turn("milk?"),)), ("q:3", (Turn("  eggs?  "),)), ("q:4", (Turn("wheat?"),)),
    ]  # fmt: skip


def test_rows_with_one_id_are_a_conversation(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", 'id,ask,intent\na,"Milk,\nor not?",x\na,And eggs?,\nb,Wheat?,y|z\n')
    assert [(c.id, c.line, [t.ask for t in c.turns]) for c in read_cases(path)] == [
        ("a", 2, ["Milk,\nor not?", "And eggs?"]), ("b", 5, ["Wheat?"]),
    ]  # fmt: skip


def test_a_folder_gives_its_case_files_by_name_and_no_logs(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", ".hidden.jsonl"):
        written(tmp_path, name, f'{{"ask": "{name}"}}')
    written(tmp_path, "readme.txt", "no question")
    assert [case.turns[0].ask for case in read_cases(tmp_path)] == ["a.jsonl", "b.jsonl"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("c.yaml", "- {ask: a, kid: answer}\n- {ask: b, verdict: no}\n", [
            ":1:12: unknown key 'kid' in the case (did you mean 'kind'?)",
            ":2:21: 'verdict' of the case should be a text, got a yes/no value: put 'no' in quotes",
        ]),
        ("c.yaml", "cases: [{ask: a}, {ask: a, kind: [answer, anser]}]\nmore: 1", [
            ":1:43: an item of 'kind' of the case should be answer or chitchat or clarify or fallback or refer or urgent, "
            "got 'anser' (did you mean 'answer'?)",
            ":2:1: unknown key 'more': a file of cases is a list, or has the key 'cases'",
        ]),
        ("c.yaml", "just a text", [":1:1: a file of cases should be a list, got a text"]),
        ("c.jsonl", '{"ask": "a"}\n{"ask": 1, "tags": {}}\n{"ask": "b"\n{"ask": "c", "ask": "d"}\n', [
            ":2:1: 'ask' of the case should be a text, got a number: put '1' in quotes",
            ":2:1: 'tags' of the case should be a text, got a table of keys",
            ":3:12: not readable as JSON: Expecting ',' delimiter",
            ":4:1: 'ask' stands twice in the case: first on line 4",
        ]),
        ("c.jsonl", '{"id": "x", "ask": "a"}\n{"id": "x", "ask": "b"}\n', [":2:1: the id 'x' stands already on line 1"]),
        ("c.jsonl", b'{"ask": "\xff"}\n', [":1:10: is not UTF-8: save the file as UTF-8"]),
        ("c.jsonl", "[" * 100_000, [":1:1: not readable as JSON: nested too deeply, or a number too long"]),
        ("c.csv", "time,user\n1,2\n", [":1:1: the first row should name the columns, one of them 'ask'; it says: time, user"]),
        ("c.csv", "ask,kinds\na,answer\n", [":1:1: unknown column 'kinds' (did you mean 'kind'?)"]),
        ("c.csv", "ask,kind,verdict\na,answr,maybe\n,answer,yes\nb,answer,yes,more\n", [
            ":2:1: 'kind' should be answer or clarify or fallback or urgent or refer or chitchat, got 'answr'",
            ":2:1: 'verdict' should be yes or no, got 'maybe'",
            ":3:1: the question is empty",
            ":4:1: has 4 cells, and the first row names 3: put a text with commas in quotes",
        ]),
        ("q.log", b"good\nbad \xff\nno\0text\n", [
            ":2:5: is not UTF-8: left out; convert the file, or mend the line",
            ":3:0: holds a NUL byte, so it is no text: left out",
        ]),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_place(tmp_path: Path, name: str, content: str | bytes, expected: list[str]) -> None:
    assert faults(written(tmp_path, name, content)) == expected


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.yaml") == [": there is no such file or folder"]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert faults(tmp_path) == [": holds no file of cases (.csv, .json, .jsonl, .ndjson, .tsv, .yaml, .yml)"]


def test_a_line_of_fifty_megabytes_is_left_out_and_never_held(tmp_path: Path) -> None:
    path = tmp_path / "q.log"
    with path.open("wb") as file:
        file.write(b"first\n")
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b"\nlast\n")
    found: list[Fault] = []
    tracemalloc.start()
    cases = list(cases_of(path, found))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [case.turns[0].ask for case in cases] == ["first", "last"]
    assert [str(fault) for fault in found] == [f"{path}:2:0: is longer than {LONGEST_LINE} bytes: no question, left out"]
    assert peak < 2_000_000


@given(st.binary(max_size=200), st.integers(1, 20), st.data())
def test_lines_are_those_of_the_file_wherever_one_begins(data: bytes, longest: int, draw: st.DataObject) -> None:
    lines = list(lines_of(io.BytesIO(data), longest))
    whole = data.split(b"\n")[: -1 if data.endswith(b"\n") or not data else None]
    assert [line.data for line in lines] == [text.rstrip(b"\r")[:longest] for text in whole]
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    if lines:
        at = draw.draw(st.sampled_from(lines))
        assert list(lines_of(io.BytesIO(data), longest, start=at.start, number=at.number)) == lines[at.number - 1 :]


KEYS = st.sampled_from(["ask", "turns", "expect", "kind", "has", "lacks", "verdict", "intent", "id", "tags", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


@given(JSON)
def test_any_json_is_a_case_or_a_fault_with_a_place(value: object) -> None:
    found: list[Fault] = []
    data = json.dumps(value).encode()
    case = json_case(Line(7, 0, len(data), data, True), "f", "s", found)
    assert isinstance(case, Case) != bool(found)
    assert all((fault.path, fault.line) == ("f", 7) for fault in found)


@pytest.mark.parametrize("name", ["c.yaml", "c.json", "c.jsonl", "c.csv", "c.tsv", "c.log"])
@given(data=st.binary(max_size=120))
def test_rubbish_of_any_kind_is_told_and_never_raises(name: str, data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    found: list[Fault] = []
    path = written(tmp_path_factory.getbasetemp(), name, data)
    list(cases_of(path, found))
    assert all(fault.path == str(path) and fault.message for fault in found)
