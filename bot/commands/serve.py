"""`faqbot serve`."""

import argparse
import sys

STOPPED, MISUSE = 0, 2

DETAILS = ""

EXAMPLES = (
    "faqbot serve",
    "faqbot serve --pack my-faq --watch --port 8080",
    """curl -s localhost:8000/v1/ask --json '{"text": "side effects of Velcade?"}'""",
)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot serve`."""
    from bot.serve.arguments import add_arguments

    add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it, and return the exit code. Raises PackError for a bad pack."""
    from bot.serve.arguments import settings_of
    from bot.serve.settings import SettingError

    try:
        from bot.serve.run import serve

        if args.mcp:
            import bot.serve.mcp  # noqa: F401
    except ModuleNotFoundError as error:
        return lacking(error, "mcp" if args.mcp else "server")
    try:
        return serve(settings_of(args))
    except SettingError as error:
        args.parser.error(str(error))
        return MISUSE


def lacking(error: ModuleNotFoundError, extra: str) -> int:
    """Say how to install what a server needs, and return the exit code."""
    if (error.name or "").startswith("bot"):
        raise error
    print(f"faqbot: error: the server needs '{error.name}': pip install 'faqbot[{extra}]'", file=sys.stderr)
    return MISUSE
