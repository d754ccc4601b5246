"""Packs of more entries and phrasings than can be learned one by one: what is asked is looked up among the phrasings on disk.

The learned model holds a weight for every entry and feature, so its size and the time to learn it grow with both. From
MOST_LEARNED on the entries are ranked by their nearest phrasings (`nearest.py`) instead, and how likely the first of them is the
right one follows from a logistic curve, fitted on phrasings of the pack: left out themselves, typed in a hurry, or with the whole
entry left out, as if nothing in the pack answered them.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from bot.language.clean import clean
from bot.language.english import English
from bot.pack.entries import EntryTable, write_entries
from bot.pack.format import OUTSIDE, Entry, Pack, Phrasings
from bot.progress import Progress
from bot.understand.asked import asked_as, is_template
from bot.understand.features import broader_of
from bot.understand.lexicon import Lexicon, words_of
from bot.understand.mentions import Finder, Mention
from bot.understand.nearest import Match, Word, nearest
from bot.understand.phrasebook import Phrasebook, PhrasebookBuilder
from bot.understand.query import Claim, Verdict
from bot.understand.retrieve import KNOWN, LEAST, LIKELY, Asked, Found, Index, Large, Retriever
from bot.understand.terms import Near, Terms, TermsBuilder
from bot.understand.utterance import Reader, Token, Utterance

MOST_LEARNED = 5_000_000
"""Entries times phrasings up to which the entries of a pack are learned."""

ENTRIES = "entries"
"""Name within the folder of a large pack."""

_LONGEST = 80
"""Tokens of a question that are looked up."""

_SAMPLE = 2_000
"""Phrasings that stand for all of them where what is learned is no entry."""

_LESSONS = 500
"""Phrasings that the chance is fitted on, each in several forms."""

_NAMED = 0.3
"""What the words of a thing count, where the thing itself counts."""

_CORRECTED = 0.8
"""Likeness of a word that the pack's own spelling put in the place of another."""

_SLIP = 0.83
"""Likeness of a word with a slip in it."""

_NARROW = 0.04
"""By how much an entry must be less near to be e times less likely."""


def is_large(pack: Pack) -> bool:
    """Whether the entries of a pack are too many to be learned."""
    phrasings = sum(1 + len(entry.phrasings) + len(entry.confirms) + len(entry.denies) for entry in pack.entries.values())
    phrasings += sum(len(more.asks) + len(more.confirms) + len(more.denies) for more in pack.phrasings.values())
    return len(pack.entries) * phrasings > MOST_LEARNED


def rest_of(pack: Pack) -> Pack:
    """A large pack with only those entries that have more than plain phrasings: templates, or points for a yes or no."""
    kept = {
        id_: entry
        for id_, entry in pack.entries.items()
        if entry.so or entry.not_so or id_ in pack.verdicts or any(map(is_template, _texts_of(pack, id_)))
    }
    return replace(pack, entries=kept, phrasings={id_: more for id_, more in pack.phrasings.items() if id_ in kept})


def _texts_of(pack: Pack, id_: str) -> Iterator[str]:
    return (text for _, texts in asked_as(pack, id_) for text in texts)


def build(pack: Pack, lexicon: Lexicon, english: English, folder: Path, progress: Progress | None = None) -> Large:
    """Write the entries and phrasings of a checked pack into `folder`, which is there and empty.

    Raises MissingIndexError when the search index is not installed, and OSError when the folder cannot be written.
    """
    terms = TermsBuilder(english)
    book = PhrasebookBuilder(folder, terms)
    names = _Names(pack, lexicon, english)

    def whole() -> Iterator[tuple[str, Entry]]:
        entries: Iterable[tuple[str, Entry]] = pack.entries.items()
        if progress is not None:
            entries = progress.over(entries, "indexing", len(pack.entries))
        for number, (id_, entry) in enumerate(entries):
            book.add_entry(_stems(asked_as(pack, id_), number, terms, names, english))
            yield id_, _with(entry, pack.phrasings.get(id_))

    write_entries(folder / ENTRIES, whole())
    if progress is not None:
        progress.step("writing and fitting")
    book.write()
    outside = [Reader(lexicon, english).read(text) for text in pack.examples.get(OUTSIDE, ())]
    chance = _fitted(Phrasebook(folder), outside, english)
    if progress is not None:
        progress.clear()
    return Large(str(folder), chance)


def _stems(
    ways: Iterable[tuple[Verdict | None, list[str]]], entry: int, terms: TermsBuilder, names: "_Names", english: English
) -> Iterator[tuple[Verdict | None, list[int]]]:
    """The stems of each way to ask an entry, and what is named in it."""
    for verdict, texts in ways:
        for text in texts:
            if not is_template(text):
                stems = terms.add(words_of(text, english), entry)
                yield verdict, [*stems, *(terms.add_name(name, entry) for name in names.of(text))]


def _with(entry: Entry, more: Phrasings | None) -> Entry:
    """The entry with all of its phrasings."""
    if more is None:
        return entry
    return replace(
        entry,
        phrasings=[*entry.phrasings, *more.asks],
        confirms=[*entry.confirms, *more.confirms],
        denies=[*entry.denies, *more.denies],
    )


class _Names:
    """Finds what phrasings name. In a pack without things and synonyms there is nothing to find, and nothing is read."""

    def __init__(self, pack: Pack, lexicon: Lexicon, english: English) -> None:
        self._reader = Reader(lexicon, english, corrects=False) if pack.things or pack.synonyms else None
        self._finder = Finder(lexicon, english)
        self._broader = broader_of(pack)

    def of(self, text: str) -> list[str]:
        if self._reader is None:
            return []
        return list(dict.fromkeys(name for name, _ in named(self._finder.find(self._reader.read(text)), self._broader)))


def named(mentions: Iterable[Mention], broader: dict[str, str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What counts beside the words of a text: things, the wider things that they are forms of, concepts; with their tokens."""
    for mention in mentions:
        if mention.kind in {"thing", "concept"}:
            yield f"{mention.kind[0]}:{mention.id}", mention.tokens
            if mention.kind == "thing" and mention.id in broader:
                yield f"t:{broader[mention.id]}", mention.tokens


def sample(pack: Pack, lexicon: Lexicon, english: English) -> list[Asked]:
    """Some phrasings of a large pack, spread over all of it, as those of one entry without a name."""
    reader, finder = Reader(lexicon, english, corrects=False), Finder(lexicon, english)
    found: list[Asked] = []
    step = max(1, len(pack.entries) // _SAMPLE)
    for at, id_ in enumerate(pack.entries):
        if at % step:
            continue
        texts = [text for text in _texts_of(pack, id_) if not is_template(text)]
        if texts:
            utterance = reader.read(texts[at // step % len(texts)])
            found.append(Asked("", None, utterance, finder.find(utterance)))
    return found


# ---- the words of a question -----------------------------------------------------------------------------------------------


class WordReader:
    """Looks the words of questions up among those of a pack."""

    def __init__(self, terms: Terms, entries: int, english: English) -> None:
        self._terms = terms
        self._english = english
        self._rarest = math.log(1 + entries)

    def read(
        self, utterance: Utterance, names: Iterable[tuple[str, tuple[int, ...]]] = (), attention: tuple[float, ...] = ()
    ) -> list[Word]:
        """The words of an utterance, and each thing that it names, once. attention: how much each token counts, 0..1."""
        corrected = {typed for typed, _ in utterance.corrections}
        within: set[int] = set()
        found: list[Word] = []
        for name, places in dict(names).items():
            stem = self._terms.find(name, name)
            if stem is not None:
                found.append(Word("", places, (Near(stem, 1.0),), self._terms.weights[stem]))
                within.update(places)
        tokens = utterance.tokens[:_LONGEST]
        typed = [_typed(utterance, token, corrected) for token in tokens]
        passed = False
        for at, token in enumerate(tokens):
            if passed:
                passed = False
                continue
            word = self._word(typed[at], token, at)
            if not word.stems and at + 1 < len(tokens):
                torn = self._torn(typed[at] + typed[at + 1], at)
                passed, word = torn is not None, torn or word
            share = (attention[at] if attention else 1.0) * (_NAMED if at in within else 1.0)
            found.append(word if share == 1.0 else replace(word, weight=word.weight * share))
        return found

    def _word(self, typed: str, token: Token, at: int) -> Word:
        terms = self._terms
        own = self._english.stem(typed) if typed != token.word else token.stem
        stem = terms.find(typed, own)
        if stem is not None:
            near = terms.near(typed) if terms.counts[stem] == 1 else ()  # it may be a slip that somebody made before
            return Word(own, (at,), (Near(stem, 1.0), *near), terms.weights[stem])
        found = [*terms.near(typed)]
        if typed != token.word:
            stem = terms.find(token.word, token.stem)
            found += [Near(stem, _CORRECTED)] if stem is not None and stem not in {near.stem for near in found} else []
        if not found and token.weight:
            found = [Near(stem, _CORRECTED) for stem in terms.divided(typed)]
        weight = max((terms.weights[near.stem] for near in found), default=self._rarest * min(1.0, token.weight))
        return Word(own, (at,), tuple(found), weight)

    def _torn(self, whole: str, at: int) -> Word | None:
        """A word that was torn in two."""
        stem = self._terms.find(whole, self._english.stem(whole))
        if stem is None:
            return None
        return Word(whole, (at, at + 1), (Near(stem, _CORRECTED),), self._terms.weights[stem])


def _typed(utterance: Utterance, token: Token, corrected: set[str]) -> str:
    """The word as it was typed: the lexicon corrects to the few words that it holds, and those on disk are many more."""
    if not corrected:
        return token.word
    typed = clean(utterance.text[token.start : token.end]).text
    return typed if typed in corrected else token.word


# ---- how likely the nearest entry is the right one --------------------------------------------------------------------------


def _signs(words: Sequence[Word], matches: Sequence[Match]) -> tuple[float, ...]:
    """What the chance of the first match follows from."""
    first = matches[0]
    margin = 1 - matches[1].nearness / first.nearness if len(matches) > 1 and first.nearness else 1.0
    whole = sum(word.weight for word in words) or 1.0
    met = sum(word.weight for word in words if first.explained.issuperset(word.tokens))
    return (1.0, first.best, first.best**2, math.sqrt(max(0.0, margin)), met / whole, first.letters)


def chance_of(chance: Sequence[float], words: Sequence[Word], matches: Sequence[Match]) -> float:
    """How likely the first match is the entry that is asked for, 0..1."""
    logit = sum(weight * sign for weight, sign in zip(chance, _signs(words, matches), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _fitted(book: Phrasebook, outside: Iterable[Utterance], english: English) -> tuple[float, ...]:
    """The weights of the signs, from phrasings of which the entry is known."""
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []

    def add(words: list[Word], without: range, entry: int | None) -> None:
        matches = nearest(book, words, without)
        if matches:
            rows.append(_signs(words, matches))
            right.append(matches[0].entry == entry)

    for number, phrasing in enumerate(range(0, len(book), max(1, len(book) // _LESSONS))):
        entry = book.entry_of[phrasing]
        plain = [_as_word(book.terms, stem, at) for at, stem in enumerate(book.stems_of(phrasing))]
        if not plain:  # it holds no word
            continue
        hurried = _hurried(plain, number)
        every = book.phrasings_of(entry)
        if len(every) > 1:
            add(plain, range(phrasing, phrasing + 1), entry)
        add(hurried, range(0), entry)
        add(plain, every, None)
        add(hurried, every, None)
    reader = WordReader(book.terms, book.entry_of[len(book) - 1] + 1 if len(book) else 0, english)
    for utterance in outside:
        add(reader.read(utterance), range(0), None)
    return _logistic(rows, right)


def _as_word(terms: Terms, stem: int, at: int) -> Word:
    return Word(terms.stem_text(stem), (at,), (Near(stem, 1.0),), terms.weights[stem])


def _hurried(words: Sequence[Word], number: int) -> list[Word]:
    """The words as they are typed in a hurry: one left out, and one with a slip."""
    kept = [word for at, word in enumerate(words) if at != number % len(words)] or list(words)
    slip = max(kept, key=lambda word: (len(word.text), word.tokens))
    return [replace(word, text="", stems=(replace(word.stems[0], likeness=_SLIP),)) if word is slip else word for word in kept]


def _logistic(rows: Sequence[Sequence[float]], right: Sequence[bool]) -> tuple[float, ...]:
    """Logistic regression by Newton's steps, with a little weight decay; the signs themselves if there is nothing to learn."""
    import numpy as np

    if not rows:
        return (-2.0, 1.0, 1.0, 2.0, 2.0, 0.0)
    signs, wanted = np.array(rows), np.array(right, dtype=float)
    weights = np.zeros(signs.shape[1])
    decay = np.diag([1e-3, *[0.1] * (signs.shape[1] - 1)])
    for _ in range(30):
        shares = 1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))
        slope = signs.T @ (shares - wanted) + decay @ weights
        curve = (signs * (shares * (1 - shares))[:, None]).T @ signs + decay
        weights -= np.linalg.solve(curve, slope)
    return tuple(round(float(weight), 4) for weight in weights)


# ---- answering ----------------------------------------------------------------------------------------------------------------


class NearestRetriever(Retriever):
    """Ranks the entries of one large pack."""

    def __init__(self, large: Large, index: Index, pack: Pack, english: English) -> None:
        """index: of a sample, for what is asked of the facts. Raises OSError and MissingIndexError."""
        super().__init__(index, pack, english)
        if not isinstance(pack.entries, EntryTable):
            raise TypeError("the entries of a large pack lie on disk")
        self._entries = pack.entries
        self._chance = large.chance
        self._without = range(*large.without)
        self._book = Phrasebook(Path(large.folder))
        self._reader_of_words = WordReader(self._book.terms, len(pack.entries), english)

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], attention: tuple[float, ...] = ()) -> Found:
        """The entries that are likely asked for, and how likely facts are asked for instead.

        attention: how much each token counts, 0..1; left out, all of them count in full.
        """
        if not utterance.tokens:
            return Found((), 1.0, None)
        facts, relation = self.facts(utterance, mentions, attention)
        words = self._reader_of_words.read(utterance, named(mentions, self._broader), attention)
        known = self._known(words)
        claims = {} if known is None else {known[0]: self._known_claim(known, utterance, mentions)}
        matches = nearest(self._book, words, self._without)
        chances = self._chances(words, matches)
        for match, chance in zip(matches, chances, strict=False):
            if chance >= LEAST and match.entry not in claims:
                claims[match.entry] = self._claim_of(match, chance, mentions)
        return Found(tuple(claims.values()), facts, relation)

    def _chances(self, words: Sequence[Word], matches: Sequence[Match]) -> list[float]:
        """How likely each of the likeliest entries is asked for: what the first leaves is shared among the others."""
        if not matches:
            return []
        first = chance_of(self._chance, words, matches)
        shares = [math.exp((match.nearness - matches[0].nearness) / _NARROW) for match in matches[1:]]
        rest = (1 - first) / max(1.0, sum(shares))
        return [first, *(min(first, rest * share) for share in shares)][:LIKELY]

    def _known(self, words: Sequence[Word]) -> tuple[int, Verdict | None] | None:
        """The entry one of whose phrasings the question is, word by word."""
        if any(not word.stems or word.stems[0].likeness < 1.0 for word in words):
            return None
        own = [word.stems[0].stem for word in words if word.text] + [word.stems[0].stem for word in words if not word.text]
        phrasing = self._book.exactly(own)
        return None if phrasing is None or phrasing in self._without else self._book.way_of(phrasing)

    def _known_claim(self, known: tuple[int, Verdict | None], utterance: Utterance, mentions: tuple[Mention, ...]) -> Claim:
        id_ = self._entries.id_of(known[0])
        everything = frozenset(range(len(utterance.tokens)))
        gaps = frozenset(mention.id for mention in mentions if mention.kind == "gap")
        return Claim(id_, KNOWN, everything, ("one of its phrasings",), entry=id_, verdict=known[1], gaps=gaps, to_the_word=True)

    def _claim_of(self, match: Match, chance: float, mentions: tuple[Mention, ...]) -> Claim:
        id_ = self._entries.id_of(match.entry)
        gaps = frozenset(m.id for m in mentions if m.kind == "gap" and match.explained.issuperset(m.tokens))
        return Claim(id_, chance, match.explained, (f"likely by its phrasings ({chance:.2f})",), entry=id_, gaps=gaps)
