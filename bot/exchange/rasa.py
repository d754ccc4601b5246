"""Rasa's YAML, both ways: `nlu` examples, the `responses` to them, and the `rules` that join the two."""

import re
from collections.abc import Iterator

from bot.errors import Fault
from bot.exchange.document import Content, Document
from bot.exchange.yaml_text import block_text
from bot.pack.nodes import Items, Node, Scalar, Table, Text, parse
from bot.pack.rows import Row

_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")
_ITEM = re.compile(r"\s*[-*+] ?(.*)$")
_NOT_KEPT = ("synonym", "regex", "lookup")


class _Read:
    """The parts of one or more files that belong together."""

    def __init__(self, document: Document, faults: list[Fault]) -> None:
        self.document = document
        self.faults = faults
        self.examples: dict[Text, list[Text]] = {}
        self.responses: dict[str, Text] = {}
        self.actions: dict[str, str] = {}

    def rows(self) -> Iterator[Row]:
        """A row for each example; an intent without any gives a row that says so."""
        for intent, examples in self.examples.items():
            answer = self._answer(intent)
            if not examples:
                yield Row(intent, intent=intent, answer=answer or intent)
            for example in examples:
                yield Row(example, intent=intent, question=example, answer=answer)

    def _answer(self, intent: str) -> Text | None:
        whole = intent.partition("/")[0]
        names = (self.actions.get(intent, ""), f"utter_{intent}", intent, self.actions.get(whole, ""), f"utter_{whole}")
        return next((self.responses[name] for name in names if name in self.responses), None)


def read(files: list[tuple[str, str]], faults: list[Fault]) -> Document:
    """The intents of Rasa's files: training data, domain, rules and stories, in any order.

    files: text and path of each.
    """
    document = Document(may_lack_answers=True)
    found = _Read(document, faults)
    for source, path in files:
        node = parse(source, path, faults)
        sections = _table(node)
        if node is not None and not sections.keys() & {"nlu", "responses", "rules", "stories", "intents"}:
            faults.append(Fault(path, node.line, node.column, "is no Rasa file: it has neither 'nlu' nor 'responses'"))
        for item in _items(sections.get("nlu")):
            _intent(_table(item), item, found)
        for name, variants in _table(sections.get("responses")).items():
            _response(name, _items(variants), found)
        for section in ("rules", "stories"):
            for item in _items(sections.get(section)):
                _steps(_items(_table(item).get("steps")), found)
        for section in sections.keys() - {"version", "nlu", "responses", "rules", "stories", "intents"}:
            document.lose(f"the section '{section}'")
    document.rows.extend(found.rows())
    return document


def _table(node: Node | None) -> dict[str, Node]:
    return {str(key.text): value for key, value in node.rows} if isinstance(node, Table) else {}


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Items) else []


def _words(node: Node | None) -> Text | None:
    return node.text if isinstance(node, Scalar) and node.text.strip() else None


def _intent(item: dict[str, Node], node: Node, found: _Read) -> None:
    intent = _words(item.get("intent"))
    if intent is None:
        kept = next((name for name in _NOT_KEPT if name in item), None)
        if kept:
            found.document.lose(
                {"synonym": "synonyms of entities", "regex": "regular expressions", "lookup": "lookup tables"}[kept]
            )
        else:
            found.faults.append(Text.at("", _path(node, found), node.line, node.column).fault("an item of 'nlu' has no 'intent'"))
        return
    examples = found.examples.setdefault(intent, [])
    given = item.get("examples")
    if isinstance(given, Items):
        texts = [_words(one) or _words(_table(one).get("text")) for one in given.items]
        examples.extend(_without_entities(text, found) for text in texts if text is not None)
    elif isinstance(given, Scalar):
        is_block = given.text.count("\n") > 0 or given.text.lstrip().startswith("-")
        for number, line in enumerate(given.text.split("\n"), given.line + 1):
            match = _ITEM.match(line)
            if match and match.group(1).strip():
                examples.append(_without_entities(Text.at(match.group(1).strip(), given.text.path, number, 1), found))
            elif line.strip():
                wrong = (
                    "an example should begin with '- '"
                    if is_block
                    else "'examples' should be a block of lines that begin with '- '"
                )
                found.faults.append(Text.at("", given.text.path, number, 1).fault(wrong))


def _path(node: Node, found: _Read) -> str:
    """The file that `node` stands in, as far as one of its texts tells."""
    if isinstance(node, Scalar):
        return node.text.path
    inner = [key for key, _ in node.rows] if isinstance(node, Table) else node.items
    return _path(inner[0], found) if inner else ""


def _without_entities(text: Text, found: _Read) -> Text:
    bare, marks = _ENTITY.subn(r"\1", text)
    for _ in range(marks):
        found.document.lose("marks of entities in examples")
    return Text.at(bare, text.path, text.line, text.column)


def _response(name: str, variants: list[Node], found: _Read) -> None:
    texts = [text for variant in variants if (text := _words(_table(variant).get("text"))) is not None]
    if texts:
        found.responses[name] = texts[0]
    for _ in range(max(0, len(texts) - 1)):
        found.document.lose("other wordings of a response")
    for variant in variants:
        for key in _table(variant).keys() - {"text"}:
            found.document.lose(f"'{key}' of responses")


def _steps(steps: list[Node], found: _Read) -> None:
    """Note which response follows an intent at once."""
    before: str | None = None
    for step in steps:
        table = _table(step)
        action = _words(table.get("action"))
        if before is not None and action is not None and action.startswith("utter_"):
            found.actions.setdefault(before, action)
        before = _words(table.get("intent"))


def write(content: Content) -> tuple[str, dict[str, int]]:
    """One file with training data, responses and rules; and what it cannot hold."""
    lost: dict[str, int] = {}
    nlu, rules = [], []
    responses: dict[str, list[dict[str, str]]] = {}
    for item in content.items:
        examples = [_example(text) for text in (item.question, *item.asks, *item.confirms, *item.denies)]
        nlu.append({"intent": item.id, "examples": "".join(f"- {text}\n" for text in dict.fromkeys(examples))})
        responses[f"utter_{item.id}"] = [{"text": item.answer}]
        rules.append({"rule": item.id, "steps": [{"intent": item.id}, {"action": f"utter_{item.id}"}]})
        lost["the section of the source"] = lost.get("the section of the source", 0) + bool(item.section)
        verdicts = len(item.confirms) + len(item.denies)
        lost["whether the answer to a phrasing is yes or no"] = (
            lost.get("whether the answer to a phrasing is yes or no", 0) + verdicts
        )
    found = {"version": "3.1", "intents": [item.id for item in content.items], "nlu": nlu, "responses": responses, "rules": rules}
    return block_text(found), lost


def _example(text: str) -> str:
    """A phrasing that Rasa does not take for one with marks."""
    return " ".join(re.sub(r"[\[\](){}]", " ", text).split())
