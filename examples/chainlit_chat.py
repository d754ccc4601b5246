"""A Chainlit page. pip install faqbot chainlit; chainlit run examples/chainlit_chat.py"""

import os

import chainlit as cl

from bot import Engine

engine = Engine.load(os.environ.get("FAQBOT_PACK"))


def buttons(choices: list[tuple[str, str]]) -> list[cl.Action]:
    return [cl.Action(name="ask", payload={"question": question}, label=title) for title, question in choices]


@cl.on_chat_start
async def start() -> None:
    about = engine.pack.pack
    cl.user_session.set("talk", engine.conversation())
    starters = buttons([(starter, starter) for starter in about.starters])
    await cl.Message(f"{about.greeting}\n\n*{about.notice}*", actions=starters).send()


@cl.on_message
async def heard(message: cl.Message) -> None:
    await answer(message.content)


@cl.action_callback("ask")
async def picked(action: cl.Action) -> None:
    await cl.Message(action.payload["question"], type="user_message").send()
    await answer(action.payload["question"])


async def answer(text: str) -> None:
    reply = await cl.user_session.get("talk").aask(text)
    choices = [(option.title, option.question) for option in reply.options] or [(s, s) for s in reply.suggestions]
    sources = [f"*Source: {source.title}, {source.section}*" for source in reply.sources]
    await cl.Message("\n\n".join((reply.markdown, *sources)), actions=buttons(choices)).send()
