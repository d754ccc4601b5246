"""What goes over the wire beside replies. The decoder, the checks and /openapi.json all follow these classes."""

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct, field

if TYPE_CHECKING:
    from bot.engine import Engine


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says."""

    text: Annotated[str, Meta(min_length=1)]
    explain: bool = False
    """true adds `trace`, the reasons step by step"""


class Conversation(Struct, frozen=True):
    """A conversation, and what to show at its beginning."""

    id: str
    """cannot be guessed: whoever knows it can go on with the conversation"""
    turns: int
    """how many messages were answered in it"""
    expires_in: int
    """seconds without a message after which it is forgotten"""
    title: str
    greeting: str
    notice: str
    starters: tuple[str, ...] = ()
    """questions to begin with"""


class Topic(Struct, frozen=True):
    """What can be asked from one section of the source."""

    section: str
    questions: tuple[str, ...]


class Topics(Struct, frozen=True):
    """What this bot is, and what it can be asked."""

    title: str
    greeting: str
    notice: str
    starters: tuple[str, ...]
    emergency: dict[str, str]
    """region -> number to call in an emergency"""
    topics: tuple[Topic, ...]

    @classmethod
    def of(cls, engine: "Engine") -> "Topics":
        """Those of what `engine` answers from."""
        about = engine.pack.pack
        topics = tuple(Topic(section, tuple(questions)) for section, questions in engine.topics())
        return cls(about.title, about.greeting, about.notice, tuple(about.starters), about.emergency, topics)


class Feedback(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody thinks of a reply."""

    helpful: bool
    intent: Annotated[str, Meta(max_length=200)] | None = None
    """that of the reply"""
    text: Annotated[str, Meta(max_length=6000)] | None = None
    """what was asked; kept only in the question log"""


class Health(Struct, frozen=True):
    status: str


class Ready(Struct, frozen=True):
    """Whether this process can answer, and with what."""

    status: str
    """`ready` or `unavailable`"""
    pack: str
    """title of the pack in service"""
    loaded: str
    """when it was read, in UTC"""
    store: str
    """`ok`, or what is wrong with the store of conversations"""
    faults: tuple[str, ...] = field(default=())
    """why the pack could not be read again the last time; the one before is in service"""
