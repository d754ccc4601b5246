"""Why a reply is what it is, step by step; made only when somebody asks."""

from bot.reply import Reply, Trace
from bot.respond.decide import Decision
from bot.respond.signs import Alarm
from bot.understand.understanding import Understanding

_MOST = 5
"""Candidates that are told."""


def explain(understanding: Understanding, decision: Decision, alarms: tuple[Alarm, ...], reply: Reply) -> Trace:
    """The trace of one reply: how the words were read, what was recognised, who competed, and what decided."""
    utterance = understanding.utterance
    words = [token.word for token in utterance.tokens]
    steps = [f"read: {' '.join(words) or '(no words)'}"]
    if utterance.is_cut:
        steps.append("the message is longer than what is read; its end was left out")
    steps.extend(f"corrected: '{typed}' read as '{read}'" for typed, read in utterance.corrections)
    for mention in understanding.mentions:
        shown = " ".join(words[index] for index in mention.tokens)
        name = f" {mention.id}" if mention.id else ""
        steps.append(f"recognised: '{shown}' as {_NAMES.get(mention.kind, mention.kind)}{name}")
    cues = _cues(understanding)
    if cues:
        steps.append(f"asked as: {', '.join(cues)}")
    steps.extend(f"guard: {alarm.guard} ({alarm.kind}) by {alarm.reason}" for alarm in alarms)
    for claim in understanding.claims[:_MOST]:
        left = [words[i] for i in range(len(words)) if i not in claim.explained and utterance.tokens[i].weight > 0]
        unexplained = f"; leaves unexplained: {', '.join(left)}" if left else ""
        steps.append(
            f"candidate: {claim.intent} {claim.confidence:.2f} (fit {claim.score:.2f}): {'; '.join(claim.reasons)}{unexplained}"
        )
    reason = next((alarm.reason for alarm in alarms if alarm.guard == reply.intent), decision.reason)
    steps.append(f"decision: {reply.kind}" + (f" {reply.intent}" if reply.intent else "") + f", because {reason}")
    return Trace(tuple(steps))


_NAMES = {"link": "a verb of", "concept": "the concept", "background": "background", "frame": "a frame around the question",
          "verify": "a check whether it is so", "gap": "something not covered:"}  # fmt: skip


def _cues(understanding: Understanding) -> list[str]:
    cues = understanding.cues
    named = {
        "how many": bool(cues.how_many),
        "yes or no": cues.verifies,
        "denial": cues.negated,
        "comparison": cues.compares,
        "sameness": cues.same,
    }
    return [*([cues.wh] if cues.wh else []), *(name for name, is_on in named.items() if is_on)]
