"""Markdown, both ways: headings are questions, the text below is the answer.

### When do you open?
<!-- intent: "hours" -->

We open at 7.

Also asked:
- opening hours
"""

import json
import re
from itertools import pairwise

from msgspec.structs import replace

from bot.errors import Fault
from bot.exchange.document import Content, Document, Item
from bot.exchange.markup import QUESTION, TEXT, Block
from bot.exchange.outline import rows_of
from bot.pack.nodes import Text
from bot.pack.rows import Row

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_BOLD = re.compile(r"(?:\*\*|__)([^*_]+[?？؟])(?:\*\*|__)$|(?:Q|Question)[:.] +(.+)$")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_INTENT = re.compile(r"<!--\s*intent:\s*(.*?)\s*-->$")
_MARKS = re.compile(r"(?<!\\)(\*\*|__|`)|!?\[([^\]]*)\]\([^)]*\)")
ASKED = {"Also asked:": None, "Answered with yes:": "yes", "Answered with no:": "no"}


def read(source: str, path: str, faults: list[Fault]) -> Document:
    """The questions and answers of a Markdown document."""
    document = Document()
    blocks = _blocks(source)
    for at, (block, below) in enumerate(pairwise(blocks)):
        if block.level != TEXT and below.level == TEXT and _INTENT.match(below.text.partition("\n")[0].strip()):
            blocks[at] = replace(block, level=QUESTION)
    first = next((block for block in blocks if block.level == 1), None)
    document.title = first.text if first and not first.text.endswith("?") else ""
    for row in rows_of(blocks, path, faults):
        document.rows.extend(_rows(row))
    return document


def _blocks(source: str) -> list[Block]:
    """Headings, bold questions, and paragraphs with their line ends."""
    blocks: list[Block] = []
    kept: list[str] = []
    first = 0
    fence = ""

    def flush() -> None:
        text = "\n".join(kept).strip("\n")
        if text.strip():
            blocks.append(Block(TEXT, text, first))
        kept.clear()

    for number, line in enumerate(_without_front_matter(source.replace("\r\n", "\n").replace("\r", "\n").split("\n")), 1):
        opened = _FENCE.match(line)
        if fence:
            fence = "" if opened and opened.group(1).startswith(fence) else fence
        elif opened:
            fence = opened.group(1)
        elif heading := _HEADING.match(line):
            flush()
            blocks.append(Block(len(heading.group(1)), _bare(heading.group(2) or ""), number))
            continue
        elif re.fullmatch(r" {0,3}(=+|-{2,})\s*", line) and len(kept) == 1 and kept[0].strip():
            blocks.append(Block(1 if "=" in line else 2, _bare(kept.pop()), number - 1))
            continue
        elif bold := _BOLD.match(line.strip()):
            flush()
            blocks.append(Block(QUESTION, _bare(bold.group(1) or bold.group(2)), number))
            continue
        if not line.strip() and not fence:
            flush()
            continue
        if not kept:
            first = number
        kept.append(line)
    flush()
    return blocks


def _without_front_matter(lines: list[str]) -> list[str]:
    """The lines with those of a YAML header emptied."""
    if lines and lines[0].strip() == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        return [""] * (end + 1) + lines[end + 1 :]
    return lines


def _bare(text: str) -> str:
    """A heading without marks."""
    return " ".join(_MARKS.sub(lambda match: match.group(2) or "", text).split())


def _rows(row: Row) -> list[Row]:
    """The row of a question, and one for each of the ways to ask it that its text lists."""
    assert row.answer is not None
    intent: Text | None = None
    kept: list[str] = []
    asked: list[tuple[str, str | None]] = []
    listing: str | None = None
    for line in row.answer.split("\n"):
        bare = line.strip()
        named = _INTENT.match(bare)
        if named:
            intent = _at(_name(named.group(1)), row.place)
        elif bare in ASKED:
            listing = bare
        elif listing and bare.startswith(("- ", "* ")):
            asked.append((bare[2:].strip(), ASKED[listing]))
        elif bare or listing is None:
            listing = None
            kept.append(re.sub(r"^A(?:nswer)?[:.] +", "", line) if not kept else line)
    answer = re.sub(r"(?m)^\\(?=[#*_QA<])", "", "\n".join(kept)).strip()
    text = _at(answer, row.answer) if answer else None
    rows = [Row(row.place, intent=intent, question=row.question, answer=text, section=row.section)]
    rows += [Row(row.place, intent, _at(words, row.place), text, row.section, verdict) for words, verdict in asked]  # type: ignore[arg-type]
    return rows


def _at(text: str, place: Text) -> Text:
    return Text.at(text, place.path, place.line, place.column)


def _name(text: str) -> str:
    try:
        name = json.loads(text)
    except ValueError:
        return text
    return name if isinstance(name, str) else text


def write(content: Content) -> tuple[str, dict[str, int]]:
    """The document, and what it cannot hold."""
    parts = [f"# {content.title}"]
    section = ""
    for item in content.items:
        if item.section and item.section != section:
            section = item.section
            parts.append(f"## {section}")
        parts.extend(_written(item))
    return "\n\n".join(parts) + "\n", {}


def _written(item: Item) -> list[str]:
    name = json.dumps(item.id, ensure_ascii=False).replace("--", "-\\u002d").replace(">", "\\u003e")
    parts = [f"### {item.question}\n<!-- intent: {name} -->", re.sub(r"(?m)^(?=#|(?:\*\*|__)|[QA][:.]|<!--)", r"\\", item.answer)]
    for title, texts in zip(ASKED, (item.asks, item.confirms, item.denies), strict=True):
        if texts:
            parts.append("\n".join([title, *(f"- {text}" for text in texts)]))
    return parts
