"""`faqbot export`."""

import argparse

from bot.arguments import add_folder
from bot.commands.import_ import add_format

DETAILS = """\
The end of FILE tells the format: .csv, .tsv, .jsonl, .md, .html, .json (schema.org FAQPage) or .yml (Rasa). What the file cannot
hold is listed on the standard error.
Exit code: 0 the file is written, 1 nothing is written, 2 a bad pack.

"""

EXAMPLES = ("faqbot export my-faq --to faq.csv", "faqbot export my-faq --to faq.json", "faqbot export --to - --format csv")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot export`."""
    add_folder(parser)
    parser.add_argument("--to", metavar="FILE", required=True, help="what to write; - is the standard output")
    add_format(parser)
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Run `faqbot export` and return the exit code. Raises PackError for a bad pack."""
    from bot.exchange.commands import run_export
    from bot.pack.files import folder_of

    return run_export(folder_of(args.folder), args.to, format_=args.format, force=args.force)
