"""Questions about things themselves: what is it, are they the same, how do they differ, which is odd, which are there."""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.pack.knowledge import Knowledge
from bot.understand.clauses import asks_for_kind
from bot.understand.mentions import Mention
from bot.understand.query import Claim, Form, Query
from bot.understand.relations import Relations
from bot.understand.scene import Scene, ids_of

# How well each kind of evidence bears an answer, before the rest of the question is looked at.
_NAMED = 0.97
_DEFINED = 0.95
_REVERSED = 0.95
_LINKED = 0.93
_TOGETHER = 0.9
_ALONE = 0.8
_BARE = 0.9

_MOST = 3
"""So many things are described at once."""
_ODD = 3
"""From so many things on, one can be the odd one."""


class ThingForms:
    """Builds the questions that name no attribute."""

    def __init__(self, knowledge: Knowledge, relations: Relations) -> None:
        self._know = knowledge
        self._kinds = knowledge.pack.kinds
        self._relations = relations

    def find(self, scene: Scene, *, is_paired: bool) -> Iterator[Claim]:
        """`is_paired`: a thing and a value of it are both named, so that it is rather asked whether it has it."""
        if scene.things:
            told = tuple(m for m in scene.things if self._kinds[self._relations.kind(m.id)].overview) or scene.things
            yield from self._of_names(scene)
            yield from self._of_several(told, scene)
            yield from self._alike(told, scene)
            yield from self._overview(told, scene, is_paired=is_paired)
        if scene.names_nothing:
            yield from self._of_kinds(scene)

    def _of_names(self, scene: Scene) -> Iterator[Claim]:
        """Two names of one thing: are they the same."""
        first, cues = scene.things[0].id, scene.cues
        if len(scene.things) > 1 or len(set(self._know.names(first).values())) < 2:
            return
        named = tuple(m for m in scene.all_things if m.id == first)
        if len({m.words for m in named}) > 1 and (cues.verifies or cues.same or not cues.wh):
            mode = "not" if cues.compares else ""  # `are they different` is answered the other way round
            yield scene.claim(Query("same", things=(first,), mode=mode), (*named, *scene.kinds), _NAMED, "two names of one thing")

    def _of_several(self, told: tuple[Mention, ...], scene: Scene) -> Iterator[Claim]:
        ids, cues = ids_of(told), scene.cues
        if len(ids) < 2:
            return
        belongs = self._relations.can_belong(*ids) or self._relations.can_belong(*ids[::-1]) if len(ids) == 2 else ""
        if belongs and cues.same:  # a thing and a group: it is the same in so far as it belongs to it
            group = next(id_ for id_ in ids if not self._relations.owns(id_, belongs))
            things = tuple(id_ for id_ in ids if id_ != group)
            yield scene.claim(Query("verify", belongs, things=things, values=(group,)), told, _DEFINED, "does it belong to it")
        elif cues.like and not scene.has_attributes and not cues.wh and (name := self._relations.grouping(ids[0])):
            if all(self._relations.grouping(id_) == name for id_ in ids):  # `is A anything like B`
                yield scene.claim(Query("same", name, things=ids), (*told, *scene.kinds), _LINKED, f"of one {name} or not")
        elif cues.same or (cues.related and cues.verifies):
            yield scene.claim(Query("same", things=ids), told, _LINKED, "the same or not")
        if cues.compares or (cues.shared and not scene.has_attributes):
            yield scene.claim(Query("compare", things=ids), told, _DEFINED, f"compare {', '.join(ids)}")
        grouping = self._relations.grouping(ids[0])
        if cues.odd and len(ids) >= _ODD and all(self._relations.grouping(id_) == grouping for id_ in ids) and grouping:
            yield scene.claim(Query("odd", grouping, things=ids), (*told, *scene.kinds), _NAMED, "which does not belong")

    def _alike(self, told: tuple[Mention, ...], scene: Scene) -> Iterator[Claim]:
        """What else belongs where the thing belongs."""
        grouping = self._relations.grouping(told[0].id)
        if len(told) == 1 and grouping and scene.asks_for_alike():
            query = Query("siblings", grouping, things=(told[0].id,), mode="exists" if scene.cues.verifies else "")
            used = (*told, *scene.kinds, *scene.cued(grouping))
            yield scene.claim(query, used, _NAMED, f"others of the {grouping} of {told[0].id}")

    def _overview(self, told: tuple[Mention, ...], scene: Scene, *, is_paired: bool) -> Iterator[Claim]:
        ids, cues = ids_of(told), scene.cues
        asks = cues.wh in {"what", "which"} or cues.lists  # who asks for somebody: `who makes Rustino`
        score = _DEFINED if asks else _ALONE if cues.wh or cues.verifies else _BARE
        if is_paired or len(ids) > 1:
            score -= 0.2
        elif cues.seeks:
            score -= 0.4  # whom to turn to is asked
        elif scene.rest or self._asks_for_others(told[0], scene):
            score -= 0.2  # what goes with it is asked
        elif cues.verifies:
            score -= 0.1  # `is it so` is not asked for a description
        if len(ids) <= _MOST:
            yield scene.claim(Query("overview", things=ids), told, score, f"what is {', '.join(ids)}")

    def _asks_for_others(self, thing: Mention, scene: Scene) -> bool:
        """Whether things of a kind are asked for that this one is none of, nor a group of them: `which breads need salt`."""
        asked = [m for m in scene.kinds if asks_for_kind((m,), scene.cues)]
        return bool(asked) and not self._know.is_group(thing.id) and all(m.id != self._relations.kind(thing.id) for m in asked)

    def _of_kinds(self, scene: Scene) -> Iterator[Claim]:
        """A whole kind: which are there, how many."""
        cues, relations = scene.cues, self._relations
        if cues.size:
            named = {m.id for m in scene.kinds}
            for name in relations.attributes:
                kind = next((m for m in scene.kinds if relations.declares(m.id, name)), None)
                of_named = bool(named & relations.value_kinds[name]) or len(named) == 1
                if (
                    kind is not None
                    and of_named
                    and not scene.is_numbered(kind)
                    and name in relations.plural
                    and name in relations.closed
                ):
                    form: Form = "verify" if cues.verifies else "reverse"
                    query = Query(form, name, kind=kind.id, mode=f"size:{cues.size}")
                    yield scene.claim(query, scene.kinds, _REVERSED, f"{name} of {cues.size}")
        for mention in scene.kinds:
            if not self._know.of_kind(mention.id):
                continue
            asked = cues.wh in {"what", "which"} and not scene.has_attributes
            if asked and not (cues.how_many or cues.lists):
                score = _ALONE if scene.is_crowded else _BARE  # `which dough` may ask for the dough of something
                yield scene.claim(Query("count_kind", kind=mention.id), (mention,), score, f"all of kind {mention.id}")
            elif scene.is_numbered(mention) and not scene.has_attributes and len(scene.kinds) == 1:
                query = Query("count_kind", kind=mention.id, mode=f"is:{cues.bound}{cues.number}")
                claim = scene.claim(query, (mention,), _TOGETHER, f"are they {cues.bound}{cues.number}")
                yield replace(claim, explained=claim.explained | {cues.number_at})
            elif cues.how_many or cues.lists or (scene.is_every(mention) and not cues.verifies):
                yield scene.claim(Query("count_kind", kind=mention.id), (mention,), _TOGETHER, f"all of kind {mention.id}")
