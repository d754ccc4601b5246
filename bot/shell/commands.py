"""The slash commands, as a table. Each takes the talk and its argument, and returns what it has to say."""

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from bot.language.clean import printable
from bot.shell.present import INDENT, cite, reasons
from bot.shell.render import Para
from bot.shell.talk import Talk
from bot.shell.transcript import SaveError, save

_NOTHING_YET = [Para("Nothing was asked yet.")]
_LONGEST_NOTE = 500
_COLUMN = 26


class Command(Struct, frozen=True):
    """One slash command."""

    usage: str
    summary: str
    """one line for the list of commands"""
    details: str
    """for `/help COMMAND`, after the summary"""
    run: Callable[[Talk, str], list[Para]]

    @property
    def name(self) -> str:
        """`/facts` of `/facts NAME`."""
        return self.usage.split()[0]


def run(line: str, talk: Talk) -> list[Para]:
    """What the command in `line` (`/name argument`) has to say. Raises EOFError when it is time to leave."""
    name, _, argument = line.strip().partition(" ")
    command = find(name)
    if command is None:
        return [Para(f"There is no command {printable(name)}{_near(name.lower())}. /help lists them all.", indent=INDENT)]
    return [structs.replace(para, indent=para.indent + INDENT) for para in command.run(talk, argument.strip())]


def find(name: str) -> Command | None:
    """The command called `name`, with or without its slash; None when there is none."""
    wanted = "/" + name.lower().removeprefix("/")
    return next((command for command in COMMANDS if command.name == _ALIASES.get(wanted, wanted)), None)


def _near(name: str) -> str:
    names = [command.name for command in COMMANDS]
    begun = [known for known in names if len(name) > 1 and known.startswith(name)]
    return f" (did you mean '{begun[0]}'?)" if begun else _close(name, names)


def _close(name: str, known: Sequence[str]) -> str:
    from bot.pack.decode import close_name  # here, so that the prompt need not wait for it

    return close_name(name[:80], list(known))


def _help(_talk: Talk, argument: str) -> list[Para]:
    if not argument or argument == "/":
        rows = [Para(command.summary, head=command.usage.ljust(_COLUMN)) for command in COMMANDS]
        return [*rows, Para(""), Para("Anything else that you type is a question. /help COMMAND says more.", "quiet")]
    command = find(argument)
    if command is None:
        return [Para(f"There is no command {printable(argument)}{_near('/' + argument.lower().removeprefix('/'))}.")]
    return [Para(command.usage, "strong"), Para(f"{command.summary}. {command.details}", indent=2)]


def _topics(talk: Talk, argument: str) -> list[Para]:
    topics = [(title or "Other", questions) for title, questions in talk.engine.topics()]
    if not topics:
        return [Para("This pack has no topics.")]
    if not argument:
        rows = [Para(f"{n}. {title} ({len(questions)})") for n, (title, questions) in enumerate(topics, 1)]
        return [*rows, Para(""), Para("/topics NUMBER lists the questions of a topic.", "quiet")]
    chosen = _chosen(argument, [title for title, _ in topics])
    if chosen is None:
        near = _close(argument, [title for title, _ in topics])
        return [Para(f"There is no topic {printable(argument)}{near}. /topics lists them.")]
    title, questions = topics[chosen]
    return [Para(title, "strong"), *(Para(f"- {question}") for question in questions)]


def _chosen(argument: str, titles: Sequence[str]) -> int | None:
    """Place of the title that `argument` numbers, names or begins; None when there is none."""
    if argument.isdecimal() and len(argument) < 6:
        return int(argument) - 1 if 1 <= int(argument) <= len(titles) else None
    folded = [title.casefold() for title in titles]
    wanted = argument.casefold()
    if wanted in folded:
        return folded.index(wanted)
    return next((n for n, title in enumerate(folded) if title.startswith(wanted)), None)


def _why(talk: Talk, _argument: str) -> list[Para]:
    return reasons(talk.last.reply) if talk.last else _NOTHING_YET


def _source(talk: Talk, _argument: str) -> list[Para]:
    if talk.last is None:
        return _NOTHING_YET
    sources = [Para(f"- {cite(source)}") for source in talk.last.reply.sources]
    return sources or [Para("The last reply rests on no source.")]


def _facts(talk: Talk, argument: str) -> list[Para]:
    if not argument:
        return _usage("/facts")
    facts = talk.engine.facts(argument)
    if facts is None:
        return [Para(f"I know nothing called {printable(argument)}{_close(argument, talk.engine.names())}.")]
    return [Para(facts)]


def _save(talk: Talk, argument: str, overwrite: bool = False) -> list[Para]:
    if not argument:
        return _usage("/save!" if overwrite else "/save")
    if talk.last is None:
        return [Para("Nothing was asked yet, so there is nothing to save.")]
    try:
        return [Para(f"Saved to {printable(str(save(str(talk.transcript), _unquoted(argument), overwrite=overwrite)), 200)}")]
    except SaveError as error:
        return [Para(f"Not saved: {error}")]


def _save_over(talk: Talk, argument: str) -> list[Para]:
    return _save(talk, argument, overwrite=True)


def _unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] and name[0] in "\"'" else name


def _feedback(talk: Talk, argument: str) -> list[Para]:
    verdict, _, note = argument.partition(" ")
    if verdict.lower() not in {"good", "bad"}:
        return _usage("/feedback")
    if talk.last is None:
        return [Para("There is no answer yet to judge.")]
    note = printable(note, _LONGEST_NOTE)
    talk.last.notes.append(f"{verdict.lower()}: {note}" if note else verdict.lower())
    is_bad = verdict.lower() == "bad"
    if talk.rate(helpful=not is_bad, note=note) and is_bad:
        return [Para("Noted in this transcript, and with the question in the log that the operator keeps.")]
    return [Para("Noted in this transcript alone; nothing is sent. /save FILE writes it down.")]


def _reset(talk: Talk, _argument: str) -> list[Para]:
    talk.reset()
    return [Para("The conversation and its transcript are forgotten.")]


def _quit(_talk: Talk, _argument: str) -> list[Para]:
    raise EOFError


def _usage(name: str) -> list[Para]:
    command = find(name)
    assert command is not None
    return [Para(f"Say it like this: {command.usage}. {command.details}")]


COMMANDS = (
    Command("/help [COMMAND]", "List the commands, or say more about one", "Example: /help save", _help),
    Command("/topics [TOPIC]", "What you can ask about", "With a number or name: its questions.", _topics),
    Command("/why", "Why the last reply was given", "What was understood and considered, and why that won.", _why),
    Command("/source", "Where the last reply comes from", "The work, its section, and when it was last reviewed.", _source),
    Command("/facts NAME", "All that is known of something", "NAME is any name of it; Tab completes it.", _facts),
    Command("/save FILE", "Write the conversation to a file", "Plain text. A file that is there already is left alone.", _save),
    Command("/save! FILE", "The same, over a file that is there", "The old file is replaced whole, or not at all.", _save_over),
    Command(
        "/feedback good|bad [NOTE]",
        "Judge the last reply",
        "Kept in the transcript of this conversation and, if the operator keeps a log of questions, there when it is bad. "
        "Nothing is sent. Example: /feedback bad too long",
        _feedback,
    ),
    Command("/reset", "Start afresh", "Forgets the conversation and its transcript.", _reset),
    Command("/quit", "Leave", "Ctrl-D does the same.", _quit),
)

_ALIASES = {"/exit": "/quit", "/q": "/quit", "/?": "/help", "/h": "/help"}
