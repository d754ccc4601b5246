"""Mentions -> questions over facts. The forms follow from the declared kinds and attributes; nothing here knows a domain."""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.pack.knowledge import Knowledge
from bot.understand.cues import Cues
from bot.understand.mentions import Mention
from bot.understand.query import Claim, Form, Query

Premise = tuple[str, str, str]
"""(attribute, thing, value)"""

# How well each kind of evidence bears an answer, before the rest of the question is looked at.
_NAMED = 0.97  # the attribute and the thing are both named
_LINKED = 0.93  # a thing and a value of it, joined by a verb of the attribute or by a yes/no question
_TOGETHER = 0.9  # several parts of one thing
_PAIRED = 0.9  # a thing and a value of it stand side by side
_REVERSED = 0.95
_DEFINED = 0.95
_RELATED = 0.12
_UNKNOWN = 0.75  # the attribute is named, and nothing is known of it
_VAGUE = 0.94  # an attribute and nothing to ask it of; what else stands in the question speaks against it
_ALONE = 0.8  # a name or a value, and nothing that asks


class FormFinder:
    """Builds fact questions from the mentions of an utterance."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._know = knowledge
        self._pack = knowledge.pack
        self._topic = knowledge.pack.pack.topic
        names = dict.fromkeys(name for kind in self._pack.kinds.values() for name in kind.attributes)
        self._attributes = list(names)
        self._value_kinds = {name: knowledge.value_kinds(name) for name in names}
        self._parts = {
            name: attribute.part_of
            for kind in self._pack.kinds.values()
            for name, attribute in kind.attributes.items()
            if attribute.part_of
        }
        self._inverse = {
            name: attribute.inverse
            for kind in self._pack.kinds.values()
            for name, attribute in kind.attributes.items()
            if attribute.inverse
        }

    def find(self, mentions: tuple[Mention, ...], cues: Cues) -> list[Claim]:
        """Every fact question that the mentions allow, in a fixed order."""
        things = _distinct([m for m in mentions if m.kind == "thing"])
        if len(things) > 1:
            things = [m for m in things if m.id != self._topic] or things[:1]
        scene = _Scene(self._know, mentions, things, cues)
        claims: list[Claim] = []
        for name in self._attributes:
            claims.extend(self._of_attribute(name, scene))
        is_paired = any(claim.query and claim.query.things and claim.query.values for claim in claims)
        claims.extend(self._of_things(scene, is_paired=is_paired))
        claims.extend(self._of_kinds(scene))
        return claims

    def _of_attribute(self, name: str, scene: "_Scene") -> Iterator[Claim]:
        cued = (*scene.cued(name), *(m for part, whole in self._parts.items() if whole == name for m in scene.cued(part)))
        linked = scene.linked(name)
        if name in self._parts and not cued:
            return  # the whole answers for its parts
        owners = [m for m in scene.things if self._owns(m.id, name)]
        values = [m for m in scene.things if self._know.thing(m.id).kind in self._value_kinds[name]]
        if name in self._inverse and values:
            return  # the other side asks the same
        owners, premise = self._without_premise(owners)
        values = [m for m in values if m not in owners or len(owners) > 1]
        owners = [m for m in owners if m not in values]
        used = (*cued, *linked)
        joined = bool(cued or linked or scene.cues.verifies)
        if owners and values:
            score = _NAMED if cued else _LINKED if joined else _PAIRED
            yield _on(premise, self._between(name, owners, values, scene, used, score))
        elif owners and cued:
            yield _on(premise, self._forward(name, owners, scene, cued))
        elif values:
            score = self._reverse_score(name, values, scene, joined=bool(cued or linked))
            if score:
                yield self._reverse(name, values, scene, used, score)
        elif cued and not scene.things and self._value_kinds[name]:
            yield scene.claim(Query("vague", name), cued, _VAGUE, f"'{name}' and no thing to ask it of")

    def _without_premise(self, owners: list[Mention]) -> tuple[list[Mention], tuple[Premise, Mention] | None]:
        """Owners of which one only says what another is (`Kyprolis, a monoclonal antibody, …`): that one is taken out, and noted
        when it is not so."""
        for thing in owners:
            for name, attribute in self._pack.kinds[self._know.thing(thing.id).kind].attributes.items():
                if attribute.closed and attribute.type == "things" and not attribute.inverse:
                    for other in owners:
                        if other is not thing and self._know.thing(other.id).kind in attribute.of:
                            held = self._know.held(thing.id, name)
                            rest = [m for m in owners if m is not other]
                            is_so = held is not None and other.id in held.values
                            return rest, None if is_so else ((name, thing.id, other.id), other)
        return owners, None

    def _reverse_score(self, name: str, values: list[Mention], scene: "_Scene", *, joined: bool) -> float:
        """How likely it is that things are asked for by their values; 0 when it is not."""
        if joined or any(self._declares(m.id, name) for m in scene.kinds):
            return _REVERSED
        if scene.cues.how_many:
            return _TOGETHER
        if all(self._pack.kinds[self._know.thing(m.id).kind].overview for m in values):
            # A thing with a story of its own is asked about itself; several of them, about what they are part of together.
            return (
                _TOGETHER
                if len(values) > 1
                and self._holds_many(name)
                and not scene.cues.compares
                and not scene.cues.same
                and not scene.cues.lists
                else 0.0
            )
        return _REVERSED if scene.cues.wh else _ALONE if not scene.is_crowded else 0.0

    def _between(
        self, name: str, owners: list[Mention], values: list[Mention], scene: "_Scene", used: tuple[Mention, ...], score: float
    ) -> Claim:
        """Things and values both: is it so, or which of these."""
        ids, wanted = _ids(owners), _ids(values)
        form: Form = "which_of" if len(owners) > 1 and scene.cues.wh in {"which", "what", "who"} else "verify"
        mode = "not" if scene.cues.negated else "only" if scene.cues.only else ""
        if scene.cues.how_many and self._inverse_of(name):
            return scene.claim(Query("count", name, things=ids), (*owners, *values, *used), score - 0.1, f"how many {name}")
        return scene.claim(
            Query(form, name, things=ids, values=wanted, mode=mode),
            (*owners, *values, *used),
            score,
            f"{form} {name}: {', '.join(ids)} / {', '.join(wanted)}",
        )

    def _forward(self, name: str, owners: list[Mention], scene: "_Scene", cued: tuple[Mention, ...]) -> Claim:
        ids = _ids(owners)
        form: Form = "list"
        if scene.cues.how_many and self._value_kinds[name]:
            form = "count"
        elif len(ids) > 1 and (scene.cues.same or (scene.cues.verifies and not self._value_kinds[name])):
            form = "same"
        elif len(ids) > 1 and scene.cues.compares:
            form = "compare"
        if form == "list" and len(ids) == 1 and (scene.cues.other or scene.cues.same) and self._siblings(name):
            query = Query("siblings", name, things=ids)
            return scene.claim(query, (*owners, *cued, *scene.kinds), _NAMED, f"others of the {name} of {ids[0]}")
        known = any(self._know.held(id_, name) for id_ in ids)
        score = _NAMED if known else _UNKNOWN
        if self._are_related(ids):
            score -= _RELATED  # a thing and what it belongs to: that they belong together is what is asked
        return scene.claim(Query(form, name, things=ids), (*owners, *cued), score, f"{form} {name} of {', '.join(ids)}")

    def _reverse(self, name: str, values: list[Mention], scene: "_Scene", used: tuple[Mention, ...], score: float) -> Claim:
        """Which things have these values."""
        inside = [m for m in values if not scene.is_excluded(m)]
        outside = [m for m in values if scene.is_excluded(m)]
        if scene.cues.negated and not outside:
            inside, outside = [], values
        kind = next((m for m in scene.kinds if self._declares(m.id, name)), None)
        together = not scene.cues.wh and (len(inside) > 1 or (scene.cues.asked and self._is_closed(name)))
        form: Form = "count" if scene.cues.how_many else "verify" if scene.cues.verifies or together else "reverse"
        mode = f"size:{scene.cues.size}" if scene.cues.size and self._holds_many(name) else "only" if scene.cues.only else "all"
        query = Query(form, name, values=_ids(inside), without=_ids(outside), kind=kind.id if kind else "", mode=mode)
        return scene.claim(
            query,
            (*values, *used, *scene.kinds),
            score,
            f"{form} {name}: with {', '.join(_ids(inside)) or 'anything'}"
            + (f", without {', '.join(_ids(outside))}" if outside else ""),
        )

    def _of_things(self, scene: "_Scene", *, is_paired: bool) -> Iterator[Claim]:
        """Questions about things themselves: what is it, are they the same, how do they compare."""
        if not scene.things:
            return
        cues = scene.cues
        ids = _ids(scene.things)
        named_twice = [m for m in scene.all_things if m.id == ids[0]] if len(ids) == 1 and self._has_names(ids[0]) else []
        if scene.names(named_twice) > 1 and (cues.verifies or cues.same or not cues.wh):
            yield scene.claim(Query("same", things=ids), tuple(named_twice), _NAMED, "two names of one thing")
        told = [m for m in scene.things if self._pack.kinds[self._know.thing(m.id).kind].overview] or list(scene.things)
        ids = _ids(told)
        if len(ids) > 1 and cues.same:
            yield scene.claim(Query("same", things=ids), tuple(told), _LINKED, "the same or not")
        if len(ids) > 1 and cues.compares:
            yield scene.claim(Query("compare", things=ids), tuple(told), _DEFINED, f"compare {', '.join(ids)}")
        asks = cues.wh in {"what", "who", "which"} or cues.lists
        score = _DEFINED if asks else _ALONE if cues.wh or cues.verifies else 0.9
        if is_paired or len(ids) > 1:
            score -= 0.2
        elif cues.verifies:
            score -= 0.1  # `is it so` is not asked for a description
        if len(ids) <= 3:
            yield scene.claim(Query("overview", things=ids), tuple(told), score, f"what is {', '.join(ids)}")

    def _of_kinds(self, scene: "_Scene") -> Iterator[Claim]:
        """Questions about a whole kind: which are there, how many."""
        if scene.things:
            return
        if scene.cues.size:
            named = {m.id for m in scene.kinds}
            for name in self._attributes:
                kind = next((m for m in scene.kinds if self._declares(m.id, name)), None)
                of_named = bool(named & self._value_kinds[name]) or len(named) == 1
                if kind is not None and of_named and self._holds_many(name) and self._is_closed(name):
                    query = Query("reverse", name, kind=kind.id, mode=f"size:{scene.cues.size}")
                    yield scene.claim(query, scene.kinds, _REVERSED, f"{name} of {scene.cues.size}")
        for mention in scene.kinds:
            if not self._know.of_kind(mention.id):
                continue
            asked = scene.cues.wh in {"what", "which"} and not scene.has_attributes
            if asked and not (scene.cues.how_many or scene.cues.lists):
                yield scene.claim(Query("count_kind", kind=mention.id), (mention,), _ALONE, f"all of kind {mention.id}")
            elif scene.cues.how_many or scene.cues.lists:
                yield scene.claim(Query("count_kind", kind=mention.id), (mention,), _TOGETHER, f"all of kind {mention.id}")

    def knows(self, thing: str, name: str) -> bool:
        """Whether anything is known of attribute `name` of `thing`."""
        return any(self._know.held(thing, part) for part in self._know.parts_of(self._know.thing(thing).kind, name))

    def _holds_many(self, name: str) -> bool:
        """Whether things hold several values of the attribute, so that some can be asked for together."""
        return name not in self._inverse and any(len(self._know.all_values(h, name)) > 1 for h in self._know.holders(name))

    def _is_closed(self, name: str) -> bool:
        return any(k.attributes[name].closed for k in self._pack.kinds.values() if name in k.attributes)

    def _has_names(self, thing: str) -> bool:
        return len(set(self._know.names(thing).values())) > 1

    def _owns(self, thing: str, name: str) -> bool:
        return self._know.attribute(thing, name) is not None

    def _declares(self, kind: str, name: str) -> bool:
        return name in self._pack.kinds[kind].attributes

    def _are_related(self, ids: tuple[str, ...]) -> bool:
        """Whether one of the things could be a value of another."""
        kinds = [self._know.thing(id_).kind for id_ in ids]
        return any(
            b in attribute.of and not attribute.inverse
            for a in kinds
            for attribute in self._pack.kinds[a].attributes.values()
            for b in kinds
        )

    def _siblings(self, name: str) -> bool:
        """Whether things that share a value of `name` are asked for as its members."""
        return self._is_closed(name) and self._inverse_of(name)

    def _inverse_of(self, name: str) -> bool:
        return name in self._inverse.values()


def _on(premise: tuple[Premise, Mention] | None, claim: Claim) -> Claim:
    """`claim`, with the premise that it corrects."""
    if premise is None or claim.query is None:
        return claim
    wrong, mention = premise
    return replace(claim, query=replace(claim.query, premise=wrong), explained=claim.explained | frozenset(mention.tokens))


class _Scene:
    """The mentions of one utterance, sorted for the forms."""

    def __init__(self, knowledge: Knowledge, mentions: tuple[Mention, ...], things: list[Mention], cues: Cues) -> None:
        self.cues = cues
        self.things = tuple(things)
        self.all_things = [m for m in mentions if m.kind == "thing"]
        self.kinds = tuple(m for m in mentions if m.kind == "kind")
        self._attributes = [m for m in mentions if m.kind == "attribute"]
        self._links = [m for m in mentions if m.kind == "link"]
        self._topic = knowledge.pack.pack.topic
        self.is_crowded = len(self._attributes) > 0

    def names(self, mentions: list[Mention]) -> int:
        """How many different words name the things of `mentions`."""
        return len({m.words for m in mentions})

    @property
    def has_attributes(self) -> bool:
        """Whether something is asked of things, beyond which there are."""
        return bool({m.tokens for m in self._attributes} - {m.tokens for m in self.kinds})

    def cued(self, name: str) -> tuple[Mention, ...]:
        return tuple(m for m in self._attributes if m.id == name)

    def linked(self, name: str) -> tuple[Mention, ...]:
        return tuple(m for m in self._links if m.id == name)

    def is_excluded(self, mention: Mention) -> bool:
        """Whether `without`, `but not` or the like stands before the mention."""
        return bool(mention.tokens) and any(at < mention.tokens[0] for at in self.cues.without)

    def claim(self, query: Query, used: tuple[Mention, ...], score: float, reason: str) -> Claim:
        topic = [m for m in self.all_things if m.id == self._topic or any(m.id == u.id for u in used)]
        explained = frozenset(index for m in (*used, *topic) for index in m.tokens) | self.cues.tokens
        if query.form in {"reverse", "which_of", "count"}:
            explained |= self.cues.places
        if query.form in {"count", "count_kind"}:
            explained |= self.cues.how_many
        name = f"{query.attribute}.{query.form}" if query.attribute else query.form
        return Claim(
            f"{name}:{'+'.join((*query.things, *query.values, query.kind)).strip('+')}", score, explained, (reason,), query=query
        )


def _ids(mentions: list[Mention] | tuple[Mention, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.id for m in mentions))


def _distinct(mentions: list[Mention]) -> list[Mention]:
    """One mention a thing, in the order of first naming."""
    return list({m.id: m for m in reversed(mentions)}.values())[::-1]
