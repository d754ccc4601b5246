"""What an operator can set. A plain value: it is handed to every worker process as it is."""

import hashlib

from msgspec import Struct

from bot.errors import BotError


class SettingError(BotError):
    """A setting that cannot be used, or not together with another."""


class Settings(Struct, frozen=True, kw_only=True):
    """How the server answers, whom it trusts, and how much it takes. Seconds and bytes unless it says otherwise."""

    pack: str | None = None
    """folder of the pack; None for the shipped one"""
    embedder: str | None = None
    """folder of a model whose embeddings are weighed beside the words; None for none"""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    """processes"""
    mcp: bool = False
    """serve the Model Context Protocol at /mcp, too"""
    watch: bool = False
    """read the pack again when one of its files changes"""

    store: str = "memory"
    """where conversations are kept: `memory`, `sqlite:FILE` or `redis://HOST[:PORT][/DB]`"""
    ttl: float = 3600.0
    """how long a conversation is kept after its last turn"""
    most_conversations: int = 10_000
    """kept in memory; the one that was quiet for longest makes room"""

    tokens: tuple[str, ...] = ()
    """SHA-256 of each token that may ask, in hex; none: everybody may"""
    admin_tokens: tuple[str, ...] = ()
    """the same of those that may read the pack again and see the metrics"""
    origins: tuple[str, ...] = ()
    """origins of other web sites whose pages may ask, as `https://shop.example`"""
    proxies: str = "127.0.0.1,::1"
    """addresses of proxies whose X-Forwarded-For is believed"""

    longest_text: int = 6000
    """characters of one message"""
    largest_body: int = 65_536
    rate: float = 20.0
    """requests a second of one client, in the long run; 0 for any number"""
    burst: int = 60
    """requests of one client at once"""
    in_flight: int = 16
    """questions being answered or waiting for it; more are turned away"""
    most_connections: int = 2000
    """open connections of one worker"""
    answer_timeout: float = 10.0
    read_timeout: float = 10.0
    """for a whole request to arrive"""
    idle_timeout: float = 15.0
    """between two requests of one connection"""
    grace: float = 10.0
    """for requests in flight when the server stops"""

    question_log: str | None = None
    """file of the log that keeps questions that were not answered; None keeps no text at all"""
    question_log_days: int | None = None
    """days after which it forgets them; None for as many as `bot.log` takes by itself"""
    access_log: bool = False
    """one line for every request, without what was asked"""


def fingerprint(token: str) -> str:
    """SHA-256 of a token, in hex: all that the settings keep of it."""
    return hashlib.sha256(token.encode()).hexdigest()
