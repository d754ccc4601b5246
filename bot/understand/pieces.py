"""What in a message of some length may be a question by itself, where nobody has taught the engine what asks."""

from bot.language.english import English
from bot.understand.utterance import Utterance

_SEVERAL = 14
"""Tokens from which a message is read piece by piece."""

_SHORTEST = 3
_LONGEST = 18
_MOST = 3
"""Pieces that are read, the last ones: a question rather ends a story than opens it."""


def pieces(utterance: Utterance, asking: tuple[int, ...], english: English) -> list[tuple[int, int]]:
    """Places, start and end in the typed text, of the parts of a long message that may be a question by themselves.

    Each clause is one, and so is what follows a question word within a clause. asking: the clauses that ask; where there are any,
    the others only tell.
    """
    tokens = utterance.tokens
    if len(tokens) < _SEVERAL:
        return []
    found: dict[tuple[int, int], None] = {}
    first = 0
    for at in range(1, len(tokens) + 1):
        if at < len(tokens) and tokens[at].clause == tokens[first].clause:
            continue
        if asking and tokens[first].clause not in asking:
            first = at
            continue
        if at - first < len(tokens):
            found[first, at] = None
        for start in range(first + 1, at - _SHORTEST + 1):
            if tokens[start].word in english.wh and tokens[start - 1].word not in english.wh:
                found[start, min(at, start + _LONGEST)] = None
        first = at
    kept = [span for span in found if span[1] - span[0] >= _SHORTEST][-_MOST:]
    return [(tokens[start].start, tokens[end - 1].end) for start, end in kept]
