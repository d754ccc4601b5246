"""The grammar of a question: what kind of asking it is."""

from msgspec import Struct

from bot.language.english import English
from bot.understand.mentions import Mention
from bot.understand.numbers import is_noun, numbers_of
from bot.understand.opening import opening_of
from bot.understand.polarity import Polarity, polarity_of
from bot.understand.utterance import Token, Utterance


class Cues(Struct, frozen=True):
    """What the small words of the question say."""

    wh: str
    """first question word: `what`, `which`, `who`, `how`, …; empty when there is none"""
    wh_at: int
    """its index; -1 when there is none"""
    how_many: frozenset[int]
    """indices of `how many`; empty when it is not asked"""
    verifies: bool
    """asks whether something is so"""
    asked: bool
    """ends in a question mark"""
    negated: bool
    denials: tuple[int, ...]
    """indices of the words that deny something"""
    compares: bool
    same: bool
    lists: bool
    other: bool
    """asks for something else: `other`, `else`, `another`"""
    both: bool
    only: bool
    only_at: int
    """index of the word for it; -1 when there is none"""
    is_sole: bool
    """it stands before what is said to be one of its sort: `the only bread`"""
    size: int
    """a number of parts that is asked for: `just two drugs`; 0 when there is none"""
    number: int
    """a number that things are said to be: `there are five loaves`; 0 when there is none, or when it is asked for"""
    number_at: int
    """its index; -1 when there is none"""
    bound: str
    """`least`, `most`, `more` or `fewer` where they are said to be at least, at most, more or fewer than it; else empty"""
    without: tuple[int, ...]
    """indices of `without`, `but not`, `except`, `neither`"""
    polarity: Polarity
    """what is wanted and what is left out"""
    extreme: str
    """`most` or `least`, when what there is most or least of is asked for"""
    often: frozenset[int]
    """indices of the words for it, and of those for being frequent"""
    every: frozenset[int]
    """indices of `every`, `each`, `all`"""
    more: str
    """`more` or `fewer`, when it is asked which has more"""
    shared: bool
    """asks for what several things have in common"""
    odd: bool
    """asks which one does not belong to the others"""
    related: bool
    """asks for what is like a thing"""
    like: frozenset[int]
    """indices of `like`, `similar`"""
    kin: frozenset[int]
    """indices of `siblings`, `cousins`"""
    holding: frozenset[int]
    """indices of `with`, `contain`, `have`"""
    existing: frozenset[int]
    """indices of `have`, `there`, `any`, where it may be asked whether there is something: `does it have a …`, `are there …`"""
    pointing: frozenset[int]
    """indices of `this`, `that`"""
    purpose: frozenset[int]
    """indices of `for`, `against`"""
    raising: frozenset[int]
    """indices of `increase`, `up`"""
    lowering: frozenset[int]
    """indices of `reduce`, `less`"""
    easing: frozenset[int]
    """indices of `prevent`, `cure`"""
    names: bool
    """asks for names: `name them`, `list the`"""
    rest: frozenset[int]
    """indices of the words that ask what else goes with the names: `plus what`, `the missing one`"""
    reach: int
    """index up to which `which of these …` leads; that of the question word where no `of` follows"""
    seeks: bool
    """asks whom to turn to: `who do I tell`"""
    joins: frozenset[int]
    """indices of words that set two names side by side: `and`, `or`, `than`"""
    places: frozenset[int]
    """indices of the question words that ask for things: `which`, `where`"""
    tokens: frozenset[int]
    """indices of the words that these cues rest on"""


def cues_of(utterance: Utterance, mentions: tuple[Mention, ...], english: English, clauses: frozenset[int] | None = None) -> Cues:
    """The cues of `utterance`, or of some of its clauses."""
    tokens = utterance.tokens
    inside = [at for at, token in enumerate(tokens) if clauses is None or token.clause in clauses]
    checks = [m for m in mentions if m.kind == "verify" and _is_check(m, tokens, utterance, english)]
    framed = {index for m in mentions if m.kind == "frame" or m in checks for index in m.tokens}
    checked = any(m.tokens[0] in inside for m in checks)
    wh_at, opened = _opening(utterance, inside, framed, checks, english)
    wh = tokens[wh_at].word if wh_at >= 0 else ""
    words = {at: tokens[at].word for at in inside}
    named = {index for m in mentions if m.kind == "thing" and len(m.tokens) > 1 for index in m.tokens}  # `cannot sleep`
    asks: dict[str, tuple[int, ...]] = {}
    for m in mentions:
        if m.kind == "asks" and m.tokens[0] in inside:
            asks[m.id] = (*asks.get(m.id, ()), *m.tokens)
    is_yes_no = opened or checked
    numbers = numbers_of(words, asks, named, english, wh=wh, is_yes_no=is_yes_no)
    without = tuple(at for at in inside if _excludes(words, at, english))
    alone = asks.get("alone", ())
    named |= set(alone)  # `and nothing else` denies nothing
    negations = [at for at in denials(utterance, inside, english) if at not in framed | named and not {at, at - 1} & set(without)]
    cue = _cue_words(words, mentions, english)
    common = {at for at in inside if words[at] == "common" and words.get(at - 1) == "in"}
    shares = cue["shared"] | common
    rest = frozenset(
        at for m in mentions if m.kind == "asks" and m.id == "rest" and _is_open(m, tokens, mentions, english) for at in m.tokens
    )
    return Cues(
        wh=wh,
        wh_at=wh_at,
        how_many=numbers.how_many,
        verifies=is_yes_no and not wh,
        asked=bool(inside) and tokens[inside[-1]].clause in utterance.asked,
        negated=len(negations) % 2 == 1,
        denials=tuple(negations),
        compares=bool(cue["compare"]),
        same=bool(cue["same"]) or ("alias" in asks and not wh),
        lists=bool(cue["list"]),
        other=bool(cue["other"]),
        both=bool(cue["both"]),
        only=bool(cue["only"] or alone),
        only_at=min(cue["only"], default=-1),
        is_sole=words.get(min(cue["only"], default=0) - 1) == "the",
        size=numbers.size,
        number=numbers.said,
        number_at=numbers.said_at,
        bound=numbers.bound,
        without=without,
        polarity=polarity_of({at: word for at, word in words.items() if at not in alone}, english),
        extreme="most" if cue["most"] or "most" in asks else "least" if cue["least"] or "least" in asks else "",
        often=frozenset(cue["most"] | cue["least"] | cue["often"]),
        every=frozenset(cue["every"]),
        more="more" if cue["more"] else "fewer" if cue["fewer"] else "",
        shared=bool(shares),
        odd="odd" in asks,
        related="related" in asks,
        like=frozenset(cue["like"]),
        kin=frozenset(cue["kin"]),
        holding=frozenset(cue["within"]),
        existing=frozenset(cue["existing"] if is_yes_no and not wh else ()),
        pointing=frozenset(cue["pointing"]),
        purpose=frozenset(cue["purpose"]),
        raising=frozenset(cue["raising"]),
        lowering=frozenset(cue["lowering"]),
        easing=frozenset(cue["easing"]),
        names=bool(cue["names"]),
        rest=rest & frozenset(inside),
        reach=_reach(wh_at, words, english),
        seeks=wh in {"who", "whom"} and words.get(wh_at + 1) in english.openers and words.get(wh_at + 2) in english.persons,
        joins=frozenset(cue["joins"]),
        places=frozenset(at for at in inside if words[at] in {"which", "what", "who", "where"}),
        tokens=frozenset().union(
            numbers.tokens,
            without,
            negations,
            shares,
            *(found for name, found in asks.items() if name != "rest"),
            *(cue[name] for name in ("compare", "same", "both", "only", "other")),
        ),
    )


def _opening(
    utterance: Utterance, inside: list[int], framed: set[int], checks: list[Mention], english: English
) -> tuple[int, bool]:
    """The index of the question word, -1 without one, and whether the clauses open as a question for yes or no."""
    tokens = utterance.tokens
    own = [m for m in checks if m.tokens[0] in inside]
    wh_at, opened = opening_of(tokens, inside, framed, english, is_checked=bool(own))
    opens = [m for m in own if all(at in framed for at in range(inside[0], m.tokens[0]))]
    if any(0 < wh_at - m.tokens[-1] <= 2 and tokens[wh_at - 1].word == "that" for m in opens):
        wh_at = -1  # `am I right that what is baked is sold?`
    if wh_at >= 0 and any(_closes(m, wh_at, tokens, utterance) for m in own):
        wh_at = -1  # `when it comes back you get the same drug, right?`
    return wh_at, opened


def _cue_words(words: dict[int, str], mentions: tuple[Mention, ...], english: English) -> dict[str, set[int]]:
    """The indices of the words that say what kind of answer is wanted, by what they say."""
    cue: dict[str, set[int]] = {name: set() for name in english.cues}
    for at, word in words.items():
        for name in english.cues_of.get(word, ()):
            cue[name].add(at)
    nouns = {at for at in cue["list"] if is_noun(words, at, english)}
    cue["list"] -= nouns
    cue["names"] -= nouns
    cue["same"] -= {index for m in mentions if m.kind == "frame" for index in m.tokens}  # `at the same time`
    cue["only"] -= {at for at in cue["only"] if words.get(at - 1) in english.negations}  # `not only`
    return cue


def _reach(wh_at: int, words: dict[int, str], english: English) -> int:
    """How far `which of these` leads: to the last of its small words."""
    if words.get(wh_at + 1) != "of":
        return wh_at
    at = wh_at + 1
    while english.roles.get(words.get(at + 1, "")) == "function":
        at += 1
    return at


def _is_open(rest: Mention, tokens: tuple[Token, ...], mentions: tuple[Mention, ...], english: English) -> bool:
    """Whether `and what`, `plus which drug` ends what is asked, and no question of its own begins with it: `and what does …`."""
    first, last = rest.tokens[0], rest.tokens[-1]
    if tokens[first].word not in english.cues["joins"]:
        return True
    kinds = {at for m in mentions if m.kind == "kind" for at in m.tokens}
    after = [at for at in range(last + 1, len(tokens)) if tokens[at].clause == tokens[last].clause]
    return all(
        at in kinds or tokens[at].word in english.cues["other"] or english.roles.get(tokens[at].word) == "filler" for at in after
    )


def denials(utterance: Utterance, inside: list[int], english: English) -> list[int]:
    """The indices of the words among `inside` that deny something."""
    return [at for at in inside if _denies(utterance.tokens, at, english)]


def _excludes(words: dict[int, str], at: int, english: English) -> bool:
    word, following = words[at], words.get(at + 1, "")
    return (
        word in english.cues["except"]
        or (word in {"but", "and"} and following == "not")
        or (word in {"other", "apart", "aside"} and following in {"than", "from"})
    )


def _denies(tokens: tuple[Token, ...], at: int, english: English) -> bool:
    """Whether the word denies; `not always` does not, nor does the `not` of an opening `isn't it`, which asks for assent."""
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if tokens[at].word not in english.negations or following in english.cues["partly"]:
        return False
    opens = at > 0 and tokens[at - 1].word in english.openers and (at == 1 or tokens[at - 2].clause != tokens[at].clause)
    return not opens


def _closes(check: Mention, wh_at: int, tokens: tuple[Token, ...], utterance: Utterance) -> bool:
    """Whether a check such as `right?` comes last, after a statement with the question word at `wh_at` in it."""
    last, clause = check.tokens[-1], tokens[wh_at].clause
    at_end = last + 1 == len(tokens) or tokens[last + 1].clause != tokens[last].clause
    is_choice = tokens[check.tokens[0] - 1].word == "or"  # `what is it or is it not`
    return (
        at_end and not is_choice and wh_at < check.tokens[0] and (tokens[last].clause == clause or clause not in utterance.asked)
    )


def _is_check(mention: Mention, tokens: tuple[Token, ...], utterance: Utterance, english: English) -> bool:
    """A one-word check such as `right?` counts only at the end of its clause and before a question mark; one that holds a denial
    only where its clause begins or ends: `it is a loaf, is it not`, but not `it is not one of the loaves`."""
    first, last = mention.tokens[0], mention.tokens[-1]
    at_end = last + 1 == len(tokens) or tokens[last + 1].clause != tokens[last].clause
    if len(mention.tokens) == 1:
        return at_end and tokens[last].clause in utterance.asked
    if tokens[last].word in english.cues["closing"]:
        return at_end and tokens[last].clause in utterance.asked
    denies = any(tokens[at].word in english.negations for at in mention.tokens)
    return not denies or at_end or first == 0 or tokens[first - 1].clause != tokens[first].clause
