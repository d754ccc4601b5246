"""`faqbot log`."""

import argparse

from bot.log.arguments import DETAILS, EXAMPLES, add

__all__ = ["DETAILS", "EXAMPLES", "add", "run"]


def run(args: argparse.Namespace) -> int:
    """Run `faqbot log` and return the exit code."""
    from bot.log import command

    return command.run(args)
