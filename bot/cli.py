"""The command line: `faqbot`, which is `python -m bot`. Each command imports what it needs when it runs."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.errors import BotError, PackError
from bot.shell.render import safe

if TYPE_CHECKING:
    from bot.log.store import QuestionLog

ANSWERED, NOT_ANSWERED, MISUSE = 0, 1, 2
_INTERRUPTED, _PIPE_CLOSED = 130, 141  # what a shell reports of a program ended by SIGINT or SIGPIPE

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """argparse, whose errors never show raw what was typed."""

    def error(self, message: str) -> NoReturn:
        from bot.language.clean import printable

        super().error(printable(message, 400))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; argparse exits by itself with 0 for help and 2 for misuse."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except PackError as error:
        print(safe(str(error)), file=sys.stderr)
        print(f"faqbot: the pack cannot be used ({_count(len(error.faults), 'fault')})", file=sys.stderr)
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


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the letter is no reason to fail
    parser = _parser(words[0] if words else "")
    args = parser.parse_args(_with_command(words, parser))
    code = int(args.run(args))
    if sys.stdout is not None:
        sys.stdout.flush()  # here, where a closed pipe or a full disk can still be met
    return code


def _hush() -> None:
    """Let the interpreter, when it ends, flush what is left of the output into nothing."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser(word: str) -> Parser:
    """The parser of everything; of the commands only the one that `word` names, and the shell, get their options."""
    from bot import __version__

    parser = Parser(
        prog="faqbot",
        description="Answers questions in plain words from a pack of YAML files, with the source, or says that it does not know.",
        epilog=_examples("faqbot", 'faqbot ask "side effects of Velcade?"', "faqbot check my-faq", "faqbot COMMAND --help"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"faqbot {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (summary, details, run, add_arguments) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=details,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.set_defaults(run=run, parser=command)
        if name in (word, "chat"):
            add_arguments(command)
    return parser


def _chat_arguments(parser: argparse.ArgumentParser) -> None:
    _pack_argument(parser)
    parser.add_argument("--history", metavar="FILE", help="keep typed lines in FILE for the next time (default: forget them)")
    parser.add_argument("--no-color", action="store_true", help="no colours; NO_COLOR and TERM=dumb say the same")
    from bot.log import arguments

    arguments.add_to_chat(parser)


def _ask_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", metavar="QUESTION", nargs="+", help="the question; - reads questions, one a line")
    parser.add_argument("--json", action="store_true", help="the whole reply as JSON, on one line")
    parser.add_argument("--explain", action="store_true", help="say why, step by step")
    _pack_argument(parser)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", nargs="?", help="the pack (default: the shipped one)")
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")


def _schema_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("of", nargs="?", choices=("pack", "cases"), default="pack", help="files of a pack (default), or of cases")


def _coverage_arguments(parser: argparse.ArgumentParser) -> None:
    from bot.coverage import arguments

    parser.epilog = arguments.DETAILS + _examples(*arguments.EXAMPLES)
    arguments.add(parser)


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    from bot.coverage.diff import arguments

    parser.epilog = arguments.DETAILS + _examples(*arguments.EXAMPLES)
    arguments.add(parser)


def _suggest_arguments(parser: argparse.ArgumentParser) -> None:
    from bot.coverage.suggest import arguments

    parser.epilog = arguments.DETAILS + _examples(*arguments.EXAMPLES)
    arguments.add(parser)


def _log_arguments(parser: argparse.ArgumentParser) -> None:
    from bot.log import arguments

    parser.epilog = arguments.DETAILS + _examples(*arguments.EXAMPLES)
    arguments.add(parser)


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="what to read; several files make one pack")
    parser.add_argument("--to", metavar="DIR", required=True, help="folder of the new pack")
    _format_argument(parser)
    parser.add_argument("--encoding", metavar="NAME", help="encoding of files that are not UTF-8, such as cp1252")
    parser.add_argument("--title", metavar="TEXT", help="title of the pack (default: that of the document, or of the file)")
    parser.add_argument("--answer", metavar="TEXT", help="answer of intents that have none; {intent} stands for their names")
    parser.add_argument("--force", action="store_true", help="put the new pack in the place of the one that is there")
    parser.add_argument("--strict", action="store_true", help="write nothing if any row would be left out")


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", nargs="?", help="the pack (default: the shipped one)")
    parser.add_argument("--to", metavar="FILE", required=True, help="what to write; - is the standard output")
    _format_argument(parser)
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="folder of the new pack")
    parser.add_argument("--force", action="store_true", help="put it in the place of the pack that is there")


def _format_argument(parser: argparse.ArgumentParser) -> None:
    formats = ["csv", "tsv", "jsonl", "markdown", "html", "faqpage", "rasa"]
    parser.add_argument("--format", choices=formats, help="format of the file, if its name does not tell")


def _pack_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pack", metavar="DIR", help="folder of the pack to answer from (default: the shipped one)")


def _examples(*lines: str) -> str:
    return "\n".join(("examples:", *(f"  {line}" for line in lines)))


def _with_command(words: list[str], parser: Parser) -> list[str]:
    """`words` with the command that they leave out; an error, with a way out, when the first is no command."""
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help", "--version"}):
        return ["chat", *words]
    if words[0] not in _COMMANDS and not words[0].startswith("-"):
        parser.error(_unknown(words))
    return words


def _unknown(words: list[str]) -> str:
    import shlex

    from bot.language.clean import printable
    from bot.pack.decode import close_name

    near = close_name(words[0][:40], list(_COMMANDS)) if len(words) < 3 else ""  # of three words and more: a question
    question = printable(" ".join(word for word in words if not word.startswith("--")), 200)
    quoted = shlex.quote(question) if set(question) & set('"$`\\!') else f'"{question}"'
    way_out = "" if near and len(words) == 1 else f"; to ask a question: faqbot ask {quoted}"
    return f"there is no command '{printable(words[0])}'{near}{way_out}"


def _chat(args: argparse.Namespace) -> int:
    from bot.shell.start import begin
    from bot.shell.terminal import is_conversation, wants_colour

    folder = _folder(args.pack)
    if is_conversation():
        log = _question_log(args, folder)
        engine = begin(folder)
        from bot.shell import session  # meanwhile: prompt_toolkit is the slowest import of all

        session.chat(engine, folder, history=args.history, colour=not args.no_color and wants_colour(), log=log)
        return ANSWERED
    from bot.engine import Engine
    from bot.shell import plain

    log = _question_log(args, folder)
    for answer in plain.answers(Engine.load(folder), plain.lines(sys.stdin), log):
        print(answer, flush=True)
    return ANSWERED


def _question_log(args: argparse.Namespace, folder: Path) -> "QuestionLog | None":
    """The log that the operator asked for, by the option or the environment; None, and nothing imported, without one."""
    from bot.log.arguments import FILE

    if not args.log and not os.environ.get(FILE):
        return None
    from bot.log.command import opened

    def tell(trouble: str) -> None:
        print(f"faqbot: questions are not kept: {safe(trouble)}", file=sys.stderr)

    return opened(args.log, args.log_days, folder, args.parser.error, tell)


def _ask(args: argparse.Namespace) -> int:
    from bot.engine import Engine
    from bot.shell import oneshot

    if args.question == ["-"]:
        return _ask_lines(args)
    reply = Engine.load(_folder(args.pack)).ask(" ".join(args.question))
    print(oneshot.as_json(reply, explain=args.explain) if args.json else oneshot.as_text(reply, explain=args.explain))
    return NOT_ANSWERED if reply.kind in oneshot.SILENT else ANSWERED


def _ask_lines(args: argparse.Namespace) -> int:
    from bot.engine import Engine
    from bot.shell import oneshot, plain

    if args.explain and not args.json:
        args.parser.error("`ask -` gives one line for every question: with --explain it needs --json")
    code = ANSWERED
    engine = Engine.load(_folder(args.pack))
    for is_answered, line in oneshot.answers(engine, plain.lines(sys.stdin), as_json_lines=args.json, explain=args.explain):
        print(line, flush=True)
        code = code if is_answered else NOT_ANSWERED
    return code


def _check(args: argparse.Namespace) -> int:
    from bot.pack.load import read

    folder = _folder(args.folder)
    try:
        _, faults = read(folder)
    except PackError as error:
        faults = list(error.faults)
    for fault in faults:
        print(safe(str(fault)))
    errors = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - errors
    found = [_count(number, noun) for number, noun in ((errors, "fault"), (warnings, "warning")) if number]
    print(f"{safe(str(folder))}: {', '.join(found) or 'no faults'}")
    return NOT_ANSWERED if errors or (args.strict and warnings) else ANSWERED


def _schema(args: argparse.Namespace) -> int:
    import json

    from bot.shell.terminal import is_utf8

    if args.of == "cases":
        from bot.coverage.cases import schema
    else:
        from bot.pack.schema import schema
    print(json.dumps(schema(), indent=2, ensure_ascii=not is_utf8()))
    return ANSWERED


def _coverage(args: argparse.Namespace) -> int:
    from bot.coverage.command import cover

    return cover(args)


def _diff(args: argparse.Namespace) -> int:
    from bot.coverage.diff.command import compare

    return compare(args)


def _suggest(args: argparse.Namespace) -> int:
    from bot.coverage.suggest.command import suggest

    return suggest(args)


def _log(args: argparse.Namespace) -> int:
    from bot.log.command import run

    return run(args)


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    from bot.serve.arguments import add_arguments

    add_arguments(parser)


def _serve(args: argparse.Namespace) -> int:
    from bot.serve.arguments import settings_of
    from bot.serve.settings import SettingError

    try:
        from bot.serve.run import serve

        if args.mcp:
            import bot.serve.mcp  # noqa: F401
    except ModuleNotFoundError as error:
        return _lacking(error, "mcp" if args.mcp else "server")
    try:
        return serve(settings_of(args))
    except SettingError as error:
        args.parser.error(str(error))
        return MISUSE


def _import(args: argparse.Namespace) -> int:
    from bot.exchange.commands import run_import

    options = {name: getattr(args, name) for name in ("encoding", "title", "answer", "force", "strict")}
    return run_import(args.files, args.to, format_=args.format, **options)


def _export(args: argparse.Namespace) -> int:
    from bot.exchange.commands import run_export

    return run_export(_folder(args.folder), args.to, format_=args.format, force=args.force)


def _init(args: argparse.Namespace) -> int:
    from bot.exchange.commands import run_init

    return run_init(args.folder, force=args.force)


def _mcp(args: argparse.Namespace) -> int:
    from bot.engine import Engine

    engine = Engine.load(_folder(args.pack))
    try:
        from bot.serve.mcp import stdio
    except ModuleNotFoundError as error:
        return _lacking(error, "mcp")
    stdio(engine)
    return ANSWERED


def _lacking(error: ModuleNotFoundError, extra: str) -> int:
    """Say how to install what a server needs."""
    if (error.name or "").startswith("bot"):
        raise error
    print(f"faqbot: error: the server needs '{error.name}': pip install 'faqbot[{extra}]'", file=sys.stderr)
    return MISUSE


_CHAT_DETAILS = """\
From a pipe: a question a line in, an answer a line out; the lines are one conversation.
What is typed stays in memory, unless --history, or /save in the shell, writes it to a file.

""" + _examples("faqbot", "faqbot --pack my-faq", "faqbot chat < questions.txt > answers.txt")

_ASK_DETAILS = """\
Exit code: 0 answered, 1 not answered (it does not know, or asks which was meant), 2 misuse or a bad pack.
With `-`: 0 when every line was answered, else 1.

""" + _examples('faqbot ask "side effects of Velcade?"', 'faqbot ask "is it safe?" --explain', "faqbot ask - --json < questions")

_CHECK_DETAILS = "Exit code: 0 no faults, 1 faults.\n\n" + _examples("faqbot check my-faq", "faqbot check my-faq --strict")

_SCHEMA_DETAILS = """\
To have an editor complete and check a pack file, let its first line be
  # yaml-language-server: $schema=faqbot.schema.json

""" + _examples("faqbot schema > faqbot.schema.json", "faqbot schema cases > cases.schema.json")

_SERVE_DETAILS = _examples(
    "faqbot serve",
    "faqbot serve --pack my-faq --watch --port 8080",
    """curl -s localhost:8000/v1/ask --json '{"text": "side effects of Velcade?"}'""",
)

_IMPORT_DETAILS = """\
Reads CSV, TSV, JSONL, Markdown, HTML, schema.org FAQPage (JSON-LD) and Rasa's YAML. A table has the columns intent, question and
answer: rows of one intent are ways to ask it, and without an intent those of one answer. What cannot be used is told with file
and line, and left out; the pack appears whole or not at all.
Exit code: 0 the pack is written, 1 nothing is written.

""" + _examples(
    "faqbot import faq.csv --to my-faq", "faqbot import nlu.yml domain.yml --to my-faq", "faqbot import page.html --to my-faq"
)

_EXPORT_DETAILS = """\
The end of FILE tells the format: .csv, .tsv, .jsonl, .md, .html, .json (schema.org FAQPage) or .yml (Rasa). What the file cannot
hold is listed on the standard error.
Exit code: 0 the file is written, 1 nothing is written, 2 a bad pack.

""" + _examples("faqbot export my-faq --to faq.csv", "faqbot export my-faq --to faq.json", "faqbot export --to - --format csv")

_INIT_DETAILS = "Exit code: 0 the pack is written, 1 nothing is written.\n\n" + _examples("faqbot init my-faq")

_MCP_DETAILS = """\
It is started by the assistant's program, whose settings name the command:
  {"mcpServers": {"faqbot": {"command": "faqbot", "args": ["mcp", "--pack", "/path/to/my-faq"]}}}
Over streamable HTTP, at /mcp, with tokens and limits: faqbot serve --mcp

""" + _examples("faqbot mcp", "faqbot mcp --pack my-faq", "faqbot serve --mcp --token-file tokens")

_COMMANDS: dict[str, tuple[str, str, Run, Callable[[argparse.ArgumentParser], None]]] = {
    "chat": ("ask questions in a shell; this is what `faqbot` alone does", _CHAT_DETAILS, _chat, _chat_arguments),
    "ask": ("answer one question, or the lines of the standard input", _ASK_DETAILS, _ask, _ask_arguments),
    "check": ("show every fault of a pack as file:line:column: message", _CHECK_DETAILS, _check, _check_arguments),
    "import": ("make a pack of a file of questions and answers", _IMPORT_DETAILS, _import, _import_arguments),
    "export": ("write the questions and answers of a pack to a file", _EXPORT_DETAILS, _export, _export_arguments),
    "init": ("make a small pack to start from", _INIT_DETAILS, _init, _init_arguments),
    "schema": ("print the JSON Schema of pack files, for editors", _SCHEMA_DETAILS, _schema, _schema_arguments),
    "coverage": ("ask many questions and tell which are answered, and which rightly", "", _coverage, _coverage_arguments),
    "diff": ("tell which answers two packs, or two revisions of one, give differently", "", _diff, _diff_arguments),
    "log": ("show, export or remove the questions that were kept", "", _log, _log_arguments),
    "suggest": ("propose phrasings and entries for questions that were not answered", "", _suggest, _suggest_arguments),
    "serve": ("answer over HTTP, for other programs and web pages", _SERVE_DETAILS, _serve, _serve_arguments),
    "mcp": ("answer assistants over the Model Context Protocol", _MCP_DETAILS, _mcp, _pack_argument),
}


def _folder(name: str | None) -> Path:
    from bot.pack.files import shipped_pack

    return Path(name) if name is not None else shipped_pack()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
