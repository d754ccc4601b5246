"""`faqbot coverage`."""

import argparse

from bot.coverage.arguments import DETAILS, EXAMPLES, add

__all__ = ["DETAILS", "EXAMPLES", "add", "run"]


def run(args: argparse.Namespace) -> int:
    """Run `faqbot coverage` and return the exit code. Raises PackError for a bad pack."""
    from bot.coverage.command import cover

    return cover(args)
