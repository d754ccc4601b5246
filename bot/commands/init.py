"""`faqbot init`."""

import argparse

DETAILS = "Exit code: 0 the pack is written, 1 nothing is written.\n\n"

EXAMPLES = ("faqbot init my-faq",)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot init`."""
    parser.add_argument("folder", metavar="DIR", help="folder of the new pack")
    parser.add_argument("--force", action="store_true", help="put it in the place of the pack that is there")


def run(args: argparse.Namespace) -> int:
    """Run `faqbot init` and return the exit code."""
    from bot.exchange.commands import run_init

    return run_init(args.folder, force=args.force)
