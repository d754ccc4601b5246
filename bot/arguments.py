"""Arguments that several commands share. Nothing of the bot is imported here: every start of the command line reads this."""

import argparse
from collections.abc import Callable


def add_pack(parser: argparse.ArgumentParser, use: str = "to answer from") -> None:
    """Add `--pack`. use: what the command does with the pack."""
    parser.add_argument("--pack", metavar="DIR", help=f"folder of the pack {use} (default: the shipped one)")


def add_embedder(parser: argparse.ArgumentParser) -> None:
    """Add `--embedder`."""
    parser.add_argument(
        "--embedder",
        metavar="DIR",
        help="folder of a model whose embeddings are weighed beside the words (needs faqbot[semantic])",
    )


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Add DIR, the pack that a command is about."""
    parser.add_argument("folder", metavar="DIR", nargs="?", help="the pack (default: the shipped one)")


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """The reader of a whole number from `least` to `most`; None: of any size."""

    def number(text: str) -> int:
        is_whole = text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 12
        if not is_whole or int(text) < least or (most is not None and int(text) > most):
            wanted = f"from {least} to {most}" if most is not None else f"of {least} or more"
            raise argparse.ArgumentTypeError(f"should be a whole number {wanted}, got '{text}'")
        return int(text)

    return number


def examples(*lines: str) -> str:
    """How a command is called, as its help ends."""
    return "\n".join(("examples:", *(f"  {line}" for line in lines)))
