"""`faqbot schema`."""

import argparse

DETAILS = """\
To have an editor complete and check a pack file, let its first line be
  # yaml-language-server: $schema=faqbot.schema.json

"""

EXAMPLES = ("faqbot schema > faqbot.schema.json", "faqbot schema cases > cases.schema.json")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `faqbot schema`."""
    parser.add_argument("of", nargs="?", choices=("pack", "cases"), default="pack", help="files of a pack (default), or of cases")


def run(args: argparse.Namespace) -> int:
    """Run `faqbot schema` and return the exit code, 0."""
    import json

    from bot.writing import is_utf8

    if args.of == "cases":
        from bot.coverage.cases import schema
    else:
        from bot.pack.schema import schema
    print(json.dumps(schema(), indent=2, ensure_ascii=not is_utf8()))
    return 0
