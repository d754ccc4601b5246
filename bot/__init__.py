"""faqbot: plain-language questions answered from a knowledge base in YAML, or an honest "I don't know"."""

from typing import TYPE_CHECKING, Any

from bot.errors import PackError

if TYPE_CHECKING:
    from bot.engine import Engine
    from bot.reply import Reply

__all__ = ["Engine", "PackError", "Reply", "__version__"]

__version__ = "0.1.0"

_HOMES = {"Engine": "bot.engine", "Reply": "bot.reply"}


def __getattr__(name: str) -> Any:
    """The public names are fetched when they are first used: `--version` and `--help` need none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'bot' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
