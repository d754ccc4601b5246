"""Rows -> entries and phrasings: rows of one intent are the ways to ask one entry."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

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
    """the first of each list as it was written, the others as phrasings"""
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
    drafts: dict[str, _Draft] = {}
    intents = _Intents()
    owners: dict[str, _Draft] = {}
    seen: set[int] = set()
    repeated = 0
    for row in intents.over(rows):
        wrong = _wrong(row)
        if wrong:
            faults.append(row.place.fault(wrong))
            continue
        id_ = row.intent or intents.derived(row)
        draft = drafts.get(id_) or drafts.setdefault(id_, _Draft(id_))
        if row.answer is not None and draft.answer is not None and draft.answer != row.answer:
            faults.append(row.place.fault(f"another answer of '{id_}' stands on line {draft.answer.line}: it can have one only"))
            continue
        if row.question is not None:
            key = key_of(plain(row.question))
            own = hash((id_, key))  # of the texts themselves, which are many, none is kept for this
            owner = owners.get(key) if is_whole else None
            if owner is not None and owner is not draft:
                faults.append(
                    row.place.fault(f"'{row.question}' is a phrasing of '{owner.id}' and of '{id_}': it can have one answer only")
                )
                continue
            if own in seen:
                repeated += 1
            else:
                seen.add(own)
                if is_whole:
                    owners[key] = draft
                _add(draft, row)
        draft.answer = draft.answer or row.answer
        draft.section = draft.section or row.section
    found = _gathered(drafts, faults, is_whole)
    found.repeated = repeated
    return found


class _Intents:
    """Knows to which intent rows without one belong."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._by_answer: dict[str, Text] = {}

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, one at a time; from the first one without an intent on, all are read before, for one of them may tell it."""
        later = iter(rows)
        for row in later:
            self._note(row)
            if row.intent is None:
                rest = [row, *later]
                for other in rest:
                    self._note(other)
                yield from rest
            else:
                yield row

    def _note(self, row: Row) -> None:
        if row.intent is not None:
            self._taken.add(str(row.intent))
            if row.answer is not None:
                self._by_answer.setdefault(row.answer, row.intent)

    def derived(self, row: Row) -> Text:
        """The id for a row without an intent."""
        assert row.answer is not None
        question = row.question or row.answer
        if row.answer not in self._by_answer:
            base = slug(question)
            name, number = base, 1
            while name in self._taken:
                number += 1
                name = f"{base}-{number}"
            self._taken.add(name)
            self._by_answer[row.answer] = Text.at(name, row.place.path, row.place.line, row.place.column)
        return self._by_answer[row.answer]


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


def slug(text: str) -> str:
    """A short id made from `text`: `when-do-you-open`."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("’", "")
    return "-".join(re.findall(r"[^\W_]+", folded)[:8])[:60].strip("-") or "entry"


def _add(draft: _Draft, row: Row) -> None:
    assert row.question is not None
    texts = {"yes": draft.confirms, "no": draft.denies}.get(row.verdict or "", draft.asks)
    texts.append(_as_plain(row.question) if texts else row.question)


def _gathered(drafts: dict[str, _Draft], faults: list[Fault], is_whole: bool) -> Gathered:
    found = Gathered()
    for draft in drafts.values():
        first = next((texts[0] for texts in (draft.asks, draft.confirms, draft.denies) if texts), None)
        if first is None:
            faults.append(draft.id.fault(f"intent '{draft.id}' has no phrasing: nobody could ask it"))
        elif draft.answer is not None:
            found.entries[draft.id] = _entry(draft, first)
        elif is_whole:
            faults.append(draft.id.fault(f"intent '{draft.id}' has no answer in any row"))
        else:
            found.phrasings[draft.id] = Phrasings(_texts(draft.asks), _texts(draft.confirms), _texts(draft.denies))
    return found


def _entry(draft: _Draft, first: Text) -> Entry:
    """The entry; its question is shown as it was written if it can be, and learned from without brackets."""
    is_shown = first == plain(first) or (not set(first) & set("[]{}<>|") and _ROUND.fullmatch(first) is not None)
    question = first if is_shown else _as_plain(first)
    return Entry(
        question=question,
        answer=draft.answer,
        section=draft.section or "",
        phrasings=[text for text in _texts(draft.asks) if text != question],
        confirms=_texts(draft.confirms),
        denies=_texts(draft.denies),
    )


def _texts(texts: list[Text]) -> list[str]:
    """The texts of a draft, each as a phrasing."""
    return [*map(_as_plain, texts[:1]), *texts[1:]]


def _as_plain(text: Text) -> Text:
    made = plain(text)
    return text if made == text else Text.at(made, text.path, text.line, text.column)
