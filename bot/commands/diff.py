"""`faqbot diff`."""

import argparse

from bot.coverage.diff.arguments import DETAILS, EXAMPLES, add

__all__ = ["DETAILS", "EXAMPLES", "add", "run"]


def run(args: argparse.Namespace) -> int:
    """Run `faqbot diff` and return the exit code. Raises PackError for a bad pack."""
    from bot.coverage.diff.command import compare

    return compare(args)
