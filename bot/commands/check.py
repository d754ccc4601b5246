"""`faqbot check`."""

import argparse

from bot.arguments import add_folder

GOOD, FAULTY = 0, 1

DETAILS = "Exit code: 0 no faults, 1 faults.\n\n"

EXAMPLES = ("faqbot check my-faq", "faqbot check my-faq --strict")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot check`."""
    add_folder(parser)
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")


def run(args: argparse.Namespace) -> int:
    """Run `faqbot check` and return the exit code."""
    from bot.errors import PackError, counted
    from bot.pack.files import folder_of
    from bot.pack.load import read
    from bot.progress import Progress
    from bot.shell.render import safe

    folder = folder_of(args.folder)
    try:
        _, faults = read(folder, Progress())
    except PackError as error:
        faults = list(error.faults)
    for fault in faults:
        print(safe(str(fault)))
    errors = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - errors
    found = [counted(number, noun) for number, noun in ((errors, "fault"), (warnings, "warning")) if number]
    print(f"{safe(str(folder))}: {', '.join(found) or 'no faults'}")
    return FAULTY if errors or (args.strict and warnings) else GOOD
