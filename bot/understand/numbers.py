"""What a question says of numbers: how many are asked for, of how many parts something is to be, how many there are said to
be."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from bot.language.english import English

_BRIEF = 6
"""Words up to which a question may end in `count` or `number` and ask for it."""

_DIGITS = 2
"""Digits of a number of things at the most."""

_BOUNDS = {
    ("at", "least"): "least",
    ("at", "most"): "most",
    ("up", "to"): "most",
    ("more", "than"): "more",
    ("fewer", "than"): "fewer",
    ("less", "than"): "fewer",
}
_SHORT_BOUNDS = {"over": "more", "under": "fewer"}

Words = Mapping[int, str]
"""the words of some clauses, by their indices"""


class Numbers(Struct, frozen=True):
    """The numbers of some clauses."""

    how_many: frozenset[int]
    """indices of `how many`; empty when it is not asked"""
    size: int
    """a number of parts that is asked for: `just two drugs`; 0 when there is none"""
    said: int
    """a number that things are said to be: `there are five loaves`; 0 when there is none, or when it is asked for"""
    said_at: int
    """its index; -1 when there is none"""
    bound: str
    """`least`, `most`, `more` or `fewer` where they are said to be at least, at most, more or fewer; else empty"""
    tokens: frozenset[int]
    """indices of the sizes, and of numbers that only point: `which of the two`"""


def numbers_of(
    words: Words, asks: Mapping[str, Collection[int]], named: Collection[int], english: English, *, wh: str, is_yes_no: bool
) -> Numbers:
    """The numbers among `words`.

    asks: form -> indices of the phrases that ask in that form. named: indices within names of several words. wh: the question
    word; is_yes_no: whether a yes or a no is asked for.
    """
    counts = _counts(words, asks, named, english, wh)
    of_them = {at for at in words if _says(words, at, english) and words.get(at - 2) == "of" and words.get(at - 1) == "the"}
    sizes = [at for at in words if _says(words, at, english) and not counts and not _points(words, at, english)]
    sizes = [at for at in sizes if at not in of_them][:1]
    is_list = any(word in english.cues["list"] and not is_noun(words, at, english) for at, word in words.items())
    may_say = not wh and not counts and not is_list
    said_at = next((at for at in words if may_say and _counts_things(words, at, named, english)), -1)
    if not is_yes_no and not _states(words, said_at, english):
        said_at = -1
    return Numbers(
        how_many=frozenset(counts),
        size=english.numbers[words[sizes[0]]] if sizes else 0,
        said=_number(words[said_at], english) if said_at >= 0 else 0,
        said_at=said_at,
        bound=_bound(words, said_at)[0] if said_at >= 0 else "",
        tokens=frozenset((*sizes, *of_them)),
    )


def _counts(words: Words, asks: Mapping[str, Collection[int]], named: Collection[int], english: English, wh: str) -> set[int]:
    """The indices of the words that ask how many there are."""
    inside = list(words)
    found = {at for at in inside if words[at] == "many" and words.get(at - 1) == "how"}
    numbered = (at for at in inside if words[at] in english.cues["counting"] and words.get(at + 1) == "of")
    found |= {at for at in numbered if words.get(at - 1, "the") in english.roles}  # not `the phone number of`
    found |= {at for at in inside[:1] if words[at] == "count"}
    found.update(asks.get("count", ()))
    found -= {*asks.get("most", ()), *asks.get("least", ())}
    found |= {at for at in inside if _is_choice(words, at, english)}
    if not wh and len(inside) <= _BRIEF and inside and inside[-1] not in named:
        found |= {inside[-1]} if words[inside[-1]] in english.cues["counting"] | english.cues["total"] else set()
    return found | {at for at in inside if words[at] in english.cues["total"]} if found else found


def _is_choice(words: Words, at: int, english: English) -> bool:
    """Whether one of two numbers is asked for: `three or four`."""
    return words[at] in english.cardinals and words.get(at + 1) == "or" and words.get(at + 2) in english.cardinals


def _says(words: Words, at: int, english: English) -> bool:
    return words[at] in english.numbers


def _points(words: Words, at: int, english: English) -> bool:
    """Whether the number belongs to things that are pointed at: `those two`, `the two of them`."""
    pointing = english.cues["pointing"] | english.cues["plural"]
    return words.get(at - 1) in pointing or (words.get(at + 1) == "of" and words.get(at + 2) in pointing)


def is_noun(words: Words, at: int, english: English) -> bool:
    """Whether it is the list, and not to list: `the list`, but not `a list of`."""
    return words[at] == "list" and words.get(at - 1) in english.cues["article"] and words.get(at + 1) != "of"


def _number(word: str, english: English) -> int:
    """The number that a word says; 0 for one that says none."""
    return int(word) if word.isdecimal() and len(word) <= _DIGITS else english.cardinals.get(word, 0)


def _counts_things(words: Words, at: int, named: Collection[int], english: English) -> bool:
    """Whether the word says how many there are: `there are two loaves`, `only one loaf`; not `the two`, `one of the loaves`,
    `about two`."""
    is_only = words.get(at - 1) in english.cues["only"]
    _, bounding = _bound(words, at)
    before = words.get(at - 1 - is_only - bounding, "")
    if at in named or _number(words[at], english) == 0 or words.get(at + 1) == "of" or before in english.negations:
        return False
    if any(before in english.cues[name] for name in ("article", "pointing", "plural", "other", "joins", "within", "bounding")):
        return False
    return _number(words[at], english) > 1 or is_only or bounding > 0


def _bound(words: Words, at: int) -> tuple[str, int]:
    """What the words before a number make of it, see `Numbers.bound`, and how many they are."""
    before = (words.get(at - 2, ""), words.get(at - 1, ""))
    if before in _BOUNDS:
        return _BOUNDS[before], 2
    return _SHORT_BOUNDS.get(before[1], ""), int(before[1] in _SHORT_BOUNDS)


def _states(words: Words, said_at: int, english: English) -> bool:
    """Whether the number is stated of something: `two loaves are on offer`, `she says there are two`; not `I had two loaves`."""
    before = [word for at, word in words.items() if at < said_at]
    is_own = any(word in english.persons for word in before) and words.get(said_at - 1) not in english.cues["copula"]
    return not is_own and any(word in english.openers for word in words.values())
