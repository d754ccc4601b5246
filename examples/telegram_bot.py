"""A Telegram bot. pip install faqbot python-telegram-bot; TELEGRAM_TOKEN=… python examples/telegram_bot.py"""

import os
from functools import lru_cache

from telegram import ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot import Engine
from bot.engine import Conversation

engine = Engine.load(os.environ.get("FAQBOT_PACK"))
api = os.environ.get("TELEGRAM_API", "https://api.telegram.org/bot")


@lru_cache(10_000)  # the conversation that was quiet for longest makes room
def talk(chat: int) -> Conversation:
    return engine.conversation()


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    about = engine.pack.pack
    await update.message.reply_text(f"{about.greeting}\n\n{about.notice}", reply_markup=keys(about.starters))


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    reply = await talk(update.effective_chat.id).aask(update.message.text)
    text = "\n\n".join((reply.text, *(f"Source: {source.title}, {source.section}" for source in reply.sources)))
    buttons = [option.title for option in reply.options] or reply.suggestions
    await update.message.reply_text(text[:4096], reply_markup=keys(buttons))


def keys(titles: list[str] | tuple[str, ...]) -> ReplyKeyboardMarkup | ReplyKeyboardRemove:
    rows = [[title] for title in titles]
    return ReplyKeyboardMarkup(rows, one_time_keyboard=True, resize_keyboard=True) if rows else ReplyKeyboardRemove()


app = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).base_url(api).build()
app.add_handlers([CommandHandler("start", start), MessageHandler(filters.TEXT & ~filters.COMMAND, answer)])
app.run_polling(allowed_updates=["message"])
