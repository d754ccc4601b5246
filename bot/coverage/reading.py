"""Files of cases -> cases, with every fault by file and line.

`.yaml`, `.yml` and `.json` hold a list of cases, `.jsonl` a case a line, `.csv` and `.tsv` a question a row under a row of
names; any other file is a log: plain text, a question a line, that expects nothing.
"""

import codecs
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, get_args

import msgspec
from msgspec import Struct, inspect

from bot.coverage.cases import Case, CaseError, KindName, Turn, WrittenCase, case_of
from bot.errors import Fault
from bot.language.clean import printable
from bot.pack.decode import Decoder, nearest
from bot.pack.load import LARGEST
from bot.pack.nodes import Items, Node, Scalar, Table, Text, parse

LONGEST_LINE = 65_536
"""Bytes of a line of a log; a longer one is no question."""

LONGEST_CASE = 1_048_576
"""Bytes of a line of a JSONL file."""

_MOST_FAULTS = 100
"""After so many faults a file is read no further."""

TABLES = {".csv": ",", ".tsv": "\t"}
WHOLE = frozenset({".yaml", ".yml", ".json"})
CASE_FILES = frozenset({".jsonl", ".ndjson", *TABLES, *WHOLE})
"""Files that are taken from a folder; a log has to be named."""

_COLUMNS = ("ask", "id", "tags", "kind", "intent", "has", "lacks", "verdict", "never", "entities")
_QUESTION = ("ask", "question", "utterance", "text", "message", "query", "prompt", "input")
"""Names that the column of questions may have, the first that is there."""

_CASE_TYPE = inspect.type_info(WrittenCase)


class Line(Struct, frozen=True):
    """One line of a file, as its bytes."""

    number: int
    start: int
    """offset of its first byte"""
    end: int
    """offset behind its line break"""
    data: bytes
    """without the line break; no more than was asked for"""
    is_whole: bool
    """False when it is longer than that"""


def read_cases(path: Path) -> list[Case]:
    """The cases of one file, or of every case file in a folder, in order. Raises CaseError with every fault."""
    faults: list[Fault] = []
    cases = [case for file in case_files(path) for case in cases_of(file, faults)]
    faults.extend(repeated(cases))
    if faults:
        raise CaseError(faults)
    return cases


def repeated(cases: list[Case]) -> Iterator[Fault]:
    """A fault for every case whose id another case of the same file has already."""
    first: dict[tuple[str, str], Case] = {}
    for case in cases:
        other = first.setdefault((case.path, case.id), case)
        if other is not case:
            yield Fault(case.path, case.line, 1, f"the id '{case.id}' stands already on line {other.line}")


def case_files(path: Path) -> list[Path]:
    """`path` itself, or the case files of that folder, by name. Raises CaseError when there are none."""
    try:
        if not path.is_dir():
            if not path.exists():
                raise CaseError([Fault(str(path), 0, 0, "there is no such file or folder")])
            if not path.is_file():  # reading a pipe or a device might never end
                raise CaseError([Fault(str(path), 0, 0, "is neither a file nor a folder")])
            return [path]
        files = sorted(file for file in path.iterdir() if file.suffix in CASE_FILES and not file.name.startswith("."))
    except OSError as error:
        raise CaseError([Fault(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from error
    if not files:
        raise CaseError([Fault(str(path), 0, 0, f"holds no file of cases ({', '.join(sorted(CASE_FILES))})")])
    return files


def cases_of(path: Path, faults: list[Fault]) -> Iterator[Case]:
    """The cases of one file as they are read; what is wrong is added to `faults` and left out."""
    already = len(faults)
    try:
        with path.open("rb") as file:
            if path.suffix in WHOLE:
                yield from _whole(path, file, faults)
            elif path.suffix in TABLES:
                yield from _rows(path, file, faults)
            else:
                read = json_case if is_json_lines(path) else text_case
                longest = LONGEST_CASE if is_json_lines(path) else LONGEST_LINE
                for line in lines_of(file, longest):
                    case = read(line, str(path), path.stem, faults)
                    if case is not None:
                        yield case
                    if len(faults) - already >= _MOST_FAULTS:
                        faults.append(Fault(str(path), line.number, 0, "so many faults: the rest of the file was not read"))
                        return
    except OSError as error:
        faults.append(Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"))


def is_json_lines(path: Path) -> bool:
    return path.suffix in {".jsonl", ".ndjson"}


def is_by_line(path: Path) -> bool:
    """Whether every line of the file stands for itself, so that it can be read in parts."""
    return path.suffix not in WHOLE and path.suffix not in TABLES


def lines_of(file: BinaryIO, longest: int, *, start: int = 0, end: int | None = None, number: int = 1) -> Iterator[Line]:
    """The lines of `file` that begin from byte `start` up to `end`, never holding more than `longest` bytes of one.

    `start` has to be the beginning of line `number`.
    """
    file.seek(start)
    while end is None or start < end:
        data = file.readline(longest + 2)
        if not data:
            return
        is_whole = data.endswith(b"\n") or len(data) <= longest
        after = start + len(data)
        while not data.endswith(b"\n") and (more := file.readline(longest)):
            after += len(more)
            if more.endswith(b"\n"):
                break
        yield Line(number, start, after, data.rstrip(b"\r\n")[:longest], is_whole)
        start, number = after, number + 1


# ---- one line -----------------------------------------------------------------------------------------------------------


def text_case(line: Line, path: str, source: str, faults: list[Fault]) -> Case | None:
    """The question on a line of a log; None for an empty line or, with a fault, for one that cannot be a question."""
    if not line.is_whole:
        faults.append(Fault(path, line.number, 0, f"is longer than {LONGEST_LINE} bytes: no question, left out"))
        return None
    data = line.data.removeprefix(codecs.BOM_UTF8) if line.number == 1 else line.data
    if b"\0" in data:
        faults.append(Fault(path, line.number, 0, "holds a NUL byte, so it is no text: left out"))
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        faults.append(Fault(path, line.number, error.start + 1, "is not UTF-8: left out; convert the file, or mend the line"))
        return None
    if not text.strip():
        return None
    return Case(f"{source}:{line.number}", (Turn(text),), source=source, path=path, line=line.number)


def json_case(line: Line, path: str, source: str, faults: list[Fault]) -> Case | None:
    """The case on a line of JSON; None for an empty line and, with faults, for one that is no case."""
    data = line.data.removeprefix(codecs.BOM_UTF8) if line.number == 1 else line.data
    if not line.is_whole:
        faults.append(Fault(path, line.number, 0, f"is longer than {LONGEST_CASE} bytes"))
        return None
    if not data.strip():
        return None
    try:
        written = msgspec.json.decode(data, type=WrittenCase)
        is_sound = _says_once(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        is_sound = False
    already = len(faults)
    if not is_sound:  # once more, slowly: to find all that is wrong with it
        node = _json_node(data, path, line.number, faults)
        if node is None:
            return None
        written = Decoder(path, faults).value(node, _CASE_TYPE, "the case")
    return _made(written, path, source, line.number, faults, already)


class _TwiceError(ValueError):
    pass


def _no_twins(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise _TwiceError


def _says_once(data: bytes) -> bool:
    """Whether no key stands twice in a table: JSON readers keep the last one in silence."""
    try:
        json.loads(data, object_pairs_hook=_no_twins)
    except _TwiceError:
        return False
    return True


def _json_node(data: bytes, path: str, line: int, faults: list[Fault]) -> Node | None:
    """The tree of one line of JSON."""

    def table(pairs: list[tuple[str, Any]]) -> Table:
        return Table(line, 1, [(Scalar(Text.at(key, path, line, 1), "str"), node(value)) for key, value in pairs])

    def node(value: Any) -> Node:
        if isinstance(value, Table):
            return value
        if isinstance(value, list):
            return Items(line, 1, [node(item) for item in value])
        meanings = {str: "str", bool: "bool", int: "int", float: "float"}
        return Scalar(Text.at(str(value), path, line, 1), meanings.get(type(value), "null"))

    try:
        return node(json.loads(data, object_pairs_hook=table))
    except json.JSONDecodeError as error:
        faults.append(Fault(path, line, error.colno, f"not readable as JSON: {error.msg}"))
    except UnicodeDecodeError as error:
        faults.append(Fault(path, line, error.start + 1, "is not UTF-8: save the file as UTF-8"))
    except (RecursionError, ValueError):  # a number of thousands of digits is a ValueError
        faults.append(Fault(path, line, 1, "not readable as JSON: nested too deeply, or a number too long"))
    return None


def _made(written: WrittenCase, path: str, source: str, line: int, faults: list[Fault], already: int) -> Case | None:
    case, wrong = case_of(written, id=f"{source}:{line}", source=source, path=path, line=line)
    if len(faults) == already:  # what a stand-in lacks is no second fault
        faults.extend(Fault(path, line, 1, message) for message in wrong)
    return case if len(faults) == already else None


# ---- whole files --------------------------------------------------------------------------------------------------------


def _whole(path: Path, file: BinaryIO, faults: list[Fault]) -> Iterator[Case]:
    """The cases of a YAML or JSON file."""
    text = _decoded(path, file, faults)
    node = parse(text, str(path), faults) if text is not None else None
    if isinstance(node, Table):
        given = [value for key, value in node.rows if key.text == "cases"]
        for key, _ in node.rows:
            if key.text != "cases":
                faults.append(key.text.fault(f"unknown key '{key.text}': a file of cases is a list, or has the key 'cases'"))
        node = given[0] if given else node
    if node is not None and not isinstance(node, Items):
        faults.append(Fault(str(path), node.line, node.column, f"a file of cases should be a list, got {node.described()}"))
        return
    for item in node.items if node is not None else ():
        already = len(faults)
        written = Decoder(str(path), faults).value(item, _CASE_TYPE, "the case")
        case = _made(written, str(path), path.stem, item.line, faults, already)
        if case is not None:
            yield case


def _decoded(path: Path, file: BinaryIO, faults: list[Fault]) -> str | None:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        faults.append(Fault(str(path), 0, 0, f"is larger than {LARGEST} bytes: use JSON lines (.jsonl)"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.append(Fault(str(path), line, 1, "is not UTF-8: save the file as UTF-8"))
        return None


def _rows(path: Path, file: BinaryIO, faults: list[Fault]) -> Iterator[Case]:
    """The cases of a table. Rows that follow each other with the same id are the turns of one conversation."""
    rows = _Conversations(path, faults)
    with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=TABLES[path.suffix], strict=True)
        try:
            yield from _read_rows(reader, path, rows, faults)
            yield from rows.last()
        except csv.Error as error:
            faults.append(Fault(str(path), reader.line_num, 1, f"not readable as a table: {printable(str(error))}"))
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 (after line {reader.line_num}, {error.reason}): save the file as UTF-8"
            faults.append(Fault(str(path), reader.line_num + 1, 1, message))


def _read_rows(reader: "_Reader", path: Path, rows: "_Conversations", faults: list[Fault]) -> Iterator[Case]:
    names: list[str] | None = None
    began = 0
    for row in reader:
        line, began = began + 1, reader.line_num
        if names is None:
            names = _names(row, path, faults)
            if names is None:
                return
        elif any(cell.strip() for cell in row):
            if len(row) > len(names):
                message = f"has {len(row)} cells, and the first row names {len(names)}: put a text with commas in quotes"
                faults.append(Fault(str(path), line, 1, message))
            else:
                yield from rows.add(dict(zip(names, row, strict=False)), line)


class _Reader(Protocol):
    """A reader of the csv module."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def _names(row: list[str], path: Path, faults: list[Fault]) -> list[str] | None:
    """What each column is, by the first row; columns that are not ours keep their names and are not looked at."""
    names = [cell.strip().lower() for cell in row]
    asks = next((name for name in _QUESTION if name in names), None)
    if asks is None:
        message = f"the first row should name the columns, one of them 'ask'; it says: {printable(', '.join(row))}"
        faults.append(Fault(str(path), 1, 1, message))
        return None
    for name in names:
        near = nearest(name, list(_COLUMNS)) if name and name not in _COLUMNS and name not in _QUESTION else None
        if near is not None and near not in names:
            faults.append(Fault(str(path), 1, 1, f"unknown column '{printable(name)}' (did you mean '{near}'?)"))
    twice = sorted({name for name in names if names.count(name) > 1 and name in {*_COLUMNS, asks}})
    faults.extend(Fault(str(path), 1, 1, f"the column '{name}' stands twice") for name in twice)
    return ["ask" if name == asks else name for name in names]


class _Conversations:
    """Rows, put together to cases."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self._path = path
        self._faults = faults
        self._open: Case | None = None

    def add(self, row: dict[str, str], line: int) -> Iterator[Case]:
        """Take a row in; yields the case before it once that is complete."""
        case = self._case({name: row[name].strip() for name in _COLUMNS if row.get(name, "").strip()}, line)
        if case is None:
            return
        before = self._open
        if before is not None and before.id == case.id:
            tags = tuple(dict.fromkeys((*before.tags, *case.tags)))
            self._open = msgspec.structs.replace(before, turns=(*before.turns, *case.turns), tags=tags)
            return
        self._open = case
        if before is not None:
            yield before

    def last(self) -> Iterator[Case]:
        if self._open is not None:
            yield self._open

    def _case(self, cells: dict[str, str], line: int) -> Case | None:
        already = len(self._faults)
        if "ask" not in cells:
            self._fault(line, "the question is empty")
        kinds = _parts(cells.get("kind", ""), "|")
        says = {name: cells.get(name, "").lower() or None for name in ("verdict", "never")}
        for kind in kinds:
            if kind not in get_args(KindName):
                self._fault(line, f"'kind' should be {' or '.join(get_args(KindName))}, got '{printable(kind)}'")
        for name, said in says.items():
            if said not in {"yes", "no", None}:
                self._fault(line, f"'{name}' should be yes or no, got '{printable(said or '')}'")
        if len(self._faults) > already:
            return None
        written = WrittenCase(
            ask=cells["ask"],
            id=cells.get("id"),
            tags=_parts(cells.get("tags", ""), ";"),
            kind=kinds,  # type: ignore[arg-type]
            intent=_parts(cells.get("intent", ""), "|"),
            has=[_parts(group, "|") for group in _parts(cells.get("has", ""), ";")],
            lacks=_parts(cells.get("lacks", ""), ";"),
            **says,  # type: ignore[arg-type]
            entities=_parts(cells.get("entities", ""), ";"),
        )
        return _made(written, str(self._path), self._path.stem, line, self._faults, already)

    def _fault(self, line: int, message: str) -> None:
        self._faults.append(Fault(str(self._path), line, 1, message))


def _parts(cell: str, mark: str) -> list[str]:
    return [part.strip() for part in cell.split(mark) if part.strip()]
