"""The mentions of one utterance, or of some of its clauses, sorted for the forms."""

from collections.abc import Set

from bot.understand.cues import Cues
from bot.understand.mentions import Mention
from bot.understand.polarity import Sign
from bot.understand.query import Claim, Query

_NEAR = 3
"""So many words after `every` or `how many`, what it speaks of begins at the latest."""

_HOLDING = 2
"""So many words after `contain`, what is contained begins at the latest."""


class Scene:
    """What may belong together in one question."""

    def __init__(self, topic: str | None, mentions: tuple[Mention, ...], cues: Cues) -> None:
        self.cues = cues
        self.all_things = [m for m in mentions if m.kind == "thing"]
        things = distinct(self.all_things)
        if len(things) > 1:
            things = [m for m in things if m.id != topic] or things[:1]
        self.things = tuple(things)
        self.kinds = tuple(m for m in mentions if m.kind == "kind")
        self.attributes = [m for m in mentions if m.kind == "attribute"]
        self._links = [m for m in mentions if m.kind == "link"]
        asked = (m for m in mentions if m.kind == "asks" and m.id == "rest" and m.tokens[0] in cues.rest)
        self.rest = tuple(m for m in asked if len(self.things) > 1 or m.tokens[0] in cues.joins)
        """what asks for what else goes with the names"""
        self.topic = topic
        self.is_crowded = len(self.attributes) > 0

    @property
    def names_nothing(self) -> bool:
        """Whether no thing is named but the one that everything here is about."""
        return all(m.id == self.topic for m in self.things)

    @property
    def has_attributes(self) -> bool:
        """Whether something is asked of things, beyond which there are."""
        return bool({m.tokens for m in self.attributes} - {m.tokens for m in self.kinds})

    def asks_beyond(self, names: Set[str]) -> bool:
        """Whether other attributes than those are asked for, beyond which things there are."""
        return bool({m.tokens for m in self.attributes if m.id not in names} - {m.tokens for m in self.kinds})

    def names_more(self, cued: tuple[Mention, ...]) -> bool:
        """Whether attributes are named in other words than those of `cued`."""
        return bool({m.tokens for m in self.attributes} - {m.tokens for m in cued})

    def cued(self, name: str) -> tuple[Mention, ...]:
        return tuple(m for m in self.attributes if m.id == name)

    def linked(self, name: str) -> tuple[Mention, ...]:
        return tuple(m for m in self._links if m.id == name)

    def sign(self, mention: Mention) -> Sign:
        """Whether the mention is wanted, denied or left out."""
        if not mention.tokens:
            return "in"
        polarity = self.cues.polarity
        sign = polarity.of(mention.tokens[0], mention.tokens[-1])
        if sign in {"out", "beside"}:  # what is left out ends where it is asked for something: `besides A contain B`
            since = max((at for at, _ in polarity.marks if at < mention.tokens[0]), default=0)
            if any(since < m.tokens[0] and m.tokens[-1] < mention.tokens[0] for m in (*self.attributes, *self._links)):
                return "in"
        return sign

    def is_left_out(self, mention: Mention) -> bool:
        """Whether what is asked for is something else: `besides A`, `except A`."""
        return self.sign(mention) in {"out", "beside"}

    def is_pointed_at(self, mention: Mention) -> bool:
        """Whether `this`, `that` or the like stands right before the mention, which then refers and asks nothing."""
        return mention.tokens[0] - 1 in self.cues.pointing

    def is_denied(self, values: list[Mention]) -> bool:
        """Whether a denial stands before the names or close behind them: `what is A not listed for`; not a `none` at the end."""
        last = max((m.tokens[-1] for m in values if m.tokens), default=len(self.cues.denials))
        return any(at - last <= _NEAR for at in self.cues.denials)

    def holds(self, values: list[Mention]) -> bool:
        """Whether it is asked what has the first of these names in it: `which contain A`, `how many have A`."""
        cues = self.cues
        first = min((m.tokens[0] for m in values if m.tokens), default=-1)
        is_other = cues.shared or cues.compares or cues.same or not (cues.wh in {"which", "who"} or cues.how_many)
        if any(at - 2 in cues.purpose for at in cues.how_many):
            return True  # `in how many is A`
        return not is_other and any(cues.wh_at < at and 0 < first - at <= _HOLDING for at in cues.holding)

    def is_counted(self, mention: Mention) -> bool:
        """Whether `how many` stands right before the mention."""
        return any(mention.tokens and 0 < mention.tokens[0] - at <= _NEAR for at in self.cues.how_many)

    def is_numbered(self, mention: Mention) -> bool:
        """Whether a number stands right before the mention, which says how many there are, and no other noun between."""
        cues = self.cues
        if not cues.number or not mention.tokens or not 0 < mention.tokens[0] - cues.number_at <= _NEAR:
            return False
        between = {at for m in self.kinds if m.id != mention.id for at in m.tokens}
        return between.isdisjoint(range(cues.number_at, mention.tokens[0]))

    def is_every(self, mention: Mention) -> bool:
        """Whether `every`, `all` or the like stands before the mention."""
        return any(0 < mention.tokens[0] - at <= _NEAR for at in self.cues.every) if mention.tokens else False

    def are_joined(self, one: Mention, other: Mention) -> bool:
        """Whether a word between the two sets them side by side: `A and B`, `A or B`."""
        if not one.tokens or not other.tokens:
            return False
        first, last = sorted((one.tokens, other.tokens))
        return any(first[-1] < at < last[0] for at in self.cues.joins)

    def asks_for_alike(self) -> bool:
        """Whether it asks for what is like a thing: `its relatives`, `breads like it`, `similar breads`."""
        cues = self.cues
        if any(m.tokens and m.tokens[-1] + 1 in cues.kin for m in self.things):
            return True
        if (
            (self.kinds or cues.other)
            and not cues.verifies
            and any(m.tokens and m.tokens[0] - 1 in cues.like for m in self.things)
        ):
            return True
        return cues.related or any(m.tokens[0] - 1 in self.cues.like or m.tokens[-1] + 1 in self.cues.like for m in self.kinds)

    def claim(self, query: Query, used: tuple[Mention, ...], score: float, reason: str) -> Claim:
        topic = [m for m in self.all_things if m.id == self.topic or any(m.id == u.id for u in used)]
        # `used for bread`, where everything is about bread, asks nothing
        begins = {m.tokens[0] for m in topic if m.id == self.topic and m.tokens}
        purpose = [m for m in self.attributes if m.tokens[-1] in self.cues.purpose and m.tokens[-1] + 1 in begins]
        purpose += [m for m in (*self.attributes, *self.kinds) if self.is_pointed_at(m)]
        explained = frozenset(index for m in (*used, *topic, *purpose) for index in m.tokens) | self.cues.tokens
        if query.form in {"reverse", "which_of", "count", "most"}:
            explained |= self.cues.places
        if query.form == "most":
            explained |= self.cues.often
        if query.form in {"count", "count_kind"} or query.mode == "count":
            explained |= self.cues.how_many
        if query.without or query.form in {"reverse", "count", "verify"}:
            explained |= self.cues.polarity.tokens
        name = f"{query.attribute}.{query.form}" if query.attribute else query.form
        return Claim(
            f"{name}:{'+'.join((*query.things, *query.values, query.kind)).strip('+')}", score, explained, (reason,), query=query
        )


def ids_of(mentions: list[Mention] | tuple[Mention, ...]) -> tuple[str, ...]:
    """Ids of the things that are mentioned, each once."""
    return tuple(dict.fromkeys(m.id for m in mentions))


def distinct(mentions: list[Mention]) -> list[Mention]:
    """One mention a thing, in the order of first naming."""
    return list({m.id: m for m in reversed(mentions)}.values())[::-1]
