"""Paragraphs -> lines of a terminal: wrapping with hanging indents, and nothing that could command the terminal. Pure."""

import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

WIDEST = 100
"""Longer lines than this are hard to read, however wide the window."""

NARROWEST = 20
"""In a narrower window the terminal breaks the lines itself."""

Style = Literal["", "strong", "quiet", "alarm"]
Fragment = tuple[str, str]
"""style and text, as prompt_toolkit takes them"""

_MARK = re.compile(r" *(?:(?:[-*•]|\d{1,3}[.)]) +)?")
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Para(Struct, frozen=True):
    """Something to show; its lines may be list items (`- `, `1. `)."""

    text: str
    style: Style = ""
    indent: int = 0
    """blanks before every line"""
    head: str = ""
    """stands before the first line; the others are indented to its width"""


def safe(text: str) -> str:
    """`text` without control characters, direction marks, lone surrogates; newlines stay, other white space becomes a blank."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(char) for char in text)


def _safe(char: str) -> str:
    if char == "\n" or char.isprintable():
        return char
    if char.isspace():
        return " "
    return char if unicodedata.category(char) == "Cf" and char not in _DIRECTIONS else ""


def cells(text: str) -> int:
    """Columns that `text` takes up on a terminal."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """The lines of `text`, each at most `width` columns; what follows a list mark hangs under its first word."""
    return [line for paragraph in safe(text).split("\n") for line in _wrap_line(paragraph.rstrip(), width)]


def _wrap_line(line: str, width: int) -> list[str]:
    match = _MARK.match(line)
    head = match.group() if match else ""
    if cells(head) > width // 2:
        head = ""
    lines = _fill(line[len(head) :].split(), width - cells(head))
    return [(" " * cells(head) if n else head) + words for n, words in enumerate(lines)]


def _fill(words: list[str], room: int) -> list[str]:
    """`words` in lines of at most `room` columns; a longer word is broken."""
    lines = [""]
    used = 0
    for piece in (piece for word in words for piece in _pieces(word, room)):
        size = cells(piece)
        if lines[-1] and used + 1 + size > room:
            lines.append("")
            used = 0
        lines[-1] += f" {piece}" if lines[-1] else piece
        used = used + 1 + size if used else size
    return lines


def _pieces(word: str, room: int) -> Iterable[str]:
    if cells(word) <= room:
        return [word]
    pieces, used = [""], 0
    for char in word:
        if used + _cell(char) > room and pieces[-1]:
            pieces.append("")
            used = 0
        pieces[-1] += char
        used += _cell(char)
    return pieces


def layout(paras: Iterable[Para], columns: int | None) -> list[Fragment]:
    """Every line of `paras` with its style, for a terminal of `columns`; not wrapped at all when `columns` is None."""
    width = sys.maxsize if columns is None else max(NARROWEST, min(columns, WIDEST))
    return [fragment for para in paras for fragment in _layout(para, width)]


def _layout(para: Para, width: int) -> list[Fragment]:
    head = " " * para.indent + para.head
    if cells(head) > width // 2:  # too narrow for two columns: one under the other
        parts = Para(para.head, para.style, para.indent), Para(para.text, para.style, para.indent + 2)
        return layout(parts, width)
    style = f"class:{para.style}" if para.style else ""
    fragments: list[Fragment] = []
    for n, line in enumerate(wrap(para.text, width - cells(head))):
        margin = " " * cells(head) if n else head
        fragments.append((style, f"{margin}{line}".rstrip()))
        fragments.append(("", "\n"))
    return fragments


def plain(paras: Iterable[Para], columns: int | None = None) -> str:
    """`paras` as text without styles."""
    return "".join(text for _, text in layout(paras, columns))


def fold(text: str) -> str:
    """`text` on one line, its own lines parted by ` / `: what a machine reads."""
    lines = (" ".join(line.split()) for line in safe(text).split("\n"))
    return " / ".join(line for line in lines if line)
