"""Tokens -> what the pack knows of them: things, attributes, kinds, gaps and concepts, each with its place."""

from msgspec import Struct

from bot.language.english import English
from bot.understand.lexicon import STRUCTURAL, Following, Lexicon, Phrase
from bot.understand.utterance import Token, Utterance

_SKIPS = 2
"""Function words that may stand inside a phrase of several words: `lose all my hair`."""
_AFTER_MAIN_VERB = frozenset({"for", "to", "in", "with", "on", "inside", "exactly", "then", "against"})


class Mention(Struct, frozen=True, gc=False):
    """A phrase of the pack found in an utterance."""

    kind: str
    """see lexicon.MeaningKind"""
    id: str
    tokens: tuple[int, ...]
    """indices of its tokens, in order"""
    words: str = ""
    """its words, as they are read"""


class _Match(Struct, frozen=True):
    phrase: Phrase
    tokens: tuple[int, ...]


class Finder:
    """Finds mentions with the lexicon of one pack."""

    def __init__(self, lexicon: Lexicon, english: English) -> None:
        self._lexicon = lexicon
        self._openers = english.openers
        self._wh = english.wh
        self._copulas = english.cues["copula"]
        self._skippable = frozenset(word for word, role in english.roles.items() if role == "function")

    def find(self, utterance: Utterance) -> tuple[Mention, ...]:
        """The mentions in `utterance`, in order of place. Among the structural kinds the longest phrase wins its words;
        concepts, background words and frames may lie over them. What an idiom holds is no thing: `worried sick`."""
        tokens = utterance.tokens
        stems = {token.stem for token in tokens}
        matches = [match for at in range(len(tokens)) for match in self._at(tokens, at, stems)]
        matches.sort(key=lambda m: (-m.phrase.content, -len(m.tokens), m.tokens[-1] - m.tokens[0], m.tokens, m.phrase.stems))
        found: dict[tuple[str, str, tuple[int, ...]], Mention] = {}
        taken: dict[str, set[int]] = {}
        for match in matches:
            layers = {_layer(meaning.kind) for meaning in match.phrase.meanings}
            free = {layer for layer in layers if taken.setdefault(layer, set()).isdisjoint(match.tokens)}
            for meaning in match.phrase.meanings:
                if _layer(meaning.kind) in free:
                    mention = Mention(meaning.kind, meaning.id, match.tokens, " ".join(tokens[at].word for at in match.tokens))
                    found[mention.kind, mention.id, mention.tokens] = mention
            for layer in free:
                taken[layer].update(match.tokens)
        idioms = [set(mention.tokens) for mention in found.values() if mention.kind == "idiom"]
        meant = [m for m in found.values() if m.kind != "thing" or not any(own.issuperset(m.tokens) for own in idioms)]
        return tuple(sorted(meant, key=lambda m: (m.tokens, m.kind, m.id)))

    def _at(self, tokens: tuple[Token, ...], at: int, stems: set[str]) -> list[_Match]:
        """Every phrase that begins at token `at`. `stems`: those of all tokens."""
        following = self._lexicon.phrases_from(tokens[at].stem)
        if not following:
            return []
        found: list[_Match] = []
        if tokens[at].word not in self._openers or self._is_main_verb(tokens, at):
            found.extend(_Match(phrase, (at,)) for phrase in following.get("", ()))
        for second in self._near(tokens, at):
            for phrase in following.get(second, ()):
                # most phrases have a word that does not occur at all: told at once, before its place is looked for
                places = self._places(tokens, at, phrase.stems) if stems.issuperset(phrase.stems) else None
                if places is not None:
                    found.append(_Match(phrase, places))
        if tokens[at].word in self._wh:
            found.extend(self._turned(tokens, at, following))
        return found

    def _turned(self, tokens: tuple[Token, ...], at: int, following: Following) -> list[_Match]:
        """A question word and a verb with the thing between them, as in a question within a sentence: `tell me who X is for`."""
        last = at
        while last + 1 < len(tokens) and tokens[last + 1].clause == tokens[at].clause:
            last += 1
        last -= tokens[last].word in _AFTER_MAIN_VERB
        if last - at < 2 or tokens[last].word not in self._copulas:
            return []
        return [_Match(phrase, (at, last)) for phrase in following.get(tokens[last].stem, ()) if len(phrase.stems) == 2]

    def _near(self, tokens: tuple[Token, ...], at: int) -> dict[str, None]:
        """The stems that a phrase from `at` on can go on with: the next one, and those after words that may be skipped."""
        near: dict[str, None] = {}
        for token in tokens[at + 1 : at + 2 + _SKIPS]:
            near[token.stem] = None
            if token.word not in self._skippable:
                break
        return near

    def _is_main_verb(self, tokens: tuple[Token, ...], at: int) -> bool:
        """Whether the auxiliary at `at` stands alone: `what does Velcade do`, `what does it do in the body`."""
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        return at > 0 and (after is None or after.clause != tokens[at].clause or after.word in _AFTER_MAIN_VERB)

    def _places(self, tokens: tuple[Token, ...], at: int, stems: tuple[str, ...]) -> tuple[int, ...] | None:
        places = [at]
        here = at + 1
        for stem in stems[1:]:
            skipped = 0
            while here < len(tokens) and tokens[here].stem != stem:
                if skipped == _SKIPS or tokens[here].word not in self._skippable:
                    return None
                skipped += 1
                here += 1
            if here >= len(tokens) or tokens[here].clause != tokens[at].clause:
                return None
            places.append(here)
            here += 1
        return tuple(places)


def _layer(kind: str) -> str:
    return "structural" if kind in STRUCTURAL else kind
