"""Sentence templates of the entries: rules that read a whole question at once, before anything is ranked."""

from bot.language.english import English
from bot.language.template import parse
from bot.pack.format import Pack
from bot.understand.cues import Cues
from bot.understand.match import Matcher, Pattern, Places, stems_of
from bot.understand.mentions import Mention
from bot.understand.query import Claim, Verdict
from bot.understand.retrieve import asked_as, is_negated, is_template
from bot.understand.utterance import Utterance
from msgspec import Struct

_SCORE = 0.98


class _Rule(Struct, frozen=True):
    entry: str
    verdict: Verdict | None
    negated: bool
    pattern: Pattern


class RuleFinder:
    """The rules of one pack."""

    def __init__(self, pack: Pack, english: English) -> None:
        self._pack = pack
        self._english = english
        self._matcher = Matcher(english)
        shared = {name: parse(text) for name, text in pack.rules.items()}
        self._by_stem: dict[str, list[_Rule]] = {}
        for entry_id in pack.entries:
            for verdict, texts in asked_as(pack, entry_id):
                for text in filter(is_template, texts):
                    pattern = self._matcher.pattern(text.rstrip("?.! "), shared)
                    words = [word for word in text.replace("(", " ").split()]
                    rule = _Rule(entry_id, verdict or None, is_negated(words, english), pattern)  # type: ignore[arg-type]
                    for stem in pattern.key or {""}:
                        self._by_stem.setdefault(stem, []).append(rule)

    def find(self, utterance: Utterance, mentions: tuple[Mention, ...], cues: Cues) -> list[Claim]:
        """A claim for each entry of which a rule reads the whole utterance."""
        tokens = utterance.tokens
        framed = {index for m in mentions if m.kind == "frame" for index in m.tokens}
        own = [token for at, token in enumerate(tokens) if at not in framed]
        if not own or len(own) > 40:
            return []
        places = self._places(mentions) if len(own) == len(tokens) else None
        found: dict[str, Claim] = {}
        stems = stems_of(own)
        for stem in ("", *sorted(stems)):
            for rule in self._by_stem.get(stem, ()):
                if rule.entry not in found and rule.pattern.may_match(stems) and self._matcher.is_whole(rule.pattern, own, places):
                    verdict = rule.verdict if cues.verifies else None
                    reason = f"rule '{rule.pattern.text}'"
                    everything = frozenset(range(len(tokens)))
                    gaps = frozenset(m.id for m in mentions if m.kind == "gap")
                    found[rule.entry] = Claim(rule.entry, _SCORE, everything, (reason,), entry=rule.entry, verdict=verdict, gaps=gaps)
        return list(found.values())

    def _places(self, mentions: tuple[Mention, ...]) -> Places:
        places: Places = {}
        for m in mentions:
            if m.kind == "thing":
                ends = places.setdefault(self._pack.things[m.id].kind, {})
                ends[m.tokens[0]] = (*ends.get(m.tokens[0], ()), m.tokens[-1] + 1)
        return places
