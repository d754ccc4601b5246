"""Where packs lie."""

from pathlib import Path

from bot.errors import Fault, PackError

YAML = frozenset({".yaml", ".yml"})
TABLES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})
"""Files of rows, which may stand beside the YAML."""


def shipped_pack() -> Path:
    """The pack that comes with this package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "faq"
    return inside if inside.is_dir() else package.parent / "faq"


def folder_of(name: str | Path | None) -> Path:
    """The folder of that name; without one, that of the shipped pack."""
    return Path(name) if name is not None else shipped_pack()


def pack_files(folder: Path) -> list[Path]:
    """The files that make up the pack in `folder`, sorted by name. Raises PackError when there is no such pack."""
    try:
        if not folder.exists():
            raise PackError([Fault(str(folder), 0, 0, "there is no such folder")])
        if not folder.is_dir():
            raise PackError([Fault(str(folder), 0, 0, "a pack is a folder of YAML files, and this is a file")])
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() in YAML | TABLES and not p.name.startswith("."))
    except OSError as error:
        raise PackError([Fault(str(folder), 0, 0, f"cannot be read: {error.strerror}")]) from error
    if not any(path.suffix.lower() in YAML for path in files):
        raise PackError([Fault(str(folder), 0, 0, "holds no .yaml file: `faqbot init` makes a pack to start from")])
    return files
