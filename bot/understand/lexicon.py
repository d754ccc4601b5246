"""Every phrase that means something in a pack, and what it means; made when the pack is compiled."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import Struct

from bot.language import words as dictionary
from bot.language.clean import clean
from bot.language.english import English, split, split_mixed
from bot.language.sounds import consonants
from bot.language.template import Sequence, TemplateError, expand, parse
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.understand.asked import asked_as, is_template
from bot.understand.usage import Usage, usage_of

MeaningKind = Literal["thing", "attribute", "link", "kind", "gap", "concept", "background", "frame", "verify", "idiom", "asks"]

STRUCTURAL = frozenset({"thing", "attribute", "link", "kind", "gap", "idiom", "asks"})
"""Meanings that compete for words: the longest phrase wins. The others may lie over them."""


class Meaning(Struct, frozen=True, gc=False, array_like=True, order=True):
    kind: str
    """a MeaningKind"""
    id: str


class Phrase(Struct, frozen=True, gc=False, array_like=True):
    stems: tuple[str, ...]
    content: int
    """how many of them are more than grammar"""
    meanings: tuple[Meaning, ...]


Following = dict[str, tuple[Phrase, ...]]
"""second stem, empty where there is none -> the phrases that go on with it"""


class Lexicon(Struct, frozen=True):
    """Phrases by their first two stems; and the words that spelling is checked against."""

    packed: dict[str, bytes]
    """first stem -> what follows it in its phrases, packed: a question needs few of them, and a start none"""
    vocabulary: tuple[str, ...]
    """every word of every phrase, sorted"""
    names: frozenset[str]
    """words of the names of things"""
    pairs: frozenset[str]
    """`stem stem` for words of content that stand side by side in some phrase"""
    usage: Usage
    """how the words of its texts are used"""
    strange: frozenset[str]
    """words of the pack that no dictionary holds, and that are meant as they are"""

    def phrases_from(self, stem: str) -> Following:
        """The phrases that begin with `stem`, by their second stem."""
        packed = self.packed.get(stem)
        return _following(packed) if packed is not None else {}


@lru_cache(maxsize=8192)
def _following(packed: bytes) -> Following:
    return msgspec.msgpack.decode(packed, type=Following)


def words_of(text: str, english: English) -> list[str]:
    """`text` as the words that are compared: folded, expanded, without punctuation."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return [word for piece in text.lower().split() for word in english.expand(piece)]
    found: list[str] = []
    for piece, _, _ in split(clean(text).text):
        if piece[0].isalnum():
            for word in english.expand(piece):
                found.extend(split_mixed(word))
    return found


def build(pack: Pack, english: English) -> Lexicon:
    """The lexicon of a checked pack."""
    meanings: dict[tuple[str, ...], dict[Meaning, None]] = {}
    content: dict[tuple[str, ...], int] = {}
    vocabulary: set[str] = set()
    names: set[str] = set()
    pairs: set[str] = set()
    used: list[list[str]] = []
    for phrase, meaning in _phrases(pack, english):
        words = words_of(phrase, english)
        stems = tuple([english.stem(word) for word in words])
        if not stems:
            continue
        is_new = stems not in meanings
        if is_new:
            content[stems] = sum([english.roles.get(word) != "function" for word in words])
        meanings.setdefault(stems, {})[meaning] = None
        if meaning.kind == "thing":
            names.update(words)
        if meaning.kind not in {"frame", "verify", "idiom", "asks"}:
            vocabulary.update(words)
            if is_new and len(words) > 1:
                pairs.update(_pairs(words, stems, english))
                used.extend([words] * _OF_A_PHRASE)
    for template in _searched_templates(pack):
        vocabulary.update(words_of(template.translate(_NO_MARKS), english))
    vocabulary.update(word for word in english.roles if len(word) >= _LONG_WORD)
    phrases: dict[str, Following] = {}
    for stems, found in sorted(meanings.items()):
        following, second = phrases.setdefault(stems[0], {}), stems[1] if len(stems) > 1 else ""
        following[second] = (*following.get(second, ()), Phrase(stems, content[stems], tuple(sorted(found))))
    slips = _slips(pack, english)
    names -= slips
    vocabulary -= slips
    strange = {word for word in vocabulary if dictionary.band(word) is None}
    used.extend(words_of(text, english) for text in _texts(pack))
    counts = Counter(word for words in used for word in dict.fromkeys(words))
    vocabulary |= {word for word, count in counts.items() if count >= _OFTEN}
    # What is no word and no name is a slip of some author's pen, meant to be understood and not to be corrected to.
    long_enough = {w for w in vocabulary if len(w) >= _SHORTEST_WORD and (w in names or dictionary.band(w) is not None)}
    packed = {first: msgspec.msgpack.encode(following, enc_hook=str) for first, following in phrases.items()}
    return Lexicon(
        packed=packed,
        vocabulary=tuple(sorted(long_enough)),
        names=frozenset(names & long_enough),
        pairs=frozenset(pairs),
        usage=usage_of(used, {w for w in (*counts, *long_enough, *english.roles) if _is_word(w, long_enough, english)}),
        strange=frozenset(strange),
    )


_SHORTEST_WORD = 4
"""Words with fewer letters are not among those that spelling is checked against, and are no slips."""

_OF_A_PHRASE = 3
"""What a name of several words counts as evidence that these go together, beside 1 for a text."""

_OFTEN = 5
"""Texts in which a word must stand to be one of the pack."""

_LONG_WORD = 5
"""Words of grammar with at least so many letters can be what was meant."""


def _pairs(words: list[str], stems: tuple[str, ...], english: English) -> Iterator[str]:
    weighty = [english.roles.get(word) not in {"function", "filler", "light"} for word in words]
    for at in range(len(stems) - 1):
        if weighty[at] and weighty[at + 1]:
            yield f"{stems[at]} {stems[at + 1]}"


def _is_word(word: str, vocabulary: set[str], english: English) -> bool:
    return word in vocabulary or word in english.roles or dictionary.band(word) is not None


def _slips(pack: Pack, english: English) -> set[str]:
    """Words that are slips of the pen for another word beside them: `marow` beside `marrow` among the aliases of a thing.

    The author put them in to be understood; what they are slips for is what they are read as.
    """
    rules = {name: parse(text) for name, text in pack.rules.items()}
    knowledge = Knowledge(pack)
    found: set[str] = set()
    every: set[str] = set()
    for id_, thing in pack.things.items():
        proper = {w for name in (thing.name, *knowledge.names(id_).values()) for w in words_of(name, english)}
        aliases = {w for phrase in _expanded(thing.aliases, rules) for w in words_of(phrase, english)}
        found |= _slips_among(aliases - proper, proper)
        every |= proper
    for templates in _groups(pack):
        found |= _slips_among({w for t in templates for w in words_of(t.translate(_NO_MARKS), english)}, set())
    return found - every  # a name is meant as it is, also where it sounds like another word: `BCMA`, `become`


def _slips_among(words: set[str], proper: set[str]) -> set[str]:
    meant = {w for w in words if dictionary.band(w) is not None} | proper
    sounds = {(word[0], consonants(word)) for word in meant}
    return {w for w in words - meant if len(w) >= _SHORTEST_WORD and (w[0], consonants(w)) in sounds}


def _groups(pack: Pack) -> Iterator[list[str]]:
    """Templates that mean the same, or are there for the same."""
    yield from pack.synonyms.values()
    for kind in pack.kinds.values():
        yield from (attribute.words for attribute in kind.attributes.values())
    for guard in pack.guards.values():
        yield [*guard.signs, *guard.always]
    yield list(pack.rules.values())


def _texts(pack: Pack) -> Iterator[str]:
    """Everything that the pack holds of what people may type."""
    for entry_id in pack.entries:
        for _, texts in asked_as(pack, entry_id):
            yield from (text for text in texts if not is_template(text))
    for points in pack.verdicts.values():
        yield from (*points.holds, *points.fails, *points.open)
    for texts in pack.examples.values():
        yield from texts
    for texts in pack.long.values():
        yield from (text.translate(_NO_MARKS) for text in texts)


_NO_MARKS = str.maketrans("[](){}<>|*", "          ")


def _searched_templates(pack: Pack) -> Iterator[str]:
    """What is looked for in messages, beside the names of things."""
    for guard in pack.guards.values():
        yield from (*guard.signs, *guard.always, *guard.unless)
    for talk in pack.smalltalk.values():
        yield from talk.phrasings
    for entry in pack.entries.values():
        yield from (*entry.so, *entry.not_so)
    for points in pack.verdicts.values():
        yield from (*points.so, *points.not_so)


def _phrases(pack: Pack, english: English) -> Iterator[tuple[str, Meaning]]:
    rules = {name: parse(text) for name, text in pack.rules.items()}
    knowledge = Knowledge(pack)
    for id_, thing in pack.things.items():
        if pack.kinds[thing.kind].named:
            for name in dict.fromkeys(knowledge.names(id_).values()):
                yield _bare(name), Meaning("thing", id_)
        yield from ((phrase, Meaning("thing", id_)) for phrase in _expanded(thing.aliases, rules))
    for id_, kind in pack.kinds.items():
        yield from ((phrase, Meaning("kind", id_)) for phrase in _expanded(kind.words, rules))
        for name, attribute in kind.attributes.items():
            yield from ((phrase, Meaning("attribute", name)) for phrase in _expanded(attribute.words, rules))
            yield from ((phrase, Meaning("link", name)) for phrase in _expanded(attribute.links, rules))
    for name, templates in pack.synonyms.items():
        yield from ((phrase, Meaning("concept", name)) for phrase in _expanded(templates, rules))
    for id_, gap in pack.gaps.items():
        yield from ((phrase, Meaning("gap", id_)) for phrase in _expanded(gap.words, rules))
    yield from ((phrase, Meaning("background", "")) for phrase in _expanded(pack.background, rules))
    yield from ((phrase, Meaning("frame", "")) for phrase in english.frames)
    yield from ((phrase, Meaning("verify", "")) for phrase in english.verify)
    yield from ((phrase, Meaning("idiom", "")) for phrase in english.idioms)
    for name, found in english.asks.items():
        yield from ((phrase, Meaning("asks", name)) for phrase in found)


def _bare(name: str) -> str:
    """`name` without its article: `the immune system`. An alias that begins with one means it: `the runs`."""
    return re.sub(r"(?i)^(the|an?)\s+(?=\S)", "", name)


def _expanded(templates: Iterable[str], rules: dict[str, Sequence]) -> Iterator[str]:
    for template in templates:
        try:
            yield from expand(parse(template), rules)
        except TemplateError as error:  # too many phrases: the check lets it pass, for it is a matter of size
            raise TemplateError(f"{template!r}: {error}", error.position) from error
