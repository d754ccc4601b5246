"""A Slack app for direct messages and mentions. pip install faqbot slack-bolt; python examples/slack_bot.py

SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET are on the app's page at Slack; its events `message.im` and `app_mention` are sent to
https://your.server/slack/events."""

import html
import os
import re
from functools import lru_cache
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot import Engine
from bot.engine import Conversation

engine = Engine.load(os.environ.get("FAQBOT_PACK"))
client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ.get("SLACK_API", WebClient.BASE_URL))
app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@lru_cache(10_000)  # the conversation that was quiet for longest makes room
def talk(channel: str, user: str) -> Conversation:
    return engine.conversation()


@app.event("message")
@app.event("app_mention")
def answer(event: dict[str, Any], say: Any) -> None:
    if event.get("bot_id") or event.get("subtype"):
        return  # its own messages, and news about edits
    text = re.sub(r"<@\w+>", "", event["text"]).strip()
    reply = talk(event["channel"], event["user"]).ask(text)
    sources = [f"_Source: {source.title}, {source.section}_" for source in reply.sources]
    told = html.escape("\n".join((reply.text, *sources)), quote=False)  # else <!channel> would call everybody
    say(told, thread_ts=event.get("thread_ts"))


app.start(int(os.environ.get("PORT", "3000")))
