"""A folder of YAML files, and tables beside them -> a checked Pack."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import inspect

from bot.errors import Fault, PackError
from bot.pack.check import check
from bot.pack.decode import Decoder, close_name, nearest, stand_in
from bot.pack.files import TABLES, pack_files
from bot.pack.format import Pack, Phrasings
from bot.pack.gather import gather
from bot.pack.nodes import Items, Node, Scalar, Table, Text, parse
from bot.pack.rows import Row, opened, read_rows
from bot.progress import Progress

LARGEST = 64 * 1024 * 1024
"""A YAML file of more bytes than this is refused."""

LARGEST_TABLE = 1024 * 1024 * 1024
"""A file of rows of more bytes than this is refused."""


def load(folder: Path, progress: Progress | None = None) -> Pack:
    """The pack in `folder`. Raises PackError with every fault found. progress: shows how far it is."""
    pack, faults = read(folder, progress)
    if pack is None:
        raise PackError([fault for fault in faults if fault.severity == "error"])
    return pack


def read(folder: Path, progress: Progress | None = None) -> tuple[Pack | None, list[Fault]]:
    """The pack in `folder`, None when it cannot be used, and everything that is wrong with it, by file and line.

    progress: shows how far it is. Raises PackError when `folder` is no pack at all.
    """
    gathered = _Gathered(progress)
    for path in pack_files(folder):
        gathered.add(path)
    gathered.add_phrasings()
    faults = gathered.faults
    if gathered.is_whole and "pack" not in gathered.sections:
        faults.append(Fault(str(folder), 0, 0, "no file has a section 'pack' that says what the pack is"))
    pack = Pack(**{"pack": stand_in(gathered.kinds["pack"]), **gathered.sections})
    if gathered.is_whole:
        if progress is not None:
            progress.step("checking")
        faults.extend(fault for fault in check(pack, str(folder)) if fault.path)  # those of a stand-in have none
        if progress is not None:
            progress.clear()
    is_sound = all(fault.severity != "error" for fault in faults)
    return pack if is_sound else None, sorted(set(faults))


def read_bytes(path: Path, faults: list[Fault], largest: int) -> bytes | None:
    """What the file at `path` holds; None, with a fault, when it cannot be read or has more than `largest` bytes."""
    if is_readable(path, faults, largest):
        try:
            return path.read_bytes()
        except OSError as error:
            faults.append(Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"))
    return None


def is_readable(path: Path, faults: list[Fault], largest: int) -> bool:
    """Whether there is a file at `path` of at most `largest` bytes; a fault says what is wrong when there is none."""
    try:
        if path.stat().st_size > largest:
            faults.append(Fault(str(path), 0, 0, f"is larger than {largest} bytes"))
        elif not path.is_file() and not path.is_dir():  # reading a pipe or a device might never end
            faults.append(Fault(str(path), 0, 0, "cannot be read: Not a file"))
        else:
            return True
    except OSError as error:
        faults.append(Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"))
    return False


def _lines_of(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _text(path: Path, faults: list[Fault]) -> str | None:
    data = read_bytes(path, faults, LARGEST)
    try:
        return data.decode("utf-8-sig") if data is not None else None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.append(Fault(str(path), line, 1, f"is not UTF-8 (byte {error.start}): save the file as UTF-8"))
    return None


class _Gathered:
    """The sections of the files of a pack, put together."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        kind = inspect.type_info(Pack)
        assert isinstance(kind, inspect.StructType)
        self.kinds = {field.name: field.type for field in kind.fields}
        self.sections: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.is_whole = True
        """False when a file or section could not be read: nobody knows what it holds for others to refer to"""
        self._homes: dict[tuple[str, str], Text] = {}
        self._more: dict[Text, list[Phrasings]] = {}
        """entry -> its phrasings in files of rows"""

    def add(self, path: Path) -> None:
        """Add the sections of one file to those of the others; an id may stand in one file only."""
        if path.suffix.lower() in TABLES:
            self._add_rows(path)
        else:
            self._add_sections(path)

    def _add_rows(self, path: Path) -> None:
        """Add the entries of a file of rows, and keep its phrasings of other entries for `add_phrasings`."""
        already = len(self.faults)
        found = gather(self._rows(path), self.faults, is_whole=False)
        self.is_whole = self.is_whole and all(fault.severity != "error" for fault in self.faults[already:])
        self._merge("entries", None, found.entries, Decoder(str(path), self.faults))
        for id_, phrasings in found.phrasings.items():
            self._more.setdefault(id_, []).append(phrasings)

    def _rows(self, path: Path) -> Iterator[Row]:
        """The rows of a file, one at a time: there may be a million of them."""
        if not is_readable(path, self.faults, LARGEST_TABLE):
            return
        try:
            with opened(path) as lines:
                rows = read_rows(lines, str(path), self.faults)
                yield from rows if self._progress is None else self._progress.over(rows, f"reading {path.name}", _lines_of(path))
        except OSError as error:
            self.faults.append(Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"))
        except UnicodeError as error:
            self.faults.append(Fault(str(path), 0, 0, f"cannot be read as UTF-16: {error}"))

    def add_phrasings(self) -> None:
        """Put the phrasings that stand in files of rows to those that stand in YAML."""
        for id_, more in self._more.items():
            table = self.sections.setdefault("phrasings", {})
            every = [*([table[id_]] if id_ in table else []), *more]
            table[id_] = Phrasings(
                asks=[text for one in every for text in one.asks],
                confirms=[text for one in every for text in one.confirms],
                denies=[text for one in every for text in one.denies],
            )

    def _add_sections(self, path: Path) -> None:
        already = len(self.faults)
        source = _text(path, self.faults)
        node = parse(source, str(path), self.faults) if source is not None else None
        decoder = Decoder(str(path), self.faults)
        if isinstance(node, Table):
            for key, value in node.rows:
                self._section(key, value, decoder)
        elif node is not None:
            decoder.fault(node, f"a file should be a table of sections ({', '.join(self.kinds)}), got {node.described()}")
        if not isinstance(node, Table) and len(self.faults) > already:
            self.is_whole = False

    def _section(self, key: Scalar, value: Node, decoder: Decoder) -> None:
        name = str(key.text) if key.text in self.kinds else nearest(key.text, list(self.kinds))
        if name != key.text:
            decoder.fault(key, f"unknown section '{key.text}'{close_name(key.text, list(self.kinds))}")
        if name is None:
            return
        first = self._homes.setdefault((decoder.path, name), key.text)
        if first is not key.text:
            decoder.fault(key, f"section '{name}' stands twice in this file: first on line {first.line}")
        if isinstance(value, Scalar) and value.meaning == "null":
            decoder.fault(key, f"section '{key.text}' is empty")
            found = stand_in(self.kinds[name])
        else:
            found = decoder.value(value, self.kinds[name], f"'{key.text}'")
            wanted = Items if isinstance(found, list) else Table
            self.is_whole = self.is_whole and isinstance(value, wanted)
        self._merge(name, key, found, decoder)

    def _merge(self, name: str, key: Scalar | None, found: Any, decoder: Decoder) -> None:
        if isinstance(found, dict):
            table = self.sections.setdefault(name, {})
            for id_, value in found.items():
                first = self._homes.setdefault((name, id_), id_)
                if first is not id_:
                    decoder.faults.append(id_.fault(f"'{id_}' stands already in {first.path}:{first.line}"))
                else:
                    table[id_] = value
        elif isinstance(found, list):
            self.sections.setdefault(name, []).extend(found)
        elif key is not None:
            home = self._homes.setdefault((name, ""), key.text)
            if home.path != decoder.path:
                decoder.fault(key, f"section '{name}' stands already in {home.path}:{home.line}")
            self.sections.setdefault(name, found)
