"""Is it so? The yes or no of an entry, from what its author says is so and is not.

How a question is worded says which entry it asks for, but not what is true of it: `do the cells come from a donor` and `do the cells
come from me` are neighbours. So yes and no come from `so` and `not_so` of the entry alone: templates that are looked for anywhere
in what is asked. What they say is turned round by a negation beside them, and is left open where the question claims more than
they do (`only`, `always`) or names both sides.
"""

from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.pack.format import Entry, Pack
from bot.understand.cues import Cues, denials
from bot.understand.match import Line, Pattern, PatternBuilder
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Utterance

_OPPOSITE: dict[Verdict, Verdict] = {"yes": "no", "no": "yes"}


class Point(Struct, frozen=True, array_like=True):
    """Something that is so, or is not, according to an entry."""

    entry: str
    verdict: Verdict
    pattern: Pattern


class Found(Struct, frozen=True):
    """A point that stands in a question."""

    verdict: Verdict
    start: int
    end: int
    text: str


def build(pack: Pack, builder: PatternBuilder) -> tuple[Point, ...]:
    """The points of a checked pack."""
    return tuple(
        Point(entry_id, verdict, builder.pattern(template))
        for entry_id, entry in pack.entries.items()
        for verdict, templates in _sides(entry)
        for template in templates
    )


class Judge:
    """Says yes or no to what is asked of an entry."""

    def __init__(self, points: tuple[Point, ...], english: English) -> None:
        self._english = english
        self._points: dict[str, list[Point]] = {}
        for point in points:
            self._points.setdefault(point.entry, []).append(point)

    def verdict(self, entry: str, utterance: Utterance, cues: Cues, asking: tuple[int, ...]) -> tuple[Verdict, str] | None:
        """Yes or no to what `utterance` asks of `entry`, and why; None when nothing settles it, or nothing of the kind is asked.

        What is asked is read first; what is told before it counts where the question only asks for assent: `…, is she right?`
        """
        if entry not in self._points or not (cues.verifies or (cues.asked and not cues.wh)):
            return None
        told = tuple(clause for clause in range(utterance.clauses) if clause not in asking)
        for clauses in (asking, told):
            found = [point for clause in clauses for point in self._in_clause(entry, utterance, clause)]
            verdicts = {point.verdict for point in found}
            if len(verdicts) == 1:
                return verdicts.pop(), f"'{found[0].text}' is {'so' if found[0].verdict == 'yes' else 'not so'}"
            if verdicts:
                return None
        return None

    def _in_clause(self, entry: str, utterance: Utterance, clause: int) -> list[Found]:
        """What the points say of one clause, the longest of those that overlap."""
        inside = [at for at, token in enumerate(utterance.tokens) if token.clause == clause]
        if not inside:
            return []
        line = Line([utterance.tokens[at] for at in inside], self._english)
        found: list[Found] = []
        for point in self._points[entry]:
            span = line.search(point.pattern) if point.pattern.may_match(line.forms) else None
            if span is not None:
                found.append(Found(point.verdict, inside[0] + span[0], inside[0] + span[1], point.pattern.text))
        found.sort(key=lambda point: (point.start - point.end, point.start, point.verdict))
        kept: list[Found] = []
        for place in found:
            if all(place.end <= other.start or other.end <= place.start for other in kept):
                kept.append(place)
        own = {at for point in kept for at in range(point.start, point.end)}
        is_denied = len([at for at in denials(utterance, inside, self._english) if at not in own]) % 2 == 1
        sweeps = any(utterance.tokens[at].word in self._english.sweeping for at in inside if at not in own)
        if is_denied:
            return [] if sweeps else [Found(_OPPOSITE[p.verdict], p.start, p.end, f"not {p.text}") for p in kept]
        return [point for point in kept if point.verdict == "no" or not sweeps]


def judged(claim: Claim, judge: Judge, utterance: Utterance, cues: Cues, asking: tuple[int, ...]) -> Claim:
    """`claim` with the yes or no that its entry gives, if any."""
    if claim.entry is None or claim.verdict is not None:
        return claim
    found = judge.verdict(claim.entry, utterance, cues, asking)
    return claim if found is None else replace(claim, verdict=found[0], reasons=(*claim.reasons, found[1]))


def _sides(entry: Entry) -> tuple[tuple[Verdict, list[str]], ...]:
    return (("yes", entry.so), ("no", entry.not_so))
