"""What is wanted and what is left out: `with A but not B`, `A-free`, `leave A out`, `besides A`."""

from typing import Literal

from msgspec import Struct

from bot.language.english import English

Sign = Literal["in", "denied", "out", "beside"]
"""wanted; denied (`not`, `without`); left out of what is asked for (`except`); set beside it (`besides`)"""

_NEAR = 2
"""So many words after a denial a verb belongs to it: `not used with`."""
_NEAR_BESIDE = 3
"""`besides the one with`: what is set aside is what has it, rather than the thing itself."""
_PAIRS = {"other": {"than"}, "apart": {"from"}, "aside": {"from"}, "addition": {"to"}, "top": {"of"}, "counting": {"out"}}
_FAR = 6
"""So many words may lie between `leave` and its `out`."""


class Polarity(Struct, frozen=True):
    """The marks of some clauses, in order of place."""

    marks: tuple[tuple[int, Sign], ...] = ()
    """(index of a word, what it says of the names after it)"""
    after: frozenset[int] = frozenset()
    """indices of words that leave out the name right before them: `free`, `excluded`"""

    def of(self, first: int, last: int) -> Sign:
        """What is said of the name at the indices `first` to `last`."""
        if last + 1 in self.after:
            return "denied"
        sign: Sign = "in"
        for at, mark in self.marks:
            if at >= first:
                break
            sign = mark
        return sign

    @property
    def tokens(self) -> frozenset[int]:
        """Indices of the words that leave something out."""
        return self.after | {at for at, sign in self.marks if sign != "in"}


def polarity_of(words: dict[int, str], english: English) -> Polarity:
    """The marks among `words`, which stand by their indices."""
    cues = english.cues
    if not any(word in english.negations or word in cues["leaving"] for word in words.values()):
        return Polarity()  # nothing is left out
    marks: list[tuple[int, Sign]] = []
    after: set[int] = set()
    denied = -9  # where the last denial that a verb may belong to stands, or the verb that took it up
    for at, word in words.items():
        following = words.get(at + 1, "")
        if word in cues["after"] and following == "of":
            marks.append((at, "denied"))  # `free of A`
        elif word in cues["after"] and at - 1 in words and following not in _PAIRS.get(word, ()):
            after.add(at)
        if sets_aside(word, following, english):
            marks.append((at, "beside"))
        elif word in cues["omit"] or (word in cues["leave"] and _is_out(words, at)):
            marks.append((at, "denied"))
        elif word in cues["except"] and word not in english.negations:
            marks.append((at, "out"))
        elif word in english.negations and following not in cues["partly"] and not _opens(words, at, english):
            if words.get(at - 1) in english.openers and at - 2 in words and words[at - 2] not in cues["within"]:
                after.add(at - 1)  # `where A is not used`
            marks.append((at, "denied"))
            denied = denied if word == "no" else at  # `no basket with A` is about A all the same
        elif word in cues["within"]:
            if at - denied <= _NEAR:
                denied = at
            elif marks and marks[-1][1] in {"out", "beside"} and _leads_on(words, marks[-1][0], at, english):
                marks[-1] = (marks[-1][0], "denied")
            else:
                marks.append((at, "in"))
        elif word in english.wh or (word in english.openers and marks and marks[-1][1] in {"out", "beside"}):
            marks.append((at, "in"))
    return Polarity(tuple(marks), frozenset(after))


def sets_aside(word: str, following: str, english: English) -> bool:
    """Whether `besides`, `other than` or the like begins here."""
    return word in english.cues["beside"] or following in _PAIRS.get(word, ())


def _leads_on(words: dict[int, str], start: int, end: int, english: English) -> bool:
    """Whether only small words lie between: `besides the one with`."""
    return end - start <= _NEAR_BESIDE and all(words.get(at) in english.roles for at in range(start + 1, end))


def _is_out(words: dict[int, str], at: int) -> bool:
    """Whether the `leave` at `at` has its `out`, or its `aside`."""
    return any(words.get(at + far) in {"out", "aside"} for far in range(1, _FAR + 1))


def _opens(words: dict[int, str], at: int, english: English) -> bool:
    """Whether it is the `not` of an opening `isn't it`, which asks for assent."""
    return words.get(at - 1) in english.openers and at - 2 not in words
