"""`faqbot chat`, which is what `faqbot` alone does."""

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.arguments import add_embedder, add_pack

if TYPE_CHECKING:
    from bot.log.store import QuestionLog

DETAILS = """\
From a pipe: a question a line in, an answer a line out; the lines are one conversation.
What is typed stays in memory, unless --history, or /save in the shell, writes it to a file.

"""

EXAMPLES = ("faqbot", "faqbot --pack my-faq", "faqbot chat < questions.txt > answers.txt")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot chat`."""
    from bot.log.arguments import add_keeping

    add_pack(parser)
    add_embedder(parser)
    parser.add_argument("--history", metavar="FILE", help="keep typed lines in FILE for the next time (default: forget them)")
    parser.add_argument("--no-color", action="store_true", help="no colours; NO_COLOR and TERM=dumb say the same")
    add_keeping(parser)


def run(args: argparse.Namespace) -> int:
    """Run `faqbot chat` and return the exit code, 0. Raises PackError for a bad pack."""
    from bot.pack.files import folder_of
    from bot.shell.terminal import is_conversation, wants_colour

    folder = folder_of(args.pack)
    if is_conversation():
        from bot.shell.start import begin

        log = _question_log(args, folder)
        engine = begin(folder, args.embedder)
        from bot.shell import session  # meanwhile: prompt_toolkit is the slowest import of all

        session.chat(engine, folder, history=args.history, colour=not args.no_color and wants_colour(), log=log)
        return 0
    from bot.engine import Engine
    from bot.progress import Progress
    from bot.shell import plain

    log = _question_log(args, folder)
    with Progress() as progress:
        loaded = Engine.load(folder, progress=progress, embedder=args.embedder)
    gc.enable()
    for answer in plain.answers(loaded, plain.lines(sys.stdin), log):
        print(answer, flush=True)
    return 0


def _question_log(args: argparse.Namespace, folder: Path) -> "QuestionLog | None":
    """The log that the operator asked for, by the option or the environment; None, and nothing imported, without one."""
    from bot.log.arguments import keeping

    file, days = keeping(args)
    if file is None:
        return None
    from bot.log.store import KEEP_DAYS, QuestionLog, version_of
    from bot.shell.render import safe

    def tell(trouble: str) -> None:
        print(f"faqbot: questions are not kept: {safe(trouble)}", file=sys.stderr)

    return QuestionLog(file, pack=version_of(folder), keep_days=days or KEEP_DAYS, patience=1.0, on_trouble=tell)
