"""Yes and no of an entry come from its `so` and `not_so`. The bakery says of bread in the freezer: it keeps for three months."""

import pytest

from bot.understand.verdicts import Check, named_by, unpacked
from tests.packs import bakery_compiled, bakery_understander


def verdict(text: str, entry: str = "freezing") -> str | None:
    """What the points of `entry` make of `text`, whichever entry it would be answered with."""
    understander = bakery_understander()
    reading = understander._read(text)
    read = reading.understanding
    cues = (read.cues, *(reading.parts[clause] for clause in read.asking))
    found = understander._judge.verdict(entry, Check(read.utterance, read.mentions, cues, read.asking))
    return found.verdict if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # so, and not so
        ("Does bread keep for three months in the freezer?", "yes"),
        ("can a loaf survive in the freezer", "yes"),
        ("Does bread keep for six months?", "no"),
        ("does the freezer ruin the bread", "no"),
        ("it keeps for a year?", "no"),
        # a negation before it or in a gap turns it round; one behind it may be about something else
        ("Does bread not keep for three months?", "no"),
        ("can bread not survive the freezer?", "no"),
        ("Does bread survive neither cellar nor freezer?", "no"),
        ("Does the freezer not spoil the bread?", "yes"),
        ("Does bread survive the freezer when I do not wrap it?", None),
        # asking for assent is no negation
        ("Doesn't bread survive the freezer?", "yes"),
        ("Bread survives the freezer, doesn't it?", "yes"),
        ("bread survives the freezer does not it?", "yes"),
        ("Bread survives the freezer, no?", "yes"),
        ("does bread survive the freezer or not", "yes"),
        # a negation that the template names is its own
        ("Must bread never go into the freezer?", "no"),
        # both sides
        ("Does bread keep for three months or four months?", None),
        ("Does bread keep three months, and does the freezer spoil the bread?", None),
        # claims more than the entry says, or doubts it
        ("Does bread always survive the freezer?", None),
        ("Does every bread keep three months in the freezer?", None),
        ("Does bread always keep for six months?", "no"),
        ("Does bread never keep for six months?", None),
        ("Does bread survive the freezer better than the cellar?", None),
        ("Does bread survive the freezer for 20 days?", None),
        ("Is it wrong that bread keeps for three months?", None),
        ("Is it impossible for bread to survive the freezer?", None),
        ("right or wrong: bread survives the freezer?", "yes"),
        # told before it is asked
        ("My aunt says that bread survives the freezer. Is she right?", "yes"),
        ("My aunt says that freezing spoils all bread; is that true?", "no"),
        ("Bread survives the freezer. Is that a myth?", None),
        # what is asked comes before what is told
        ("They say that the freezer ruins bread. Does it keep for three months?", "yes"),
        # another clause is another matter
        ("I am not a baker. Does bread keep for three months?", "yes"),
        ("Does bread survive the freezer? I have never tried.", "yes"),
        # what is asked points at what was told right before it
        ("bread in the freezer, is it good there for 3 months?", "yes"),
        ("three months in the freezer, does it keep?", "yes"),
        ("my cousin reads books on bread. Is she right?", None),
        # what is told before it holds a question word, or a phrase leads to it
        ("I freeze it when it is cold. Does bread keep for six months?", "no"),
        ("out of interest does the freezer ruin the bread", "no"),
        ("am I right that what you freeze keeps for six months", "no"),
        ("when you freeze it the bread survives the freezer, I hope?", "yes"),
        ("I hope that bread survives the freezer", None),
        # nothing that it names
        ("Does bread grow wings in the oven?", None),
        # no yes or no is asked for
        ("How can bread survive in the freezer?", None),
        ("bread survives the freezer", None),
        ("why does freezing spoil bread?", None),
    ],
)
def test_the_verdict_comes_from_what_is_so(text: str, expected: str | None) -> None:
    assert verdict(text) == expected


def test_an_entry_without_points_gives_none() -> None:
    assert verdict("Does bread keep for three months?", "crust") is None


def test_the_reply_says_what_it_rests_on() -> None:
    claims = bakery_understander().understand("can bread keep 3 months in the freezer?").claims
    claim = next(claim for claim in claims if claim.entry == "freezing")
    assert claim.verdict == "yes"
    assert any("is so" in reason for reason in claim.reasons)


def test_gaps_name_nothing() -> None:
    point = next(p for p in unpacked(bakery_compiled().points["freezing"]) if p.pattern.text == "never * freezer")
    assert named_by(point.pattern.path) == {"never", "freezer"}
