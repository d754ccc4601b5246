"""What the declared kinds and attributes of a pack let people ask: which kinds can be values of what, and which are groups."""

from bot.pack.knowledge import Knowledge


class Relations:
    """Look-ups over the declarations, made once for a pack."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._know = knowledge
        kinds = knowledge.pack.kinds
        declared = [(name, attribute) for kind in kinds.values() for name, attribute in kind.attributes.items()]
        self.attributes = list(dict.fromkeys(name for name, _ in declared))
        self.askable = [name for name in self.attributes if any(a.words or a.links for n, a in declared if n == name)]
        """attributes that have words of their own; the others are only told"""
        self.linked = {name for name, attribute in declared if attribute.links}
        """attributes with verbs that say that a thing has a value: `cause`"""
        self.value_kinds = {name: knowledge.value_kinds(name) for name in self.attributes}
        self.parts = {name: attribute.part_of for name, attribute in declared if attribute.part_of}
        self.inverse = {name: attribute.inverse for name, attribute in declared if attribute.inverse}
        self.group_kinds = {
            name: frozenset() if name in self.inverse else self._groups_of(self.value_kinds[name]) for name in self.attributes
        }
        """attribute -> kinds whose members can be its values"""
        self.held = {
            name: frozenset(v for h in knowledge.holders(name) for v in knowledge.all_values(h, name)) for name in self.attributes
        }
        """attribute -> the values that anything has"""
        self.closed = {name for name, attribute in declared if attribute.closed}
        self.texts = {name for name, attribute in declared if attribute.type == "text"}
        self.names = {name for name, attribute in declared if attribute.type == "name" and attribute.words}
        """attributes that say what else a thing is called"""
        self.plural = {name for name in self.attributes if self._holds_many(name)}
        """attributes of which things hold several values, so that some can be asked for together"""
        self.bundles = self.closed & self.plural & set(self.inverse.values())
        """attributes that say what things are made up of, so that it can be asked what goes with others"""

    def _groups_of(self, values: frozenset[str]) -> frozenset[str]:
        kinds = self._know.pack.kinds
        return frozenset(
            id_
            for id_, kind in kinds.items()
            if kind.members in kind.attributes and values & set(kind.attributes[kind.members].of)
        )

    def _holds_many(self, name: str) -> bool:
        return name not in self.inverse and any(len(self._know.all_values(h, name)) > 1 for h in self._know.holders(name))

    def kind(self, thing: str) -> str:
        return self._know.thing(thing).kind

    def owns(self, thing: str, name: str) -> bool:
        """Whether attribute `name` can be asked of `thing`."""
        return self._know.attribute(thing, name) is not None

    def declares(self, kind: str, name: str) -> bool:
        return name in self._know.pack.kinds[kind].attributes

    def members_of(self, thing: str) -> str:
        """The attribute that holds the members of `thing`; empty when it is no group."""
        return self._know.pack.kinds[self.kind(thing)].members or ""

    def grouping(self, thing: str) -> str:
        """The attribute that says to what group `thing` belongs; empty when there is none."""
        return next((name for name in self.attributes if name in self._know.groupings and self.owns(thing, name)), "")

    def can_belong(self, thing: str, group: str) -> str:
        """The attribute by which `thing` could belong to `group`; empty when there is none."""
        name = self.grouping(thing)
        return name if name and self.kind(group) in self.value_kinds[name] else ""

    def are_related(self, ids: tuple[str, ...]) -> bool:
        """Whether one of the things could be a value of another."""
        kinds = [self.kind(id_) for id_ in ids]
        return any(
            b in attribute.of and not attribute.inverse
            for a in kinds
            for attribute in self._know.pack.kinds[a].attributes.values()
            for b in kinds
        )
