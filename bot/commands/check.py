"""`faqbot check`."""

import argparse
import sys
from pathlib import Path

from bot.arguments import add_folder

GOOD, FAULTY, MISUSE = 0, 1, 2

DETAILS = """\
--curve asks every phrasing, and questions out of scope, of bots that have not learned from them, and shows how many
are answered, and how many wrongly, at every threshold. The first time takes several times as long as compiling.
Exit code: 0 no faults, 1 faults, 2 misuse, or a picture that cannot be written.

"""

EXAMPLES = ("faqbot check my-faq", "faqbot check my-faq --strict", "faqbot check my-faq --curve curve.svg")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot check`."""
    add_folder(parser)
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")
    parser.add_argument(
        "--curve",
        metavar="FILE.svg",
        nargs="?",
        const="",
        help="show how many questions are answered, and how many wrongly, at every threshold; FILE.svg: as a picture too",
    )


def run(args: argparse.Namespace) -> int:
    """Run `faqbot check` and return the exit code."""
    from bot.errors import PackError, counted
    from bot.pack.files import folder_of
    from bot.pack.load import read
    from bot.progress import Progress
    from bot.shell.render import safe

    if args.curve and not args.curve.lower().endswith(".svg"):
        args.parser.error(f"--curve draws SVG: name a file such as curve.svg, not '{args.curve}'; the pack stands before --curve")
    folder = folder_of(args.folder)
    pack = None
    try:
        with Progress() as progress:
            pack, faults = read(folder, progress)
    except PackError as error:
        faults = list(error.faults)
    for fault in faults:
        print(safe(str(fault)))
    errors = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - errors
    found = [counted(number, noun) for number, noun in ((errors, "fault"), (warnings, "warning")) if number]
    print(f"{safe(str(folder))}: {', '.join(found) or 'no faults'}", flush=True)
    if args.curve is not None and pack is not None:
        from bot.coverage import curve

        calibration, rate = curve.of_pack(folder, pack), pack.pack.wrong_answer_rate
        print(safe(curve.told(calibration, rate)), flush=True)
        try:
            is_drawn = not args.curve or curve.draw(calibration, rate, Path(args.curve))
        except OSError as error:
            print(f"faqbot: {safe(args.curve)}: {error.strerror}; nothing was written", file=sys.stderr)
            return MISUSE
        if not is_drawn:
            print(f"faqbot: {safe(args.curve)}: there is no curve to draw; nothing was written", file=sys.stderr)
    return FAULTY if errors or (args.strict and warnings) else GOOD
