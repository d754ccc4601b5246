"""A file of questions and answers -> a pack."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import Fault
from bot.exchange import faqpage, markdown, rasa
from bot.exchange.document import Document
from bot.exchange.folder import ExchangeError, refuse, write_pack
from bot.exchange.markup import as_text
from bot.exchange.yaml_text import block_text
from bot.pack.format import Entry
from bot.pack.gather import Gathered, gather, key_of
from bot.pack.load import LARGEST_TABLE, read, read_bytes
from bot.pack.nodes import Text
from bot.pack.rows import Column, Row, decoded, read_rows, tidy, written
from bot.progress import Progress

FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "faqpage",
    ".jsonld": "faqpage",
    ".yml": "rasa",
    ".yaml": "rasa",
}
"""End of a file's name -> format"""

NAMES: dict[str, Column] = {
    "id": "intent",
    "label": "intent",
    "category": "intent",
    "text": "question",
    "utterance": "question",
    "phrasing": "question",
    "query": "question",
    "response": "answer",
    "reply": "answer",
}
"""Other words for the columns of a table."""

MOST_IN_YAML = 2_000
"""A pack of more phrasings than this stays a table: no person reads it as YAML, and it loads many times as fast."""

_NO_ANSWER = "No answer to '{intent}' has been written yet."


class Imported(Struct, frozen=True):
    """What became of an import."""

    faults: list[Fault]
    """the rows that were left out, and warnings"""
    lost: dict[str, int]
    """what the files hold and a pack does not -> how often"""
    entries: int = 0
    phrasings: int = 0
    stand_ins: int = 0
    """entries whose answer is still to be written"""
    repeated: int = 0
    """rows that say again what another row of their intent says"""
    is_written: bool = False


def format_of(path: Path, named: str | None) -> str:
    """The format of `path`: the one that was named, else that of the end of its name. Raises ExchangeError."""
    found = named or FORMATS.get(path.suffix.lower())
    if found is None:
        raise ExchangeError(f"{path}: the end of the name tells no format ({', '.join(FORMATS)}); say it with --format")
    return found


def import_files(
    paths: Sequence[Path],
    folder: Path,
    *,
    format_: str | None = None,
    encoding: str | None = None,
    title: str | None = None,
    answer: str | None = None,
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Make `folder` a pack of what the files hold; rows that cannot be used are left out and told.

    format_: one of the values of FORMATS, for files whose names do not tell it; encoding: of files that are not UTF-8.
    title: of the pack; answer: for intents that have none, `{intent}` in it stands for the intent's name.
    force: put it in the place of the pack that is there; strict: write nothing if any row must be left out.
    Raises ExchangeError when the folder may not be written, and OSError when it cannot be; then nothing is changed.
    """
    refuse(folder, list(paths), force=force)
    shown = progress or Progress()
    faults: list[Fault] = []
    documents = _documents(paths, format_, encoding, faults, shown)
    rows = [_clean(row) for document in documents for row in shown.over(document.rows, "cleaning", len(document.rows))]
    rows, stand_ins = _answered(rows, documents, answer, faults)
    shown.step("gathering")
    found = gather([replace(row, section=row.section or _section(row, paths)) for row in rows], faults, is_whole=True)
    shown.clear()
    lost: dict[str, int] = {}
    for document in documents:
        for what, number in document.lost.items():
            lost[what] = lost.get(what, 0) + number
    faults.sort()
    told = Imported(faults, lost)
    if not found.entries or (strict and any(fault.severity == "error" for fault in faults)):
        return told
    shown.step("writing and checking")
    try:
        write_pack(folder, _files(found, documents, paths, title), _look)
    finally:
        shown.clear()
    phrasings = sum(1 + len(e.phrasings) + len(e.confirms) + len(e.denies) for e in found.entries.values())
    unwritten = sum(str(id_) in stand_ins for id_ in found.entries)
    return Imported(faults, lost, len(found.entries), phrasings, unwritten, found.repeated, is_written=True)


def _documents(
    paths: Sequence[Path], format_: str | None, encoding: str | None, faults: list[Fault], shown: Progress
) -> list[Document]:
    documents: list[Document] = []
    of_rasa: list[tuple[str, str]] = []
    for path in paths:
        kind = format_of(path, format_)
        data = read_bytes(path, faults, LARGEST_TABLE)
        if data is None:
            continue
        try:
            source = decoded(data, encoding)
        except (LookupError, UnicodeError) as error:
            raise ExchangeError(f"{path}: cannot be read as {encoding or 'UTF-16'}: {error}") from error
        if kind in {"csv", "tsv", "jsonl"}:
            rows = read_rows(source, str(path), faults, NAMES, kind)
            documents.append(Document(list(shown.over(rows, "reading", source.count("\n")))))
            continue
        source = _whole(source, str(path), faults)
        if kind == "rasa":
            of_rasa.append((source, str(path)))
        elif kind == "markdown":
            documents.append(markdown.read(source, str(path), faults))
        elif kind == "html":
            documents.append(faqpage.read_html(source, str(path), faults))
        else:
            documents.append(faqpage.read_json(source, str(path), faults, NAMES))
    if of_rasa:
        documents.append(rasa.read(of_rasa, faults))
    return documents


def _whole(source: str, path: str, faults: list[Fault]) -> str:
    """The text, the lines that are not UTF-8 told and emptied of what could not be read."""
    if not any("\udc80" <= char <= "\udcff" for char in source):
        return source
    for number, line in enumerate(source.split("\n"), 1):
        if any("\udc80" <= char <= "\udcff" for char in line):
            faults.append(Fault(path, number, 1, "is not UTF-8: save the file as UTF-8, or name its encoding with --encoding"))
    return "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in source)


def _clean(row: Row) -> Row:
    """The row without markup, scripts above all, and without what no text should hold."""
    return replace(
        row,
        question=_cleaned(row.question, lines=False),
        answer=_cleaned(row.answer, lines=True),
        section=_cleaned(row.section, lines=False),
    )


def _cleaned(text: Text | None, *, lines: bool) -> Text | None:
    if text is None:
        return None
    clean = tidy("".join(char for char in as_text(text) if not "\ud800" <= char <= "\udfff"), lines=lines)
    return Text.at(clean, text.path, text.line, text.column) if clean else None


def _answered(
    rows: list[Row], documents: list[Document], answer: str | None, faults: list[Fault]
) -> tuple[list[Row], frozenset[str]]:
    """The rows, with a stand-in for the answers of intents that have none, and those intents.

    A file that holds no answer at all, though its format could, is a fault.
    """
    if answer is None and not any(document.may_lack_answers for document in documents):
        if rows and not any(row.answer for row in rows):
            place = rows[0].place
            faults.append(
                Fault(place.path, 0, 0, "holds no answer: give it a column 'answer', or say --answer TEXT for all of them")
            )
            return [], frozenset()
        return rows, frozenset()
    answered = {str(row.intent) for row in rows if row.intent and row.answer}
    lacking = frozenset(str(row.intent) for row in rows if row.intent) - answered
    template = answer if answer is not None else _NO_ANSWER
    filled = [
        replace(row, answer=Text.at(template.replace("{intent}", row.intent), row.place.path, row.place.line, row.place.column))
        if row.intent and str(row.intent) in lacking
        else row
        for row in rows
    ]
    return filled, lacking if answer is None else frozenset()


def _section(row: Row, paths: Sequence[Path]) -> Text:
    """Where a row stands, for want of a section."""
    where = f"line {row.place.line}" if len(paths) == 1 else f"{Path(row.place.path).name}, line {row.place.line}"
    return Text.at(where, row.place.path, row.place.line, 1)


def _files(found: Gathered, documents: list[Document], paths: Sequence[Path], title: str | None) -> dict[str, str]:
    """The files of the pack, name -> text."""
    said = next((document for document in documents if document.title), Document())
    names = ", ".join(path.name for path in paths)
    name = tidy(as_text(title or said.title), lines=False) or paths[0].stem.replace("_", " ").replace("-", " ").strip() or "FAQ"
    source = {
        "title": tidy(as_text(said.title), lines=False) or names,
        "publisher": tidy(as_text(said.publisher), lines=False) or "imported file",
    }
    if said.url.startswith(("https://", "http://")):
        source["url"] = said.url
    about = {
        "title": name,
        "source": source,
        "greeting": f"Hello. Ask me about {name}.",
        "notice": f"The answers were imported from {names}.",
        "starters": [str(entry.question) for entry in list(found.entries.values())[:3]],
    }
    files = {"pack.yaml": block_text({"pack": about})}
    many = sum(1 + len(e.phrasings) + len(e.confirms) + len(e.denies) for e in found.entries.values())
    if many > MOST_IN_YAML:
        return {**files, "entries.csv": _table(found.entries)}
    return {**files, "entries.yaml": block_text({"entries": {str(id_): _as_yaml(entry) for id_, entry in found.entries.items()}})}


def _as_yaml(entry: Entry) -> dict[str, str | list[str]]:
    lists = {name: [str(text) for text in getattr(entry, name)] for name in ("phrasings", "confirms", "denies")}
    texts = {"question": str(entry.question), "section": str(entry.section), "answer": str(entry.answer)}
    return {**texts, **{name: texts_ for name, texts_ in lists.items() if texts_}}


def _table(entries: dict[Text, Entry]) -> str:
    """The entries as CSV; an answer stands in the first row of its intent."""
    rows = [["intent", "question", "answer", "section", "verdict"]]
    for id_, entry in entries.items():
        rows.append([str(id_), str(entry.question), str(entry.answer), str(entry.section), ""])
        for verdict, texts in (("", entry.phrasings), ("yes", entry.confirms), ("no", entry.denies)):
            rows.extend(
                [str(id_), str(text), "", "", verdict] for text in texts if verdict or key_of(text) != key_of(entry.question)
            )
    return written(rows)


def _look(folder: Path) -> None:
    """Raise ExchangeError when the new pack has a fault: then we are to blame, and it is not kept."""
    _, faults = read(folder)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        told = "\n".join(str(fault).replace(f"{folder}/", "") for fault in errors[:20])
        raise ExchangeError(f"what was imported makes no sound pack, and nothing is written:\n{told}")
