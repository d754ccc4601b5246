"""Several questions in one message: where each of them begins, and which of them have an answer of their own."""

from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.pack.knowledge import Knowledge
from bot.reply import Reply
from bot.respond.decide import Decision
from bot.understand.understanding import Understanding

_MOST = 5
"""Questions of one message that are answered."""

_MOST_IN_STORY = 3
"""The same for a long message of which only a part asks."""

_SURE_ENOUGH = 0.75
"""A part with less confidence has no answer of its own."""

_ONE_QUESTION = 0.95
_SURE_PIECE = 0.85
"""A message that is understood so well as one question is taken apart only where its parts are as clear as this."""

_SURE_ALONE = 0.86
_SURE_OVERVIEW = 0.9
"""The only part that has an answer is told with this confidence; a bare name is easily dropped in passing."""

_WEIGHTY = 0.8
"""A part that leaves words of this weight unexplained asks something that is not covered."""


def pieces(understanding: Understanding, knowledge: Knowledge, english: English) -> list[tuple[int, int]]:
    """Start and end, in characters, of the parts that each ask something; a single one when it is one question.

    What is told before a question belongs to it, and what is told after the last one to that.
    """
    tokens = understanding.utterance.tokens
    if understanding.attention:
        asking = list(understanding.asking[-_MOST_IN_STORY:])
    else:
        asking = sorted({*understanding.asking, *_phrases(understanding, english)})
    firsts = {token.clause: token.start for token in reversed(tokens)}
    starts = sorted({0, *(firsts[clause + 1] for clause in asking[:-1]), *_joints(understanding, knowledge, english)})
    return list(zip(starts, [*starts[1:], len(understanding.utterance.text)], strict=True))[:_MOST]


def _joints(understanding: Understanding, knowledge: Knowledge, english: English) -> set[int]:
    """The places of an `and` between two things of which something else is asked each: `class of A and side effects of B`."""
    tokens, mentions = understanding.utterance.tokens, understanding.mentions
    if understanding.attention:  # what is told around the question asks nothing
        mentions = tuple(m for m in mentions if tokens[m.tokens[0]].clause in understanding.asking)
    attributes = [m for m in mentions if m.kind == "attribute"]
    if len({m.id for m in attributes}) < 2:
        return set()
    things = [m for m in mentions if m.kind == "thing"]

    def asked(first: int, last: int) -> set[str]:
        """The attributes between two tokens that a thing between them has, or the one before that a pronoun there stands for."""
        inside = [thing.id for thing in things if first <= thing.tokens[0] < last]
        if not inside and any(token.word in english.cues["pronoun"] for token in tokens[first:last]):
            inside = [thing.id for thing in things if thing.tokens[0] < first][-1:]
        return {m.id for m in attributes if first <= m.tokens[0] < last and any(knowledge.attribute(t, m.id) for t in inside)}

    found: set[int] = set()
    begin = 0
    for at, token in enumerate(tokens):
        if at and token.clause != tokens[at - 1].clause:
            begin = at
        if token.word in english.joining and begin < at:
            before, after = asked(begin, at), asked(at, len(tokens))
            if before and after and before.isdisjoint(after):
                found.add(token.start)
                begin = at + 1
    return found


def _phrases(understanding: Understanding, english: English) -> set[int]:
    """The clauses that ask without a question word: `brand name of it.`, `tell me about Velcade.`"""
    tokens = understanding.utterance.tokens
    found: set[int] = set()
    if understanding.utterance.clauses < 2:
        return found
    known = {at for m in understanding.mentions if m.kind in {"thing", "attribute", "kind", "frame"} for at in m.tokens}
    for clause in range(understanding.utterance.clauses):
        if clause in understanding.asking:
            continue
        inside = [at for at, token in enumerate(tokens) if token.clause == clause]
        kinds = {m.kind for m in understanding.mentions if m.tokens[0] in inside}
        orders = any(tokens[at].word in english.cues["list"] for at in inside[:2]) and bool(kinds & {"thing", "attribute"})
        bare = {"thing", "attribute"} <= kinds and all(
            at in known
            or (english.roles.get(tokens[at].word) in {"function", "filler"} and tokens[at].word not in english.persons)
            for at in inside
        )
        if orders or bare:
            found.add(clause)
    return found


class Part(Struct, frozen=True):
    """One of several questions, and what there is to say to it alone."""

    start: int
    """its place in the message, in characters"""
    understanding: Understanding
    decision: Decision
    reply: Reply

    @property
    def is_known_gap(self) -> bool:
        """It was understood, and the pack holds nothing that answers it."""
        return self.reply.kind == "fallback" and self.decision.action == "answer"

    @property
    def placed(self) -> Reply:
        """The reply, with the places of what was recognised counted from the beginning of the message."""
        moved = (replace(e, span=(e.span[0] + self.start, e.span[1] + self.start)) for e in self.reply.entities)
        return replace(self.reply, entities=tuple(moved))


def told_apart(
    parts: list[Part], decision: Decision, whole: Reply, understanding: Understanding, english: English
) -> tuple[list[Reply], list[Part]]:
    """The replies that are told one after the other, and the parts that stay without an answer.

    decision, whole: what would be said to the message as one question.
    """
    sure = whole.confidence if whole.kind == "answer" else 0.0
    least = _SURE_PIECE if sure >= _ONE_QUESTION else _SURE_ENOUGH
    told = [(p, whole if _better_as_whole(p, decision, whole, understanding, english) else p.placed) for p in parts]
    answers = {r.text: (p, r) for p, r in told if r.kind == "answer" and r.confidence >= min(least, sure or least)}
    known = decision if sure else None
    missing = [
        p for p in parts if p.reply.kind == "fallback" and (_is_gap(p, english) or _left(p, known, understanding) >= _WEIGHTY)
    ]
    if len(answers) == 1 and (sure or not all(_stands_alone(part, reply) for part, reply in answers.values())):
        answers = {}
    return [reply for _, reply in answers.values()], [part for part in missing if _asks(part)]


def _is_gap(part: Part, english: English) -> bool:
    """Whether the part asks plainly for something of a thing, of which the pack knows nothing."""
    named = any(m.kind == "thing" for m in part.understanding.mentions)
    refers = any(token.word in english.pointers["stands"] for token in part.understanding.utterance.tokens)
    return part.is_known_gap and (named or refers)


def _better_as_whole(part: Part, decision: Decision, whole: Reply, understanding: Understanding, english: English) -> bool:
    """Whether the answer to the whole message is rather one to this part than what the part has by itself.

    A part that refers to what is told before it is hardly understood alone.
    """
    claim = decision.claim if decision.action == "answer" else None
    if claim is None or claim.entry is None or whole.intent != claim.entry or whole.confidence <= part.reply.confidence:
        return False
    end = part.start + len(part.understanding.utterance.text)
    own = [at for at, token in enumerate(understanding.utterance.tokens) if part.start <= token.start < end]
    asked = sum(understanding.utterance.tokens[at].weight for at in own)
    explained = sum(understanding.utterance.tokens[at].weight for at in own if at in claim.explained)
    refers = any(understanding.utterance.tokens[at].word in english.cues["pronoun"] for at in own)
    return explained > (0 if refers else asked / 2)


def _stands_alone(part: Part, answer: Reply) -> bool:
    """Whether the answer to one part is worth telling where the whole has none: what people tell around a question is no part,
    and what is asked of something that another part names may be what has no answer."""
    if answer.confidence < (_SURE_OVERVIEW if str(answer.intent).startswith("overview") else _SURE_ALONE):
        return False
    claim = part.decision.claim
    is_fact = claim is not None and claim.query is not None
    return not is_fact or any(mention.kind == "thing" for mention in part.understanding.mentions)


def _asks(part: Part) -> bool:
    """Whether the part is a question, and no `don't spare me`."""
    cues = part.understanding.cues
    return not cues.negated or cues.asked or bool(cues.wh)


def _left(part: Part, whole: Decision | None, understanding: Understanding) -> float:
    """How much the part asks that the answer to the whole does not explain."""
    claim = whole.claim if whole is not None else None
    explained = claim.explained | claim.partly if claim is not None else frozenset[int]()
    places = {token.start for at, token in enumerate(understanding.utterance.tokens) if at in explained}
    framed = {at for m in part.understanding.mentions if m.kind in {"frame", "verify", "idiom", "background"} for at in m.tokens}
    asking = part.understanding.asking
    return sum(
        token.weight
        for at, token in enumerate(part.understanding.utterance.tokens)
        if at not in framed and token.start + part.start not in places and (not asking or token.clause in asking)
    )
