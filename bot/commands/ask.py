"""`faqbot ask`."""

import argparse
import gc
import sys

from bot.arguments import add_embedder, add_pack

ANSWERED, NOT_ANSWERED = 0, 1

DETAILS = """\
Exit code: 0 answered, 1 not answered (it does not know, or asks which was meant), 2 misuse or a bad pack.
With `-`: 0 when every line was answered, else 1.

"""

EXAMPLES = ('faqbot ask "side effects of Velcade?"', 'faqbot ask "is it safe?" --explain', "faqbot ask - --json < questions")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot ask`."""
    parser.add_argument("question", metavar="QUESTION", nargs="+", help="the question; - reads questions, one a line")
    parser.add_argument("--json", action="store_true", help="the whole reply as JSON, on one line")
    parser.add_argument("--explain", action="store_true", help="say why, step by step")
    add_pack(parser)
    add_embedder(parser)


def run(args: argparse.Namespace) -> int:
    """Run `faqbot ask` and return the exit code. Raises PackError for a bad pack."""
    from bot.engine import Engine
    from bot.pack.files import folder_of
    from bot.progress import Progress
    from bot.shell import oneshot

    if args.question == ["-"]:
        return _lines(args)
    with Progress() as progress:
        engine = Engine.load(folder_of(args.pack), progress=progress, embedder=args.embedder)
    reply = engine.ask(" ".join(args.question))
    print(oneshot.as_json(reply, explain=args.explain) if args.json else oneshot.as_text(reply, explain=args.explain))
    return NOT_ANSWERED if reply.kind in oneshot.SILENT else ANSWERED


def _lines(args: argparse.Namespace) -> int:
    from bot.engine import Engine
    from bot.pack.files import folder_of
    from bot.progress import Progress
    from bot.shell import oneshot, plain

    if args.explain and not args.json:
        args.parser.error("`ask -` gives one line for every question: with --explain it needs --json")
    code = ANSWERED
    with Progress() as progress:
        engine = Engine.load(folder_of(args.pack), progress=progress, embedder=args.embedder)
    gc.enable()
    for is_answered, line in oneshot.answers(engine, plain.lines(sys.stdin), as_json_lines=args.json, explain=args.explain):
        print(line, flush=True)
        code = code if is_answered else NOT_ANSWERED
    return code
