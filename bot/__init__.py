"""faqbot: plain-language questions answered from a knowledge base in YAML, or an honest "I don't know"."""

from bot.engine import Engine
from bot.errors import PackError
from bot.reply import Reply

__all__ = ["Engine", "PackError", "Reply", "__version__"]

__version__ = "0.1.0"
