"""`faqbot import`."""

import argparse

DETAILS = """\
Reads CSV, TSV, JSONL, Markdown, HTML, schema.org FAQPage (JSON-LD) and Rasa's YAML. A table has the columns intent, question and
answer: rows of one intent are ways to ask it, and without an intent those of one answer. What cannot be used is told with file
and line, and left out; the pack appears whole or not at all.
Exit code: 0 the pack is written, 1 nothing is written.

"""

EXAMPLES = (
    "faqbot import faq.csv --to my-faq",
    "faqbot import nlu.yml domain.yml --to my-faq",
    "faqbot import page.html --to my-faq",
)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot import`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="what to read; several files make one pack")
    parser.add_argument("--to", metavar="DIR", required=True, help="folder of the new pack")
    add_format(parser)
    parser.add_argument("--encoding", metavar="NAME", help="encoding of files that are not UTF-8, such as cp1252")
    parser.add_argument("--title", metavar="TEXT", help="title of the pack (default: that of the document, or of the file)")
    parser.add_argument("--answer", metavar="TEXT", help="answer of intents that have none; {intent} stands for their names")
    parser.add_argument("--force", action="store_true", help="put the new pack in the place of the one that is there")
    parser.add_argument("--strict", action="store_true", help="write nothing if any row would be left out")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format`, of the file that is read or written."""
    formats = ["csv", "tsv", "jsonl", "markdown", "html", "faqpage", "rasa"]
    parser.add_argument("--format", choices=formats, help="format of the file, if its name does not tell")


def run(args: argparse.Namespace) -> int:
    """Run `faqbot import` and return the exit code."""
    from bot.exchange.commands import run_import

    options = {name: getattr(args, name) for name in ("encoding", "title", "answer", "force", "strict")}
    return run_import(args.files, args.to, format_=args.format, **options)
