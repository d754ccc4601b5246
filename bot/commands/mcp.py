"""`faqbot mcp`."""

import argparse

from bot.arguments import add_embedder, add_pack
from bot.commands.serve import lacking

DETAILS = """\
It is started by the assistant's program, whose settings name the command:
  {"mcpServers": {"faqbot": {"command": "faqbot", "args": ["mcp", "--pack", "/path/to/my-faq"]}}}
Over streamable HTTP, at /mcp, with tokens and limits: faqbot serve --mcp

"""

EXAMPLES = ("faqbot mcp", "faqbot mcp --pack my-faq", "faqbot serve --mcp --token-file tokens")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot mcp`."""
    add_pack(parser)
    add_embedder(parser)


def run(args: argparse.Namespace) -> int:
    """Answer until the standard input ends, and return the exit code. Raises PackError for a bad pack."""
    from bot.engine import Engine
    from bot.pack.files import folder_of
    from bot.progress import Progress

    with Progress() as progress:
        engine = Engine.load(folder_of(args.pack), progress=progress, embedder=args.embedder)
    try:
        from bot.serve.mcp import stdio
    except ModuleNotFoundError as error:
        return lacking(error, "mcp")
    stdio(engine)
    return 0
