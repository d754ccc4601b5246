"""The grammar of a question: what kind of asking it is."""

from msgspec import Struct

from bot.language.english import English
from bot.understand.mentions import Mention
from bot.understand.utterance import Token, Utterance

_COMPARE = frozenset({"compare", "compared", "comparing", "comparison", "difference", "differences", "differ", "differs", "versus", "different", "contrast"})
_SAME = frozenset({"same", "identical", "equal", "equivalent", "equals", "interchangeable"})
_EXCEPT = frozenset({"without", "except", "excluding", "minus", "besides"})
_LISTING = frozenset({"list", "name", "show", "give", "examples", "example", "tell"})


class Cues(Struct, frozen=True):
    """What the small words of the question say."""

    wh: str
    """first question word of the focus: `what`, `which`, `who`, `how`, …; empty when there is none"""
    how_many: bool
    verifies: bool
    """asks whether something is so"""
    negated: bool
    compares: bool
    same: bool
    lists: bool
    both: bool
    only: bool
    without: tuple[int, ...]
    """indices of `without`, `but not`, `except`, `neither`"""
    tokens: frozenset[int]
    """indices of the words that these cues rest on"""


def cues_of(utterance: Utterance, mentions: tuple[Mention, ...], english: English) -> Cues:
    """The cues of `utterance`."""
    tokens = utterance.tokens
    framed = {index for m in mentions if m.kind in {"frame", "verify"} for index in m.tokens}
    verify_frame = any(m.kind == "verify" and _is_tag(m, tokens, utterance) for m in mentions)
    words = [token.word for token in tokens]
    used: set[int] = set()

    wh, opened = _opening(utterance, framed, english)
    how_many = _find(words, ("how", "many"), used) or _find(words, ("number", "of"), used) or "count" in words
    without: list[int] = []
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in _EXCEPT or (word in {"but", "and"} and following == "not") or (word in {"other", "apart"} and following in {"than", "from"}) or word == "neither" or word == "nor":
            without.append(at)
            used.add(at)
    negations = [
        at
        for at, word in enumerate(words)
        if word in english.negations
        and at not in framed
        and not (at and words[at - 1] in english.openers and _starts_clause(tokens, at - 1))
        and at not in without
        and not (at and at - 1 in without)
    ]
    used.update(at for at, word in enumerate(words) if word in _COMPARE | _SAME | {"both", "only"})
    return Cues(
        wh=wh,
        how_many=how_many,
        verifies=(opened or verify_frame) and not wh,
        negated=len(negations) % 2 == 1,
        compares=any(word in _COMPARE for word in words) or _pair(words, "better", "than"),
        same=any(word in _SAME for word in words),
        lists=any(word in _LISTING for word in words),
        both="both" in words,
        only="only" in words or "just" in words,
        without=tuple(without),
        tokens=frozenset(used | set(negations)),
    )


def _opening(utterance: Utterance, framed: set[int], english: English) -> tuple[str, bool]:
    """The question word that opens a clause, and whether a yes/no opener does."""
    wh, opened = "", False
    for clause in range(utterance.clauses):
        for at, token in enumerate(utterance.tokens):
            if token.clause != clause or at in framed:
                continue
            if token.word in english.wh:
                wh = wh or token.word
                break
            if token.word in english.openers:
                opened = True
                break
            if english.roles.get(token.word) not in {"filler"} and token.word not in {"and", "but", "so", "or", "if", "also", "then", "the"}:
                break
    if not wh and not opened:
        inner = [token.word for at, token in enumerate(utterance.tokens) if at not in framed and token.word in english.wh and token.word != "who"]
        wh = inner[0] if inner else ""
    return wh, opened


def _starts_clause(tokens: tuple[Token, ...], at: int) -> bool:
    return at == 0 or tokens[at - 1].clause != tokens[at].clause


def _is_tag(mention: Mention, tokens: tuple[Token, ...], utterance: Utterance) -> bool:
    """A one-word check such as `right?` counts only at the end of its clause and before a question mark."""
    last = mention.tokens[-1]
    at_end = last + 1 == len(tokens) or tokens[last + 1].clause != tokens[last].clause
    return len(mention.tokens) > 1 or (at_end and tokens[last].clause in utterance.asked)


def _find(words: list[str], phrase: tuple[str, ...], used: set[int]) -> bool:
    for at in range(len(words) - len(phrase) + 1):
        if tuple(words[at : at + len(phrase)]) == phrase:
            used.update(range(at, at + len(phrase)))
            return True
    return False


def _pair(words: list[str], first: str, second: str) -> bool:
    return any(a == first and b == second for a, b in zip(words, words[1:], strict=False))
