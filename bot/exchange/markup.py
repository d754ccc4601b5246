"""HTML -> plain blocks of text. Tags are never passed on, and what a script, a style or a form holds is dropped."""

import re
from html.parser import HTMLParser

from msgspec import Struct

TEXT, QUESTION = 0, 7
"""Levels of blocks beside 1 to 6, those of headings."""

# fmt: off
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "canvas", "audio", "video", "head",
    "select", "textarea", "form", "nav", "footer", "aside",
})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
})
_INLINE = frozenset({
    "a", "abbr", "b", "br", "cite", "code", "em", "embed", "font", "i", "img", "input", "kbd", "link", "mark", "meta", "q", "s",
    "small", "span", "strong", "sub", "sup", "u",
})
# fmt: on
_KNOWN = re.compile(rf"<[/!]?\s*(?:{'|'.join(sorted(_DROPPED | _BLOCKS | _INLINE))})\b|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|p|div|li|ul|ol|h[1-6]|table|tr|dl|dd|section|blockquote)\b", re.IGNORECASE)
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_UNSAFE_LINK = re.compile(r"\[([^\]]*)\]\(\s*<?\s*(?:javascript|vbscript|data)\s*:(?:[^()]|\([^()]*\))*\)", re.IGNORECASE)
_SPACE, _BLANK = re.compile(r"\s+"), re.compile(r"[^\S\n]+")
_MOST_PASSES = 5


class Block(Struct, frozen=True):
    """A heading, a question or a text of a page."""

    level: int
    """1 to 6 for a heading, QUESTION for what is marked as one, TEXT for the rest"""
    text: str
    line: int


class Script(Struct, frozen=True):
    """Data that a page carries in a script."""

    text: str
    line: int


def as_text(text: str) -> str:
    """`text` without markup, if it has any: paragraphs apart, lists with `- `, bold as `**`; never a script.

    What comes out as markup again, because it was escaped twice, is taken out too.
    """
    for _ in range(_MOST_PASSES):
        if not _KNOWN.search(text) and not _ENTITY.search(text):
            break
        text = joined(page(text, keeps_lines=not _BREAKS.search(text)).blocks)
    else:
        text = text.replace("<", "")
    return _UNSAFE_LINK.sub(r"\1", text)


def joined(blocks: list[Block]) -> str:
    """The blocks as one text; the items of a list on lines of their own."""
    text = ""
    for block in blocks:
        is_item = re.match(r"- |\d+\. ", block.text)
        text += ("\n" if is_item and re.search(r"(^|\n)(- |\d+\. )[^\n]*$", text) else "\n\n" if text else "") + block.text
    return text


class Page(HTMLParser):
    """Reads a page into blocks."""

    def __init__(self, *, keeps_lines: bool) -> None:
        """`keeps_lines`: the ends of lines mean something, as they do in plain text."""
        super().__init__(convert_charrefs=True)
        self._space = _BLANK if keeps_lines else _SPACE
        self.blocks: list[Block] = []
        self.data: list[Script] = []
        """JSON-LD"""
        self.title = ""
        self._dropped: list[str] = []
        self._words: list[str] = []
        self._level = TEXT
        self._line = 1
        self._lists: list[int] = []
        self._links: list[str] = []
        self._item = ""
        self._type = ""
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, or drop what follows."""
        given = {name: value or "" for name, value in attrs}
        if tag == "title":
            self._within = "title"
        if tag in _DROPPED:
            self._within = (
                "ld" if tag == "script" and given.get("type", "").lower().strip() == "application/ld+json" else self._within
            )
            if tag not in {"head"}:
                self._dropped.append(tag)
            return
        if self._dropped:
            return
        if "itemtype" in given:
            self._type = given["itemtype"].rpartition("/")[2]
        if tag in _BLOCKS:
            self._flush()
            self._line = self.getpos()[0]
        is_name = given.get("itemprop") == "name" and self._type == "Question"
        if is_name or tag in {"dt", "summary"}:
            self._flush()
            self._level, self._line = QUESTION, self.getpos()[0]
        elif re.fullmatch("h[1-6]", tag) and self._level != QUESTION:
            self._level = int(tag[1])
        if tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else 0)
        elif tag == "li":
            number = self._lists[-1] if self._lists else 0
            self._item = f"{number}. " if number else "- "
            if number:
                self._lists[-1] += 1
        elif tag in {"b", "strong"}:
            self._words.append("**")
        elif tag == "a":
            self._links.append(given.get("href", ""))
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._words.append(given.get("alt", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself; HTML knows that of void elements alone."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close a block."""
        if tag == "title" or tag == "script":
            self._within = ""
        if self._dropped:
            if tag in self._dropped:
                del self._dropped[self._dropped.index(tag) :]
            return
        if tag in _BLOCKS:
            self._flush()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag in {"b", "strong"}:
            self._words.append("**")
        elif tag == "a" and self._links:
            link = self._links.pop().strip()
            if _LINK.match(link) and link not in "".join(self._words):
                self._words.append(f" ({link})")

    def handle_data(self, data: str) -> None:
        """Text of the page, or data in a script."""
        if self._within == "ld":
            self.data.append(Script(data, self.getpos()[0]))
        elif self._within == "title":
            self.title += data
        elif not self._dropped:
            self._words.append(self._space.sub(" ", data))

    def close(self) -> None:
        """The end of the page."""
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = "\n".join(" ".join(line.split()) for line in "".join(self._words).split("\n"))
        text = re.sub(r"\*\*\s*\*\*", "", re.sub(r"\*\*\s*([^*]*?)\s*\*\*", r"**\1**", text)).strip()
        if text:
            level = self._level
            shown = text if level == TEXT else " ".join(text.replace("**", "").split())
            self.blocks.append(Block(level, (self._item if level == TEXT else "") + shown, self._line))
            self._item = ""
        self._words, self._level = [], TEXT


def page(source: str, *, keeps_lines: bool = False) -> Page:
    """What the HTML in `source` shows. `keeps_lines`: it is plain text with a few tags."""
    parser = Page(keeps_lines=keeps_lines)
    parser.feed(source)
    parser.close()
    return parser
