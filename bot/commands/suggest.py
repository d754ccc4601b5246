"""`faqbot suggest`."""

import argparse

from bot.coverage.suggest.arguments import DETAILS, EXAMPLES, add

__all__ = ["DETAILS", "EXAMPLES", "add", "run"]


def run(args: argparse.Namespace) -> int:
    """Run `faqbot suggest` and return the exit code. Raises PackError for a bad pack."""
    from bot.coverage.suggest.command import suggest

    return suggest(args)
