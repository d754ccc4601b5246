"""What the engine knows of English: roles of words, contractions, shorthand, stems."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import Stemmer
from msgspec import Struct

from bot.language import words

PATH = Path(__file__).with_name("english.yaml")

ROLES = ("function", "filler", "light", "modifier")

_WEIGHT = {"function": 0.0, "filler": 0.0, "light": 0.15, "modifier": 2.0}
_UNKNOWN_WEIGHT = 1.3
_UNKNOWN_LONG_WEIGHT = 2.2
_LONG = 8
"""An unknown word of so many letters is rather a name than a slip of the pen."""
_BAND_WEIGHT = ((10, 0.45), (20, 0.6), (35, 0.8), (words.RAREST, 1.0), (words.NAME, 0.5))


class English(Struct, frozen=True):
    """The word lists of `english.yaml`, ready to look up."""

    roles: dict[str, str]
    """word -> one of ROLES"""
    openers: frozenset[str]
    """words that open a yes/no question"""
    negations: frozenset[str]
    sweeping: frozenset[str]
    """words that claim more than most facts hold: `only`, `always`"""
    doubts: frozenset[str]
    """words that turn what is said into its contrast, or may: `wrong`, `impossible`, `instead`"""
    persons: frozenset[str]
    """words for somebody in particular"""
    present: frozenset[str]
    past: frozenset[str]
    supposed: frozenset[str]
    long_time: frozenset[str]
    """spans after which what is told is over: years, months"""
    wh: frozenset[str]
    cues: dict[str, frozenset[str]]
    """kind of asking -> the words for it"""
    cues_of: dict[str, tuple[str, ...]]
    """the same the other way round: word -> the kinds of asking it stands for"""
    numbers: dict[str, int]
    """words for a number of parts"""
    pointers: dict[str, frozenset[str]]
    """way of pointing at what was said before -> the words for it"""
    owners: dict[str, str]
    """word for somebody -> whom it stands for: `dad` -> `he`"""
    opposites: dict[str, str]
    """word -> its contrary"""
    ordinals: dict[str, int]
    """`first` -> 1; -1 stands for the last and 0 for the middle"""
    cardinals: dict[str, int]
    joining: frozenset[str]
    """words that join one question with the next"""
    picking: frozenset[str]
    """words that a choice may come with: `number two`"""
    frames: tuple[str, ...]
    """phrases that frame a question without changing it"""
    idioms: tuple[str, ...]
    """figures of speech, whose words do not mean what they say"""
    asks: dict[str, tuple[str, ...]]
    """form of a question -> the phrases that ask in that form"""
    meta: dict[str, tuple[str, ...]]
    """`again`, `shorter`, `more` -> templates that ask for it"""
    verify: tuple[str, ...]
    """phrases that ask whether what else is said is true"""
    shorthand: dict[str, tuple[str, ...]]
    abbreviations: frozenset[str]
    """abbreviations that are typed in small letters, too"""
    contractions: dict[str, str]
    is_after: frozenset[str]
    irregular: dict[str, str]

    @classmethod
    def load(cls) -> "English":
        """Read `english.yaml`. Needed only when a pack is compiled: the result is kept with the compiled pack."""
        import yaml

        raw = yaml.load(PATH.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        roles: dict[str, str] = {}
        for role in ("modifier", "filler", "light", "function"):  # the first role named keeps the word
            for word in raw["roles"][role].split():
                roles.setdefault(word, role)
        cues = {str(name): frozenset(group.split()) for name, group in raw["cues"].items()}
        cues_of = {word: tuple(name for name in cues if word in cues[name]) for word in sorted(frozenset().union(*cues.values()))}
        return cls(
            roles=roles,
            openers=frozenset(raw["yesno"].split()),
            negations=frozenset(raw["negation"].split()),
            sweeping=frozenset(raw["sweeping"].split()),
            doubts=frozenset(raw["doubt"].split()),
            persons=frozenset(raw["person"].split()),
            present=frozenset(raw["present"].split()),
            past=frozenset(str(raw["past"]).split()),
            supposed=frozenset(raw["supposed"].split()),
            long_time=frozenset(raw["long_time"].split()),
            wh=frozenset(raw["wh"].split()),
            cues=cues,
            cues_of=cues_of,
            numbers={str(word): int(number) for word, number in raw["numbers"].items()},
            pointers={str(name): frozenset(group.split()) for name, group in raw["pointers"].items()},
            owners={word: str(owner) for owner, group in raw["owners"].items() for word in group.split()},
            opposites=_both_ways(raw["opposites"].split()),
            ordinals={str(word): int(number) for word, number in raw["ordinals"].items()},
            cardinals={str(word): int(number) for word, number in raw["cardinals"].items()},
            joining=frozenset(raw["joining"].split()),
            picking=frozenset(raw["picking"].split()),
            frames=tuple(_phrases(raw["frames"])),
            idioms=tuple(_phrases(raw["idioms"])),
            asks={str(name): tuple(_phrases(lines)) for name, lines in raw["asks"].items()},
            meta={str(name): tuple(templates) for name, templates in raw["meta"].items()},
            verify=tuple(_phrases(raw["verify"])),
            shorthand={typed: tuple(read.split()) for typed, read in _pairs(raw["shorthand"])},
            abbreviations=frozenset(raw["abbreviations"].split()),
            contractions={str(k): str(v) for k, v in raw["contractions"].items()},
            is_after=frozenset(raw["is_after"].split()),
            irregular=dict(_pairs(raw["irregular"])),
        )

    def weight(self, word: str) -> float:
        """How much `word` says against an answer that does not explain it, 0 (nothing) to 2.2 (an unknown name)."""
        role = self.roles.get(word)
        if role is not None:
            return _WEIGHT[role]
        if word.replace(".", "").isdecimal():
            return 0.3
        if len(word) == 1:
            return 0.1
        rarity = words.band(word)
        if rarity is None:
            return _UNKNOWN_WEIGHT if len(word) < _LONG else _UNKNOWN_LONG_WEIGHT
        return next(weight for band, weight in _BAND_WEIGHT if rarity <= band)

    def stem(self, word: str) -> str:
        """The form that joins `word` with its inflections."""
        return _stem(self.irregular.get(word, word))

    def expand(self, word: str) -> tuple[str, ...]:
        """`word` without shorthand or contraction, as one to three words."""
        if word in _SIGNS:
            return (_SIGNS[word],)
        if word in self.shorthand:
            return self.shorthand[word]
        if word.endswith("in") and _is_spoken(word):
            return (word + "g",)
        if "'" not in word:
            return (word,)
        joined = word.replace("'", "")
        for ending, full in self.contractions.items():
            if word.endswith(ending) and len(word) > len(ending):
                head = word[: -len(ending)]
                return (_NEGATED.get(head, head), full)
        head, _, tail = word.partition("'")
        if tail == "s":
            return (head, "is") if head in self.is_after else (head,)
        return self.shorthand.get(joined, (joined,))


@lru_cache(maxsize=4096)
def _is_spoken(word: str) -> bool:
    """Whether a `g` is left out at the end of a word, as it is spoken: `feelin`."""
    return len(word) >= _SHORTEST_SPOKEN and words.band(word) is None and words.band(word + "g") is not None


def _phrases(lines: str) -> Iterator[str]:
    """Every phrase of templates that stand a line each."""
    from bot.language.template import expand, parse

    return (phrase for line in lines.splitlines() for phrase in expand(parse(line)) if phrase)


def _both_ways(words: list[str]) -> dict[str, str]:
    """Word -> its contrary, of words that stand pair by pair; the first contrary named keeps the place."""
    found: dict[str, str] = {}
    for one, other in zip(words[::2], words[1::2], strict=True):
        found.setdefault(one, other)
        found.setdefault(other, one)
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of `a = b; c = d`."""
    rows = (row.partition(" = ") for row in text.replace("\n", " ").split(";") if row.strip())
    return [(left.strip(), right.strip()) for left, _, right in rows]


_SHORTEST_SPOKEN = 4
"""Letters of a word from which a `g` that is left out at its end is put back."""

_NEGATED = {"ca": "can", "wo": "will", "sha": "shall"}
_STEMMER = Stemmer.Stemmer("english", 0)


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


_SIGNS = {"=": "equals", "+": "plus", "w/o": "without", "w/out": "without", "w/": "with"}
_TOKEN = re.compile(r"(?<![^\W_])w/(?:o(?:ut)?(?![^\W_]))?|\d+[.,]\d+|[^\W_]+(?:'[^\W_]+)*|[.?!;:,\n]|--+|->| - |=|\+(?=[\s\w])")
_MIXED = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")


def split(text: str) -> list[tuple[str, int, int]]:
    """Words and clause marks of cleaned `text`, each with its start and end."""
    return [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def split_mixed(word: str) -> list[str]:
    """`39c` -> `39`, `c`; a plain word is left whole."""
    return _MIXED.findall(word) if not word.isalpha() and "'" not in word else [word]
