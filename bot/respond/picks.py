"""What somebody picks of the choices that were offered: by number, place, name, several of them, or none."""

from bot.language.english import English
from bot.respond.memory import Memory

_LONGEST = 8
"""Words; a longer message is a question of its own."""
NONE = frozenset({"neither", "none", "nothing"})
"""What is said of choices of which none was meant."""
_ALL = frozenset({"all", "everything", "each", "every"})


def picked(memory: Memory, words: list[str], english: English) -> list[str] | None:
    """The questions of the options that `words` pick.

    An empty list for none of them and for a number that was not offered; None when nothing is picked.
    """
    questions = [question for _, question in memory.options]
    if not questions or not words or len(words) > _LONGEST:
        return None
    said = [word for word in words if not _is_around(word, english)]
    if not said:
        return None
    if set(said) <= NONE:
        return []
    said = [word for word in said if word not in NONE]  # `none of those, the rye`
    if set(said) <= _ALL:
        return questions
    if said == ["both"]:
        return questions[:2]
    places = _places(said, len(questions), english)
    if places is not None:
        return [questions[place - 1] for place in places if 1 <= place <= len(questions)]
    if any(word in english.wh or word in english.openers for word in words) and "about" not in words:
        return None  # `what is the puff pastry?` is a question
    found = [question for title, question in memory.options if _names(title, said)]
    return found if len(found) == 1 else None


def _is_around(word: str, english: English) -> bool:
    """Whether the word picks nothing by itself."""
    if word in english.cardinals or word in english.ordinals or word in NONE or word in _ALL or word == "both":
        return False
    return word in english.picking or english.roles.get(word) in {"filler", "function"}


def _places(said: list[str], size: int, english: English) -> list[int] | None:
    """The places, from 1, that `second`, `1 and 3`, `the last two` stand for; None when a word is no number."""
    if len(said) > 1:  # `the second one`, `the puff one`
        said = [word for word in said if word != "one"] or said
    if not all(word.isdecimal() or word in english.cardinals or word in english.ordinals for word in said):
        return None
    if len(said) == 2 and said[0] in english.ordinals:
        count = int(said[1]) if said[1].isdecimal() else english.cardinals.get(said[1], 0)
        if count and english.ordinals[said[0]] == -1:
            return list(range(max(1, size - count + 1), size + 1))
        if count and english.ordinals[said[0]] == 1:
            return list(range(1, min(count, size) + 1))
    return [place_of(word, size, english) for word in said]


def place_of(word: str, size: int, english: English) -> int:
    """The place, from 1, that a word for a number stands for among `size`; 0 when it is no such word."""
    if word.isdecimal():
        return int(word) if len(word) < 4 else size + 1
    if word in english.cardinals:
        return english.cardinals[word]
    number = english.ordinals.get(word)
    return 0 if number is None else (size + 1) // 2 if number == 0 else size if number < 0 else number


def _names(title: str, said: list[str]) -> bool:
    """Whether every word that carries meaning stands in the title."""
    own = title.lower().replace("-", " ").replace("(", " ").replace(")", " ").split()
    meant = [word for word in said if len(word) > 2 and word != "one"]
    return bool(meant) and all(any(part.startswith(word[: max(4, len(word) - 2)]) for part in own) for word in meant)
