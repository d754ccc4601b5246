"""The arguments of `faqbot log`. What it does is imported when it is done."""

import argparse
import os

from bot.arguments import whole
from bot.errors import BotError

FILE, DAYS = "FAQBOT_LOG", "FAQBOT_LOG_DAYS"
"""Environment variables: the file of the log, and how many days a question is kept."""

LONGEST = 100_000
"""Days that a question is kept at the most: longer than calendars reach back is an error of whoever typed it."""

EXAMPLES = (
    "faqbot chat --log questions.db",
    "faqbot serve --log questions.db",
    "faqbot log list questions.db",
    "faqbot log export questions.db --as csv --to questions.csv",
    "faqbot log purge questions.db --days 30",
)

DETAILS = f"""\
`faqbot chat --log FILE` and `faqbot serve --log FILE`, or the environment variable {FILE}, keep the questions that were not
answered, those that were answered by a question, and those whose answer was rated bad. Names, addresses, dates and long numbers
are masked first.
Exit code: 0, 2 misuse or a file that cannot be used.

"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot log`."""
    actions = parser.add_subparsers(title="what to do", metavar="ACTION", dest="action", required=True)
    listed = _action(actions, "list", "show the newest questions")
    listed.add_argument("--most", metavar="N", type=whole(1), default=20, help="show so many (default: 20)")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    _reason(listed)
    exported = _action(actions, "export", "write all questions, oldest first")
    exported.add_argument("--as", dest="form", choices=("jsonl", "csv", "text"), default="jsonl", help="default: jsonl")
    exported.add_argument("--to", metavar="FILE", help="the file to write (default: the standard output)")
    _reason(exported)
    purged = _action(actions, "purge", "remove questions for good")
    which = purged.add_mutually_exclusive_group(required=True)
    which.add_argument("--days", metavar="N", type=whole(0, LONGEST), help="those that are older than N days")
    which.add_argument("--all", action="store_true", help="all of them")


def add_keeping(group: "argparse._ActionsContainer", *also: str) -> None:
    """Add the arguments by which a shell or a server keeps a log. also: other names of `--log`."""
    file = f"keep questions that were not answered in FILE (default: ${FILE}, or nowhere)"
    group.add_argument("--log", *also, metavar="FILE", dest="log", help=file)
    group.add_argument("--log-days", metavar="N", type=whole(1, LONGEST), help=f"for N days (default: ${DAYS}, or 90)")


def keeping(args: argparse.Namespace) -> tuple[str | None, int | None]:
    """The file of the log that the operator asked for, by option or environment, and for how many days it keeps a question.

    None for what nobody said. Raises BotError for days that are no number.
    """
    file, days = args.log or os.environ.get(FILE) or None, args.log_days
    written = os.environ.get(DAYS)
    if file is not None and days is None and written is not None:
        try:
            days = whole(1, LONGEST)(written)
        except argparse.ArgumentTypeError as error:
            raise BotError(f"{DAYS} {error}") from None
    return file, days


def _action(actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".", allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", nargs="?", help=f"the log (default: ${FILE})")
    return parser


def _reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", choices=("unanswered", "clarified", "bad"), help="only those kept for this reason")
