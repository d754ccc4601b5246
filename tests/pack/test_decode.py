from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.pack.decode import close_name, nearest
from bot.pack.load import load
from bot.pack.nodes import Text

GREEN = "things:\n  green:\n    kind: drink\n    name: Green tea\n"
"""The beginning of a file whose next line, the fifth, may say more of the thing `green`."""

KINDS = "kinds: {drink: {name: drink, plural: drinks, attributes: {about: {name: about}}}}\n"


@pytest.fixture
def lone(faults: Callable[[str], list[str]]) -> Callable[[str], str]:
    """The one fault of `a.yaml`, without the name of the file."""

    def lone(source: str) -> str:
        found = faults(source)
        assert len(found) == 1, found
        return found[0].removeprefix("my/a.yaml:")

    return lone


def test_values_arrive_as_they_were_written(write: Callable[[dict[str, str]], Path]) -> None:
    about = "pack:\n  title: '12'\n  notice: \"no\"\n  greeting: |\n    Hi\n"
    about += "  source: {title: T, publisher: P, url: null}\n  expires: 2999-01-31\n"
    things = "kinds: {tea: {name: tea, plural: teas}}\nthings: {g: {kind: tea, name: G, plural: yes}}\n"
    pack = load(write({"a.yaml": about + things}))
    assert (pack.pack.title, pack.pack.notice, pack.pack.greeting) == ("12", "no", "Hi\n")
    assert (pack.pack.source.url, pack.pack.expires, pack.pack.language) == (None, "2999-01-31", "en")
    assert pack.things["g"].plural is True
    assert pack.things["g"].aliases == []


def test_values_remember_their_place(write: Callable[[dict[str, str]], Path]) -> None:
    about = "pack: {title: T, notice: N, greeting: G, source: {title: T, publisher: P}}\n"
    pack = load(write({"a.yaml": about + "background:\n  - cup\n  - 'pot'\n"}))
    assert [(text.path, text.line, text.column) for text in pack.background if isinstance(text, Text)] == [
        ("my/a.yaml", 3, 5),
        ("my/a.yaml", 4, 5),
    ]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("no", "should be a text, got a yes/no value: put 'no' in quotes"),
        ("yes", "should be a text, got a yes/no value: put 'yes' in quotes"),
        ("on", "should be a text, got a yes/no value: put 'on' in quotes"),
        ("12", "should be a text, got a number: put '12' in quotes"),
        ("12:30", "should be a text, got a number: put '12:30' in quotes"),
        ("1.5", "should be a text, got a number: put '1.5' in quotes"),
        ("=", "should be a text, got a default value: put '=' in quotes"),
        ("<<", "should be a text, got a merge of tables: put '<<' in quotes"),
        ("null", "is empty"),
        ("~", "is empty"),
        ("''", "is empty"),
        ("' '", "is empty"),
        ("[a]", "should be a text, got a list"),
        ("{a: b}", "should be a text, got a table of keys"),
    ],
)
def test_a_value_that_is_no_text(lone: Callable[[str], str], written: str, fault: str) -> None:
    assert lone(f"{KINDS}{GREEN}    section: {written}\n") == f"6:14: 'section' of 'green' {fault}"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("no", "the key 'no' in 'rules' reads as a yes/no value: put it in quotes"),
        ("Yes", "the key 'Yes' in 'rules' reads as a yes/no value: put it in quotes"),
        ("on", "the key 'on' in 'rules' reads as a yes/no value: put it in quotes"),
        ("null", "the key 'null' in 'rules' reads as nothing: put it in quotes"),
        ("~", "the key '~' in 'rules' reads as nothing: put it in quotes"),
        ("12", "the key '12' in 'rules' reads as a number: put it in quotes"),
        ("1.5", "the key '1.5' in 'rules' reads as a number: put it in quotes"),
        ("2026-05-31", "the key '2026-05-31' in 'rules' reads as a date: put it in quotes"),
        ("''", "a key in 'rules' is empty"),
        ("' '", "a key in 'rules' is empty"),
        ("<<", "no merges (<<): write the keys out"),
    ],
)
def test_a_key_that_is_no_text(lone: Callable[[str], str], written: str, fault: str) -> None:
    assert lone(f"rules:\n  {written}: tea\n") == f"2:3: {fault}"


def test_a_key_in_quotes_is_a_text_whatever_it_says(faults: Callable[[str], list[str]]) -> None:
    assert faults("rules: {'no': a, \"1\": b, 'null': c, '2026-05-31': d, '<<': e}\n") == []


def test_a_key_that_needs_quotes_is_known_to_those_that_refer_to_it(lone: Callable[[str], str]) -> None:
    source = "rules:\n  on: upon\nbackground:\n  - <on> the table\n"
    assert lone(source) == "2:3: the key 'on' in 'rules' reads as a yes/no value: put it in quotes"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("background: tea\n", "1:13: 'background' should be a list, got a text"),
        ("background: {a: b}\n", "1:13: 'background' should be a list, got a table of keys"),
        ("background: 3\n", "1:13: 'background' should be a list, got a number"),
        ("background: [tea, [pot]]\n", "1:19: an item of 'background' should be a text, got a list"),
        ("background: [tea, {pot}]\n", "1:19: an item of 'background' should be a text, got a table of keys"),
        ("background: [tea, no]\n", "1:19: an item of 'background' should be a text, got a yes/no value: put 'no' in quotes"),
        ("background: [tea, ]\nrules: [a]\n", "2:8: 'rules' should be a table of keys, got a list"),
        ("background: [tea, '']\n", "1:19: an item of 'background' is empty"),
        ("rules: tea\n", "1:8: 'rules' should be a table of keys, got a text"),
        ("rules: {a: [b]}\n", "1:12: 'a' should be a text, got a list"),
        ("smalltalk: {hi: hello}\n", "1:17: 'hi' should be a table of keys, got a text"),
        ("smalltalk: {hi: }\n", "1:17: 'hi' should be a table of keys, got nothing"),
        ("smalltalk: {hi: {phrasings: hi, answer: Hi}}\n", "1:29: 'phrasings' of 'hi' should be a list, got a text"),
        ("smalltalk: {hi: {phrasings: , answer: Hi}}\n", "1:29: 'phrasings' of 'hi' should be a list, got nothing"),
        ("tests: {ask: hi}\n", "1:8: 'tests' should be a list, got a table of keys"),
        ("tests: [hi]\n", "1:9: an item of 'tests' should be a table of keys, got a text"),
        (
            "tests:\n  - ask: is it so\n    verdict: yes\n",
            "3:14: 'verdict' of an item of 'tests' should be a text, got a yes/no value: put 'yes' in quotes",
        ),
        (f"{KINDS}{GREEN}    section:\n", "6:13: 'section' of 'green' is empty"),
        (f"{KINDS}{GREEN}    plural: 1\n", "6:13: 'plural' of 'green' should be true or false, got a number"),
        (f"{KINDS}{GREEN}    plural: 'yes'\n", "6:13: 'plural' of 'green' should be true or false, got a text"),
        (f"{KINDS}{GREEN}    plural: ~\n", "6:13: 'plural' of 'green' should be true or false, got nothing"),
        (f"{KINDS}{GREEN}    facts: {{about: {{a: b}}}}\n", "6:20: 'about' should be a text, got a table of keys"),
        (f"{KINDS}{GREEN}    facts: {{about: 7}}\n", "6:20: 'about' should be a text, got a number: put '7' in quotes"),
    ],
)
def test_a_value_of_the_wrong_shape(lone: Callable[[str], str], source: str, fault: str) -> None:
    assert lone(source) == fault


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (f"{KINDS}{GREEN}    alias: [sencha]\n", "6:5: unknown key 'alias' in 'green' (did you mean 'aliases'?)"),
        (f"{KINDS}{GREEN}    colour: green\n", "6:5: unknown key 'colour' in 'green'"),
        (f"{KINDS}{GREEN}    no: green\n", "6:5: unknown key 'no' in 'green'"),
        (f"{KINDS}{GREEN}    '': green\n", "6:5: unknown key '' in 'green'"),
        ("smalltalk: {hi: {phrasing: [hi], answer: Hi}}\n", "1:18: unknown key 'phrasing' in 'hi' (did you mean 'phrasings'?)"),
        (
            "smalltalk: {hi: {phrasing: 3, phrasings: [hello], answer: Hi}}\n",
            "1:18: unknown key 'phrasing' in 'hi' (did you mean 'phrasings'?)",
        ),
        ("smalltalk: {hi: {phrasings: [hi]}}\n", "1:17: 'hi' has no 'answer'"),
        ("smalltalk:\n  hi:\n    answer: Hi\n", "3:5: 'hi' has no 'phrasings'"),
        (
            "tests: [{ask: hi, kind: chitchatt}]\n",
            "1:25: 'kind' of an item of 'tests' should be answer or chitchat or clarify or fallback or refer or urgent, "
            "got 'chitchatt' (did you mean 'chitchat'?)",
        ),
        ("guards: {g: {kind: red, answer: A, signs: [s]}}\n", "1:20: 'kind' of 'g' should be refer or urgent, got 'red'"),
        ("rules:\n  a: one\n  b: two\n  a: three\n", "4:3: 'a' stands twice in 'rules': first on line 2"),
        (f"{KINDS}{GREEN}    name: Sencha\n", "6:5: 'name' stands twice in 'green': first on line 5"),
    ],
)
def test_keys_unknown_missing_or_twice(lone: Callable[[str], str], source: str, fault: str) -> None:
    assert lone(source) == fault


def test_what_stands_twice_is_looked_into_as_well(faults: Callable[[str], list[str]]) -> None:
    assert faults("rules:\n  a: one\n  a: 2\n  a: [three]\n") == [
        "my/a.yaml:3:3: 'a' stands twice in 'rules': first on line 2",
        "my/a.yaml:3:6: 'a' should be a text, got a number: put '2' in quotes",
        "my/a.yaml:4:3: 'a' stands twice in 'rules': first on line 2",
        "my/a.yaml:4:6: 'a' should be a text, got a list",
    ]


def test_one_slip_is_one_fault_whoever_refers_to_it(lone: Callable[[str], str]) -> None:
    source = f"{KINDS}things:\n  green: {{kind: drink, nam: Green tea}}\n  mint: {{kind: drink, name: Mint, variant_of: green}}\n"
    assert lone(source) == "3:24: unknown key 'nam' in 'green' (did you mean 'name'?)"


def test_a_misspelt_choice_is_read_as_the_one_that_was_meant(lone: Callable[[str], str]) -> None:
    source = KINDS.replace("name: about", "name: about, type: thing, of: [drink]") + GREEN + "    facts: {about: [green]}\n"
    assert lone(source) == ("1:86: 'type' of 'about' should be name or text or things, got 'thing' (did you mean 'things'?)")


def test_a_thing_without_a_name_is_still_a_thing(lone: Callable[[str], str]) -> None:
    source = f"{KINDS}things:\n  green: {{kind: drink}}\nentries: {{e: {{question: Q, answer: A, section: S, about: [green]}}}}\n"
    assert lone(source) == "3:10: 'green' has no 'name'"


@pytest.mark.parametrize(
    ("name", "known", "close"),
    [
        ("phrasing", ["phrasings", "answer"], " (did you mean 'phrasings'?)"),
        ("anwser", ["phrasings", "answer"], " (did you mean 'answer'?)"),
        ("colour", ["phrasings", "answer"], ""),
        ("", ["phrasings"], ""),
        ("b", [], ""),
        ("ab", ["ac", "aa"], ""),
        ("abc", ["abz", "aby"], " (did you mean 'aby'?)"),
    ],
)
def test_the_close_name(name: str, known: list[str], close: str) -> None:
    assert close_name(name, known) == close


@given(st.text("abc", max_size=6), st.lists(st.text("abc", max_size=6), max_size=6))
def test_the_nearest_name_is_the_first_of_the_most_similar(name: str, known: list[str]) -> None:
    scored = sorted((-OSA.normalized_similarity(name, other), other) for other in known)
    assume(not scored or abs(-scored[0][0] - 0.6) > 1e-9)
    wanted = scored[0][1] if scored and -scored[0][0] > 0.6 else None
    assert nearest(name, known) == wanted


@pytest.mark.parametrize("written", ["0.01", "0.499", "1.0e-2", ".05"])
def test_a_share_is_a_number(write: Callable[[dict[str, str]], Path], written: str) -> None:
    about = f"pack: {{title: T, notice: N, greeting: G, source: {{title: T, publisher: P}}, wrong_answer_rate: {written}}}\n"
    assert load(write({"a.yaml": about})).pack.wrong_answer_rate == float(written)


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("1", ": for 1 % write 0.01"),
        ("1 %", ": for 1 % write 0.01"),
        ("0.5%", ": for 0.5 % write 0.005"),
        ("0.5", ""),
        ("0", ""),
        ("-0.01", ""),
        (".nan", ""),
        (".inf", ""),
        ("0x1", ""),
        ("'0.01'", ": write 0.01, without quotes"),
        ("1e-2", ": write 0.01, without quotes"),
        ("99 %", ""),
        ("one in a hundred", ""),
        ("yes", ""),
    ],
)
def test_what_is_no_such_share(faults: Callable[[dict[str, str]], list[str]], written: str, mend: str) -> None:
    about = "pack:\n  title: T\n  notice: N\n  greeting: G\n  source: {title: T, publisher: P}\n"
    found = faults({"a.yaml": f"{about}  wrong_answer_rate: {written}\n"})
    shown = written.strip("'")
    assert found == [f"my/a.yaml:6:22: 'wrong_answer_rate' of 'pack' should be a number between 0 and 0.5, got '{shown}'{mend}"]
