"""The command line: `faqbot`, which is `python -m bot`. Of the commands only the one that is run is imported."""

import argparse
import gc
import importlib
import keyword
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from bot.arguments import examples
from bot.errors import BotError, PackError, counted
from bot.shell.render import safe

MISUSE = 2
_INTERRUPTED, _PIPE_CLOSED = 130, 141  # what a shell reports of a program ended by SIGINT or SIGPIPE

_COMMANDS = {
    "chat": "ask questions in a shell; this is what `faqbot` alone does",
    "ask": "answer one question, or the lines of the standard input",
    "check": "show every fault of a pack as file:line:column: message",
    "import": "make a pack of a file of questions and answers",
    "export": "write the questions and answers of a pack to a file",
    "init": "make a small pack to start from",
    "schema": "print the JSON Schema of pack files, for editors",
    "coverage": "ask many questions and tell which are answered, and which rightly",
    "diff": "tell which answers two packs, or two revisions of one, give differently",
    "log": "show, export or remove the questions that were kept",
    "suggest": "propose phrasings and entries for questions that were not answered",
    "serve": "answer over HTTP, for other programs and web pages",
    "mcp": "answer assistants over the Model Context Protocol",
}
"""What each command does, in the order in which help lists them. Each is a module of `bot.commands`."""


_QUICK = frozenset({"chat", "ask"})
"""Commands that turn the garbage collector on again themselves, if they run for long."""


class Command(Protocol):
    """A module with a command in it."""

    DETAILS: str
    """what its help says after the arguments"""
    EXAMPLES: tuple[str, ...]

    def add(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, args: argparse.Namespace) -> int: ...


class Parser(argparse.ArgumentParser):
    """argparse, whose errors never show raw what was typed."""

    def error(self, message: str) -> NoReturn:
        from bot.language.clean import printable

        super().error(printable(message, 400))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; argparse exits by itself with 0 for help and 2 for misuse."""
    words = list(sys.argv[1:] if argv is None else argv)
    collects = gc.isenabled()
    gc.disable()  # what a start makes is kept: nothing is to be found in it, and looking takes longer than to answer one question
    try:
        return _run(words)
    except PackError as error:
        print(safe(str(error)), file=sys.stderr)
        print(f"faqbot: the pack cannot be used ({counted(len(error.faults), 'fault')})", file=sys.stderr)
        return MISUSE
    except BotError as error:
        print(f"faqbot: error: {safe(str(error))}", file=sys.stderr)
        return MISUSE
    except BrokenPipeError:
        _hush()
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        _hush()
        print(f"faqbot: error: {error.strerror or error}", file=sys.stderr)
        return MISUSE
    finally:
        if collects:
            gc.enable()


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the letter is no reason to fail
    words = _with_command(words)
    parser = _parser(words[0])
    if words[0] not in _COMMANDS and not words[0].startswith("-"):
        parser.error(_unknown(words))
    args = parser.parse_args(words)
    if words[0] not in _QUICK:
        gc.enable()
    code = int(args.run(args))
    if sys.stdout is not None:
        sys.stdout.flush()  # here, where a closed pipe or a full disk can still be met
    return code


def _hush() -> None:
    """Let the interpreter, when it ends, flush what is left of the output into nothing."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _with_command(words: list[str]) -> list[str]:
    """`words` with the command that they leave out."""
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help", "--version"}):
        return ["chat", *words]
    return words


def _parser(chosen: str) -> Parser:
    """The parser of everything; only the command that is `chosen` gets its arguments, and is imported."""
    from bot import __version__

    parser = Parser(
        prog="faqbot",
        description="Answers questions in plain words from a pack of YAML files, with the source, or says that it does not know.",
        epilog=examples("faqbot", 'faqbot ask "side effects of Velcade?"', "faqbot check my-faq", "faqbot COMMAND --help"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"faqbot {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, summary in _COMMANDS.items():
        under = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == chosen:
            command = _command(name)
            under.epilog = command.DETAILS + examples(*command.EXAMPLES)
            under.set_defaults(run=command.run, parser=under)
            command.add(under)
    return parser


def _command(name: str) -> Command:
    module = f"bot.commands.{name}_" if keyword.iskeyword(name) else f"bot.commands.{name}"
    return cast(Command, importlib.import_module(module))


def _unknown(words: list[str]) -> str:
    """What is wrong with a first word that is no command, and a way out."""
    import shlex

    from bot.language.clean import printable
    from bot.pack.decode import close_name

    near = close_name(words[0][:40], list(_COMMANDS)) if len(words) < 3 else ""  # of three words and more: a question
    question = printable(" ".join(word for word in words if not word.startswith("--")), 200)
    quoted = shlex.quote(question) if set(question) & set('"$`\\!') else f'"{question}"'
    way_out = "" if near and len(words) == 1 else f"; to ask a question: faqbot ask {quoted}"
    return f"there is no command '{printable(words[0])}'{near}{way_out}"
