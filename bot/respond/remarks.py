"""What comes before a question and is no part of it: sentences that thank or acknowledge, and short remarks."""

from itertools import groupby

from bot.respond.talk import SmallTalker
from bot.understand.understanding import Understanding

_LONGEST = 7
"""Words of a remark before a question that may be left aside in a conversation."""

_NODS = frozenset({"nod", "sure", "shorter"})
"""Wishes that say nothing more where something else is asked after them: `really? …`, `that is a lot. …`"""

_ENDS = frozenset(".!?\n…")
_SUBJECTS = frozenset({"thing", "kind", "attribute", "link"})


def courtesies_end(understanding: Understanding, meta: SmallTalker, talker: SmallTalker) -> int:
    """Where the message begins, in characters, after sentences that only thank or acknowledge: `I see. does it …`; 0 where there
    is none, or nothing else. meta: knows wishes; talker: knows courtesies."""
    tokens, text = understanding.utterance.tokens, understanding.utterance.text
    is_known = any(claim.to_the_word for claim in understanding.claims[:1])
    if is_known or talker.find(tokens) is not None:
        return 0
    start, end = 0, 0
    for _, clause in groupby(tokens, key=lambda token: token.clause):
        own = tuple(clause)
        if end and not _ENDS.isdisjoint(text[end : own[0].start]):
            start = own[0].start
        if meta.find(own) not in _NODS and talker.find(own, in_full=True) is None:
            return start
        end = own[-1].end
    return 0


def remark_end(understanding: Understanding) -> int:
    """Where what is asked begins, in characters, after a short remark that names nothing: `you are no fun. which are there?`; 0
    where there is no such remark."""
    tokens, asking = understanding.utterance.tokens, understanding.asking
    if not asking or understanding.attention:
        return 0
    remark = [at for at, token in enumerate(tokens) if token.clause < asking[0]]
    named = {at for m in understanding.mentions if m.kind in _SUBJECTS for at in m.tokens}
    if not remark or len(remark) > _LONGEST or not named.isdisjoint(remark):
        return 0
    start = tokens[len(remark)].start
    return 0 if _ENDS.isdisjoint(understanding.utterance.text[tokens[remark[-1]].end : start]) else start
