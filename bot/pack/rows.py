"""Tables (CSV, TSV) and JSON lines -> rows: one way to ask something, with or without its answer.

    intent,question,answer
    hours,When do you open?,We open at 7.
    hours,opening hours,

A row that cannot be read is a fault with its line, and those after it are read on.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

from msgspec import Struct

from bot.errors import Fault
from bot.pack.decode import close_name
from bot.pack.nodes import Text

Column = Literal["intent", "question", "answer", "section", "verdict"]
COLUMNS: tuple[Column, ...] = get_args(Column)

LONGEST = {"intent": 1_000, "question": 2_000, "answer": 100_000, "section": 1_000}
"""Characters of a cell; a longer one is no text that somebody wrote for it."""

_LISTS: dict[str, str] = {"phrasings": "", "confirms": "yes", "denies": "no"}
"""Keys of a JSON line that hold more questions, and the verdict of those."""

_OF_PHRASING = frozenset({"intent", "question", "verdict"})
"""What a row holds that says no more than one way to ask its intent."""

_DELIMITERS = ",;\t|"
_FORMULA = re.compile(r"=|[+@-][A-Z][A-Z0-9.]*\(|[+@-].*\|.*!")
_GUARDED = re.compile(r"'+[=+@\t\r-]")
_NEEDS_GUARD = re.compile(r"'*[=+@\t\r-]")


class Row(Struct, frozen=True):
    """One row as it stands in the file, its texts with their places."""

    place: Text
    """an empty text at the place of the row"""
    intent: Text | None = None
    question: Text | None = None
    answer: Text | None = None
    section: Text | None = None
    verdict: Literal["yes", "no"] | None = None
    """the answer to a yes/no question"""


def decoded(data: bytes, encoding: str | None = None) -> str:
    """`data` as text: UTF-8, or what its byte order mark says, or `encoding`; a byte that does not fit becomes a lone surrogate.

    Raises LookupError when there is no such encoding.
    """
    return data.decode(encoding or _encoding(data), "surrogateescape").removeprefix("\ufeff")


def _encoding(data: bytes) -> str:
    return "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file at `path` for `read_rows`, as `decoded` reads it, a line at a time. Raises OSError."""
    with path.open("rb") as file:
        encoding = _encoding(file.read(2))
    with path.open(encoding=encoding, errors="surrogateescape", newline="\n" if _kind_of(str(path)) == "jsonl" else "") as lines:
        yield lines


def _kind_of(path: str) -> str:
    return {"jsonl": "jsonl", "ndjson": "jsonl", "tsv": "tsv"}.get(path.lower().rpartition(".")[2], "csv")


def read_rows(
    source: str | TextIO, path: str, faults: list[Fault], names: Mapping[str, Column] | None = None, kind: str = ""
) -> Iterator[Row]:
    """The rows of the file at `path`, of which `source` is the text, or the file itself, `opened`.

    names: other words for the columns; kind: csv, tsv or jsonl, if the file's name does not tell.
    """
    kind = kind or _kind_of(path)
    if kind == "jsonl":
        yield from json_lines(source, path, faults, names)
    else:
        yield from table(source, path, faults, names, "\t" if kind == "tsv" else None)


def table(
    source: str | TextIO, path: str, faults: list[Fault], names: Mapping[str, Column] | None = None, delimiter: str | None = None
) -> Iterator[Row]:
    """The rows of a CSV or TSV file; the first line names the columns and, if no `delimiter` is given, shows what it is."""
    lines = io.StringIO(source, newline="") if isinstance(source, str) else source
    said, skipped = _delimiter(lines)
    delimiter = said if skipped or delimiter is None else delimiter
    before = csv.field_size_limit(2**31 - 1)  # a cell that is too long is told as such
    try:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        columns: list[Column | None] | None = None
        for line, cells in _numbered(reader, skipped, path, faults):
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells, Text.at("", path, line, 1), faults, names or {})
                if columns is None:
                    return
                continue
            place = Text.at("", path, line, 1)
            if len(cells) != len(columns):
                mend = "put a text that holds the delimiter in quotes" if len(cells) > len(columns) else "is it cut off?"
                faults.append(place.fault(f"the row has {len(cells)} cells, and there are {len(columns)} columns: {mend}"))
                continue
            row = _row({name: cell for name, cell in zip(columns, cells, strict=True) if name}, place, faults, in_sheet=True)
            if row is not None:
                yield row
        if columns is None:
            faults.append(
                Fault(path, 0, 0, "holds no row: the first one should name the columns, such as intent,question,answer")
            )
    finally:
        csv.field_size_limit(before)


def _delimiter(lines: TextIO) -> tuple[str, int]:
    """What stands between the cells, and how many lines before the columns say so (`sep=;`, as spreadsheets write it): those are
    read, and no other."""
    first = next((line for line in iter(lines.readline, "") if line.strip("\r\n")), "").rstrip("\r\n")
    lines.seek(0)
    if (said := re.fullmatch(r'"?sep=(.)"?', first)) is not None:
        lines.readline()
        return said.group(1), 1
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=lambda char: (bare.count(char), -_DELIMITERS.index(char))), 0


def _numbered(reader: Any, skipped: int, path: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins on; a row that is no CSV is a fault."""
    while True:
        line = reader.line_num + skipped + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            told = "a quote is opened and never closed" if "end of data" in str(error) else f"not readable as a row: {error}"
            faults.append(Text.at("", path, line, 1).fault(f"{told}; write a quote inside a text twice"))


def _columns(cells: list[str], place: Text, faults: list[Fault], names: Mapping[str, Column]) -> list[Column | None] | None:
    """What each column holds, None for one that is not read; None when a row cannot be understood."""
    told = [cell.strip().lower() for cell in cells]
    exact = {name: name for name in COLUMNS}
    columns: list[Column | None] = [exact.get(name) for name in told]  # type: ignore[call-overload]
    for at, name in enumerate(told):  # another word for a column counts only where the word itself is missing
        other = names.get(name)
        if columns[at] is None and other is not None and other not in columns:
            columns[at] = other
    if "question" not in columns:
        faults.append(
            place.fault("there is no column 'question': the first row should name the columns, such as intent,question,answer")
        )
        return None
    for at, column in enumerate(columns):
        if column is None and told[at]:
            close = close_name(told[at], [name for name in COLUMNS if name not in columns])
            faults.append(place.fault(f"the column '{cells[at].strip()}' is not read{close}", "warning"))
        elif column is not None and columns.index(column) != at:
            faults.append(place.fault(f"two columns hold the {column}"))
            return None
    return columns


def json_lines(source: str | TextIO, path: str, faults: list[Fault], names: Mapping[str, Column] | None = None) -> Iterator[Row]:
    """The rows of a file with one JSON object a line: the keys are the columns of a table, and `phrasings`, `confirms` and
    `denies` hold lists of more questions."""
    for line, text in enumerate(io.StringIO(source, newline="\n") if isinstance(source, str) else source, 1):
        if text.strip():
            yield from json_rows(text.removesuffix("\n"), Text.at("", path, line, 1), faults, names or {})


def json_rows(text: str, place: Text, faults: list[Fault], names: Mapping[str, Column]) -> Iterator[Row]:
    """The rows that the JSON object `text` stands for."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        what = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or a number too long"
        faults.append(place.fault(f"not readable as JSON: {what}{where}"))
        return
    yield from object_rows(found, place, faults, names)


def object_rows(found: Any, place: Text, faults: list[Fault], names: Mapping[str, Column]) -> Iterator[Row]:
    """The rows that an object of JSON stands for."""
    if not isinstance(found, dict):
        faults.append(place.fault('a line should be an object such as {"question": "…", "answer": "…"}'))
        return
    cells: dict[str, str] = {}
    more: list[tuple[str, str]] = []
    for key, value in found.items():
        name = key if key in COLUMNS or key in _LISTS else names.get(key.lower(), key)
        if name in _LISTS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                faults.append(place.fault(f"'{key}' should be a list of texts"))
                return
            more.extend((item, _LISTS[name]) for item in value)
        elif name not in COLUMNS:
            faults.append(place.fault(f"the key '{key}' is not read{close_name(key, [*COLUMNS, *_LISTS])}", "warning"))
        elif value is not None and name not in cells:
            if not isinstance(value, str):
                faults.append(place.fault(f"'{key}' should be a text: put it in quotes"))
                return
            cells[name] = value
    rows = [cells] if "question" in cells or not more else []
    is_told = False  # what one row tells of its intent the others need not tell again
    for row in (*rows, *({**cells, "question": question, "verdict": verdict} for question, verdict in more)):
        own = {name: cell for name, cell in row.items() if name in _OF_PHRASING} if is_told else row
        read = _row(own, place, faults, in_sheet=False)
        if read is not None:
            is_told = read.intent is not None
            yield read


def _row(cells: Mapping[str, str], place: Text, faults: list[Fault], *, in_sheet: bool) -> Row | None:
    texts: dict[str, Any] = {}
    for name, cell in cells.items():
        text, wrong = _cell(name, cell, in_sheet)
        if wrong:
            faults.append(place.fault(wrong))
            return None
        if text:
            texts[name] = Text.at(text, place.path, place.line, place.column)
    verdict = texts.pop("verdict", None)
    if verdict is not None and verdict.lower() not in {"yes", "no"}:
        faults.append(place.fault(f"the verdict should be yes or no, or left empty, got '{verdict}'"))
        return None
    return Row(place, verdict=verdict.lower() if verdict else None, **texts)


def _cell(name: str, cell: str, in_sheet: bool) -> tuple[str, str]:
    """The text of a cell, and what is wrong with it."""
    text = cell if name == "intent" else cell.strip()
    if len(text) > LONGEST.get(name, 100):
        return "", f"the {name} is {len(text):,} characters long; at most {LONGEST.get(name, 100):,}"
    if not text.isprintable() and any("\ud800" <= char <= "\udfff" for char in text):
        if any("\udc80" <= char <= "\udcff" for char in text):
            return "", f"the {name} is not UTF-8: save the file as UTF-8, or name its encoding"
        return "", f"the {name} holds half a character (a lone surrogate)"
    if in_sheet and name in {"question", "answer"} and _FORMULA.match(text):
        return "", f"the {name} is a formula: save the sheet with its values, or put an apostrophe before it"
    if in_sheet and _GUARDED.match(text):
        text = text[1:]
    if not text.strip():
        return "", ""
    return (text, "") if name == "intent" else (tidy(text, lines=name == "answer"), "")


def tidy(text: str, *, lines: bool) -> str:
    """`text` without control characters; in one line, or with its `lines` kept."""
    if text.isprintable():
        return text.strip() if lines else " ".join(text.split())
    if not lines:
        return " ".join(
            "".join(
                char if char.isprintable() or not char.isspace() else " " for char in text if char >= " " or char.isspace()
            ).split()
        )
    kept = "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char in "\n\t" or char >= " ")
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula; `table` reads it back as it was."""
    return f"'{text}" if _NEEDS_GUARD.match(text) else text


def written(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """A table of `rows`, the first of which names the columns."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    whole = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        has_return = any("\r" in cell for cell in row)  # the writer would not put it in quotes
        (whole if has_return else writer).writerow([guarded(cell) for cell in row])
    return out.getvalue()
