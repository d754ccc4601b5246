"""The options of `faqbot serve`. Nothing of the server is imported here: help must not need it."""

import argparse
import os
from pathlib import Path

from bot.arguments import add_embedder, add_pack, whole
from bot.log.arguments import add_keeping, keeping
from bot.serve.settings import SettingError, Settings, fingerprint

_DEFAULT = Settings()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every setting as an option."""
    add = parser.add_argument
    add_pack(parser)
    add_embedder(parser)
    add("--host", default=_DEFAULT.host, help="address to listen on (default: %(default)s, this machine only)")
    add("--port", type=whole(0, 65535), default=_DEFAULT.port, help="port (default: %(default)s; 0: any that is free)")
    add("--workers", type=whole(1, 256), metavar="N", default=_DEFAULT.workers, help="processes (default: %(default)s)")
    add("--mcp", action="store_true", help="serve the Model Context Protocol at /mcp, too (needs faqbot[mcp])")
    add("--watch", action="store_true", help="read the pack again when one of its files changes")

    group = parser.add_argument_group("conversations").add_argument
    group("--store", default=_DEFAULT.store, help="memory (the default), sqlite:FILE or redis://HOST:PORT/DB")
    group("--ttl", type=whole(1, 31_536_000), metavar="SECONDS", default=round(_DEFAULT.ttl),
          help="how long a conversation is kept after its last message (default: %(default)s)")  # fmt: skip
    group("--most-conversations", type=whole(1, 10_000_000), metavar="N", default=_DEFAULT.most_conversations,
          help="how many are kept in memory (default: %(default)s)")  # fmt: skip

    group = parser.add_argument_group("who may ask").add_argument
    group("--token-file", metavar="FILE", help="tokens that may ask, one a line (default: $FAQBOT_TOKENS; none: everybody may)")
    group("--admin-token-file", metavar="FILE",
          help="tokens that may reload the pack and read the metrics (default: $FAQBOT_ADMIN_TOKENS)")  # fmt: skip
    group("--origin", metavar="ORIGIN", action="append", default=[], type=_origin,
          help="a web site whose pages may ask, as https://shop.example; may be given again")  # fmt: skip
    group("--proxy", metavar="ADDRESS", action="append", default=[],
          help="a proxy whose X-Forwarded-For is believed; may be given again (default: this machine)")  # fmt: skip

    group = parser.add_argument_group("limits").add_argument
    group("--rate", type=_amount, metavar="N", default=_DEFAULT.rate,
          help="requests a second of one client in the long run; 0: any number (default: %(default)s)")  # fmt: skip
    group("--burst", type=whole(1, 1_000_000), metavar="N", default=_DEFAULT.burst,
          help="requests of one client at once (default: %(default)s)")  # fmt: skip
    group("--in-flight", type=whole(1, 100_000), metavar="N", default=_DEFAULT.in_flight,
          help="questions of all clients at once, in one worker (default: %(default)s)")  # fmt: skip
    group("--longest-text", type=whole(1, 6000), metavar="N", default=_DEFAULT.longest_text,
          help="characters of one message (default: %(default)s)")  # fmt: skip
    group("--largest-body", type=whole(1024, 16_777_216), metavar="BYTES", default=_DEFAULT.largest_body,
          help="of one request (default: %(default)s)")  # fmt: skip

    group("--most-connections", type=whole(1, 100_000), metavar="N", default=_DEFAULT.most_connections,
          help="open connections of one worker (default: %(default)s)")  # fmt: skip
    group("--read-timeout", type=_amount, metavar="SECONDS", default=_DEFAULT.read_timeout,
          help="for a whole request to arrive (default: %(default)s)")  # fmt: skip
    group("--idle-timeout", type=_amount, metavar="SECONDS", default=_DEFAULT.idle_timeout,
          help="between two requests of one connection (default: %(default)s)")  # fmt: skip
    group("--answer-timeout", type=_amount, metavar="SECONDS", default=_DEFAULT.answer_timeout,
          help="for the answer to a long text (default: %(default)s)")  # fmt: skip
    group("--grace", type=_amount, metavar="SECONDS", default=_DEFAULT.grace,
          help="for requests in flight when the server stops (default: %(default)s)")  # fmt: skip

    logs = parser.add_argument_group("logs")
    add_keeping(logs, "--question-log")
    logs.add_argument("--access-log", action="store_true", help="a line for every request, without its text")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings that the options make. Raises SettingError when a file of tokens cannot be used, BotError when FAQBOT_LOG_DAYS
    is no number."""
    questions, days = keeping(args)
    taken = {name: value for name, value in vars(args).items() if name in Settings.__struct_fields__}
    return Settings(
        **taken,
        tokens=_tokens(args.token_file, "FAQBOT_TOKENS"),
        admin_tokens=_tokens(args.admin_token_file, "FAQBOT_ADMIN_TOKENS"),
        origins=tuple(args.origin),
        proxies=",".join(args.proxy) or _DEFAULT.proxies,
        question_log=questions,
        question_log_days=days,
    )


def _tokens(path: str | None, variable: str) -> tuple[str, ...]:
    """Fingerprints of the tokens in the file at `path`, else of those in the environment. Never from the command line, which
    every user of the machine can read."""
    if path is None:
        words = os.environ.get(variable, "").split()
    else:
        try:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from None
        words = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if not words:
            raise SettingError(f"{path} holds no token: write one a line")
    weak = [word for word in words if len(word) < 16 or not word.isascii() or not word.isprintable() or " " in word]
    if weak:
        raise SettingError(
            f"{len(weak)} of the tokens in {path or variable} cannot be used: a token has 16 or more plain characters"
        )
    return tuple(fingerprint(word) for word in words)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount <= 1_000_000:
        raise argparse.ArgumentTypeError(f"should be a number from 0 to 1000000, got '{text}'")
    return amount


def _origin(text: str) -> str:
    scheme, _, place = text.partition("://")
    if scheme not in {"http", "https"} or not place or set(place) & set("/?#@ *"):
        raise argparse.ArgumentTypeError(f"should be like https://shop.example or http://localhost:3000, got '{text}'")
    return text.lower()
