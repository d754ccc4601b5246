from collections.abc import Callable

import pytest

from tests.pack.conftest import ABOUT

Faults = Callable[[str], list[str]]

TEAS = """\
kinds:
  tea: {name: tea, plural: teas, attributes: {taste: {name: taste}, from: {name: origin, type: things, of: [land]}}}
  land: {name: land, plural: lands, attributes: {grows: {name: teas, type: things, of: [tea], inverse: from}}}
things:
  green: {kind: tea, name: Green tea, facts: {taste: Grassy., from: [japan]}}
  japan: {kind: land, name: Japan}
"""
"""Six lines that are in order; what is tested begins on line 7."""


def test_a_pack_in_order_has_no_faults(faults: Faults) -> None:
    assert faults(TEAS) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (
            "entries:\n  e: {question: Q, answer: A, section: S, about: [gren]}\n",
            "8:51: 'about' of entry 'e' names 'gren', and there is no thing of that id (did you mean 'green'?)",
        ),
        (
            "entries:\n  e: {question: Q, fact: gren.taste}\n",
            "8:26: 'fact' of entry 'e': there is no thing 'gren' (did you mean 'green'?)",
        ),
        (
            "entries:\n  e: {question: Q, fact: green.tast}\n",
            "8:26: 'fact' of entry 'e': 'green' has no fact 'tast' (did you mean 'taste'?)",
        ),
        ("entries:\n  e: {question: Q, fact: green}\n", "8:26: 'fact' of entry 'e': 'green' has no fact ''"),
        ("entries:\n  e: {question: Q, section: S}\n", "8:3: entry 'e' needs either an 'answer' or a 'fact'"),
        (
            "entries:\n  e: {question: Q, answer: A, fact: green.taste}\n",
            "8:3: entry 'e' needs either an 'answer' or a 'fact'",
        ),
        ("entries:\n  e: {question: Q, answer: A}\n", "8:3: warning: entry 'e' names no section of the source"),
        (
            "phrasings:\n  e: {asks: [what is it]}\n",
            "8:3: phrasings are given for 'e', and there is no entry of that id",
        ),
        (
            "entries:\n  one: {question: What is it?, answer: A, section: S}\n"
            "  two: {question: Q, answer: A, section: S, phrasings: [what  is IT]}\n",
            "9:57: 'what is IT' stands in entry 'one' and in 'two': it can have one answer only",
        ),
        (
            "entries:\n  one: {question: What is it?, answer: A, section: S}\n"
            "  two: {question: Q, answer: A, section: S}\nphrasings: {two: {denies: [what is it]}}\n",
            "10:28: 'what is it' stands in entry 'one' and in 'two': it can have one answer only",
        ),
        (
            "entries:\n  e: {question: 'Why :(', answer: A, section: S}\n",
            "8:17: 'question' of entry 'e': '(' is never closed (at character 6 of the template)",
        ),
        (
            "entries:\n  e: {question: Q, answer: A, section: S, so: [is * green], not_so: [Is * GREEN]}\n",
            "8:70: 'Is * GREEN' stands in 'so' and in 'not_so' of entry 'e': it can be one of them only",
        ),
        (
            "entries:\n  e: {question: Q, answer: A, section: S}\nverdicts: {e: {holds: [is it green], open: [Is  it GREEN]}}\n",
            "9:45: 'Is it GREEN' stands in 'holds' and in 'open' of the verdicts of 'e': it can be one of them only",
        ),
    ],
)
def test_entries(faults: Faults, source: str, fault: str) -> None:
    assert faults(TEAS + source) == [f"my/a.yaml:{fault}"]


@pytest.mark.parametrize(
    ("written", "wrong", "fault"),
    [
        ("kind: tea", "kind: te", "5:17: thing 'green' is of kind 'te', and there is no kind of that id (did you mean 'tea'?)"),
        (
            "name: Green tea",
            "name: G, variant_of: tea",
            "5:43: 'variant_of' of 'green' names 'tea', and there is no thing of that id",
        ),
        ("taste: Grassy.", "tast: G", "5:47: 'green': kind 'tea' has no attribute 'tast' (did you mean 'taste'?)"),
        ("taste: Grassy.", "taste: [Grassy.]", "5:47: 'taste' of 'green' should be a text, got a list"),
        (
            "from: [japan]",
            "from: [jpan]",
            "5:70: 'from' of 'green' names 'jpan', and there is no thing of that id (did you mean 'japan'?)",
        ),
        (
            "from: [japan]",
            "from: jpan",
            "5:69: 'from' of 'green' names 'jpan', and there is no thing of that id (did you mean 'japan'?)",
        ),
        ("from: [japan]", "from: [green]", "5:70: 'from' of 'green' should hold land, and 'green' is a tea"),
        (
            "name: Japan",
            "name: Japan, facts: {grows: [green]}",
            "6:44: 'grows' of 'japan' follows from 'from' of the other side and is never written down here",
        ),
    ],
)
def test_things_and_their_facts(faults: Faults, written: str, wrong: str, fault: str) -> None:
    assert faults(TEAS.replace(written, wrong, 1)) == [f"my/a.yaml:{fault}"]


@pytest.mark.parametrize(
    ("attribute", "fault"),
    [
        ("type: things", "5:5: attribute 'a' of kind 'cup' holds things: say of which kinds, 'of: [...]'"),
        (
            "type: things, of: [cups]",
            "5:37: 'of' in attribute 'a' of kind 'cup' names 'cups', and there is no kind of that id (did you mean 'cup'?)",
        ),
        ("via: size", "5:23: 'via' in attribute 'a' of kind 'cup' should name an attribute that holds things"),
        (
            "via: sizes",
            "5:23: 'via' in attribute 'a' of kind 'cup' names 'sizes', "
            "and there is no attribute of that id (did you mean 'size'?)",
        ),
        ("part_of: b", "5:27: 'part_of' in attribute 'a' of kind 'cup' names 'b', and there is no attribute of that id"),
        ("otherwise: b", "5:29: 'otherwise' in attribute 'a' of kind 'cup' names 'b', and there is no attribute of that id"),
        (
            "type: things, of: [cup], inverse: b",
            "5:52: 'inverse' in attribute 'a' of kind 'cup': no kind in 'of' has an attribute 'b'",
        ),
        ("words: ['a|b)']", "5:26: 'words' of attribute 'a': ')' closes nothing (at character 4 of the template)"),
        ("links: [<b>]", "5:26: 'links' of attribute 'a': there is no rule 'b' (at character 1 of the template)"),
    ],
)
def test_attributes(faults: Faults, attribute: str, fault: str) -> None:
    lines = ["kinds:", "  cup:", "    {name: cup, plural: cups, attributes: {", "    size: {name: size},"]
    assert faults("\n".join([*lines, f"    a: {{name: a, {attribute}}}", "    }}"])) == [f"my/a.yaml:{fault}"]


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("overview: [sizes]", "1:48: kind 'cup' names 'sizes', and there is no attribute of that id"),
        ("members: size", "1:46: kind 'cup' names 'size', and there is no attribute of that id"),
    ],
)
def test_attributes_that_a_kind_names(faults: Faults, key: str, fault: str) -> None:
    assert faults(f"kinds: {{cup: {{name: cup, plural: c, {key}}}}}\n") == [f"my/a.yaml:{fault}"]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("kinds: {cup: {name: c, plural: c, words: ['(a']}}", "1:43: 'words' of kind 'cup': "),
        ("kinds: {c: {name: c, plural: c}}\nthings: {mug: {kind: c, name: Mug, aliases: ['(a']}}", "2:46: 'aliases' of 'mug': "),
        ("entries: {e: {question: Q, answer: A, section: S, phrasings: ['(a']}}", "1:63: 'phrasings' of entry 'e': "),
        ("entries: {e: {question: Q, answer: A, section: S, confirms: ['(a']}}", "1:62: 'confirms' of entry 'e': "),
        ("entries: {e: {question: Q, answer: A, section: S, denies: ['(a']}}", "1:60: 'denies' of entry 'e': "),
        ("rules: {r: (a}", "1:12: rule 'r': "),
        ("synonyms: {pot: ['(a']}", "1:18: synonyms 'pot': "),
        ("background: ['(a']", "1:14: 'background': "),
        ("gaps: {price: {name: price, words: ['(a']}}", "1:37: gap 'price': "),
        ("guards: {g: {kind: urgent, answer: A, signs: ['(a']}}", "1:47: guard 'g': "),
        ("guards: {g: {kind: urgent, answer: A, signs: [b], always: ['(a']}}", "1:60: guard 'g': "),
        ("smalltalk: {hi: {phrasings: ['(a'], answer: A}}", "1:30: small talk 'hi': "),
    ],
)
def test_an_open_bracket_wherever_a_template_may_stand(faults: Faults, source: str, fault: str) -> None:
    assert faults(source) == [f"my/a.yaml:{fault}'(' is never closed (at character 1 of the template)"]


def test_an_open_bracket_in_phrasings_that_stand_apart(faults: Faults) -> None:
    entry = "entries: {e: {question: Q, answer: A, section: S}}\n"
    assert faults(entry + "phrasings: {e: {asks: ['what [is'], confirms: ['{b'], denies: [\"it's <c\"]}}\n") == [
        "my/a.yaml:2:24: 'asks' of the phrasings of 'e': '[' is never closed (at character 6 of the template)",
        "my/a.yaml:2:48: 'confirms' of the phrasings of 'e': '{' is never closed (at character 1 of the template)",
        "my/a.yaml:2:64: 'denies' of the phrasings of 'e': '<' is never closed (at character 6 of the template)",
    ]


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("how is {tee} brewed", "there is no kind 'tee' (did you mean 'tea'?) (at character 8 of the template)"),
        ("how is [the {pot}] brewed", "there is no kind 'pot' (at character 13 of the template)"),
        ("<ask> brew", "there is no rule 'ask' (did you mean 'asks'?) (at character 1 of the template)"),
        ("(a|[b <c>])", "there is no rule 'c' (at character 7 of the template)"),
    ],
)
def test_a_template_that_names_nothing(faults: Faults, template: str, fault: str) -> None:
    source = f"rules: {{asks: what}}\nentries: {{e: {{question: Q, answer: A, section: S, phrasings: ['{template}']}}}}\n"
    assert faults(TEAS + source) == [f"my/a.yaml:8:63: 'phrasings' of entry 'e': {fault}"]


def test_a_template_may_name_kinds_and_rules(faults: Faults) -> None:
    source = "rules: {asks: 'what [is]'}\nentries: {e: {question: Q, answer: A, section: S, phrasings: ['<asks> {tea}']}}\n"
    assert faults(TEAS + source) == []


@pytest.mark.parametrize("sign", ["{person} has a fever", "fever of {38..43}", "{38.5..43} [degrees]", "my * hurts"])
def test_the_signs_of_a_guard_have_slots_of_their_own(faults: Faults, sign: str) -> None:
    assert faults(f"guards: {{g: {{kind: urgent, answer: A, signs: ['{sign}']}}}}\n") == []


@pytest.mark.parametrize("slot", ["persons", "38", "38..", "..43", "38..x", "38-43"])
def test_other_slots_in_a_sign_name_nothing(faults: Faults, slot: str) -> None:
    assert faults(f"guards: {{g: {{kind: urgent, answer: A, signs: ['{{{slot}}}']}}}}\n") == [
        f"my/a.yaml:1:47: guard 'g': there is no kind '{slot}' (at character 1 of the template)"
    ]


def test_the_slots_of_guards_are_for_guards_alone(faults: Faults) -> None:
    assert faults("background: ['{person} there']\n") == [
        "my/a.yaml:1:14: 'background': there is no kind 'person' (at character 1 of the template)"
    ]


def test_an_inverse_in_a_kind_that_does_not_exist(faults: Faults) -> None:
    source = "kinds: {cup: {name: c, plural: c, attributes: {a: {name: a, type: things, of: [pot], inverse: b}}}}\n"
    assert "my/a.yaml:1:80: 'of' in attribute 'a' of kind 'cup' names 'pot', and there is no kind of that id" in faults(source)


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("topic: [tee]", "'topic' of 'pack' should be a text, got a list"),
        ("topic: tee", "'topic' of the pack names 'tee', and there is no thing of that id"),
        ("reviewed: last May", "'reviewed' should be a day such as 2026-05-31, got 'last May'"),
        ("expires: 2026-02-30", "'expires' should be a day such as 2026-05-31, got '2026-02-30'"),
        ("expires: 2020-01-31", "warning: the pack was to be reviewed before 2020-01-31"),
        ("language: de", "'language' of 'pack' should be en, got 'de'"),
    ],
)
def test_the_pack_itself(tmp_pack: Faults, key: str, fault: str) -> None:
    column = len("  ") + key.index(":") + 3
    assert tmp_pack(key) == [f"my/pack.yaml:6:{column}: {fault}"]


@pytest.fixture
def tmp_pack(faults: Callable[[dict[str, str]], list[str]]) -> Faults:
    """The faults of a pack with one more key about itself, on line 6."""
    return lambda key: faults({"pack.yaml": f"{ABOUT}  {key}\n"})


@pytest.mark.parametrize(
    "key", ["reviewed: 2026-05-31", "reviewed: '2026-05-31'", "reviewed: null", "expires: 2999-01-31", "topic: ~"]
)
def test_days_and_nothing_are_in_order(tmp_pack: Faults, key: str) -> None:
    assert tmp_pack(key) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("long: {f: ['a [[b]]']}", "my/a.yaml:1:8: 'long' names 'f', and there is no entry of that id"),
        (
            "long: {facts.colour: ['a [[b]]']}",
            "my/a.yaml:1:8: 'long' names 'facts.colour', and there is no attribute of that name",
        ),
        ("long: {facts: ['a b']}", "my/a.yaml:1:16: mark the part of the message that asks, once, between '[[' and ']]'"),
        ("long: {facts: ['a ]]b[[']}", "my/a.yaml:1:16: mark the part of the message that asks, once, between '[[' and ']]'"),
    ],
)
def test_long_messages(faults: Faults, source: str, fault: str) -> None:
    assert faults(source) == [fault]
