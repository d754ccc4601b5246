"""A pack -> a file of questions and answers."""

import json
from collections.abc import Callable
from pathlib import Path

from bot.exchange import faqpage, markdown, rasa
from bot.exchange.document import Content, Item
from bot.exchange.folder import write_file
from bot.exchange.importing import format_of
from bot.language.template import Rule as SharedRule
from bot.language.template import Sequence, TemplateError, count, expand, parse, slots
from bot.pack.format import Entry, Pack, Phrasings
from bot.pack.gather import key_of, plain
from bot.pack.knowledge import Knowledge
from bot.pack.load import load
from bot.pack.rows import written
from bot.respond.facts import Evaluator
from bot.understand.query import Query

_MOST_PHRASES = 12
"""A template that stands for more phrases than this is left out."""

_SECTIONS = {
    "kinds": "kinds of things",
    "things": "things with facts",
    "synonyms": "synonyms",
    "background": "background words",
    "gaps": "gaps",
    "guards": "guards",
    "examples": "lists of examples",
    "long": "lists of long messages",
    "smalltalk": "courtesies",
    "tests": "tests",
}
_KEYS = {
    "so": "signs of what is so",
    "not_so": "signs of what is not so",
    "about": "things that entries are about",
    "next": "next questions",
}


def export_pack(folder: Path, target: Path, *, format_: str | None = None, force: bool = False) -> dict[str, int]:
    """Write the entries of the pack in `folder` to the file `target`; `-` is the standard output.

    Returns what the file does not hold: what -> how many. Raises PackError, ExchangeError and OSError; then no file is left.
    """
    kind = format_of(target, format_)
    content = content_of(load(folder))
    text, lost = _WRITERS[kind](content)
    if str(target) == "-":
        print(text, end="")
    else:
        write_file(target, text, force=force)
    return {what: number for what, number in {**content.lost, **lost}.items() if number}


def content_of(pack: Pack) -> Content:
    """What other formats can hold of a pack. Templates of a few phrases are written out."""
    lost = {what: len(getattr(pack, name)) for name, what in _SECTIONS.items()}
    lost |= {what: sum(bool(getattr(entry, name)) for entry in pack.entries.values()) for name, what in _KEYS.items()}
    lost["entries with a risk"] = sum(entry.risk != "normal" for entry in pack.entries.values())
    writer = _Writer(pack)
    items = [writer.item(id_, entry) for id_, entry in pack.entries.items()]
    lost["templates of phrasings"] = writer.lost
    about = pack.pack
    return Content(str(about.title), str(about.source.publisher), about.source.url, items, lost)


class _Writer:
    """Writes out the entries of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._facts = Evaluator(Knowledge(pack))
        self._rules = {name: parse(text) for name, text in pack.rules.items()}
        self._owners = {key_of(str(entry.question)): id_ for id_, entry in pack.entries.items()}
        for id_, entry in pack.entries.items():
            for text in (*entry.phrasings, *entry.confirms, *entry.denies):
                self._owners.setdefault(key_of(text), id_)
        self.lost = 0
        """templates that stand for too much to be written out"""

    def item(self, id_: str, entry: Entry) -> Item:
        more = self._pack.phrasings.get(id_, Phrasings())
        answer, section = str(entry.answer), str(entry.section)
        if entry.fact is not None:
            thing, _, attribute = entry.fact.partition(".")
            answer = "\n\n".join(self._facts.evaluate(Query("list", attribute, things=(thing,))).lines)
            section = section or str(self._pack.things[thing].section)
        seen = {key_of(entry.question)}
        return Item(
            id=str(id_),
            question=str(entry.question),
            answer=answer,
            section=section,
            asks=self._phrases(id_, [*entry.phrasings, *more.asks], seen),
            confirms=self._phrases(id_, [*entry.confirms, *more.confirms], seen),
            denies=self._phrases(id_, [*entry.denies, *more.denies], seen),
        )

    def _phrases(self, id_: str, templates: list[str], seen: set[str]) -> list[str]:
        """Every phrase that the templates of an entry stand for, each once, and none that is another entry's."""
        found: list[str] = []
        for template in templates:
            phrases = self._expanded(template)
            self.lost += not phrases
            for phrase in phrases:
                key = key_of(phrase)
                if key and key not in seen and self._owners.setdefault(key, id_) == id_:
                    seen.add(key)
                    found.append(phrase)
        return found

    def _expanded(self, template: str) -> list[str]:
        if plain(template) == " ".join(template.split()):
            return [" ".join(template.split())]
        tree = parse(template)
        try:
            if self._has_slot(tree) or count(tree, self._rules) > _MOST_PHRASES:
                return []
            return expand(tree, self._rules)
        except TemplateError:
            return []

    def _has_slot(self, tree: Sequence) -> bool:
        return any(self._has_slot(self._rules[slot.name]) if isinstance(slot, SharedRule) else True for slot in slots(tree))


def _table(content: Content, delimiter: str) -> tuple[str, dict[str, int]]:
    """A table with the columns intent, question and answer, and behind them those that the pack has something for."""
    with_section = any(item.section for item in content.items)
    with_verdict = any(item.confirms or item.denies for item in content.items)
    rows = [["intent", "question", "answer", *(["section"] if with_section else []), *(["verdict"] if with_verdict else [])]]
    for item in content.items:
        asked = [("", [item.question, *item.asks]), ("yes", item.confirms), ("no", item.denies)]
        for verdict, texts in asked:
            for text in texts:
                more = [*([item.section] if with_section else []), *([verdict] if with_verdict else [])]
                rows.append([item.id, text, item.answer, *more])
    return written(rows, delimiter), {}


def _csv(content: Content) -> tuple[str, dict[str, int]]:
    return _table(content, ",")


def _tsv(content: Content) -> tuple[str, dict[str, int]]:
    return _table(content, "\t")


def _jsonl(content: Content) -> tuple[str, dict[str, int]]:
    lines = []
    for item in content.items:
        found: dict[str, str | list[str]] = {"intent": item.id, "question": item.question, "answer": item.answer}
        if item.section:
            found["section"] = item.section
        lists = {"phrasings": item.asks, "confirms": item.confirms, "denies": item.denies}
        lines.append(json.dumps({**found, **{name: texts for name, texts in lists.items() if texts}}, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines), {}


_WRITERS: dict[str, Callable[[Content], tuple[str, dict[str, int]]]] = {
    "csv": _csv,
    "tsv": _tsv,
    "jsonl": _jsonl,
    "markdown": markdown.write,
    "html": faqpage.write_html,
    "faqpage": faqpage.write_json,
    "rasa": rasa.write,
}
