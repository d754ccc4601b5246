"""What a person is shown of a pack and of a reply, as paragraphs."""

from bot.pack.format import About
from bot.reply import Reply, Source
from bot.shell.render import Para

INDENT = 2
"""blanks before whatever the bot says, so that it stands apart from what the person typed"""


def reviewed(day: str | None) -> str:
    """When the facts were last reviewed, in words."""
    return f"reviewed {day}" if day else "review date not known"


def cite(source: Source) -> str:
    """A source in full: title, section, review date, address."""
    parts = [str(source.title), *([f"“{source.section}”"] if source.section else []), reviewed(source.reviewed)]
    return ", ".join(parts) + (f", {source.url}" if source.url else "")


def greeting(about: About) -> list[Para]:
    """What stands above the first prompt."""
    source = f"Source: {about.source.publisher}: {about.source.title} ({reviewed(about.reviewed)})"
    example = f"For example: {about.starters[0]}\n" if about.starters else ""
    return [
        Para(about.title, "strong"),
        Para(""),
        Para(about.greeting),
        Para(about.notice),
        Para(source, "quiet"),
        Para(""),
        Para(f"Ask in your own words. {example}/help lists the commands, Ctrl-D leaves.", "quiet"),
        Para(""),
    ]


def answer(reply: Reply) -> list[Para]:
    """A reply in the shell: what it says, where that stands, and what one could ask next."""
    paras = [Para(""), Para(reply.text, "alarm" if reply.kind == "urgent" else "", INDENT)]
    if reply.options:
        paras += _aside("Type the number or the name of the one you mean.")
    if reply.sources:
        sections = dict.fromkeys(f"“{source.section or source.title}”" for source in reply.sources)
        paras += _aside(f"Source: {', '.join(sections)}")
    return [*paras, *_next(reply), Para("")]


def whole_answer(reply: Reply) -> list[Para]:
    """A reply that stands alone, with its sources in full."""
    paras = [Para(reply.text)]
    if reply.sources:
        paras += [Para(""), *(Para(f"Source: {cite(source)}") for source in reply.sources)]
    if reply.suggestions:
        paras += [Para(""), Para(_listed("You could ask:", reply.suggestions))]
    return paras


def reasons(reply: Reply) -> list[Para]:
    """Why the engine said what it said."""
    steps = reply.trace.steps
    return [Para(_listed("Why:", steps))] if steps else [Para("Why: no reasons were recorded for this reply.")]


def _next(reply: Reply) -> list[Para]:
    return _aside(_listed("You could ask:", reply.suggestions)) if reply.suggestions else []


def _aside(text: str) -> list[Para]:
    return [Para(""), Para(text, "quiet", INDENT)]


def _listed(title: str, items: tuple[str, ...]) -> str:
    return "\n".join((title, *(f"- {item}" for item in items)))
