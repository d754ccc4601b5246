"""A Discord bot that answers direct messages and mentions. pip install faqbot discord.py; DISCORD_TOKEN=… python this file"""

import os
import re
from functools import lru_cache

import discord

from bot import Engine
from bot.engine import Conversation

engine = Engine.load(os.environ.get("FAQBOT_PACK"))
client = discord.Client(intents=discord.Intents(guilds=True, messages=True))


@lru_cache(10_000)  # the conversation that was quiet for longest makes room
def talk(channel: int, user: int) -> Conversation:
    return engine.conversation()


@client.event
async def on_message(message: discord.Message) -> None:
    if message.author.bot or (message.guild and client.user not in message.mentions):
        return
    text = re.sub(r"<@!?\d+>", "", message.content).strip()
    reply = await talk(message.channel.id, message.author.id).aask(text)
    lines = [reply.text, *(f"-# Source: {source.title}, {source.section}" for source in reply.sources)]
    await message.reply("\n".join(lines)[:2000], allowed_mentions=discord.AllowedMentions.none())


client.run(os.environ["DISCORD_TOKEN"])
