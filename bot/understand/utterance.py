"""What a person typed -> words in clauses, corrected, each with its weight."""

from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from bot.language.clean import Clean, clean
from bot.language.english import English, split, split_mixed
from bot.understand.lexicon import Lexicon
from bot.understand.spelling import Speller

LONGEST = 6000
"""Characters that are read; what comes after is not looked at, and the reply says so."""

_ENDS_CLAUSE = frozenset(".?!;\n:")
_OPENING = frozenset({"and", "but", "so", "or", "then", "also", "anyway", "because"})
_SPOKEN = {"2": "to", "4": "for"}
_OF_A_DOSE = frozenset({"of", "is", "should", "for", "to", "would", "can", "will", "do"})
_JOINS = frozenset({"and", "but"})
_AUXILIARIES = frozenset({"does", "do", "is", "are", "can", "did", "will"})
_PRONOUNS = frozenset(
    {
        "me",
        "you",
        "him",
        "her",
        "us",
        "them",
        "my",
        "your",
        "his",
        "our",
        "their",
        "it",
        "the",
        "a",
        "people",
        "be",
        "get",
        "catch",
    }
)


class Token(Struct, frozen=True, gc=False):
    word: str
    """as it is read: folded, expanded, corrected"""
    stem: str
    start: int
    """place in the typed text, in characters"""
    end: int
    clause: int
    weight: float
    """how much the word says against an answer that does not explain it"""


class Utterance(Struct, frozen=True):
    text: str
    tokens: tuple[Token, ...]
    clauses: int
    asked: frozenset[int]
    """clauses that end in a question mark"""
    corrections: tuple[tuple[str, str], ...]
    """(typed, read) for each word that was read as another"""
    is_cut: bool
    """the text was longer than what is read"""


class _Piece(Struct):
    """A word or a punctuation mark on its way to a token."""

    word: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.word[0].isalnum()


_UNITS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"oh": 0, "o": 0}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}


def spoken_numbers(pieces: list[_Piece]) -> list[_Piece]:
    """Numbers of several words as figures: `thirty nine and a half`, `a hundred and two`, `one oh two point five`."""
    read: list[_Piece] = []
    at = 0
    while at < len(pieces):
        words = [piece.word for piece in pieces[at : at + 8]]
        value, used = _spoken(words)
        if used > 1:
            read.append(_Piece(f"{value:g}", pieces[at].start, pieces[at + used - 1].end))
        else:
            read.append(pieces[at])
        at += max(used, 1)
    return read


def _spoken(words: list[str]) -> tuple[float, int]:
    """The number that `words` begin with, and how many of them it takes; (0, 0) when they begin with none."""
    words = [*words, "", "", "", ""]
    value: float
    if words[0] in _TENS:
        value, used = (_TENS[words[0]] + _UNITS[words[1]], 2) if 0 < _UNITS.get(words[1], 0) < 10 else (_TENS[words[0]], 1)
        if words[used] == "-" and 0 < _UNITS.get(words[used + 1], 0) < 10:
            value, used = value + _UNITS[words[used + 1]], used + 2
    elif words[0] in {"a", "one"} and words[1] == "hundred":
        value, used = 100, 2
        after = used + (words[used] == "and")
        if words[after] in _UNITS:
            value, used = value + _UNITS[words[after]], after + 1
    elif (words[0] == "one" and words[1] in {"oh", "o"} and words[2] in _UNITS) or (
        words[0] == "hundred" and words[1] == "and" and words[2] in _UNITS
    ):
        value, used = 100 + _UNITS[words[2]], 3
    else:
        return 0, 0
    if words[used] == "point" and words[used + 1] in _UNITS:
        value, used = value + _UNITS[words[used + 1]] / 10, used + 2
    elif words[used : used + 3] == ["and", "a", "half"]:
        value, used = value + 0.5, used + 3
    return value, used


_LONGEST_ABBREVIATION, _LONGEST_MIXED = 5, 3


def _is_abbreviation(piece: _Piece, folded: Clean, typed: str) -> bool:
    """Whether a word is a short one in capitals: `CLL`, `MoA`. Of longer ones all are: `BTEs` may be a slip."""
    written = typed[folded.source(piece.start) : folded.source(piece.end - 1) + 1]
    capitals = sum(char.isupper() for char in written)
    return 1 < len(piece.word) <= _LONGEST_ABBREVIATION and capitals >= (2 if len(written) <= _LONGEST_MIXED else len(written))


class Reader:
    """Reads utterances with the words of one pack."""

    def __init__(self, lexicon: Lexicon, english: English, *, corrects: bool = True) -> None:
        """`corrects`: False for the author's own texts, which are taken as they stand."""
        self._english = english
        self._lexicon = lexicon
        self._speller = Speller(lexicon, english) if corrects else None
        self._known = lru_cache(maxsize=8192)(lambda word: (english.stem(word), english.weight(word)))

    def read(self, text: str) -> Utterance:
        """`text` as tokens. Any text will do; only its first LONGEST characters are read."""
        folded = clean(text[:LONGEST])
        corrections: dict[tuple[str, str], None] = {}
        pieces = self._pieces(folded.text)
        if self._speller is not None:
            pieces = self._joined(pieces, corrections)
            pieces = self._corrected(pieces, corrections, self._speller, folded, text)
            self._digits(pieces)
            pieces = self._counting(pieces)
            pieces = spoken_numbers(pieces)
        tokens, asked = self._tokens(pieces, folded)
        clauses = tokens[-1].clause + 1 if tokens else 0
        return Utterance(text, tokens, clauses, asked, tuple(corrections), len(text) > LONGEST)

    def _pieces(self, text: str) -> list[_Piece]:
        pieces: list[_Piece] = []
        for typed, start, end in split(text):
            if not typed[0].isalnum() and typed not in {"=", "+"}:
                pieces.append(_Piece(typed.strip()[:1] or "\n", start, end))
                continue
            for expanded in self._english.expand(typed):
                pieces.extend(_Piece(word, start, end) for word in split_mixed(expanded))
        return pieces

    def _corrected(
        self, pieces: list[_Piece], corrections: dict[tuple[str, str], None], speller: Speller, folded: Clean, typed: str
    ) -> list[_Piece]:
        """The words that were meant: `remision`, `clinical trail`."""
        words = [piece for piece in pieces if piece.is_word]
        kept = () if typed.isupper() else [at for at, piece in enumerate(words) if _is_abbreviation(piece, folded, typed)]
        meant = iter(speller.corrected([piece.word for piece in words], kept))
        read: list[_Piece] = []
        for piece in pieces:
            found = next(meant) if piece.is_word else (piece.word,)
            if found != (piece.word,):
                corrections[piece.word, " ".join(found)] = None
            read.extend(_Piece(word, piece.start, piece.end) for word in found)
        return read

    def _joined(self, pieces: list[_Piece], corrections: dict[tuple[str, str], None]) -> list[_Piece]:
        """Names that were torn apart are put together: `dara tumumab`."""
        joined: list[_Piece] = []
        for piece in pieces:
            last = joined[-1] if joined else piece
            whole = last.word + piece.word
            if last is not piece and len(whole) >= 7 and whole in self._lexicon.names and piece.word not in self._lexicon.names:
                corrections[f"{last.word} {piece.word}", whole] = None
                joined[-1] = _Piece(whole, last.start, piece.end)
            else:
                joined.append(piece)
        return joined

    def _digits(self, pieces: list[_Piece]) -> None:
        """`2 her`, `4 me`: figures that are read aloud; `y` for `why`, and `dose` for `does` where a question begins."""
        after, asks = [*(piece.word for piece in pieces[1:]), ""], False
        for before, piece, following_word in zip([None, *pieces], pieces, after, strict=False):
            if piece.word == "y" and following_word in self._english.openers:
                piece.word = "why"
            if following_word in _OF_A_DOSE:
                continue
            begins = before is None or not before.is_word or before.word in self._english.wh
            is_verb = (
                asks
                and following_word in self._lexicon.names
                and before is not None
                and before.word not in self._english.cues["of_doses"]
            )
            if piece.word == "dose" and (begins or is_verb):
                piece.word = "does"
            asks = asks or piece.word in self._english.wh
        for piece, following in pairwise(pieces):
            if piece.word in _SPOKEN and following.word in _PRONOUNS:
                piece.word = _SPOKEN[piece.word]

    def _counting(self, pieces: list[_Piece]) -> list[_Piece]:
        """`no. of`, `nr of` as `number of`."""
        short = self._english.cues["counting_short"]
        for at, piece in enumerate(pieces):
            if piece.word in short:
                has_dot = [p.word for p in pieces[at + 1 : at + 2]] == ["."]
                if [p.word for p in pieces[at + 1 + has_dot : at + 2 + has_dot]] == ["of"]:
                    return [*pieces[:at], replace(piece, word="number"), *pieces[at + 1 + has_dot :]]
        return pieces

    def _tokens(self, pieces: list[_Piece], folded: Clean) -> tuple[tuple[Token, ...], frozenset[int]]:
        """The tokens in their clauses; a comma ends a clause where a question begins after it."""
        tokens: list[Token] = []
        asked: set[int] = set()
        clause, opened = 0, False
        for at, piece in enumerate(pieces):
            if piece.is_word:
                if opened and piece.word in _JOINS and self._asks_at([p.word for p in pieces[at + 1 : at + 4]]):
                    clause += 1
                opened = True
                stem, weight = self._known(piece.word)
                start, end = piece.start, piece.end
                if folded.offsets is not None:
                    start, end = folded.source(start), folded.source(end - 1) + 1
                tokens.append(Token(piece.word, stem, start, end, clause, weight))
            elif opened:
                if piece.word == "?":
                    asked.add(clause)
                if piece.word in _ENDS_CLAUSE or self._begins_question([p.word for p in pieces[at + 1 : at + 5]]):
                    clause, opened = clause + 1, False
        return tuple(tokens), frozenset(asked)

    def _asks_at(self, words: list[str]) -> bool:
        """Whether a second question follows: `and what …`, `and does it …`."""
        goes_on = words[1:2] == ["not"] and words[2:3] and words[2] not in _PRONOUNS | self._english.cues["pronoun"]
        is_verb = words[:1] and words[0] in _AUXILIARIES and not goes_on  # `which is A and is not B` asks once
        return len(words) > 1 and (words[0] in self._english.wh - {"who", "which"} or bool(is_verb))

    def _begins_question(self, words: list[str]) -> bool:
        while words and (words[0] in _OPENING or self._english.roles.get(words[0]) == "filler"):
            words = words[1:]
        return bool(words) and (words[0] in self._english.wh or words[0] in self._english.openers)
