"""Sentence templates of the entries: rules that read a whole question at once, before anything is ranked."""

from msgspec import Struct

from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.asked import asked_as, is_template
from bot.understand.cues import Cues
from bot.understand.match import Line, Pattern, PatternBuilder, Places, by_stem, candidates
from bot.understand.mentions import Mention
from bot.understand.query import Claim, Verdict
from bot.understand.utterance import Utterance

_SCORE = 0.98
_LONGEST = 40


class Rule(Struct, frozen=True, array_like=True):
    """One template of an entry."""

    entry: str
    verdict: Verdict | None
    pattern: Pattern


def build(pack: Pack, builder: PatternBuilder) -> tuple[Rule, ...]:
    """The rules of a checked pack."""
    return tuple(
        Rule(entry_id, verdict, builder.pattern(text.rstrip("?.! ")))
        for entry_id in pack.entries
        for verdict, texts in asked_as(pack, entry_id)
        for text in texts
        if is_template(text)
    )


class RuleFinder:
    """Reads questions with the rules of one pack."""

    def __init__(self, rules: tuple[Rule, ...], pack: Pack, english: English) -> None:
        self._rules = by_stem(rules)
        self._pack = pack
        self._english = english

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], cues: Cues) -> list[Claim]:
        """A claim for each entry of which a rule reads the whole utterance."""
        framed = {index for m in mentions if m.kind == "frame" for index in m.tokens}
        every = range(len(utterance.tokens))
        found: dict[str, Claim] = {}
        # A frame goes around a question, but a rule may be about its very words: `full form of CAR`.
        for kept in ([at for at in every if at not in framed], *([list(every)] if framed else ())):
            if not 0 < len(kept) <= _LONGEST:
                continue
            places = self._places(mentions, {at: place for place, at in enumerate(kept)})
            line = Line([utterance.tokens[at] for at in kept], self._english, places)
            for rule in candidates(self._rules, line.forms):
                if rule.entry not in found and line.is_whole(rule.pattern):
                    found[rule.entry] = self._claim(rule, utterance, mentions, cues)
        return list(found.values())

    def _claim(self, rule: Rule, utterance: Utterance, mentions: tuple[Mention, ...], cues: Cues) -> Claim:
        everything = frozenset(range(len(utterance.tokens)))
        gaps = frozenset(m.id for m in mentions if m.kind == "gap")
        verdict = rule.verdict if cues.verifies else None
        return Claim(
            rule.entry, _SCORE, everything, (f"rule '{rule.pattern.text}'",), entry=rule.entry, verdict=verdict, gaps=gaps
        )

    def _places(self, mentions: tuple[Mention, ...], own: dict[int, int]) -> Places:
        """Where the things of each kind stand. `own`: place of a token in the utterance -> its place in the line."""
        places: Places = {}
        for m in mentions:
            if m.kind == "thing" and m.tokens[0] in own and m.tokens[-1] in own:
                ends = places.setdefault(self._pack.things[m.id].kind, {})
                start = own[m.tokens[0]]
                ends[start] = (*ends.get(start, ()), own[m.tokens[-1]] + 1)
        return places
