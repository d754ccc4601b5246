import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Fault
from bot.pack.rows import COLUMNS, Row, decoded, guarded, read_rows, table, tidy, written

SHEET = "intent,question,answer\n"
FORMULA = "a formula: save the sheet with its values, or put an apostrophe before it"
PIECES = ['"', ",", "\n", "a", "=", ";", "\r", "question", "{", "}", ":", "\0"]


def rows(source: str, path: str = "a.csv") -> tuple[list[Row], list[str]]:
    faults: list[Fault] = []
    return list(read_rows(source, path, faults)), [str(fault) for fault in faults]


def texts(source: str, path: str = "a.csv") -> list[tuple[object, ...]]:
    found, faults = rows(source, path)
    assert faults == []
    return [tuple(getattr(row, name) for name in COLUMNS) for row in found]


def test_a_row_is_a_way_to_ask() -> None:
    assert texts("question,answer,intent,section,verdict\nWhen?, At 7 ,hours,Door,\nAt 7?,,hours,,Yes\n") == [
        ("hours", "When?", "At 7", "Door", None),
        ("hours", "At 7?", None, None, "yes"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        SHEET + "a,b,c\n",
        "\n" + SHEET + "\n,,\na,b,c\n",
        "Intent ; Question;ANSWER\r\na;b;c\r\n",
        "intent\tquestion\tanswer\na\tb\tc",
        "sep=|\nintent|question|answer\na|b|c",
        '"intent","question","answer"\n"a","b","c"\n',
        '{"intent": "a", "question": "b", "answer": "c"}\n',
    ],
)
def test_sheets_are_written_in_many_ways(source: str) -> None:
    assert texts(source, "a.jsonl" if source.startswith("{") else "a.csv") == [("a", "b", "c", None, None)]


def test_a_cell_may_hold_lines_and_quotes() -> None:
    source = SHEET + 'a,"how\nlate","one\r\n\r\n""two"" \n"\nb,c,d\n'
    found, faults = rows(source)
    assert [(row.question, row.answer, row.place.line) for row in found] == [("how late", 'one\n\n"two"', 2), ("c", "d", 7)]
    assert faults == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "a.csv: holds no row: the first one should name the columns, such as intent,question,answer"),
        (
            "a,b\n1,2\n",
            "a.csv:1:1: there is no column 'question': the first row should name the columns, such as intent,question,answer",
        ),
        ("question,answer,question\n", "a.csv:1:1: two columns hold the question"),
        ("question,answr\na,b\n", "a.csv:1:1: warning: the column 'answr' is not read (did you mean 'answer'?)"),
        (SHEET + "a,b\n", "a.csv:2:1: the row has 2 cells, and there are 3 columns: is it cut off?"),
        (
            SHEET + "a,b,c,d\n",
            "a.csv:2:1: the row has 4 cells, and there are 3 columns: put a text that holds the delimiter in quotes",
        ),
        (SHEET + 'a,"b,c\nd,e,f\n', "a.csv:2:1: a quote is opened and never closed; write a quote inside a text twice"),
        (SHEET + "a,=SUM(A1:A9),c\n", f"a.csv:2:1: the question is {FORMULA}"),
        (SHEET + "a,b,\"+cmd|' /C calc'!A0\"\n", f"a.csv:2:1: the answer is {FORMULA}"),
        (SHEET + "a,b,@SUM(1)\n", f"a.csv:2:1: the answer is {FORMULA}"),
        (SHEET + "a," + "b" * 2001 + ",c\n", "a.csv:2:1: the question is 2,001 characters long; at most 2,000"),
        (SHEET + "a,b,caf\udce9\n", "a.csv:2:1: the answer is not UTF-8: save the file as UTF-8, or name its encoding"),
        ("question,verdict\na,perhaps\n", "a.csv:2:1: the verdict should be yes or no, or left empty, got 'perhaps'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_sheet(source: str, fault: str) -> None:
    assert rows(source)[1] == [fault]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "Expecting property name enclosed in double quotes (character 2)"),
        ("[" * 100_000, "too deep, or a number too long"),
    ],
)
def test_a_line_that_is_no_json(line: str, fault: str) -> None:
    found, faults = rows(f'{line}\n{{"question": "b"}}\n', "a.jsonl")
    assert faults == [f"a.jsonl:1:1: not readable as JSON: {fault}"]
    assert [row.question for row in found] == ["b"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[1]", 'a line should be an object such as {"question": "…", "answer": "…"}'),
        ('{"question": 3}', "'question' should be a text: put it in quotes"),
        ('{"question": "a", "phrasings": "b"}', "'phrasings' should be a list of texts"),
        ('{"question": "a\\ud800"}', "the question holds half a character (a lone surrogate)"),
        ('{"question": "a", "anser": "b"}', "warning: the key 'anser' is not read (did you mean 'answer'?)"),
    ],
)
def test_what_is_wrong_with_a_line(line: str, fault: str) -> None:
    assert rows(line, "a.jsonl")[1] == [f"a.jsonl:1:1: {fault}"]


def test_a_line_may_hold_many_ways_to_ask() -> None:
    line = (
        '{"intent": "h", "question": "When?", "answer": "At 7", "phrasings": ["hours"], "confirms": ["at 7"], "denies": ["at 8"]}'
    )
    assert [(row.intent, row.question, row.verdict) for row in rows(line, "a.jsonl")[0]] == [
        ("h", "When?", None), ("h", "hours", None), ("h", "at 7", "yes"), ("h", "at 8", "no"),
    ]  # fmt: skip


def test_a_row_after_a_bad_one_is_read() -> None:
    found, faults = rows(SHEET + "a,b\nc,d,e\n,=1,x\nf,g,h\n")
    assert [row.intent for row in found] == ["c", "f"]
    assert len(faults) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_mark_at_the_beginning_tells_the_encoding(encoding: str) -> None:
    assert decoded("intent,é".encode(encoding)) == "intent,é"


def test_bytes_that_do_not_fit_are_kept_apart() -> None:
    assert decoded(b"a\xe9b") == "a\udce9b"
    assert decoded(b"a\xe9b", "cp1252") == "aéb"


@pytest.mark.parametrize("text", ["=1+1", "-5 degrees", "+44 20", "@you", "'=quoted", "''-x", "'tis", "plain"])
def test_no_cell_that_we_write_is_a_formula(text: str) -> None:
    cell = guarded(text)
    assert cell[0] not in "=+-@"
    assert texts(f"question\n{cell}\n") == [(None, text, None, None, None)]


CELLS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4))
def test_what_is_written_is_read_back(sheet: Sequence[tuple[str, str, str]]) -> None:
    kept = [(i, tidy(q, lines=False), tidy(a, lines=True)) for i, q, a in sheet]
    kept = [row for row in kept if all(cell.strip() for cell in row)]
    source = written([["intent", "question", "answer"], *kept])
    faults: list[Fault] = []
    found = [(row.intent, row.question, row.answer) for row in table(source, "a.csv", faults)]
    assert (found, faults) == (kept, [])


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_file_is_rows_and_faults(source: str) -> None:
    for path in ("a.csv", "a.tsv", "a.jsonl"):
        found, faults = rows(io.StringIO(f"question,answer\n{source}").read(), path)
        assert all(row.place.line > 0 for row in found)
        assert all(fault.startswith(path) and fault.isprintable() for fault in faults)


def test_the_kind_of_a_file_is_in_its_name() -> None:
    assert texts("question\nsay a,b\n", str(Path("a.tsv"))) == [(None, "say a,b", None, None, None)]
