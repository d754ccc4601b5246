"""The arguments of `faqbot suggest`. What it does is imported when it is done."""

import argparse

from bot.arguments import add_pack, whole

EXAMPLES = ("faqbot suggest questions.db", "faqbot suggest questions.db --pack my-faq --review")

DETAILS = """\
LOG is a log of questions that `faqbot chat --log` kept, or a text file with a question on each line. Each question is asked
again; those that are still not answered are put together by their words, and for each group the nearest entry or fact is
shown with what could be written into the pack.

--review asks what to do with each proposal and writes what is accepted into the YAML of the pack: comments, order and all
other lines stay. Then the gate of `faqbot coverage` is run. It needs `pip install 'faqbot[suggest]'`.
Exit code: 0, 1 the gate fell after the review, 2 misuse, or a log or pack that cannot be used.

"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot suggest`."""
    parser.add_argument("log", metavar="LOG", help="a log of questions, or a text file with one on each line")
    add_pack(parser, "that is improved")
    parser.add_argument("--most", metavar="N", type=whole(1), default=20, help="the N largest groups (default: 20)")
    parser.add_argument("--json", action="store_true", help="the proposals as JSON")
    parser.add_argument("--review", action="store_true", help="accept, edit or skip each proposal")
    parser.add_argument("--cases", metavar="FILE", action="append", default=[], help="cases for the gate; again for more")
    parser.add_argument("--no-gate", action="store_true", help="do not run the gate after a review")
