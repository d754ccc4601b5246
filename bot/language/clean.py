"""Text as a person typed it -> plain lower-case text that is safe to read and to show again."""

import unicodedata
from functools import lru_cache

from msgspec import Struct

# Quotes, dashes and ligatures that NFKD leaves alone or takes apart, letters that people use for plain ones, unseen letters.
_FOLDED = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'", "＇": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": ".", "¿": "?", "¡": "!", "؟": "?", "？": "?",
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "\u115f": "", "\u1160": "",
    }
)  # fmt: skip


class Clean(Struct, frozen=True):
    """Folded text with the way back to what was typed."""

    text: str
    """Lower case; no control characters, marks or lone surrogates; newlines and blanks kept apart."""
    offsets: tuple[int, ...] | None
    """offsets[i] is the place in the typed text of text[i]; None when the two run side by side."""

    def source(self, position: int) -> int:
        """The place in the typed text of `position`, 0 to len(text)."""
        if self.offsets is None:
            return position
        return self.offsets[position] if position < len(self.offsets) else (self.offsets[-1] + 1 if self.offsets else 0)


def clean(text: str) -> Clean:
    """Fold `text`: NFKD without marks, lower case, plain quotes; whatever cannot be shown becomes nothing or a blank.

    Example: clean("What’s Ｖelcade?").text == "what's velcade?"
    """
    if text.isascii() and text.isprintable():
        return Clean(text.lower().replace("`", "'"), None)
    pieces: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(text):
        folded = _fold(char)
        pieces.append(folded)
        offsets.extend([position] * len(folded))
    return Clean("".join(pieces), tuple(offsets))


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    if char == "\n" or char == "\r":
        return "\n"
    category = unicodedata.category(char)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    if category[0] == "C":  # zero-width and direction marks, surrogates, private use
        return ""
    folded = unicodedata.normalize("NFKD", char.translate(_FOLDED)).lower().translate(_FOLDED)
    return "".join(c for c in folded if unicodedata.category(c)[0] != "M" and c.isprintable())


def printable(text: str, limit: int = 80) -> str:
    """`text` in a form that is safe to echo: one line, no control or direction characters, at most `limit` characters."""
    shown = "".join(c if c.isprintable() else " " for c in text if not 0xD800 <= ord(c) <= 0xDFFF)
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"
