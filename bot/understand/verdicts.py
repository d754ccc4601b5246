"""Is it so? The yes or no of an entry, from what its author says is so and is not.

How a question is worded says which entry it asks for, but not what is true of it: `do the cells come from a donor` and `do
the cells come from me` are neighbours. So yes and no come from `so` and `not_so` of the entry alone: templates that are
looked for anywhere in what is asked. A negation before them, or in a gap of theirs, turns round what they say. It is left
open where the question claims more than they do (`only`, `better than`, `for 3 years`), doubts (`impossible`, `instead`),
denies something after them, or names both sides. Where two overlap, the one that names more of these turning words goes
first, then the longer one.

What was learned from the yes/no phrasings of the entries (`assent.py`) is weighed with what the templates say: it may settle what
they leave open, and leave open what they say where it speaks against them.
"""

from functools import lru_cache
from zlib import compress, decompress

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.pack.format import Pack, Verdicts
from bot.understand.assent import Assenter, Assents
from bot.understand.cues import Cues, denials
from bot.understand.match import AnyWord, Branch, Line, Path, Pattern, PatternBuilder, by_stem, candidates
from bot.understand.mentions import Mention
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Utterance

_PRONOUNS = frozenset({"it", "they", "he", "she", "i", "we", "you", "there", "that", "this"})
_POINT = 100.0
"""So many times likelier is what a template says: of those that stand in questions of the banks, nineteen of twenty are right."""
_SETTLED = 0.85
"""Probability from which there is a yes or a no."""
_EVEN = {"yes": 0.5, "no": 0.5}
"""Where nothing was learned."""
_OPPOSITE: dict[Verdict, Verdict] = {"yes": "no", "no": "yes"}


class Point(Struct, frozen=True, array_like=True):
    """Something that is so, or is not, according to an entry."""

    verdict: Verdict
    pattern: Pattern


class Check(Struct, frozen=True):
    """What may be asked of an entry."""

    utterance: Utterance
    mentions: tuple[Mention, ...]
    cues: tuple[Cues, ...]
    """of the message, and of each of its clauses that ask"""
    asking: tuple[int, ...]
    """these clauses"""
    is_story: bool = False
    """much is told around them"""


class Settled(Struct, frozen=True):
    """A yes or a no."""

    verdict: Verdict
    reason: str
    explained: frozenset[int] = frozenset()
    """indices of the words that say so"""


class Found(Struct, frozen=True):
    """A point that stands in a question."""

    verdict: Verdict
    start: int
    end: int
    text: str
    own: frozenset[int]
    """indices of the words that the template names"""
    turns: int
    """how many of them deny, doubt or sweep: who names them has read the question more closely than who passes over them"""


Points = dict[str, bytes]
"""entry -> its points, packed: few of them are needed for a question, and none for a start"""


def build(pack: Pack, builder: PatternBuilder) -> Points:
    """The points of a checked pack."""
    return {entry_id: compress(msgspec.msgpack.encode(_points(pack, entry_id, builder))) for entry_id in pack.entries}


def _points(pack: Pack, entry_id: str, builder: PatternBuilder) -> list[Point]:
    entry, more = pack.entries[entry_id], pack.verdicts.get(entry_id, Verdicts())
    sides: tuple[tuple[Verdict, list[str]], ...] = (("yes", [*entry.so, *more.so]), ("no", [*entry.not_so, *more.not_so]))
    return [Point(verdict, builder.pattern(template)) for verdict, templates in sides for template in dict.fromkeys(templates)]


@lru_cache(maxsize=1024)
def unpacked(points: bytes) -> tuple[Point, ...]:
    """The points of an entry."""
    return msgspec.msgpack.decode(decompress(points), type=tuple[Point, ...])


@lru_cache(maxsize=1024)
def _indexed(points: bytes) -> dict[str, list[Point]]:
    """The points of an entry by stems of which they need one."""
    return by_stem(unpacked(points))


class Judge:
    """Says yes or no to what is asked of an entry."""

    def __init__(self, points: Points, assents: Assents, english: English) -> None:
        self._english = english
        self._turning = english.negations | english.doubts | english.sweeping
        self._points = points
        self._assenter = Assenter(assents, english)

    def verdict(self, entry: str, asked: Check) -> Settled | None:
        """Yes or no to what is asked of `entry`; None when nothing settles it, or nothing of the kind is asked."""
        if entry not in self._points or not any(own.verifies or (own.asked and not own.wh) for own in asked.cues):
            return None
        told = self._told(entry, asked.utterance, asked.asking)
        # A template that stands there is about something that is so; likeness alone is not, where more than that may be asked.
        shares = self._likely(entry, asked) if told is not None or asked.cues[0].verifies else {}
        odds = {label: share * (_POINT if told and told.verdict == label else 1.0) for label, share in (shares or _EVEN).items()}
        verdict = max(_OPPOSITE, key=lambda side: odds[side])
        if odds[verdict] < _SETTLED * sum(odds.values()):
            return None
        likely = f"it is {'so' if verdict == 'yes' else 'not so'} with a probability of {shares.get(verdict, 0):.2f}"
        return told if told and told.verdict == verdict else Settled(verdict, f"{likely}, by its yes/no phrasings")

    def _likely(self, entry: str, asked: Check) -> dict[str, float]:
        """How likely what is asked of `entry` is so, is not, and is left open, by what was learned."""
        tokens = asked.utterance.tokens
        among = [at for at, token in enumerate(tokens) if not asked.is_story or token.clause in asked.asking]
        return self._assenter.shares(entry, asked.utterance, asked.mentions, among)

    def _told(self, entry: str, utterance: Utterance, asking: tuple[int, ...]) -> Settled | None:
        """The verdict of the points of `entry`; None where they leave it open.

        What is asked is read first; what is told before it counts where the question only asks for assent: `…, is she right?`
        """
        told = [frozenset({clause}) for clause in range(utterance.clauses) if clause not in asking]
        asked = [frozenset({clause}) for clause in asking]
        pointing = [frozenset({clause - 1, clause}) for clause in asking if self._points_back(utterance, clause)]
        for clauses in (asked, pointing, told):
            if clauses is told and self._doubted(utterance, [at for at, t in enumerate(utterance.tokens) if t.clause in asking]):
                return None
            found = [point for together in clauses for point in self._in_clauses(entry, utterance, together)]
            verdicts = {point.verdict for point in found}
            if len(verdicts) == 1:
                reason = f"'{found[0].text}' is {'so' if found[0].verdict == 'yes' else 'not so'}"
                return Settled(verdicts.pop(), reason, frozenset[int]().union(*(point.own for point in found)))
            if verdicts:
                return None
        return None

    def _points_back(self, utterance: Utterance, clause: int) -> bool:
        """Whether something in the clause stands for what was told right before it: `the rest of my blood, do I get it back`."""
        pronouns = self._english.cues["pronoun"]
        return clause > 0 and any(token.clause == clause and token.word in pronouns for token in utterance.tokens)

    def _in_clauses(self, entry: str, utterance: Utterance, clauses: frozenset[int]) -> list[Found]:
        """What the points say of clauses that are read as one; of those that overlap, the ones that read it most closely."""
        inside = [at for at, token in enumerate(utterance.tokens) if token.clause in clauses]
        if not inside:
            return []
        words = [utterance.tokens[at].word for at in inside]
        denied = denials(utterance, inside, self._english)
        # The `not` of an opening `isn't it` asks for assent, and no template is to find it there.
        inside = [at for at, word in zip(inside, words, strict=True) if word not in self._english.negations or at in denied]
        line = Line([utterance.tokens[at] for at in inside], self._english)
        found: list[Found] = []
        for point in candidates(_indexed(self._points[entry]), line.forms):
            span = line.search(point.pattern)
            if span is not None:
                named = named_by(point.pattern.path)
                own = {at for at in inside[span[0] : span[1]] if {utterance.tokens[at].word, utterance.tokens[at].stem} & named}
                turns = sum(utterance.tokens[at].word in self._turning for at in own)
                start, end = inside[span[0]], inside[span[1] - 1] + 1
                found.append(Found(point.verdict, start, end, point.pattern.text, frozenset(own), turns))
        found.sort(key=lambda point: (-point.turns, point.start - point.end, point.start))
        kept: list[Found] = []
        for place in found:
            across = [other for other in kept if place.start < other.end and other.start < place.end]
            if not across or any(_disagree(place, other) for other in across):
                kept.append(place)
        return self._turned(kept, utterance, inside)

    def _turned(self, kept: list[Found], utterance: Utterance, inside: list[int]) -> list[Found]:
        """The points as the words around them leave them: as they are, turned round, or (none) open."""
        words = {at: utterance.tokens[at].word for at in inside}
        own = frozenset[int]().union(*(point.own for point in kept))
        rest = [at for at in inside if at not in own]
        denied = [at for at in denials(utterance, rest, self._english) if words[at] != "nor" and not _is_tag(at, inside, words)]
        if not kept or self._doubted(utterance, rest) or any(at >= max(point.end for point in kept) for at in denied):
            return []
        sweeps = any(words[at] in self._english.sweeping or words[at].isdecimal() for at in rest)
        if len(denied) % 2:
            return [] if sweeps else [Found(_OPPOSITE[p.verdict], p.start, p.end, f"not {p.text}", p.own, p.turns) for p in kept]
        if sweeps and any(point.verdict == "yes" for point in kept):
            return []
        return kept

    def _doubted(self, utterance: Utterance, among: list[int]) -> bool:
        """Whether one of these words may turn what is said into its contrast; `true or false` leaves it to the answer."""
        tokens = utterance.tokens
        doubts = (at for at in among if tokens[at].word in self._english.doubts)
        return any("or" not in {token.word for token in tokens[max(at - 1, 0) : at + 2]} for at in doubts)


def named_by(path: Path) -> frozenset[str]:
    """The words that a template names; what stands in its gaps is not among them."""
    found = frozenset[str]()
    for part in path.parts:
        if isinstance(part, AnyWord):
            found |= part.stems
        elif isinstance(part, Branch):
            found = found.union(*map(named_by, part.options))
    return found


def _disagree(one: Found, other: Found) -> bool:
    """Whether two places that overlap speak against each other, and `other` does not go before `one`: it names no more words that
    turn a claim round, and does not have `one` within it."""
    within = (one.start >= other.start and one.end <= other.end) and (one.end - one.start) < (other.end - other.start)
    return one.verdict != other.verdict and one.turns == other.turns and not within


def _is_tag(at: int, inside: list[int], words: dict[int, str]) -> bool:
    """Whether a denial only asks for assent, at the very end: `…, no`, `… do not they`, `… or not`."""
    after = [words[later] for later in inside if later > at]
    return not after or (len(after) == 1 and after[0] in _PRONOUNS)


def judged(claim: Claim, judge: Judge, asked: Check) -> Claim:
    """`claim` with the yes or no that its entry gives, if any."""
    if claim.entry is None or claim.verdict is not None:
        return claim
    found = judge.verdict(claim.entry, asked)
    if found is None:
        return claim
    explained = claim.explained | found.explained
    return replace(claim, verdict=found.verdict, explained=explained, reasons=(*claim.reasons, found.reason))
