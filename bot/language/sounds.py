"""How English words sound, roughly: by their consonants."""

from functools import lru_cache

_SOUNDS = (
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("tion", "shun"),
    ("sion", "shun"),
    ("ph", "f"),
    ("ch", "k"),
    ("ck", "k"),
    ("qu", "k"),
    ("x", "ks"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
)


def alike(word: str, other: str) -> bool:
    """Whether the two sound alike: the same consonants in the same order."""
    return consonants(word) == consonants(other)


@lru_cache(maxsize=8192)
def consonants(word: str) -> str:
    """What is heard of a word but for the vowels."""
    kept: list[str] = []
    for spelt, spoken in _SOUNDS:
        word = word.replace(spelt, spoken)
    for char in word:
        if char not in "aeiouh" and (not kept or kept[-1] != char):
            kept.append(char)
    return "".join(kept)
