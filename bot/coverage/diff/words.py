"""Which words of a text changed."""

import re
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

_PIECE = re.compile(r"\w+(?:['’-]\w+)*|\s+|[^\w\s]")


class Piece(Struct, frozen=True):
    """A run of words."""

    was: Literal["same", "removed", "added"]
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order: those that are not `added` make up `old`, those that are not `removed` `new`."""
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    pieces: list[Piece] = []

    def put(was: Literal["same", "removed", "added"], words: list[str]) -> None:
        if words:
            pieces.append(Piece(was, "".join(words)))

    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            put("same", before[a:b])
        else:
            put("removed", before[a:b])
            put("added", after[c:d])
    return _joined(pieces)


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """`pieces` without the lone blanks that are the same between two changes: they only make a change hard to read."""
    for at in range(len(pieces) - 2, 0, -1):
        if pieces[at].was == "same" and not pieces[at].text.strip():
            pieces[at : at + 1] = [Piece("removed", pieces[at].text), Piece("added", pieces[at].text)]
    found: list[Piece] = []
    removed = added = ""
    for piece in [*pieces, Piece("same", "")]:
        if piece.was == "removed":
            removed += piece.text
        elif piece.was == "added":
            added += piece.text
        else:
            found += [Piece("removed", removed)] if removed else []
            found += [Piece("added", added)] if added else []
            found += [piece] if piece.text else []
            removed = added = ""
    return tuple(found)
