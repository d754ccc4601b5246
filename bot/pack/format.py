"""What a pack is made of, as its author writes it. The loader, the JSON Schema and the docs all follow these classes.

A `template` is a text such as `[what are] the (side|bad) effects [of {drug}]`: see `bot.language.template`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field


class SourceWork(Struct, frozen=True, forbid_unknown_fields=True):
    """The work that the facts come from."""

    title: str
    publisher: str
    url: str | None = None
    noun: str = "source"
    """what answers call it: `the article`"""


class About(Struct, frozen=True, forbid_unknown_fields=True):
    """What this pack is."""

    title: str
    source: SourceWork
    notice: str
    """said once at the start of a conversation, and on every page"""
    greeting: str
    language: Literal["en"] = "en"
    reviewed: str | None = None
    """when the facts were last reviewed, YYYY-MM-DD; null when it is not known"""
    expires: str | None = None
    """from this day, YYYY-MM-DD, `check --strict` refuses the pack"""
    topic: str | None = None
    """the thing that every question is about, so that naming it adds nothing"""
    fallback: str = "I don't know that."
    """begins the reply to a question that the pack cannot answer"""
    elsewhere: str = ""
    """whom to ask instead: told after the fallback where somebody, or something of the pack, is spoken of"""
    starters: list[str] = field(default_factory=list)
    """questions to begin with"""
    emergency: dict[str, str] = field(default_factory=dict)
    """region -> whom to call; `{emergency}` in an answer shows them all"""
    wrong_answer_rate: Annotated[float, Meta(gt=0, lt=0.5)] | None = None
    """share of all questions that may be answered wrongly, such as 0.01: how sure an answer must be follows from it; left out,
    that is built in"""


class Say(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences over facts, with `{thing}`, `{holder}`, `{values}`, `{value}`, `{things}` and `{count}` filled in.

    The holder is the thing that the fact stands with: the class of a drug. `_cap` behind a name makes its first letter a capital.
    """

    forward: str | None = None
    reverse: str | None = None
    affirm: str | None = None
    deny: str | None = None
    """said when the facts do not hold what was asked"""
    count: str | None = None
    none: str | None = None
    """said when nothing at all has the value that was asked for"""
    lacking: str | None = None
    """said of the `{things}` that do not have the value"""
    missing: str | None = None
    """said when nothing is known of this attribute for the thing"""


class Attribute(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that can be asked of the things of a kind."""

    name: str
    """noun for it: `side effects`"""
    type: Literal["text", "name", "things"] = "text"
    """text: sentences; name: another name of the thing; things: ids of other things"""
    of: list[str] = field(default_factory=list)
    """kinds of the values, for `things`"""
    words: list[str] = field(default_factory=list)
    """templates: what people call it, nouns and verbs"""
    links: list[str] = field(default_factory=list)
    """templates: weaker words, verbs above all, that may stand between a thing and its value"""
    inverse: str | None = None
    """attribute of the other side that holds these facts: `members` of a class is the inverse of `class` of a drug"""
    via: str | None = None
    """attribute that leads to the thing which holds the facts: a drug has the side effects of its `class`"""
    part_of: str | None = None
    """attribute that this one is a part of: who asks for that one is told both"""
    otherwise: str | None = None
    """attribute that answers when the thing has nothing here"""
    closed: bool = False
    """true when what the facts do not hold is not so: the list of combinations is complete, a list of side effects is not"""
    ordered: bool = False
    """true when it tells one thing after the other: `and then?`, `what comes last?` ask for it"""
    say: Say = field(default_factory=Say)


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of things."""

    name: str
    plural: str
    words: list[str] = field(default_factory=list)
    """templates: what people call things of this kind"""
    attributes: dict[str, Attribute] = field(default_factory=dict)
    show: str = "{name}"
    """how a thing of this kind is named in an answer: `{brand} ({generic})`"""
    short: str = "{name}"
    """the same where there is little room: `{brand}`"""
    members: str | None = None
    """attribute whose values stand in brackets behind a thing of this kind in a list"""
    named: bool = True
    """false: the name of a thing of this kind is for answers only, because it is made of the names of other things"""
    overview: list[str] = field(default_factory=list)
    """attributes that a bare name asks for"""


class Thing(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing with its facts."""

    kind: str
    name: str
    plural: bool = False
    aliases: list[str] = field(default_factory=list)
    """templates: every other name, abbreviation and everyday word"""
    facts: dict[str, str | list[str]] = field(default_factory=dict)
    section: str = ""
    """section of the source that holds the facts"""
    variant_of: str | None = None
    """a wider thing of the same kind that this one is a form of"""


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One question with its answer."""

    question: str
    answer: str | None = None
    fact: str | None = None
    """instead of an answer: a fact that stands elsewhere, as `thing.attribute`"""
    section: str = ""
    """section of the source; that of the thing for a `fact`"""
    phrasings: list[str] = field(default_factory=list)
    """templates: other ways to ask it"""
    confirms: list[str] = field(default_factory=list)
    """templates: yes/no questions and statements to which the answer is yes"""
    denies: list[str] = field(default_factory=list)
    """templates: yes/no questions and statements to which the answer is no"""
    so: list[str] = field(default_factory=list)
    """templates found anywhere in a yes/no question: what this entry says is so (`{person}` and `*` as in guards)"""
    not_so: list[str] = field(default_factory=list)
    """the same for what it says is not so"""
    about: list[str] = field(default_factory=list)
    """things that it is about, for follow-up questions"""
    next: list[str] = field(default_factory=list)
    """good next questions"""
    risk: Literal["low", "normal", "high"] = "normal"
    """low: answered even when it is asked for oneself; normal: the care team is named first, then the answer; high: where a
    `wrong_answer_rate` is stated, answered only when it is surer than others must be"""


class Phrasings(Struct, frozen=True, forbid_unknown_fields=True):
    """More ways to ask an entry; kept apart from the entries where they are many."""

    asks: list[str] = field(default_factory=list)
    confirms: list[str] = field(default_factory=list)
    denies: list[str] = field(default_factory=list)


class Verdicts(Struct, frozen=True, forbid_unknown_fields=True):
    """More of what is so and what is not according to an entry; kept apart from the entries where there is much."""

    so: list[str] = field(default_factory=list)
    not_so: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    """yes/no questions and statements, as people put them, to which it says yes; plain texts, learned from and never matched"""
    fails: list[str] = field(default_factory=list)
    """the same, to which it says no"""
    open: list[str] = field(default_factory=list)
    """the same, that are about the subject of the entry and that it does not settle"""


class Gap(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that people ask for and that this pack does not hold."""

    name: str
    """noun for it: `what a treatment costs`"""
    words: list[str]
    """templates"""


class Guard(Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that are met before any question is answered.

    Signs are templates found anywhere in a message. In them `{person}` stands for a word for somebody in particular (I, my mum,
    he), `{38..43}` for a number in that range, and `*` for up to five words of any kind.
    """

    kind: Literal["urgent", "refer"]
    answer: str
    signs: list[str] = field(default_factory=list)
    """templates that count when the message is about a person and, for `urgent`, about now"""
    always: list[str] = field(default_factory=list)
    """templates that count unless they are denied, past or supposed"""
    whenever: bool = False
    """true: counts in any tense and person, and as a supposition"""
    of_pack: bool = False
    """true: only where something that the pack knows is named too"""
    unless: list[str] = field(default_factory=list)
    """templates that take the message out of this guard"""


ORDINARY, OUTSIDE, FACTS = "ordinary", "outside", "facts"
"""Labels of `examples` beside the guards."""


class SmallTalk(Struct, frozen=True, forbid_unknown_fields=True):
    """A courtesy and its reply."""

    phrasings: list[str]
    answer: str
    remarks: bool = False
    """true: it may begin or end a message that remarks something and asks nothing: `thanks, I feel calmer now`"""


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the pack's own test questions."""

    ask: str
    kind: Literal["answer", "clarify", "fallback", "urgent", "refer", "chitchat"] = "answer"
    intent: str | None = None
    has: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    verdict: str | None = None


class Pack(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole pack. Its sections may be spread over any number of files in the folder."""

    pack: About
    kinds: dict[str, Kind] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    phrasings: dict[str, Phrasings] = field(default_factory=dict)
    """entry -> more ways to ask it"""
    verdicts: dict[str, Verdicts] = field(default_factory=dict)
    """entry -> more templates of what is so and of what is not"""
    rules: dict[str, str] = field(default_factory=dict)
    """shared parts of templates: `<name>`"""
    synonyms: dict[str, list[str]] = field(default_factory=dict)
    """concept -> templates that mean the same in a question"""
    background: list[str] = field(default_factory=list)
    """templates: words of the field that change nothing in a question"""
    gaps: dict[str, Gap] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    """guard -> messages that it is for, as people write them; `ordinary` -> messages that no guard is for, though they may look
    like it; `outside` -> messages that ask for something outside of the pack; `facts` -> questions over facts, which no entry
    answers; `facts.attribute` -> those that ask for that attribute. The engine learns from them."""
    long: dict[str, list[str]] = field(default_factory=dict)
    """entry, `facts`, or `facts.attribute` -> long messages that ask for it, with the part that asks between `[[` and `]]`. The
    engine learns from them where in a long message the question is."""
    smalltalk: dict[str, SmallTalk] = field(default_factory=dict)
    tests: list[Check] = field(default_factory=list)
