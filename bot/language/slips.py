"""What slips of the pen cost: how far what was typed is from a word, by how often people slip in that way."""

from bot.language.sounds import alike

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {
    char: (column + row * 0.25 + (row == 2) * 0.25, row) for row, chars in enumerate(_ROWS) for column, char in enumerate(chars)
}
_VOWELS = frozenset("aeiouy")

_SWAPPED = 1.5
_DOUBLED = 1.0
"""A letter too many or too few beside the same one."""
_LEFT_OUT = 1.8
_TOO_MANY = 2.5
_NEIGHBOUR = 2.0
"""The key beside, a vowel for a vowel, or one that sounds alike."""
_CHANGED = 3.5
_FIRST = 1.5
"""More, where the first letter is not right."""
_EACH, _USUAL_LENGTH = 3.0, 8
"""Each of several slips in one word of so many letters; in a longer one it is the likelier that there are some."""
_BY_EAR, _EACH_BY_EAR = 1.5, 0.5
"""A word that was written as it sounds, and each letter of it that is not right."""


def cost_of(typed: str, word: str, distance: int) -> float:
    """What it costs to have typed `typed` for `word`; distance: letters left out, put in, changed or swapped, 1 or more."""
    if distance > 1:
        each = _BY_EAR + _EACH_BY_EAR * distance if alike(typed, word) else _EACH * distance * min(1.0, _USUAL_LENGTH / len(word))
        return each + _FIRST * (typed[0] != word[0])
    at = next((at for at, (one, other) in enumerate(zip(typed, word, strict=False)) if one != other), min(len(typed), len(word)))
    first = 0.0 if at else _FIRST
    if len(typed) < len(word):
        return first + (_DOUBLED if at and word[at] == word[at - 1] else _LEFT_OUT)
    if len(typed) > len(word):
        return first + (_DOUBLED if at and typed[at] == typed[at - 1] else _TOO_MANY)
    if typed[at + 1 :] != word[at + 1 :]:
        return first / 4 + _SWAPPED
    is_usual = _are_neighbours(typed[at], word[at]) or alike(typed, word)
    return first / 1.5 + (_NEIGHBOUR if is_usual else _CHANGED)


def _are_neighbours(one: str, other: str) -> bool:
    if one in _VOWELS and other in _VOWELS:
        return True
    if one not in _KEYS or other not in _KEYS:
        return False
    (x, row), (other_x, other_row) = _KEYS[one], _KEYS[other]
    return abs(x - other_x) <= 1 and abs(row - other_row) <= 1
