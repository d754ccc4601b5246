"""The options of `faqbot serve`. Nothing of the server is imported here: help must not need it."""

import argparse

from bot.serve.settings import Settings

_DEFAULT = Settings()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every setting as an option."""
    add = parser.add_argument
    add("--pack", metavar="DIR", help="folder of the pack to answer from (default: the shipped one)")
    add("--host", default=_DEFAULT.host, help="address to listen on (default: %(default)s, this machine only)")
    add("--port", type=int, default=_DEFAULT.port, help="port to listen on (default: %(default)s; 0: any that is free)")
    add("--store", default=_DEFAULT.store, help="where conversations are kept: memory, sqlite:FILE, redis://HOST:PORT/DB")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings that the options make."""
    return Settings(pack=args.pack, host=args.host, port=args.port, store=args.store)
