"""The arguments of `faqbot coverage`. What it does is imported when it is done."""

import argparse

from bot.arguments import add_pack, whole

SOURCES = ("pack", "self-test", "held-out", "facts", "dialogues", "probes", "perturbed")
"""Sources of cases beside files, in the order in which they are asked."""

EXAMPLES = (
    "faqbot coverage",
    "faqbot coverage cases.yaml --junit report.xml",
    "faqbot coverage --pack my-faq --html report.html",
    "faqbot coverage questions.log --csv answers.csv",
    "faqbot coverage cases.yaml --target http://localhost:5005/webhooks/rest/webhook",
)

DETAILS = """\
CASES are files of questions with what a right reply must be (.yaml, .json, .jsonl, .csv, .tsv), folders of them, or logs: any
other file, a question a line. Without CASES the pack is asked what it says itself:
  pack        its own test questions             self-test   every phrasing must win its own entry
  facts       questions made from its facts      held-out    the same, each phrasing taken out of the pack first
  dialogues   the same, the next left short      probes      questions that it cannot answer
  perturbed   questions with slips, in another tone, denied

Where the pack has a file floors.json, no figure may fall below it.
Exit code: 0, 1 below a floor, 2 misuse, bad cases or a bad pack.

"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot coverage`."""
    parser.add_argument("cases", metavar="CASES", nargs="*", help="files or folders of cases, or logs of questions")
    add_pack(parser, "that is asked")
    what = parser.add_argument_group("what is asked").add_argument
    what("--sources", metavar="A,B", help=f"sources beside CASES: {', '.join(SOURCES)}, all, none (default: all without CASES)")
    what("--perturb", metavar="N", type=whole(0), default=100, help="so many questions of each source for each perturbation")
    what("--folds", metavar="N", type=whole(2), default=5, help="held-out: in so many parts the phrasings are cut")
    workers = parser.add_argument_group("who works")
    add_workers(workers)
    how = workers.add_argument
    how("--scheduler", metavar="ADDRESS", help="a Dask scheduler, as tcp://host:8786, whose workers work")
    how("--work", metavar="DIR", help="keep finished work in DIR (default: in the cache, until the run is done)")
    told = parser.add_argument_group("what comes out").add_argument
    told("--json", action="store_true", help="the report as JSON instead of the table")
    told("--csv", metavar="FILE", help="write every question with its reply as CSV")
    told("--junit", metavar="FILE", help="write JUnit XML, as CI servers read it")
    told("--html", metavar="FILE", help="write a page that needs no network")
    told("--failures", metavar="N", type=whole(0), default=5, help="show N replies that are not right (default: 5)")
    gate = parser.add_argument_group("the gate").add_argument
    gate("--floors", metavar="FILE", help="floors that no figure may fall below (default: floors.json of the pack)")
    gate("--set-floors", action="store_true", help="raise the floors to the figures of this run")
    gate("--lower-floors", action="store_true", help="let --set-floors lower them, too")
    gate("--no-gate", action="store_true", help="do not look at the floors")
    bot = parser.add_argument_group("another bot").add_argument
    bot("--target", metavar="URL", help="ask the bot at URL instead; $FAQBOT_TARGET_TOKEN is its token")
    bot("--shape", choices=("own", "openai", "rasa"), help="how it is spoken to (default: as its path says)")
    bot(
        "--unsure",
        metavar="TEXT",
        action="append",
        default=[],
        help="a text by which it says that it does not know; again for more",
    )
    bot("--model", metavar="NAME", default="faqbot", help="model to name in the OpenAI shape")
    bot("--timeout", metavar="SECONDS", type=float, default=30.0, help="to wait for a reply (default: 30)")


def add_workers(group: "argparse._ActionsContainer") -> None:
    """Add the arguments that say how many work, and whether they show how far they are."""
    jobs = "so many processes at a time (default: one for each processor)"
    group.add_argument("--jobs", metavar="N", type=whole(1), help=jobs)
    group.add_argument("--no-progress", action="store_true", help="do not show how far it is")
