"""A folder of YAML files -> a checked Pack."""

from pathlib import Path
from typing import Any

from msgspec import inspect

from bot.errors import Fault, PackError
from bot.pack import format as pack_format
from bot.pack.check import check
from bot.pack.decode import Decoder, close_name
from bot.pack.nodes import Node, Scalar, Table, Text, parse

LARGEST = 64 * 1024 * 1024
"""A file of more bytes than this is refused."""


def pack_files(folder: Path) -> list[Path]:
    """The files that make up the pack in `folder`, sorted by name. Raises PackError when there is no such pack."""
    if not folder.exists():
        raise PackError([Fault(str(folder), 0, 0, "there is no such folder")])
    if not folder.is_dir():
        raise PackError([Fault(str(folder), 0, 0, "a pack is a folder of YAML files, and this is a file")])
    try:
        files = sorted(p for p in folder.iterdir() if p.suffix in {".yaml", ".yml"} and not p.name.startswith("."))
    except OSError as error:
        raise PackError([Fault(str(folder), 0, 0, f"cannot be read: {error.strerror}")]) from error
    if not files:
        raise PackError([Fault(str(folder), 0, 0, "holds no .yaml file: `faqbot init` makes a pack to start from")])
    return files


def load(folder: Path) -> pack_format.Pack:
    """The pack in `folder`. Raises PackError with every fault found."""
    pack, faults = read(folder)
    if pack is None or any(fault.severity == "error" for fault in faults):
        raise PackError([fault for fault in faults if fault.severity == "error"])
    return pack


def read(folder: Path) -> tuple[pack_format.Pack | None, list[Fault]]:
    """The pack in `folder`, None when it cannot be used at all, and everything that is wrong with it."""
    faults: list[Fault] = []
    sections: dict[str, Any] = {}
    homes: dict[tuple[str, str], Text] = {}
    for path in pack_files(folder):
        source = _text(path, faults)
        node = parse(source, str(path), faults) if source is not None else None
        if node is not None:
            _gather(node, Decoder(str(path), faults), sections, homes)
    if "pack" not in sections:
        if not faults:
            faults.append(Fault(str(folder), 0, 0, "no file has a section 'pack' that says what the pack is"))
        return None, sorted(faults)
    pack = pack_format.Pack(**sections)
    faults.extend(check(pack, str(folder)))
    return pack, sorted(set(faults))


def _text(path: Path, faults: list[Fault]) -> str | None:
    try:
        if path.stat().st_size > LARGEST:
            faults.append(Fault(str(path), 0, 0, f"is larger than {LARGEST} bytes"))
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.append(Fault(str(path), line, 1, f"is not UTF-8 (byte {error.start}): save the file as UTF-8"))
    except OSError as error:
        faults.append(Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"))
    return None


def _gather(node: Node, decoder: Decoder, sections: dict[str, Any], homes: dict[tuple[str, str], Text]) -> None:
    """Add the sections of one file to those of the others; an id may stand in one file only."""
    kind = inspect.type_info(pack_format.Pack)
    assert isinstance(kind, inspect.StructType)
    fields = {field.name: field for field in kind.fields}
    if not isinstance(node, Table):
        decoder.fault(node, f"a file should be a table of sections ({', '.join(fields)}), got {node.described()}")
        return
    seen: set[str] = set()
    for key, value in node.rows:
        if key.text not in fields:
            decoder.fault(key, f"unknown section '{key.text}'{close_name(key.text, list(fields))}")
        elif key.text in seen:
            decoder.fault(key, f"section '{key.text}' stands twice in this file")
        elif isinstance(value, Scalar) and value.meaning == "null":
            decoder.fault(key, f"section '{key.text}' is empty")
        else:
            seen.add(key.text)
            _merge(key, decoder.value(value, fields[key.text].type, f"'{key.text}'"), decoder, sections, homes)


def _merge(key: Scalar, found: Any, decoder: Decoder, sections: dict[str, Any], homes: dict[tuple[str, str], Text]) -> None:
    name = str(key.text)
    if isinstance(found, dict):
        table = sections.setdefault(name, {})
        for id_, value in found.items():
            first = homes.setdefault((name, id_), id_)
            if first is not id_:
                decoder.faults.append(id_.fault(f"'{id_}' stands already in {first.path}:{first.line}"))
            else:
                table[id_] = value
    elif isinstance(found, list):
        sections.setdefault(name, []).extend(found)
    elif found is not None:
        first = homes.setdefault((name, ""), key.text)
        if first is not key.text:
            decoder.fault(key, f"section '{name}' stands already in {first.path}:{first.line}")
        else:
            sections[name] = found
