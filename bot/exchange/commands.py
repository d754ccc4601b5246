"""What `faqbot import`, `export` and `init` print, and their exit codes."""

import sys
from pathlib import Path

from bot.errors import counted
from bot.exchange.exporting import export_pack
from bot.exchange.folder import ExchangeError
from bot.exchange.importing import import_files
from bot.exchange.scaffolding import init
from bot.language.clean import printable

DONE, FAILED = 0, 1

_LONGEST = 400


def run_import(
    files: list[str],
    folder: str,
    *,
    format_: str | None,
    encoding: str | None,
    title: str | None,
    answer: str | None,
    force: bool,
    strict: bool,
) -> int:
    """Import `files` into the pack `folder`. 0 when the pack is written, even if rows were left out; else 1."""
    try:
        found = import_files(
            [Path(name) for name in files],
            Path(folder),
            format_=format_,
            encoding=encoding,
            title=title,
            answer=answer,
            force=force,
            strict=strict,
        )
    except (ExchangeError, OSError) as error:
        return _failed(error)
    for fault in found.faults:
        _tell(str(fault))
    _tell_lost(found.lost, "the files")
    rejected = sum(fault.severity == "error" for fault in found.faults)
    shown = printable(folder, _LONGEST)
    if not found.is_written:
        why = f"{counted(rejected, 'fault')}" if rejected else "there is nothing to import"
        _tell(f"faqbot: nothing was written to {shown} ({why})")
        return FAILED
    if found.stand_ins:
        _tell(f"{counted(found.stand_ins, 'intent')} had no answer: write them in the pack, or import the responses too")
    left = f"; {counted(rejected, 'fault')}, told above: what they touch was left out" if rejected else ""
    entries = "1 entry" if found.entries == 1 else f"{found.entries:,} entries"
    again = f"; {counted(found.repeated, 'row')} repeated another of their intent" if found.repeated else ""
    print(f"{shown}: {entries}, {counted(found.phrasings, 'phrasing')}{again}{left}")
    return DONE


def run_export(folder: Path, target: str, *, format_: str | None, force: bool) -> int:
    """Export the pack in `folder` to the file `target`. 0 when it is written, else 1. Raises PackError."""
    try:
        lost = export_pack(folder, Path(target), format_=format_, force=force)
    except BrokenPipeError:
        raise  # whoever reads has seen enough
    except (ExchangeError, OSError) as error:
        return _failed(error)
    _tell_lost(lost, "the pack")
    return DONE


def run_init(folder: str, *, force: bool) -> int:
    """Make the pack `folder`. 0 when it is written, else 1."""
    try:
        names = init(Path(folder), force=force)
    except (ExchangeError, OSError) as error:
        return _failed(error)
    shown = printable(folder, _LONGEST)
    print(f"{shown}: {', '.join(names)}")
    print(f'Try it: faqbot ask --pack {shown} "when are you open?"')
    return DONE


def _failed(error: ExchangeError | OSError) -> int:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        _tell(f"faqbot: {where}{error.strerror or error}; nothing was written")
    else:
        for line in str(error).splitlines():
            _tell(line)
    return FAILED


def _tell_lost(lost: dict[str, int], of: str) -> None:
    for what, number in lost.items():
        _tell(f"left out of {of}: {what} ({number:,})")


def _tell(text: str) -> None:
    print(printable(text, 2000), file=sys.stderr)
