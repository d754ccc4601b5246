"""Phrasings and entries written into the YAML of a pack; comments, order and all other lines stay as they are."""

import io
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from bot.errors import BotError, PackError
from bot.pack.files import pack_files
from bot.pack.load import read
from bot.writing import written_whole

_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")
"""Texts that mean the same in YAML with quotes and without."""


class WriteError(BotError):
    """What was to be written and was not: the pack is as it was."""


class NewEntry(Struct, frozen=True):
    """An entry to be written."""

    id: str
    question: str
    answer: str
    section: str
    phrasings: tuple[str, ...]


class PackWriter:
    """Writes into the pack in `folder`. Raises WriteError when ruamel.yaml is missing."""

    def __init__(self, folder: Path) -> None:
        try:
            import ruamel.yaml
        except ImportError as error:
            raise WriteError("a review needs an extra: pip install 'faqbot[suggest]'") from error
        self._ruamel = ruamel.yaml
        self._folder = folder

    def add_phrasings(self, entry: str, texts: tuple[str, ...]) -> Path:
        """Add `texts` to the ways in which `entry` is asked, where the pack keeps most of them. Gives the file.

        Raises WriteError, with the pack as it was, when the pack would not be sound.
        """
        by_section = {section: path for section in ("phrasings", "entries") if (path := self._home(section, entry)) is not None}
        if "entries" not in by_section:
            raise WriteError(f"there is no entry '{entry}'")
        if "phrasings" in by_section:
            path, keys = by_section["phrasings"], ("phrasings", entry, "asks")
        else:
            path, keys = by_section["entries"], ("entries", entry, "phrasings")

        def change(data: Any) -> None:
            table = data[keys[0]][keys[1]]
            if keys[2] not in table:
                table[keys[2]] = self._like(table, [])
            table[keys[2]].extend(map(self._text, texts))

        self._write(path, change)
        return path

    def add_entry(self, new: NewEntry) -> Path:
        """Add an entry behind the others. Gives the file. Raises WriteError as `add_phrasings` does."""
        files = pack_files(self._folder)
        path = next((path for path in reversed(files) if self._section(path, "entries")), None) or next(
            path for path in files if self._section(path, "pack")
        )

        def change(data: Any) -> None:
            table = data.setdefault("entries", self._ruamel.comments.CommentedMap())
            row = self._like(table, {"question": self._text(new.question)})
            row["answer"] = self._text(new.answer)
            if new.section:
                row["section"] = self._text(new.section)
            if new.phrasings:
                row["phrasings"] = self._like(row, [self._text(text) for text in new.phrasings])
            table[new.id] = row

        self._write(path, change)
        return path

    # ---- finding ----------------------------------------------------------------------------------------------------

    def _home(self, section: str, entry: str) -> Path | None:
        """The file in whose `section` the entry stands."""
        return next((path for path in pack_files(self._folder) if entry in self._section(path, section)), None)

    def _section(self, path: Path, section: str) -> dict[str, Any]:
        found = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        table = found.get(section) if isinstance(found, dict) else None
        return table if isinstance(table, dict) else {}

    # ---- writing ----------------------------------------------------------------------------------------------------

    def _text(self, text: str) -> Any:
        return text if _PLAIN.fullmatch(text) else self._ruamel.scalarstring.DoubleQuotedScalarString(text)

    def _like(self, table: Any, value: Any) -> Any:
        """`value` for a place in `table`, in one line if that is how `table` is written."""
        made: Any = (
            self._ruamel.comments.CommentedMap(value) if isinstance(value, dict) else self._ruamel.comments.CommentedSeq(value)
        )
        first = next((row for row in table.values() if hasattr(row, "fa")), None) if not isinstance(value, list) else table
        if first is not None and first.fa.flow_style():
            made.fa.set_flow_style()
        return made

    def _write(self, path: Path, change: Any) -> None:
        path = path.resolve()
        source = path.read_bytes()
        text = source.decode("utf-8-sig")
        try:
            after = self._changed(text, change)
        except self._ruamel.error.YAMLError as error:
            raise WriteError(f"{path}: cannot be changed in place: {error}") from error
        if "\r\n" in text:
            after = after.replace("\r\n", "\n").replace("\n", "\r\n")
        with written_whole(path) as file:
            file.write((b"\xef\xbb\xbf" if source.startswith(b"\xef\xbb\xbf") else b"") + after.encode())
        faults = self._faults()
        if faults:
            with written_whole(path) as file:
                file.write(source)
            raise WriteError("the pack would not be sound: " + "; ".join(faults[:3]))

    def _faults(self) -> list[str]:
        try:
            return [str(fault) for fault in read(self._folder)[1] if fault.severity == "error"]
        except PackError as error:
            return [str(fault) for fault in error.faults]

    def _changed(self, text: str, change: Any) -> str:
        """`text` after `change`. Only the lines that `change` is about are others."""
        indent, dash = _indents(text)

        def editor() -> Any:
            found = self._ruamel.YAML()
            found.preserve_quotes = True
            found.width = 1_000_000
            found.indent(mapping=indent, sequence=dash + 2, offset=dash)
            return found

        def dumped(data: Any) -> str:
            out = io.StringIO()
            editor().dump(data, out)
            return out.getvalue()

        data = editor().load(text)
        before = dumped(data)
        change(data)
        after = dumped(data)
        return _carried_over(text, before, after)


def _indents(text: str) -> tuple[int, int]:
    """By how much the first table stands in, and by how much the dash of the first list of a key does."""
    table = re.search(r"^\S[^\n]*:[ ]*(?:#[^\n]*)?\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]+)[^\s#-]", text, re.MULTILINE)
    listed = re.search(r"^([ ]*)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)- ", text, re.MULTILINE)
    return len(table[1]) if table else 2, max(0, len(listed[2]) - len(listed[1])) if listed else 2


def _carried_over(text: str, before: str, after: str) -> str:
    """The change from `before` to `after`, which are laid out anew, made in `text`, which is not; else `after`."""
    mine, old, new = (whole.splitlines() for whole in (text, before, after))
    if len(mine) != len(old):
        return after
    lines: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines += mine[a:b] if what == "equal" else new[c:d]
    result = "\n".join(lines) + "\n"
    return result if _data(result) == _data(after) else after


def _data(text: str) -> Any:
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return object()
