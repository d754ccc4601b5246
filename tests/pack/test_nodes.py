import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Fault
from bot.pack.nodes import DEEPEST, Items, Node, Scalar, Table, Text, parse

YAMLISH = st.text(st.sampled_from("ab1 \n\n  \t-?:,[]{}&*!|>'\"%@`#~<=.\\é\0\u2028\ufeff"), max_size=60)


def plain(node: Node | None) -> object:
    """`node` as Python values, every scalar as its text."""
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if isinstance(node, Table):
        return {str(key.text): plain(value) for key, value in node.rows}
    return None if node is None else str(node.text)


def texts(node: Node | None) -> list[Text]:
    if isinstance(node, Items):
        return [text for item in node.items for text in texts(item)]
    if isinstance(node, Table):
        return [text for key, value in node.rows for text in (key.text, *texts(value))]
    return [] if node is None else [node.text]


def complaints(source: str) -> list[str]:
    faults: list[Fault] = []
    parse(source, "tea.yaml", faults)
    return [str(fault) for fault in faults]


def test_the_tree_is_what_was_written() -> None:
    source = (
        "things:\n  green: {name: Green tea, aliases: [sencha, 'no', \"1\"]}\n  black:\n    name: >-\n      Black\n      tea\n"
    )
    faults: list[Fault] = []
    tree = parse(source, "tea.yaml", faults)
    assert plain(tree) == {
        "things": {"green": {"name": "Green tea", "aliases": ["sencha", "no", "1"]}, "black": {"name": "Black tea"}}
    }
    assert faults == []


def test_every_text_knows_its_place() -> None:
    tree = parse("é: [ü, 'b c']\nd:\n  - |\n    e\n", "tea.yaml", [])
    assert [(text, text.path, text.line, text.column) for text in texts(tree)] == [
        ("é", "tea.yaml", 1, 1),
        ("ü", "tea.yaml", 1, 5),
        ("b c", "tea.yaml", 1, 8),
        ("d", "tea.yaml", 2, 1),
        ("e\n", "tea.yaml", 3, 5),
    ]


@pytest.mark.parametrize("source", ["", "\n\n", "# nothing yet\n", "\ufeff"])
def test_a_file_without_content_is_no_tree_and_no_fault(source: str) -> None:
    faults: list[Fault] = []
    assert parse(source, "tea.yaml", faults) is None
    assert faults == []


@pytest.mark.parametrize(
    ("written", "meaning", "described"),
    [
        ("tea", "str", "a text"),
        ("'no'", "str", "a text"),
        ("no", "bool", "a yes/no value"),
        ("Yes", "bool", "a yes/no value"),
        ("on", "bool", "a yes/no value"),
        ("true", "bool", "a yes/no value"),
        ("~", "null", "nothing"),
        ("null", "null", "nothing"),
        ("", "null", "nothing"),
        ("12", "int", "a number"),
        ("12:30", "int", "a number"),
        ("0x1F", "int", "a number"),
        ("1_000", "int", "a number"),
        ("1.5", "float", "a number"),
        (".inf", "float", "a number"),
        ("2026-05-31", "timestamp", "a date"),
        ("<<", "merge", "a merge of tables"),
        ("=", "value", "a default value"),
    ],
)
def test_what_yaml_takes_an_unquoted_text_for(written: str, meaning: str, described: str) -> None:
    tree = parse(f"a: {written}\n", "tea.yaml", [])
    assert isinstance(tree, Table)
    value = tree.rows[0][1]
    assert isinstance(value, Scalar)
    assert (value.meaning, value.described()) == (meaning, described)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("a:\n\tb: c\n", "2:1: not readable as YAML: a tab where only blanks may stand"),
        ("a:\n  b: c\n\td: e\n", "3:1: not readable as YAML: a tab where only blanks may stand"),
        ("a: @b\n", "1:4: not readable as YAML: put a text that begins with @ in quotes"),
        ("a: `b`\n", "1:4: not readable as YAML: put a text that begins with ` in quotes"),
        ("a: %b\n", "1:4: not readable as YAML: put a text that begins with % in quotes"),
        ("a: * b\n", "1:5: not readable as YAML: put a text that begins with * or & in quotes"),
        ("a: & b\n", "1:5: not readable as YAML: put a text that begins with * or & in quotes"),
        ("- [the] b\n", "1:9: not readable as YAML: put a text that begins with [ or { in quotes"),
        ("- {b} c\n", "1:7: not readable as YAML: put a text that begins with [ or { in quotes"),
        ("a: {b} c\n", "1:8: not readable as YAML: put a text that begins with [ or { in quotes"),
        (
            "a: b: c\n",
            "1:5: not readable as YAML: put a text that holds ': ' in quotes, or mend how far this line is indented",
        ),
        (
            "a:\n  b: c\n d: e\n",
            "3:2: not readable as YAML: did not find expected key while parsing a block mapping from line 1",
        ),
        (
            "a: [b,\nc: d\n",
            "3:1: not readable as YAML: did not find expected ',' or ']' while parsing a flow sequence from line 1",
        ),
        ("a: 'b\n", "2:1: not readable as YAML: found unexpected end of stream while scanning a quoted scalar from line 1"),
        ("%YAML 3.0\n---\n", "1:1: not readable as YAML: found incompatible YAML document"),
        ("a: b\nc: d\x07e\n", "2:5: not readable as YAML: the control character U+0007"),
        ("\0", "1:1: not readable as YAML: the control character U+0000"),
        ("- a\n- \x1b[31m\n", "2:3: not readable as YAML: the control character U+001B"),
        ("a: b\n---\nc: d\n", "2:1: a second document begins here: one document a file"),
        ("a: *b\n", "1:4: no aliases: write out what *b stands for, or put it in quotes"),
        ("- [a, b]: c\n", "1:3: a key should be a text, got a list"),
        ("? {a: b}\n: c\n", "1:3: a key should be a text, got a table of keys"),
        ("a: &b c\n", "1:4: no anchors and tags: remove &b, or put the text in quotes"),
        ("a: !b c\n", "1:4: no anchors and tags: remove !b, or put the text in quotes"),
        ("a: !!int 3\n", "1:4: no anchors and tags: remove !!int, or put the text in quotes"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "1:4: no anchors and tags: remove !!python/object/apply:os.system, or put the text in quotes",
        ),
        ("a: !<x%1By> c\n", "1:4: no anchors and tags: remove x y, or put the text in quotes"),
    ],
)
def test_a_trap_is_named_with_its_place(source: str, fault: str) -> None:
    assert complaints(source) == [f"tea.yaml:{fault}"]


def test_anchors_and_tags_do_not_hide_what_comes_after() -> None:
    assert complaints("- &a b\n- !c d\n- {e: &f [g]}\n") == [
        "tea.yaml:1:3: no anchors and tags: remove &a, or put the text in quotes",
        "tea.yaml:2:3: no anchors and tags: remove !c, or put the text in quotes",
        "tea.yaml:3:7: no anchors and tags: remove &f, or put the text in quotes",
    ]


def test_an_alias_bomb_is_refused_at_its_first_alias() -> None:
    lines = ["a0: &a0 [lol, lol]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30))]
    assert complaints("\n".join(lines)) == [
        "tea.yaml:1:5: no anchors and tags: remove &a0, or put the text in quotes",
        "tea.yaml:2:5: no anchors and tags: remove &a1, or put the text in quotes",
        "tea.yaml:2:10: no aliases: write out what *a0 stands for, or put it in quotes",
    ]


def test_an_anchor_that_holds_itself_is_refused() -> None:
    assert complaints("&a [*a]")[-1] == "tea.yaml:1:5: no aliases: write out what *a stands for, or put it in quotes"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("[" * 20_000, "1:25: nested deeper than 24 levels"),
        ("[" * 20_000 + "]" * 20_000, "1:25: nested deeper than 24 levels"),
        ("{a: " * 20_000 + "}" * 20_000, "1:97: nested deeper than 24 levels"),
        ("[{a: " * 20_000, "1:61: nested deeper than 24 levels"),
        ("- " * 20_000 + "a", "1:49: nested deeper than 24 levels"),
        ("".join(" " * depth + "a:\n" for depth in range(2_000)), "25:25: nested deeper than 24 levels"),
        ("{" * 20_000, "1:2: a key should be a text, got a table of keys"),
        ("? " * 20_000, "1:3: a key should be a text, got a table of keys"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_twenty_thousand_brackets_are_refused_at_the_depth_that_no_pack_needs(source: str, fault: str) -> None:
    assert complaints(source) == [f"tea.yaml:{fault}"]


def test_the_deepest_nesting_that_is_allowed_is_allowed() -> None:
    assert complaints("[" * DEEPEST + "]" * DEEPEST) == []


def test_a_message_cannot_be_used_to_write_to_the_terminal() -> None:
    fault = Text.at("x", "tea.yaml", 3, 4).fault("unknown key 'a\x1b[31m\u202eb\nc'")
    assert str(fault) == "tea.yaml:3:4: unknown key 'a [31m b c'"


@given(YAMLISH)
def test_any_text_is_a_tree_or_a_fault(source: str) -> None:
    faults: list[Fault] = []
    tree = parse(source, "tea.yaml", faults)
    rows = len(source.splitlines()) + 1
    assert all(1 <= fault.line <= rows and fault.column >= 1 and fault.message.isprintable() for fault in faults)
    assert all(1 <= text.line <= rows and text.column >= 1 for text in texts(tree))


@given(
    st.recursive(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé", min_size=1), inner, max_size=4),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_what_a_yaml_writer_writes_is_read_back(value: object, is_flow: bool) -> None:
    faults: list[Fault] = []
    source = yaml.safe_dump(value, allow_unicode=True, default_flow_style=is_flow, default_style='"')
    assert plain(parse(source, "tea.yaml", faults)) == value
    assert faults == []
