"""What a question asks of the facts, and the candidates that could answer it."""

from typing import Literal

from msgspec import Struct

Verdict = Literal["yes", "no"]

Form = Literal[
    "list",
    "overview",
    "reverse",
    "verify",
    "which_of",
    "count",
    "count_kind",
    "most",
    "compare",
    "same",
    "siblings",
    "odd",
    "vague",
]


class Query(Struct, frozen=True, order=True):
    """A question over facts."""

    form: Form
    attribute: str = ""
    things: tuple[str, ...] = ()
    """what is asked about; in a reverse question, what is left out"""
    values: tuple[str, ...] = ()
    """what it is asked to have; for a list, the groups that the values are to be of"""
    without: tuple[str, ...] = ()
    """what it is asked not to have"""
    kind: str = ""
    """kind of things asked for"""
    premise: tuple[str, str, str] | None = None
    """(attribute, thing, value) that the question takes for granted and that is not so"""
    mode: str = ""
    """`all`, `only`, `every`, `sole` (nothing else has it) or `size:2` for questions by value; `not` for a denied one,
    `against` for the other way round; `most` or `least`; to compare: `more`, `fewer` or `shared`; `own` for a list without its
    parts, `exists` for one of which it is asked whether there is any; `is:2` or `is:least2` to count what there are said to be
    two of, or at least two"""
    also: tuple[str, ...] = ()
    """further attributes that a list asks for of the same thing"""


class Claim(Struct, frozen=True):
    """One candidate answer and what it rests on."""

    intent: str
    """id of the entry, or `attribute.form` of a fact question"""
    score: float
    """0..1: how well the evidence fits, whatever else stands in the question"""
    explained: frozenset[int]
    """indices of the tokens it accounts for"""
    reasons: tuple[str, ...]
    query: Query | None = None
    entry: str | None = None
    verdict: Verdict | None = None
    """for entries: the verdict that the matched template stands for"""
    partly: frozenset[int] = frozenset()
    """indices of tokens that belong to the same subject without being asked for"""
    gaps: frozenset[str] = frozenset()
    """gaps of the pack that this claim answers all the same, because its phrasing names them"""
    to_the_word: bool = False
    """the question is one of the entry's phrasings, as its author wrote it"""
    confidence: float = 0.0
    """0..1, after the whole question was weighed"""
