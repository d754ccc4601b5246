"""Any channel at all: a function from (user, text) to text. Here the channel is a pipe; its lines are `user: text`."""

import os
import sys
from functools import lru_cache

from bot import Engine

engine = Engine.load(os.environ.get("FAQBOT_PACK"))
talk = lru_cache(10_000)(lambda user: engine.conversation())  # who was quiet for longest makes room


def answer(user: str, text: str) -> str:
    reply = talk(user).ask(text)
    return "\n".join((reply.text, *(f"Source: {source.title}, {source.section}" for source in reply.sources)))


for line in sys.stdin:
    user, _, text = line.strip().partition(": ")
    print(f"@{user} {answer(user, text)}", flush=True)
