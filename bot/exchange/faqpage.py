"""schema.org FAQPage, both ways: as JSON-LD, and as a page that carries it."""

import html
import json
from collections.abc import Iterator
from typing import Any

from bot.errors import Fault
from bot.exchange.document import Content, Document, Item
from bot.exchange.markup import page
from bot.exchange.outline import rows_of
from bot.pack.nodes import Text
from bot.pack.rows import Column, Row, object_rows

_DEEPEST = 50


def read_json(source: str, path: str, faults: list[Fault], names: dict[str, Column]) -> Document:
    """A JSON file: JSON-LD with questions in it, or a list of objects such as the lines of JSONL."""
    document = Document()
    found = _parsed(source, path, 1, faults)
    if isinstance(found, list) and all(isinstance(item, dict) and "@type" not in item and "@graph" not in item for item in found):
        for item in found:
            question = item.get("question", "")
            place = Text.at("", path, _line(source, question if isinstance(question, str) else "", 0, 1)[1], 1)
            document.rows.extend(object_rows(item, place, faults, names))
    elif found is not None:
        _add(document, found, source, path, 1, faults)
        if not document.rows:
            faults.append(Fault(path, 0, 0, "holds no schema.org Question: an FAQPage has them in 'mainEntity'"))
    return document


def read_html(source: str, path: str, faults: list[Fault]) -> Document:
    """A page: the JSON-LD that it carries, else its marked questions, `dt` and `summary`, else its headings."""
    shown = page(source)
    document = Document()
    for script in shown.data:
        found = _parsed(script.text, path, script.line, faults)
        if found is not None:
            _add(document, found, script.text, path, script.line, faults)
    if not document.rows:
        document.rows.extend(rows_of(shown.blocks, path, faults))
        if not document.rows:
            faults.append(Fault(path, 0, 0, "holds neither a schema.org FAQPage nor headings that are questions"))
    document.title = document.title or " ".join(shown.title.split())
    return document


def _parsed(source: str, path: str, line: int, faults: list[Fault]) -> Any:
    try:
        return json.loads(source)
    except json.JSONDecodeError as error:
        faults.append(Fault(path, line + error.lineno - 1, error.colno, f"not readable as JSON: {error.msg}"))
    except (ValueError, RecursionError):
        faults.append(Fault(path, line, 1, "not readable as JSON: too deep, or a number too long"))
    return None


def _add(document: Document, found: Any, source: str, path: str, first: int, faults: list[Fault]) -> None:
    """Add the questions of parsed JSON-LD, wherever they stand in it."""
    at, line = 0, first
    for node in _nodes(found, 0):
        types = node.get("@type", [])
        types = [types] if isinstance(types, str) else types
        if "FAQPage" in types or "QAPage" in types:
            document.title = document.title or _text(node.get("name")) or _text(node.get("headline"))
            document.publisher = document.publisher or _text(node.get("publisher")) or _text(node.get("author"))
            document.url = document.url or _text(node.get("url"))
        if "Question" not in types:
            continue
        question = _text(node.get("name")) or _text(node.get("text"))
        at, line = _line(source, question, at, line, first)
        place = Text.at("", path, line, 1)
        answer = _answer(node)
        if not question or not answer:
            faults.append(place.fault(f"the question '{question}' has no answer" if question else "a Question has no 'name'"))
            continue
        intent = _text(node.get("identifier"))
        section = _text(node.get("isPartOf"))
        names = node.get("alternateName", [])
        every = [
            question,
            *(_text(name) for name in ([names] if isinstance(names, str) else names if isinstance(names, list) else [])),
        ]
        document.rows.extend(
            Row(
                place,
                intent=_at(intent, place) if intent else None,
                question=_at(words, place),
                answer=_at(answer, place),
                section=_at(section, place) if section else None,
            )
            for words in every
            if words
        )


def _at(text: str, place: Text) -> Text:
    return Text.at(text, place.path, place.line, place.column)


def _line(source: str, text: str, start: int, line: int, first: int = 1) -> tuple[int, int]:
    """Offset and line of `text` in the JSON of `source`, from `start` on; those of the last one if it is not found."""
    for shown in (json.dumps(text, ensure_ascii=False), json.dumps(text)):
        at = source.find(shown, start) if text else -1
        if at >= 0:
            return at, first + source.count("\n", 0, at)
    return start, line


def _nodes(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every object in parsed JSON."""
    if depth > _DEEPEST:
        return
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from _nodes(value, depth + 1)
    elif isinstance(found, list):
        for value in found:
            yield from _nodes(value, depth + 1)


def _text(value: Any) -> str:
    """A text of JSON-LD, which may be wrapped in an object or a list."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value", value.get("name", ""))
    return value.strip() if isinstance(value, str) else ""


def _answer(question: dict[str, Any]) -> str:
    for key in ("acceptedAnswer", "suggestedAnswer"):
        answers = question.get(key)
        for answer in answers if isinstance(answers, list) else [answers]:
            text = _text(answer.get("text")) if isinstance(answer, dict) else _text(answer)
            if text:
                return text
    return ""


def write_json(content: Content) -> tuple[str, dict[str, int]]:
    """The FAQPage as JSON-LD, and what it cannot hold. Safe to stand inside a page's script."""
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": "FAQPage", "name": content.title}
    if content.url:
        found["isBasedOn"] = content.url
    found["publisher"] = {"@type": "Organization", "name": content.publisher}
    found["mainEntity"] = [_question(item) for item in content.items]
    text = json.dumps(found, ensure_ascii=False, indent=2)
    verdicts = sum(len(item.confirms) + len(item.denies) for item in content.items)
    return _harmless(text) + "\n", {"whether the answer to a phrasing is yes or no": verdicts}


def _harmless(text: str) -> str:
    """JSON that a page may carry in a script."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _question(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Question", "identifier": item.id, "name": item.question}
    more = [*item.asks, *item.confirms, *item.denies]
    if more:
        found["alternateName"] = more
    if item.section:
        found["isPartOf"] = {"@type": "CreativeWork", "name": item.section}
    found["acceptedAnswer"] = {"@type": "Answer", "text": html.escape(item.answer, quote=False)}
    return found


_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }} dt {{ font-weight: bold }}
dd {{ margin: 0 0 1.5rem; white-space: pre-line }}</style>
<script type="application/ld+json">
{data}</script>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def write_html(content: Content) -> tuple[str, dict[str, int]]:
    """A page to read, which carries the FAQPage; and what it cannot hold."""
    data, lost = write_json(content)
    body: list[str] = []
    section = None
    for item in content.items:
        if item.section != section:
            body.append(
                ("</dl>\n" if body else "") + (f"<h2>{html.escape(item.section)}</h2>\n" if item.section else "") + "<dl>"
            )
            section = item.section
        body.append(f"<dt>{html.escape(item.question)}</dt>\n<dd>{html.escape(item.answer.replace('**', ''))}</dd>")
    return _PAGE.format(title=html.escape(content.title), data=data, body="\n".join([*body, "</dl>"] if body else [])), lost
