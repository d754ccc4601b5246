"""A Gradio page. pip install faqbot gradio; python examples/gradio_chat.py"""

import os
from functools import lru_cache

import gradio as gr

from bot import Engine
from bot.engine import Conversation

engine = Engine.load(os.environ.get("FAQBOT_PACK"))
about = engine.pack.pack


@lru_cache(10_000)  # the conversation that was quiet for longest makes room
def talk(session: str) -> Conversation:
    return engine.conversation()


def answer(message: str, history: list[dict[str, str]], request: gr.Request) -> str:
    reply = talk(request.session_hash).ask(message)
    return "\n\n".join((reply.markdown, *(f"*Source: {source.title}, {source.section}*" for source in reply.sources)))


chat = gr.ChatInterface(answer, title=about.title, description=about.notice, examples=about.starters, cache_examples=False)

if __name__ == "__main__":
    chat.launch()
