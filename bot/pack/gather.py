"""Rows -> entries and phrasings: rows of one intent are the ways to ask one entry."""

import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct, field

from bot.errors import Fault
from bot.language.template import LONGEST_PHRASE
from bot.pack.format import Entry, Phrasings
from bot.pack.nodes import Text
from bot.pack.rows import Row

_BRACKETS = str.maketrans(dict.fromkeys("[](){}<>|", " "))
_ROUND = re.compile(r"[^()]*(\([^()\s][^()]*\)[^()]*)*")


class Gathered(Struct):
    """What a file of rows holds."""

    entries: dict[Text, Entry] = field(default_factory=dict)
    phrasings: dict[Text, Phrasings] = field(default_factory=dict)
    """of intents whose answer stands elsewhere"""
    repeated: int = 0
    """rows that say again what another row of their intent says"""


class _Draft(Struct):
    """An intent while its rows are read."""

    id: Text
    answer: Text | None = None
    section: Text | None = None
    asks: list[Text] = field(default_factory=list)
    confirms: list[Text] = field(default_factory=list)
    denies: list[Text] = field(default_factory=list)


def plain(text: str) -> str:
    """`text` as a phrasing that is no template: brackets are blanks."""
    return " ".join(text.translate(_BRACKETS).split())


def key_of(phrasing: str) -> str:
    """`phrasing` without what makes no difference between two of them."""
    return " ".join(phrasing.lower().rstrip("?.! ").split())


def gather(rows: Iterable[Row], faults: list[Fault], *, is_whole: bool) -> Gathered:
    """The entries of `rows`, in their order; what is wrong with a row is added to `faults`, and the row left out.

    is_whole: every intent must have an answer, and a phrasing of two intents stays with the first; otherwise the answer may stand
    elsewhere in the pack, and its check tells of such phrasings.
    A row without an intent belongs to that of its answer, whose id is made from its first question.
    """
    known = list(rows)
    drafts: dict[str, _Draft] = {}
    taken = {str(row.intent) for row in known if row.intent}
    by_answer: dict[str, Text] = {}
    for row in known:
        if row.intent is not None and row.answer is not None:
            by_answer.setdefault(row.answer, row.intent)
    owners: dict[str, _Draft] = {}
    repeated = 0
    for row in known:
        wrong = _wrong(row)
        if wrong:
            faults.append(row.place.fault(wrong))
            continue
        id_ = row.intent or _derived(row, by_answer, taken)
        draft = drafts.setdefault(id_, _Draft(id_))
        if row.answer is not None and draft.answer is not None and draft.answer != row.answer:
            faults.append(row.place.fault(f"another answer of '{id_}' stands on line {draft.answer.line}: it can have one only"))
            continue
        if row.question is not None:
            key = key_of(plain(row.question))
            owner = owners.get(key)
            if owner is not None and owner is not draft and is_whole:
                faults.append(
                    row.place.fault(f"'{row.question}' is a phrasing of '{owner.id}' and of '{id_}': it can have one answer only")
                )
                continue
            if owner is draft:
                repeated += 1
            else:
                owners[key] = draft
                _add(draft, row)
        draft.answer = draft.answer or row.answer
        draft.section = draft.section or row.section
    found = _gathered(drafts, faults, is_whole)
    found.repeated = repeated
    return found


def _wrong(row: Row) -> str:
    """What keeps `row` from being used."""
    if row.intent is None and row.answer is None:
        return "the row has neither an intent nor an answer: to what does it belong?"
    if row.question is None:
        return "" if row.intent is not None and row.answer is not None else "the row has no question"
    if not any(char.isalnum() for char in row.question):
        return f"'{row.question}' holds no word"
    if len(row.question.split()) > LONGEST_PHRASE:
        return f"the question has more than {LONGEST_PHRASE} words: shorten it"
    return ""


def _derived(row: Row, by_answer: dict[str, Text], taken: set[str]) -> Text:
    """The id for a row without an intent."""
    assert row.answer is not None
    question = row.question or row.answer
    if row.answer not in by_answer:
        base = slug(question)
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        by_answer[row.answer] = Text.at(name, row.place.path, row.place.line, row.place.column)
    return by_answer[row.answer]


def slug(text: str) -> str:
    """A short id made from `text`: `when-do-you-open`."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("’", "")
    return "-".join(re.findall(r"[^\W_]+", folded)[:8])[:60].strip("-") or "entry"


def _add(draft: _Draft, row: Row) -> None:
    assert row.question is not None
    {"yes": draft.confirms, "no": draft.denies}.get(row.verdict or "", draft.asks).append(row.question)


def _gathered(drafts: dict[str, _Draft], faults: list[Fault], is_whole: bool) -> Gathered:
    found = Gathered()
    for draft in drafts.values():
        every = [*draft.asks, *draft.confirms, *draft.denies]
        if not every:
            faults.append(draft.id.fault(f"intent '{draft.id}' has no phrasing: nobody could ask it"))
        elif draft.answer is not None:
            found.entries[draft.id] = _entry(draft, every[0])
        elif is_whole:
            faults.append(draft.id.fault(f"intent '{draft.id}' has no answer in any row"))
        else:
            asks, confirms, denies = ([_as_plain(t) for t in texts] for texts in (draft.asks, draft.confirms, draft.denies))
            found.phrasings[draft.id] = Phrasings(asks, confirms, denies)
    return found


def _entry(draft: _Draft, first: Text) -> Entry:
    """The entry; its question is shown as it was written if it can be, and learned from without brackets."""
    is_shown = first == plain(first) or (not set(first) & set("[]{}<>|") and _ROUND.fullmatch(first) is not None)
    question = first if is_shown else _as_plain(first)
    asks = [_as_plain(text) for text in draft.asks]
    return Entry(
        question=question,
        answer=draft.answer,
        section=draft.section or "",
        phrasings=[text for text in asks if text != question],
        confirms=[_as_plain(text) for text in draft.confirms],
        denies=[_as_plain(text) for text in draft.denies],
    )


def _as_plain(text: Text) -> str:
    return Text.at(plain(text), text.path, text.line, text.column)
