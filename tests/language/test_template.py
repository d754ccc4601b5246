from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.template import (
    LONGEST_PHRASE,
    MOST_PHRASES,
    Choice,
    Rule,
    Sequence,
    Slot,
    TemplateError,
    Word,
    count,
    expand,
    parse,
    slots,
)


def test_the_tree_of_a_template() -> None:
    assert parse("[what (is|are)] {drug} <works>") == Sequence(
        (
            Choice(
                (
                    Sequence((Word("what"), Choice((Sequence((Word("is"),)), Sequence((Word("are"),)))))),
                    Sequence(()),
                )
            ),
            Slot("drug", 16),
            Rule("works", 23),
        )
    )


@pytest.mark.parametrize(
    ("template", "phrases"),
    [
        ("", [""]),
        ("  ", [""]),
        ("side effects", ["side effects"]),
        ("\tside \n effects ", ["side effects"]),
        ("[the] dose", ["the dose", "dose"]),
        ("(a|b) c", ["a c", "b c"]),
        ("(a|b) (c|d)", ["a c", "a d", "b c", "b d"]),
        ("[a|b]", ["a", "b", ""]),
        ("a|b", ["a", "b"]),
        ("a|", ["a", ""]),
        ("(|a)", ["", "a"]),
        ("()", [""]),
        ("[]", [""]),
        ("((a|b)|(b|a))", ["a", "b"]),
        ("[[a]]", ["a", ""]),
        ("[a [b]] c", ["a b c", "a c", "c"]),
        ("(a b|c) d", ["a b d", "c d"]),
        ("{drug} of {kind}", ["{drug} of {kind}"]),
        ("{ drug }", ["{drug}"]),
        ("what's up?", ["what's up?"]),
        ("<ask> it", ["what is it", "who is it"]),
        ("<again>", ["what is so", "who is so"]),
        ("<nothing> a", ["a"]),
    ],
)
def test_the_phrases_of_a_template(template: str, phrases: list[str]) -> None:
    rules = {"ask": parse("(what|who) is"), "again": parse("<ask> so"), "nothing": parse("")}
    assert expand(parse(template), rules) == phrases


def test_slots_and_rules_in_the_order_written() -> None:
    assert slots(parse("{a} [<b> ({c}|d)] {a}")) == [Slot("a", 0), Rule("b", 5), Slot("c", 10), Slot("a", 18)]


@pytest.mark.parametrize(
    ("template", "position", "message"),
    [
        ("what [is", 5, "'[' is never closed"),
        ("what (is|are", 5, "'(' is never closed"),
        ("((a)", 0, "'(' is never closed"),
        ("(a [b)", 5, "expected ']' for the bracket at 4, got ')'"),
        ("[a (b]", 5, "expected ')' for the bracket at 4, got ']'"),
        ("a)", 1, "')' closes nothing"),
        ("a ]", 2, "']' closes nothing"),
        ("a}", 1, "'}' closes nothing"),
        ("[a > b]", 3, "'>' closes nothing"),
        ("[a|b)", 4, "expected ']' for the bracket at 1, got ')'"),
        ("a {drug", 2, "'{' is never closed"),
        ("a {", 2, "'{' is never closed"),
        ("{drug [x]}", 0, "'{' is never closed"),
        ("a <rule", 2, "'<' is never closed"),
        ("{}", 0, "a slot or rule needs one name of one word"),
        ("a {the drug}", 2, "a slot or rule needs one name of one word"),
        ("< >", 0, "a slot or rule needs one name of one word"),
        ("x" + "(" * 50, 41, "brackets nest deeper than 40"),
        ("(" * 20_000 + ")" * 20_000, 40, "brackets nest deeper than 40"),
        ("[" * 20_000, 40, "brackets nest deeper than 40"),
    ],
)
def test_a_template_that_cannot_be_read(template: str, position: int, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        parse(template)
    assert (raised.value.position, str(raised.value)) == (position, message)


@pytest.mark.parametrize(
    ("template", "position", "message"),
    [
        ("a <b>", 2, "there is no rule 'b'"),
        ("a <self>", 2, "in rule 'self': rule 'self' leads back to itself"),
        ("a <one>", 2, "in rule 'two': rule 'one' leads back to itself"),
        ("<missing>", 0, "in rule 'missing': there is no rule 'nowhere'"),
        ("[a] " * 12, 0, "stands for more than 4000 phrases; split it in two"),
        ("a <many>", 2, "in rule 'many': stands for more than 4000 phrases; split it in two"),
        ("w " * 101, 0, "stands for a phrase of more than 100 words"),
    ],
)
def test_a_template_that_cannot_be_expanded(template: str, position: int, message: str) -> None:
    texts = {"self": "b c <self>", "one": "<two>", "two": "[b] <one>", "missing": "far away is <nowhere>", "many": "(a|b) " * 12}
    rules = {name: parse(text) for name, text in texts.items()}
    with pytest.raises(TemplateError) as raised:
        expand(parse(template), rules)
    assert (raised.value.position, str(raised.value)) == (position, message)


@pytest.mark.parametrize("count", [MOST_PHRASES, MOST_PHRASES - 1])
def test_as_many_phrases_as_are_allowed(count: int) -> None:
    assert len(expand(parse("|".join(f"w{i}" for i in range(count))))) == count


def test_a_phrase_as_long_as_is_allowed() -> None:
    assert expand(parse("w " * LONGEST_PHRASE)) == [" ".join(["w"] * LONGEST_PHRASE)]


def phrases_or_error(template: str, rules: dict[str, Sequence]) -> list[str] | TemplateError:
    try:
        return expand(parse(template), rules)
    except TemplateError as error:
        return error


def count_or_error(template: str, rules: dict[str, Sequence]) -> int | TemplateError:
    try:
        return count(parse(template), rules)
    except TemplateError as error:
        return error


@pytest.mark.parametrize("doubling", ["<r> <r>", "(<r>|<r>)", "[<r>] [<r>]", "(<r>|b <r>)"])
@pytest.mark.parametrize("core", ["", "a", "[a]", "(a|b)"])
def test_rules_that_double_each_other_are_a_bomb_that_does_not_go_off(core: str, doubling: str) -> None:
    rules = {"r0": parse(core), **{f"r{i}": parse(doubling.replace("<r>", f"<r{i - 1}>")) for i in range(1, 41)}}
    assert str(count_or_error("<r40>", rules)).endswith(
        (
            "stands for a phrase of more than 100 words",
            "holds more than 10000 words and brackets with its rules put in; split it in two",
        )
    )
    if (core, doubling) == ("", "<r> <r>"):
        assert phrases_or_error("<r40>", rules) == [""]
    else:
        assert str(phrases_or_error("<r40>", rules)).endswith(("more than 100 words", "more than 4000 phrases; split it in two"))


def test_a_long_chain_of_rules_is_refused() -> None:
    rules = {"r0": parse("a"), **{f"r{i}": parse(f"([b] <r{i - 1}>)") for i in range(1, 3_000)}}
    for found in (phrases_or_error("<r2999>", rules), count_or_error("<r2999>", rules)):
        assert isinstance(found, TemplateError)
        assert str(found) == "in rule 'r2950': brackets and rules nest deeper than 100"
        assert found.position == 0


@pytest.mark.parametrize(
    ("template", "phrases"),
    [
        ("", 1),
        ("a", 1),
        ("[a]", 2),
        ("(a|b) [c]", 4),
        ("(a|a)", 2),
        ("<two> <two> {x}", 4),
        ("[a] " * 11, 2048),
        ("[a] " * 12, MOST_PHRASES + 1),
        ("[a] " * 100, MOST_PHRASES + 1),
    ],
)
def test_the_number_of_phrases(template: str, phrases: int) -> None:
    assert count(parse(template), {"two": parse("b|c")}) == phrases


@pytest.mark.parametrize(
    ("template", "position", "message"),
    [
        ("a <b>", 2, "there is no rule 'b'"),
        ("a <one>", 2, "rule 'one' leads back to itself"),
        ("a <two>", 2, "in rule 'two': rule 'one' leads back to itself"),
        ("w " * 101, 0, "stands for a phrase of more than 100 words"),
        ("|".join(["w"] * 10_000), 0, "holds more than 10000 words and brackets with its rules put in; split it in two"),
    ],
)
def test_a_template_that_cannot_be_counted(template: str, position: int, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        count(parse(template), {"one": parse("x"), "two": parse("[b] <one>")}, ("one",))
    assert (raised.value.position, str(raised.value)) == (position, message)


# A tree is ("word", text), ("slot", name), ("rule", name), or ("all" | "any" | "maybe", [tree, ...]).
Tree = tuple[str, object]

NAMES = st.text(st.characters(exclude_characters="[](){}<>|", exclude_categories=["Z", "C"]), min_size=1, max_size=4)
LEAVES = st.tuples(st.just("word"), NAMES) | st.tuples(st.just("slot"), NAMES)


def trees(leaves: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    kinds = st.sampled_from(["all", "any", "maybe"])
    return st.recursive(leaves, lambda inner: st.tuples(kinds, st.lists(inner, min_size=1, max_size=3)), max_leaves=9)


def rendered(tree: Tree) -> str:
    kind, what = tree
    if isinstance(what, list):
        inner = [rendered(part) for part in what]
        return {"all": f"({' '.join(inner)})", "any": f"({'|'.join(inner)})", "maybe": f"[{' | '.join(inner)}]"}[kind]
    return {"word": f" {what} ", "slot": f"{{{what}}}", "rule": f"< {what}>"}[kind]


def phrases_of(tree: Tree, rules: dict[str, Tree]) -> list[list[str]]:
    """Every phrase of `tree`, one after the other, the slow and obvious way."""
    kind, what = tree
    if isinstance(what, list):
        inner = [phrases_of(part, rules) for part in what]
        if kind == "all":
            return [[word for phrase in choice for word in phrase] for choice in product(*inner)]
        return [phrase for phrases in inner for phrase in phrases] + ([[]] if kind == "maybe" else [])
    if kind == "rule":
        return phrases_of(rules[str(what)], rules)
    return [[str(what) if kind == "word" else f"{{{what}}}"]]


@given(trees(LEAVES | st.tuples(st.just("rule"), st.just("r"))), trees(LEAVES))
def test_a_template_stands_for_the_phrases_of_its_tree(tree: Tree, rule: Tree) -> None:
    wanted = [" ".join(phrase) for phrase in phrases_of(tree, {"r": rule})]
    found = phrases_or_error(rendered(tree), {"r": parse(rendered(rule))})
    assert count_or_error(rendered(tree), {"r": parse(rendered(rule))}) == min(len(wanted), MOST_PHRASES + 1)
    if len(wanted) > MOST_PHRASES:
        assert str(found).endswith("stands for more than 4000 phrases; split it in two")
    else:
        assert found == list(dict.fromkeys(wanted))


def tree_or_error(text: str) -> Sequence | TemplateError:
    try:
        return parse(text)
    except TemplateError as error:
        return error


@given(st.text(st.sampled_from("[](){}<>| ab\n") | st.characters()))
def test_any_text_is_a_template_or_an_error_with_its_place(text: str) -> None:
    found = tree_or_error(text)
    if isinstance(found, TemplateError):
        assert 0 <= found.position < len(text)
        assert text[found.position] in "[](){}<>"
    else:
        assert all(text[slot.position] == ("{" if isinstance(slot, Slot) else "<") for slot in slots(found))


SOUND = st.text(st.sampled_from("[](){}<>| arst"), max_size=14).map(tree_or_error).filter(lambda tree: isinstance(tree, Sequence))


@given(st.dictionaries(st.sampled_from("rst"), SOUND), st.sampled_from(["<r>", "a [<s>] <t>"]))
def test_any_rules_expand_or_are_an_error_with_its_place(rules: dict[str, Sequence], template: str) -> None:
    found = phrases_or_error(template, rules)
    if isinstance(found, TemplateError):
        assert template[found.position] == "<"
    else:
        assert found == [" ".join(phrase.split()) for phrase in found]
