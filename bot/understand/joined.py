"""Several attributes that are asked of one thing: `class and brand name of A`, `how A is baked and its allergens`."""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.understand.mentions import Mention
from bot.understand.query import Claim
from bot.understand.scene import Scene

_NEAR = 3
"""So many words from one attribute to the next at the most, with one between that joins them: `and what is its …`."""


def joined(claims: list[Claim], scene: Scene) -> Iterator[Claim]:
    """What `claims` ask of the same things by attributes that stand side by side, as one question."""
    lists = {c.query.attribute: c for c in claims if c.query is not None and c.query.form == "list" and len(c.query.things) == 1}
    named = [m for m in scene.attributes if m.id in lists]
    run: list[Mention] = []
    for mention in sorted(named, key=lambda m: m.tokens):
        if run and not _follows(run[-1], mention, scene):
            run = []
        if all(mention.tokens != other.tokens and mention.id != other.id for other in run):
            run.append(mention)
        if len(run) > 1 and _is_joined(run, scene):
            first, *others = (lists[m.id] for m in run)
            if first.query is None or any(claim.query is None or claim.query.things != first.query.things for claim in others):
                continue
            yield replace(
                first,
                query=replace(first.query, also=tuple(m.id for m in run[1:])),
                score=min(claim.score for claim in (first, *others)),
                explained=first.explained.union(*(claim.explained for claim in others)),
                reasons=(*first.reasons, *(f"and {m.id}" for m in run[1:])),
            )


def _follows(first: Mention, second: Mention, scene: Scene) -> bool:
    """Whether no thing stands between the two, and few words."""
    between = range(first.tokens[-1] + 1, second.tokens[0])
    things = {at for m in scene.all_things for at in m.tokens}
    return len([at for at in between if at not in things]) <= _NEAR


def _is_joined(run: list[Mention], scene: Scene) -> bool:
    """Whether the last two are joined by a word; a list before them needs none."""
    return any(run[-2].tokens[-1] < at < run[-1].tokens[0] for at in scene.cues.joins)
