"""How a question opens: with a question word, or with a verb that asks for yes or no; and which question words ask nothing."""

from bot.language.english import English
from bot.understand.utterance import Token


def opening_of(
    tokens: tuple[Token, ...], inside: list[int], framed: set[int], english: English, *, is_checked: bool
) -> tuple[int, bool]:
    """The index of the question word that opens a clause (-1: none), and whether a yes/no opener does.

    is_checked: it is asked whether what is said is so, and a question word within that asks nothing.
    """
    wh, opened, fronted = -1, False, -1
    done: set[int] = set()
    for at in inside:
        token = tokens[at]
        if token.clause in done or at in framed:
            continue
        if token.word in english.wh and _is_fronted(tokens, at, english):
            fronted = at if fronted < 0 else fronted
        elif token.word in english.wh:
            wh = at if wh < 0 else wh
        elif token.word in english.openers:
            opened = True
        elif english.roles.get(token.word) == "filler" or token.word in english.cues["lead"]:
            continue
        done.add(token.clause)
    if wh < 0 and not opened:
        opened = _is_inverted(tokens, inside, english)
    if wh < 0 and not opened and not is_checked:
        later = (at for at in inside if at not in framed and tokens[at].word in english.wh and tokens[at].word != "who")
        wh = next((at for at in later if at == fronted or not _is_embedded(tokens, at, english)), -1)
    return wh, opened


def _word(tokens: tuple[Token, ...], at: int, clause: int) -> str:
    """The word at `at`; empty outside of the clause."""
    return tokens[at].word if 0 <= at < len(tokens) and tokens[at].clause == clause else ""


def _is_fronted(tokens: tuple[Token, ...], at: int, english: English) -> bool:
    """Whether the `when` at `at` says under which condition, and does not ask for a time: `when it is cold, does it rise`."""
    return tokens[at].word in english.cues["fronted"] and _word(tokens, at + 1, tokens[at].clause) not in english.openers


def _is_inverted(tokens: tuple[Token, ...], inside: list[int], english: English) -> bool:
    """Whether a clause opens with a condition, and what is asked follows it: `if it is cold will it rise`."""
    for at in inside:
        clause = tokens[at].clause
        first = next(here for here in inside if tokens[here].clause == clause)
        if tokens[at].word in english.openers and tokens[first].word in english.cues["fronted"]:
            before, after = _word(tokens, at - 1, clause), _word(tokens, at + 1, clause)
            if after in english.cues["subject"] and before not in english.cues["subject"] | english.cues["fronted"] | english.wh:
                return True
    return False


def _is_embedded(tokens: tuple[Token, ...], at: int, english: English) -> bool:
    """Whether the question word within a clause asks nothing: `it is when …`, `next to what they do`, `they use what you had?`"""
    clause, subjects = tokens[at].clause, english.cues["subject"]
    if _is_fronted(tokens, at, english):
        return True
    first = next(here for here, token in enumerate(tokens) if token.clause == clause)
    is_told = tokens[first].word in subjects - {"i"} and _word(tokens, first + 1, clause) in english.openers
    is_led = is_told or _word(tokens, at - 1, clause) in english.cues["prepositions"]
    return is_led and _word(tokens, at + 1, clause) in subjects
