"""The arguments of `faqbot diff`. What it does is imported when it is done."""

import argparse

from bot.arguments import whole
from bot.coverage.arguments import add_workers

SOURCES = ("pack", "self-test", "facts", "probes")
"""Sources of questions beside files, in the order in which they are asked."""

EXAMPLES = (
    "faqbot diff faq@HEAD~1 faq",
    "faqbot diff my-faq@main my-faq --markdown > changes.md",
    "faqbot diff old-faq new-faq questions.log --json",
)

DETAILS = """\
OLD and NEW are folders of packs, or revisions of one in git, as faq@HEAD~1. Both are asked the same questions: those of CASES
(files, folders or logs, as for `faqbot coverage`), or without CASES what the two packs say themselves.

A question is lost when OLD answered it and NEW is silent; where CASES say what is right, when OLD was right and NEW is not.
Exit code: 0, 1 when more questions are lost than may be, 2 misuse, bad cases or a bad pack.

"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot diff`."""
    parser.add_argument("old", metavar="OLD", help="the pack before: a folder, or DIR@REVISION")
    parser.add_argument("new", metavar="NEW", help="the pack after")
    parser.add_argument("cases", metavar="CASES", nargs="*", help="files or folders of cases, or logs of questions")
    parser.add_argument("--sources", metavar="A,B", help=f"sources beside CASES: {', '.join(SOURCES)}, all, none")
    parser.add_argument("--most-lost", metavar="N", type=whole(0), default=0, help="so many questions may be lost (default: 0)")
    add_workers(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="every change as JSON")
    form.add_argument("--markdown", action="store_true", help="as Markdown, fit for a pull request")
    parser.add_argument("--most", metavar="N", type=whole(0), default=20, help="show N changes of each sort (default: 20)")
