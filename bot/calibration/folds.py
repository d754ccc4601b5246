"""A pack cut into parts: bots that lack some of it, and the questions that only those can be asked who never saw them."""

from collections.abc import Iterator
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from bot.calibration.curve import Scope
from bot.calibration.probes import probes
from bot.language.english import English
from bot.pack.format import OUTSIDE, Entry, Pack, Phrasings
from bot.understand.asked import asked_as, is_template
from bot.understand.lexicon import words_of

FOLDS = 5
"""Parts of the phrasings; each is asked of a bot that has learned from the others."""

HALVES = 2
"""Parts of the entries; what asks for those of one part is asked of a bot that has the others only.

With so many left out, some of the neighbours of an entry are there and some are not. On the validation questions of CLINC150 such
questions get an answer about as often as those which people wrote to be out of scope; with a fifth left out, three to seven times
as often.
"""

_LEAST_ENTRIES = 4
"""With fewer entries none are left out: a bot of a single entry tells nothing apart."""


SAMPLE = 400
"""Entries of a large pack that are asked for, spread evenly over it."""


class Question(Struct, frozen=True):
    """A question, and what is right."""

    text: str
    sort: str
    scope: Scope
    intents: tuple[str, ...] = ()
    """the intents of right answers; none is right out of scope"""
    facts_may_answer: bool = True
    """whether nobody said that an answer over facts is wrong"""
    is_written: bool = False
    """whether somebody wrote it as an example of what is out of scope"""


class Fold(Struct, frozen=True):
    """A pack that lacks something, and what to ask a bot with it."""

    pack: Pack
    questions: tuple[Question, ...]


class Lacking(Struct, frozen=True):
    """A question for the bot of a large pack that does without some phrasings."""

    question: Question
    without: tuple[int, int]
    """the numbers of these phrasings, from and to before"""


def lacks(pack: Pack) -> Iterator[Lacking]:
    """What to ask the bot of a large pack: some phrasings, first without that phrasing alone, then without all of its entry."""
    step = max(1, len(pack.entries) // SAMPLE)
    first = 0
    for number, (entry_id, entry) in enumerate(pack.entries.items()):
        texts = [text for _, own in asked_as(pack, entry_id) for text in own if not is_template(text)]
        if number % step == 0 and texts:
            at = number // step % len(texts)
            if len(texts) > 1:
                known = Question(texts[at], "phrasings", "in scope", (str(entry_id), *_fact_of(entry)))
                yield Lacking(known, (first + at, first + at + 1))
            yield Lacking(Question(texts[at], "entries left out", "out of scope"), (first, first + len(texts)))
        first += len(texts)


def folds(pack: Pack, english: English) -> Iterator[Fold]:
    """Every fold of a checked pack, in the same order and with the same parts for the same pack."""
    parts = {entry_id: _parts(pack, entry_id, english) for entry_id in pack.entries}
    outside = _dealt(pack.examples.get(OUTSIDE, []), OUTSIDE, FOLDS)
    made = list(dict.fromkeys(text for _, _, text in probes(pack)))
    for fold in range(FOLDS):
        asked = [
            Question(text, "phrasings", "in scope", (str(entry_id), *_fact_of(pack.entries[entry_id])))
            for entry_id, own in parts.items()
            for text, part in own.items()
            if part == fold
        ]
        asked.extend(
            Question(text, "examples of outside", "out of scope", facts_may_answer=False, is_written=True)
            for text, part in outside.items()
            if part == fold
        )
        asked.extend(Question(text, "probes", "out of scope", facts_may_answer=False) for text in made[fold::FOLDS])
        if asked:
            yield Fold(_without_some(pack, parts, outside, fold), tuple(asked))
    if len(pack.entries) < _LEAST_ENTRIES:
        return
    halves = _dealt([str(entry_id) for entry_id in pack.entries], "", HALVES)
    for half in range(HALVES):
        away = {entry_id for entry_id, part in halves.items() if part == half}
        asked = [Question(text, "entries left out", "out of scope") for id_ in pack.entries if id_ in away for text in parts[id_]]
        yield Fold(_without_entries(pack, away), tuple(asked))


def _dealt(texts: list[str], salt: str, parts: int) -> dict[str, int]:
    """Each text with its part, 0 or more: parts of one size, by the words alone, so that they are the same everywhere."""
    order = sorted(dict.fromkeys(texts), key=lambda text: sha256(f"{salt}\n{text}".encode()).digest())
    return {text: at % parts for at, text in enumerate(order)}


def _parts(pack: Pack, entry_id: str, english: English) -> dict[str, int]:
    """The plain phrasings of an entry with their parts, -1 for the only one that there is. Those of the same words that matter
    stay together: whoever has learned from one knows the others."""
    texts = [text for _, own in asked_as(pack, entry_id) for text in own if not is_template(text)]
    keys = {text: _words(text, english) for text in texts}
    parts = _dealt(list(keys.values()), str(entry_id), FOLDS)
    return {text: parts[key] if len(parts) > 1 else -1 for text, key in keys.items()}


def _words(text: str, english: English) -> str:
    words = words_of(text, english)
    stems = {english.stem(word) for word in words if english.roles.get(word) != "function" and word not in english.wh}
    return " ".join(sorted(stems)) or " ".join(words)


def _fact_of(entry: Entry) -> tuple[str, ...]:
    """The questions over the very fact that an entry tells, and over all that is known of its thing."""
    if entry.fact is None:
        return ()
    thing, _, attribute = entry.fact.partition(".")
    return (f"{attribute}.list:{thing}", f"overview:{thing}")


def _without_some(pack: Pack, parts: dict[str, dict[str, int]], outside: dict[str, int], fold: int) -> Pack:
    """`pack` without the phrasings and the examples of what is outside of one part; the question of an entry gives way to another
    one."""

    def kept(entry_id: str, texts: list[str]) -> list[str]:
        return [text for text in texts if parts[entry_id].get(text) != fold]

    entries: dict[str, Entry] = {}
    for id_, entry in pack.entries.items():
        stays = parts[id_].get(entry.question) != fold
        question = entry.question if stays else next(text for text, part in parts[id_].items() if part != fold)
        phrasings, confirms, denies = (kept(id_, texts) for texts in (entry.phrasings, entry.confirms, entry.denies))
        entries[id_] = replace(entry, question=question, phrasings=phrasings, confirms=confirms, denies=denies)
    more = {
        id_: Phrasings(asks=kept(id_, own.asks), confirms=kept(id_, own.confirms), denies=kept(id_, own.denies))
        for id_, own in pack.phrasings.items()
    }
    examples = pack.examples
    if OUTSIDE in examples:
        examples = {**examples, OUTSIDE: [text for text in examples[OUTSIDE] if outside[text] != fold]}
    return replace(pack, entries=entries, phrasings=more, examples=examples)


def _without_entries(pack: Pack, away: set[str]) -> Pack:
    """`pack` without some of its entries."""
    return replace(
        pack,
        entries={id_: entry for id_, entry in pack.entries.items() if id_ not in away},
        phrasings={id_: own for id_, own in pack.phrasings.items() if id_ not in away},
        verdicts={id_: own for id_, own in pack.verdicts.items() if id_ not in away},
        long={label: texts for label, texts in pack.long.items() if label not in away},
    )
