"""Mentions -> questions over the attributes of things. The forms follow from what is declared; nothing here knows a domain."""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.understand.cues import Cues
from bot.understand.direction import Directions
from bot.understand.joined import joined
from bot.understand.mentions import Mention
from bot.understand.query import Claim, Form, Query
from bot.understand.relations import Relations
from bot.understand.scene import Scene, ids_of
from bot.understand.thing_forms import ThingForms

Premise = tuple[str, str, str]
"""(attribute, thing, value)"""

# How well each kind of evidence bears an answer, before the rest of the question is looked at.
_MIXED = 0.5
_NAMED = 0.97  # the attribute and the thing are both named
_LINKED = 0.93  # a thing and a value of it, joined by a verb of the attribute or by a yes/no question
_TOGETHER = 0.9  # several parts of one thing
_PAIRED = 0.9  # a thing and a value of it stand side by side
_REVERSED = 0.95
_RELATED = 0.12
_UNKNOWN = 0.75  # the attribute is named, and nothing is known of it
_VAGUE = 0.94  # an attribute and nothing to ask it of; what else stands in the question speaks against it
_ALONE = 0.8  # a name or a value, and nothing that asks
_SECOND = 0.02
_HAVING = 3
"""Words from `have`, `there` to what there may be."""
_NO_NAME = 0.15  # names are asked for, and this is a description


class FormFinder:
    """Builds fact questions from the mentions of an utterance."""

    def __init__(self, knowledge: Knowledge, english: English) -> None:
        self._know = knowledge
        self._directions = Directions(knowledge, english)
        self._pack = knowledge.pack
        self._topic = knowledge.pack.pack.topic
        self.relations = Relations(knowledge)
        self._things = ThingForms(knowledge, self.relations)

    def find(self, mentions: tuple[Mention, ...], cues: Cues) -> list[Claim]:
        """Every fact question that the mentions allow, in a fixed order."""
        scene = Scene(self._topic, mentions, cues)
        claims: list[Claim] = []
        for name in self.relations.askable:
            claims.extend(self._of_attribute(name, scene))
            claims.extend(self._of_all(name, scene))
        claims.extend([*joined(claims, scene)])
        is_paired = any(claim.query and claim.query.things and claim.query.values for claim in claims)
        claims.extend(self._things.find(scene, is_paired=is_paired))
        return claims

    def knows(self, thing: str, name: str) -> bool:
        """Whether anything is known of attribute `name` of `thing`."""
        return any(self._know.held(thing, part) for part in self._know.parts_of(self._know.thing(thing).kind, name))

    def has_to_do_with(self, thing: str, name: str) -> bool:
        """Whether something is known of attribute `name` of `thing`, or other things may have `thing` for it."""
        return self.knows(thing, name) or self.relations.kind(thing) in self.relations.value_kinds.get(name, ())

    def lacks(self, query: Query, thing: str) -> bool:
        """Whether the query asks for something that such a thing can have, and nothing is known of it for this one."""
        attribute = self._know.attribute(thing, query.attribute)
        is_plain = query.form in {"list", "verify"} and query.things == (thing,)
        return is_plain and attribute is not None and attribute.otherwise is None and not self.knows(thing, query.attribute)

    def _of_attribute(self, name: str, scene: Scene) -> Iterator[Claim]:
        relations = self.relations
        cued = self._cued(name, scene)
        linked = (*scene.linked(name), *(scene.rest if name in relations.bundles else ()))
        if name in relations.parts and all(scene.sign(m) != "in" for m in cued):
            return  # the whole answers for its parts, and for what is left when they are set aside
        owners = [m for m in scene.things if relations.owns(m.id, name)]
        is_held = name in relations.bundles and scene.holds(list(scene.things))
        values = [m for m in scene.things if self._is_value(m, name, scene, asked=bool(cued or linked or is_held))]
        if name in relations.inverse and values:
            return  # the other side asks the same
        counted = name not in relations.bundles and values and all(scene.is_counted(m) for m in cued or [*values])
        if counted and self._are_groups(name, values):
            yield self._count_members(values, scene, cued)
        owners, premise = self._without_premise(owners, scene)
        values = [m for m in values if m not in owners or len(owners) > 1]
        owners = [m for m in owners if m not in values]
        left_out = [m for m in owners if scene.is_left_out(m)]
        owners = [m for m in owners if m not in left_out] if values or len(left_out) < len(owners) else owners
        used = (*cued, *linked)
        joined = bool(cued or linked or scene.cues.verifies)
        if owners and values:
            score = _NAMED if cued else _LINKED if joined else _PAIRED
            yield _on(premise, self._between(name, owners, values, scene, used, score))
        elif owners and cued:
            yield _on(premise, self._forward(name, owners, scene, cued))
        elif values:
            score = self._reverse_score(name, values, scene, joined=bool(cued or linked or left_out or is_held))
            if score:
                claim = self._reverse(name, values, scene, used, score, left_out)
                yield replace(claim, explained=claim.explained | scene.cues.holding) if is_held else claim
        elif cued and not scene.things and (name in relations.names or relations.value_kinds[name]):
            if name not in relations.names and any(scene.cued(other) == cued for other in relations.names):
                return  # `brand name?` asks what something is called, and for no members
            is_other = scene.names_more(cued) or self._are_kinds(name, cued, scene)
            score = _VAGUE - (_RELATED if is_other else 0.0)
            yield scene.claim(Query("vague", name), cued, score, f"'{name}' and no thing to ask it of")

    def _are_groups(self, name: str, values: list[Mention]) -> bool:
        """Whether the values are groups of what the attribute holds: parts of the body, of side effects."""
        return all(self.relations.kind(m.id) in self.relations.group_kinds[name] for m in values)

    def _count_members(self, groups: list[Mention], scene: Scene, cued: tuple[Mention, ...]) -> Claim:
        """How many there are in a group: `how many side effects of the stomach are there`."""
        ids = ids_of(groups)
        query = Query("count", self.relations.members_of(ids[0]), things=ids)
        return scene.claim(query, (*groups, *cued), _NAMED, f"how many in {', '.join(ids)}")

    def _are_kinds(self, name: str, cued: tuple[Mention, ...], scene: Scene) -> bool:
        """Whether the words for the attribute are those for the kind of its values, or of the things that have it: `what types of
        bread are there`, `list every basket`."""
        of_it = {m.tokens for m in scene.kinds if m.id in self.relations.value_kinds[name] or self.relations.declares(m.id, name)}
        return {m.tokens for m in cued} <= of_it

    def _cued(self, name: str, scene: Scene) -> tuple[Mention, ...]:
        """What asks for the attribute: its own words, and those of its parts; of a group, how groups are called; of the members
        of a group, `how many` before its name, or that names are asked for."""
        relations, cues = self.relations, scene.cues
        cued = (*scene.cued(name), *(m for part, whole in relations.parts.items() if whole == name for m in scene.cued(part)))
        if name in self._know.groupings and scene.names_more(cued):  # `what does this kind of bread contain` asks for no kind
            cued = tuple(m for m in cued if not scene.is_pointed_at(m))
        if cued:
            return cued
        asks_whether = cues.verifies or (cues.asked and not cues.wh)
        together = asks_whether and len([m for m in scene.things if relations.owns(m.id, name)]) > 1  # `are A and B of one kind`
        if name in self._know.groupings and (cues.same or cues.other or cues.related or cues.odd or together):
            return tuple(m for m in scene.kinds if m.id in relations.value_kinds[name])
        if name in relations.inverse:
            return tuple(
                m
                for m in scene.things
                if relations.members_of(m.id) == name
                and (scene.is_counted(m) or scene.is_numbered(m) or self._asks_for_names(scene))
            )
        return ()

    def _asks_for_names(self, scene: Scene) -> bool:
        """Whether names are asked for, and nothing else, of one group: `name the sourdough ones`, `brand names of A`."""
        if not scene.cues.names or len(scene.things) != 1:
            return False
        is_named = bool(scene.things[0].tokens)  # `the brand name?` asks it of one thing that was spoken of
        return not scene.asks_beyond(self.relations.names if is_named else frozenset())

    def _is_value(self, mention: Mention, name: str, scene: Scene, *, asked: bool) -> bool:
        """Whether the thing can be a value of the attribute, or, where that is asked for, a group of such values."""
        kind = self.relations.kind(mention.id)
        if kind in self.relations.value_kinds[name]:
            # nothing belongs to it: that a group is looked for is unlikely, and there is none to tell
            return mention.id in self.relations.held[name] or name not in self._know.groupings or scene.cues.verifies
        if kind not in self.relations.group_kinds[name] or not self._know.members_of(mention.id):
            return False
        is_subject = bool(self._pack.kinds[kind].overview)
        return not is_subject or asked or any(self.relations.declares(m.id, name) for m in scene.kinds)

    def _without_premise(self, owners: list[Mention], scene: Scene) -> tuple[list[Mention], tuple[Premise, Mention] | None]:
        """Owners of which one only says what another is (`Kyprolis, a monoclonal antibody, …`): that one is taken out, and noted
        when it is not so. Two that are set side by side say nothing of each other."""
        if len(owners) < 2 or scene.cues.compares or scene.cues.more:
            return owners, None
        for thing in owners:
            for other in owners:
                name = self.relations.can_belong(thing.id, other.id) if other is not thing else ""
                if name in self.relations.closed and not scene.are_joined(thing, other):
                    held = self._know.held(thing.id, name)
                    rest = [m for m in owners if m is not other]
                    is_so = held is not None and other.id in held.values
                    return rest, None if is_so else ((name, thing.id, other.id), other)
        return owners, None

    def _reverse_score(self, name: str, values: list[Mention], scene: Scene, *, joined: bool) -> float:
        """How likely it is that things are asked for by their values; 0 when it is not."""
        if joined or any(self.relations.declares(m.id, name) for m in scene.kinds):
            is_first = not scene.kinds or self.relations.declares(scene.kinds[0].id, name)
            return _REVERSED if is_first else _REVERSED - _SECOND  # what is asked for is named before what it consists of
        are_told = all(self._pack.kinds[self._know.thing(m.id).kind].overview for m in values)
        if scene.cues.how_many and (len(values) > 1 or not are_told or name not in self.relations.bundles or scene.holds(values)):
            return _TOGETHER
        if are_told:
            # A thing with a story of its own is asked about itself; several of them, about what they are part of together.
            cues = scene.cues
            together = len(values) > 1 and name in self.relations.plural
            is_other = cues.compares or cues.same or cues.lists or cues.odd or cues.more or cues.shared
            is_other = is_other or bool(cues.like) or (cues.wh == "what" and not scene.kinds)  # `what are A and B`
            return _TOGETHER if together and not is_other else 0.0
        return _REVERSED if scene.cues.wh else _ALONE if not scene.is_crowded else 0.0

    def _between(
        self, name: str, owners: list[Mention], values: list[Mention], scene: Scene, used: tuple[Mention, ...], score: float
    ) -> Claim:
        """Things and values both: is it so, which of these, or what else."""
        ids, wanted = ids_of(owners), ids_of(values)
        everything = (*owners, *values, *used)
        if scene.cues.how_many and name in self.relations.inverse.values():
            return scene.claim(Query("count", name, things=ids), everything, score - 0.1, f"how many {name}")
        beside = [m for m in values if scene.is_left_out(m)]
        if beside and len(beside) == len(values):
            query = Query("list", name, things=ids, without=wanted)
            return scene.claim(query, everything, score, f"{name} of {', '.join(ids)} besides {', '.join(wanted)}")
        if not scene.cues.verifies and all(self.relations.kind(id_) not in self.relations.value_kinds[name] for id_ in wanted):
            query = Query("list", name, things=ids, values=wanted)
            return scene.claim(query, everything, score, f"{name} of {', '.join(ids)} among {', '.join(wanted)}")
        form: Form = "which_of" if len(owners) > 1 and scene.cues.wh in {"which", "what", "who"} else "verify"
        mode = (
            "not"
            if scene.cues.negated
            else "sole"
            if self._is_sole(name, owners, values, scene)
            else "only"
            if scene.cues.only
            else ""
        )
        denied = [m for m in values if scene.sign(m) == "denied"]
        if form == "verify" and denied and len(denied) < len(values):
            held = tuple(id_ for id_ in wanted if id_ not in ids_of(denied))
            query = Query(form, name, things=ids, values=held, without=ids_of(denied))
            return scene.claim(query, everything, score, f"verify {name}: {', '.join(held)} and not {', '.join(ids_of(denied))}")
        if form == "verify" and name in self.relations.linked:
            mode = mode or self._directions.mode(owners, values, scene.cues)
        return scene.claim(
            Query(form, name, things=ids, values=wanted, mode=mode),
            everything,
            score,
            f"{form} {name}: {', '.join(ids)} / {', '.join(wanted)}",
        )

    def _is_sole(self, name: str, owners: list[Mention], values: list[Mention], scene: Scene) -> bool:
        """Whether it is asked if nothing else has the value: `is A the only bread with B`, `does only A contain B`; not `does A
        contain only B`."""
        at = scene.cues.only_at
        if at < 0 or any(m.tokens[0] == at + 1 for m in scene.cued(name)):
            return False  # `is A the only topping`: whether there is another value
        after = min((m for m in (*owners, *values) if m.tokens and m.tokens[0] > at), key=lambda m: m.tokens, default=None)
        return scene.cues.is_sole if after is None or after in values else True

    def _forward(self, name: str, owners: list[Mention], scene: Scene, cued: tuple[Mention, ...]) -> Claim:
        ids = ids_of(owners)
        form: Form = "list"
        mode = ""
        cues = scene.cues
        has_values = bool(self.relations.value_kinds[name])
        if any(scene.is_numbered(m) for m in cued) and has_values and len(ids) == 1:
            return self._numbered(Query("count", name, things=ids), (*owners, *cued), scene)
        if cues.how_many and has_values:
            form = "count"
        elif len(ids) > 1 and (
            cues.same or ((cues.verifies or (cues.asked and not cues.wh)) and (cues.like or name in self._know.groupings))
        ):
            form = "same"
        elif len(ids) > 1 and has_values and (cues.more or cues.extreme):
            form, mode = "compare", cues.more or ("more" if cues.extreme == "most" else "fewer")
        elif len(ids) > 1 and has_values and cues.shared:
            form, mode = "compare", "shared"
        elif len(ids) > 1 and (cues.compares or (cues.negated and has_values)):
            form = "compare"
        if (
            cues.how_many
            and name in self._know.groupings
            and not any(
                scene.is_counted(m) and not scene.is_pointed_at(m)
                for m in scene.kinds
                if m.id in self.relations.value_kinds[name]
            )
        ):
            query = Query("siblings", name, things=ids[:1], mode="count")
            return scene.claim(query, (*owners, *cued, *scene.kinds), _NAMED, f"how many in the {name} of {ids[0]}")
        if form == "list" and len(ids) == 1 and (cues.other or cues.same) and name in self._know.groupings:
            query = Query("siblings", name, things=ids, mode="exists" if cues.verifies and not cues.same else "")
            return scene.claim(query, (*owners, *cued, *scene.kinds), _NAMED, f"others of the {name} of {ids[0]}")
        if form == "list" and any(self.relations.parts.get(m.id) == name and scene.sign(m) != "in" for m in cued):
            mode = "own"
        elif (
            form == "list"
            and not cues.negated
            and not cues.number
            and any(0 < m.tokens[0] - at <= _HAVING for m in cued for at in cues.existing)
        ):
            mode = "exists"
        known = any(self._know.held(id_, name) or self._stands_in(id_, name) for id_ in ids)
        score = _NAMED if known else _UNKNOWN
        if cues.verifies and not has_values and len({m.words for m in scene.all_things if m.id == ids[0]}) > 1:
            score -= _RELATED  # two names of one thing: whether they are the same is asked
        if self.relations.are_related(ids):
            score -= _RELATED  # a thing and what it belongs to: that they belong together is what is asked
        if cues.verifies and {m.tokens for m in cued} <= {m.tokens for m in scene.things}:
            score -= _NO_NAME  # `is it an infusion`: the word is a value there
        if scene.holds(owners) and (
            form == "count" or (not scene.kinds and {at for m in cued for at in m.tokens} <= cues.holding)
        ):
            score -= _NO_NAME  # `which contain A`: what A is in, rather than what it consists of
        bundled = [m.id for m in scene.kinds if any(self.relations.declares(m.id, bundle) for bundle in self.relations.bundles)]
        if any(self.relations.declares(kind, name) and kind not in {self.relations.kind(id_) for id_ in ids} for kind in bundled):
            score -= _RELATED  # `what is in the baskets with A` asks it of the baskets
        if cues.seeks and form == "list":
            score *= _MIXED  # `whom do I tell about it` asks for somebody
        if form == "count" and not any(scene.is_counted(m) for m in cued):
            score -= _NO_NAME  # something else is counted
        if cues.names and name in self.relations.texts and self.relations.members_of(ids[0]):
            score -= _NO_NAME
        return scene.claim(
            Query(form, name, things=ids, mode=mode), (*owners, *cued), score, f"{form} {name} of {', '.join(ids)}"
        )

    def _numbered(self, query: Query, used: tuple[Mention, ...], scene: Scene) -> Claim:
        """Whether there are as many as is said; what else is said of them says which they are: `two loaves are on offer`."""
        texts = [m for name in self.relations.texts for m in scene.cued(name)]
        said = f"{scene.cues.bound}{scene.cues.number}"
        claim = scene.claim(replace(query, mode=f"is:{said}"), (*used, *scene.kinds, *texts), _NAMED, f"are they {said}")
        return replace(claim, explained=claim.explained | {scene.cues.number_at})

    def _stands_in(self, thing: str, name: str) -> bool:
        """Whether something else is told instead of the attribute, for it is never known of such a thing."""
        attribute = self._know.attribute(thing, name)
        instead = attribute.otherwise if attribute is not None and attribute.type == "text" and not attribute.via else None
        return instead is not None and bool(self._know.all_values(thing, instead))

    def _reverse(
        self,
        name: str,
        values: list[Mention],
        scene: Scene,
        used: tuple[Mention, ...],
        score: float,
        left_out: list[Mention],
    ) -> Claim:
        """Which things have these values."""
        signs = {m.id: scene.sign(m) for m in values}
        inside = [m for m in values if signs[m.id] == "in"]
        inside = [m for m in inside if self._know.thing(m.id).variant_of not in ids_of(inside)]  # the wider one stands for both
        outside = [m for m in values if signs[m.id] in {"denied", "out"} or (signs[m.id] == "beside" and not inside)]
        if scene.cues.negated and not outside and scene.is_denied(values):
            inside, outside = [], values
        kind = next((m for m in scene.kinds if self.relations.declares(m.id, name)), None)
        cues = scene.cues
        inverse = next((one for one, other in self.relations.inverse.items() if other == name), "")
        if (
            name in self.relations.bundles
            and len(ids_of(inside)) > 1
            and (cues.more or cues.extreme or cues.compares)
            and not outside
        ):
            mode = cues.more or {"most": "more", "least": "fewer"}.get(cues.extreme, "")
            query = Query("compare", inverse, things=ids_of(inside), mode=mode)
            return scene.claim(query, (*values, *used, *scene.kinds), score, f"compare by {name} what they are in")
        is_asked = kind is not None and kind.tokens < inside[0].tokens if inside else False  # `baskets with A and B`
        together = not cues.wh and not is_asked and (len(inside) > 1 or (cues.asked and name in self.relations.closed))
        form: Form = "count" if cues.how_many else "verify" if cues.verifies or together else "reverse"
        has_sizes = name in self.relations.plural and name in self.relations.closed
        mode = f"size:{cues.size}" if cues.size and has_sizes else "only" if cues.only else "all"
        if (
            form == "count"
            and kind is not None
            and any(scene.is_counted(m) for m in scene.kinds if m.id in self.relations.value_kinds[name])
        ):
            mode = "parts"
        if cues.verifies and any(self.relations.declares(m.id, name) and scene.is_every(m) for m in scene.kinds):
            mode = "every"
        are_groups = {self.relations.kind(m.id) in self.relations.group_kinds[name] for m in inside}
        if form == "verify" and len(are_groups) > 1 and kind is None:
            score *= _MIXED  # `is nausea a problem of the lungs`: whether one belongs to the other is asked, not what has both
        query = Query(
            form,
            name,
            things=ids_of(left_out),
            values=ids_of(inside),
            without=ids_of(outside),
            kind=kind.id if kind else "",
            mode=mode,
        )
        return scene.claim(
            query,
            (*values, *left_out, *used, *scene.kinds),
            score,
            f"{form} {name}: with {', '.join(ids_of(inside)) or 'anything'}"
            + (f", without {', '.join(ids_of(outside))}" if outside else ""),
        )

    def _of_all(self, name: str, scene: Scene) -> Iterator[Claim]:
        """What most, least or every one of the things has, where they all are known."""
        cues, relations = scene.cues, self.relations
        if not (cues.extreme or cues.every) or name not in relations.closed or name not in relations.plural:
            return
        holding = tuple(m for m in scene.kinds if relations.declares(m.id, name))
        asked = tuple(m for m in scene.kinds if m.id in relations.value_kinds[name])
        out = tuple(m for m in scene.things if scene.sign(m) != "in" and self._is_value(m, name, scene, asked=True))
        groups = tuple(m for m in scene.things if relations.kind(m.id) in relations.group_kinds[name] and m not in out)
        if len(groups) + len(out) < len([m for m in scene.things if m.id != scene.topic]) or not (holding or scene.cued(name)):
            return
        is_every = any(scene.is_every(m) for m in holding) and not cues.extreme and not cues.verifies
        if is_every and (asked or groups or cues.shared):
            mode = "every"
        elif cues.extreme and (asked or groups):
            mode = cues.extreme
        else:
            return
        query = Query("most", name, values=ids_of(groups), without=ids_of(out), kind=asked[0].id if asked else "", mode=mode)
        yield scene.claim(query, (*holding, *asked, *groups, *out, *scene.cued(name)), _NAMED, f"{mode} in the {name} of all")


def _on(premise: tuple[Premise, Mention] | None, claim: Claim) -> Claim:
    """`claim`, with the premise that it corrects."""
    if premise is None or claim.query is None:
        return claim
    wrong, mention = premise
    return replace(claim, query=replace(claim.query, premise=wrong), explained=claim.explained | frozenset(mention.tokens))
