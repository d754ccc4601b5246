import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import Engine, PackError
from bot.pack.files import shipped_pack
from bot.pack.load import LARGEST, load, read
from tests.pack.conftest import ABOUT, Files
from tests.pack.test_nodes import YAMLISH

Faults = Callable[[str | Files], list[str]]
Write = Callable[[Files], Path]

NO_TABLE = (
    "a file should be a table of sections "
    "(pack, kinds, things, entries, phrasings, verdicts, rules, synonyms, background, gaps, guards, examples, long, smalltalk, "
    "tests)"
)


def test_a_pack_may_be_one_file_or_many(write: Write) -> None:
    first, second = "background: [cup]\nrules: {a: one}\n", "background: [pot]\nrules: {b: two}\n"
    folder = write({"b.yaml": second, "a.yml": first, "p.yaml": ABOUT})
    pack = load(folder)
    assert (pack.pack.title, pack.background, pack.rules) == ("Tea", ["cup", "pot"], {"a": "one", "b": "two"})


def test_the_shipped_pack_has_no_faults() -> None:
    pack, faults = read(shipped_pack())
    assert faults == []
    assert pack is not None


@pytest.mark.parametrize("form", ["my", "./my", "../{here}/my", "{whole}/my"])
def test_a_place_is_shown_as_the_folder_was_given(write: Write, form: str) -> None:
    write({"a.yaml": "[]"})
    folder = Path(form.format(here=Path.cwd().name, whole=Path.cwd()))
    with pytest.raises(PackError, match="should be a table") as raised:
        load(folder)
    assert str(raised.value) == f"{folder}/a.yaml:1:1: {NO_TABLE}, got a list"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, ["my: holds no .yaml file: `faqbot init` makes a pack to start from"]),
        ({"notes.txt": "tea"}, ["my: holds no .yaml file: `faqbot init` makes a pack to start from"]),
        ({"a.yaml": ""}, ["my: no file has a section 'pack' that says what the pack is"]),
        ({"a.yaml": "# to do\n"}, ["my: no file has a section 'pack' that says what the pack is"]),
        ({"a.yaml": "rules: {a: one}\n"}, ["my: no file has a section 'pack' that says what the pack is"]),
        (
            {"a.yaml": "rules: {a: 1}\n"},
            [
                "my: no file has a section 'pack' that says what the pack is",
                "my/a.yaml:1:12: 'a' should be a text, got a number: put '1' in quotes",
            ],
        ),
        ({"a.yaml": "pack:\n"}, ["my/a.yaml:1:1: section 'pack' is empty"]),
        ({"a.yaml": "pack: tea\n"}, ["my/a.yaml:1:7: 'pack' should be a table of keys, got a text"]),
        (
            {"a.yaml": "pack:\n  title: Tea\n  source: {title: T}\n"},
            [
                "my/a.yaml:2:3: 'pack' has no 'greeting'",
                "my/a.yaml:2:3: 'pack' has no 'notice'",
                "my/a.yaml:3:11: 'source' of 'pack' has no 'publisher'",
            ],
        ),
        ({"pack.yaml": ABOUT, "a.yaml": "tea\n"}, [f"my/a.yaml:1:1: {NO_TABLE}, got a text"]),
        ({"pack.yaml": ABOUT, "a.yaml": "- tea\n"}, [f"my/a.yaml:1:1: {NO_TABLE}, got a list"]),
        ({"pack.yaml": ABOUT, "a.yaml": "~\n"}, [f"my/a.yaml:1:1: {NO_TABLE}, got nothing"]),
        ({"pack.yaml": ABOUT, "a.yaml": "rules:\n"}, ["my/a.yaml:1:1: section 'rules' is empty"]),
        ({"pack.yaml": ABOUT, "a.yaml": "colours: {}\n"}, ["my/a.yaml:1:1: unknown section 'colours'"]),
        ({"pack.yaml": ABOUT, "a.yaml": "on: {}\n"}, ["my/a.yaml:1:1: unknown section 'on'"]),
        ({"pack.yaml": ABOUT, "a.yaml": "rule: {a: b}\n"}, ["my/a.yaml:1:1: unknown section 'rule' (did you mean 'rules'?)"]),
        (
            {"pack.yaml": ABOUT, "a.yaml": "rules: {a: b}\nbackground: [c]\nrules: {c: d}\n"},
            ["my/a.yaml:3:1: section 'rules' stands twice in this file: first on line 1"],
        ),
        (
            {"a.yaml": ABOUT, "b.yaml": "rules: {}\n" + ABOUT},
            ["my/b.yaml:2:1: section 'pack' stands already in my/a.yaml:1"],
        ),
        ({"a.yaml": ABOUT + ABOUT}, ["my/a.yaml:6:1: section 'pack' stands twice in this file: first on line 1"]),
        (
            {"pack.yaml": ABOUT, "a.yaml": "rules:\n  a: b\n", "b.yaml": "rules:\n  c: d\n  a: b\n"},
            ["my/b.yaml:3:3: 'a' stands already in my/a.yaml:2"],
        ),
        (
            {"pack.yaml": ABOUT, "a.yaml": b"rules:\n  a: caf\xe9\n"},
            ["my/a.yaml:2:1: is not UTF-8 (byte 15): save the file as UTF-8"],
        ),
        (
            {"pack.yaml": ABOUT, "a.yaml": "rules: {}".encode("utf-16")},
            ["my/a.yaml:1:1: is not UTF-8 (byte 0): save the file as UTF-8"],
        ),
        ({"pack.yaml": ABOUT, "a.yaml": b"\x80" * 9}, ["my/a.yaml:1:1: is not UTF-8 (byte 0): save the file as UTF-8"]),
        ({"pack.yaml": ABOUT, "a.yaml": b"\xef\xbb\xbfrules: {a: b}\n"}, []),
    ],
)
def test_what_an_author_is_told(faults: Faults, files: Files, told: list[str]) -> None:
    assert faults(files) == told


def test_windows_line_ends_change_nothing(faults: Faults) -> None:
    assert faults({"a.yaml": ABOUT.replace("\n", "\r\n") + "rules:\r\n  a: 1\r\n"}) == [
        "my/a.yaml:7:6: 'a' should be a text, got a number: put '1' in quotes"
    ]


def test_an_unreadable_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    folder = write({"pack.yaml": ABOUT})
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [str(fault) for fault in read(folder)[1]] == ["my/pack.yaml: cannot be read: Permission denied"]


def test_a_folder_a_broken_link_and_a_device_in_place_of_a_file(write: Write) -> None:
    folder = write({"pack.yaml": ABOUT})
    (folder / "a.yaml").mkdir()
    (folder / "b.yaml").symlink_to("nothing")
    (folder / "c.yaml").symlink_to("/dev/zero")
    assert [str(fault) for fault in read(folder)[1]] == [
        "my/a.yaml: cannot be read: Is a directory",
        "my/b.yaml: cannot be read: No such file or directory",
        "my/c.yaml: cannot be read: Not a file",
    ]


def test_a_very_large_file_is_not_read(write: Write) -> None:
    folder = write({"pack.yaml": ABOUT})
    with (folder / "a.yaml").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert [str(fault) for fault in read(folder)[1]] == ["my/a.yaml: is larger than 67108864 bytes"]


def test_a_long_pack_is_read(write: Write) -> None:
    entries = "".join(f"  e{i}: {{question: Is it {i}, answer: It is, section: S}}\n" for i in range(2_000))
    assert len(load(write({"pack.yaml": ABOUT, "a.yaml": "entries:\n" + entries})).entries) == 2_000


def test_what_a_lost_file_held_is_not_missed_in_the_others(faults: Faults) -> None:
    things = "things:\n  green: {kind: tea, name: Green tea}\n"
    files = {"pack.yaml": ABOUT, "kinds.yaml": "kinds:\n\ttea: {}\n", "rules.yaml": "rules: [a]\n", "things.yaml": things}
    assert faults(files) == [
        "my/kinds.yaml:2:1: not readable as YAML: a tab where only blanks may stand",
        "my/rules.yaml:1:8: 'rules' should be a table of keys, got a list",
    ]


def test_what_stands_in_a_misspelt_section_is_not_missed(faults: Faults) -> None:
    source = "kind:\n  tea: {name: tea, plural: teas}\nthings:\n  green: {kind: tea, name: Green tea}\n"
    assert faults(source) == ["my/a.yaml:1:1: unknown section 'kind' (did you mean 'kinds'?)"]


def test_every_fault_in_one_pass_sorted_by_file_and_line(faults: Faults) -> None:
    first = """\
kinds:
  tea:
    name: tea
    plural: no
    word: [teas]
    attributes:
      taste: {name: taste, words: ["(taste|flavour"]}
things:
  green: {kind: te, name: Green tea}
  mint: {kind: tea, name: Mint, facts: {colour: green}}
  mint: {kind: tea, name: Mint again}
"""
    second = """\
pack: {title: Tea, notice: N, greeting: G, source: {title: T, publisher: P}, topic: tee}
things:
  green: {kind: tea, name: Greener tea}
entries:
  brew: {question: How long does it brew?, about: [mate], answer: Three minutes., section: Brewing}
  cup: {question: Which cup?, phrasings: which cup, section: Cups}
background: [&a a cup of, {pot}]
colours: {}
"""
    assert faults({"2.yaml": second, "1.yaml": first}) == [
        "my/1.yaml:4:13: 'plural' of 'tea' should be a text, got a yes/no value: put 'no' in quotes",
        "my/1.yaml:5:5: unknown key 'word' in 'tea' (did you mean 'words'?)",
        "my/1.yaml:7:36: 'words' of attribute 'taste': '(' is never closed (at character 1 of the template)",
        "my/1.yaml:9:17: thing 'green' is of kind 'te', and there is no kind of that id (did you mean 'tea'?)",
        "my/1.yaml:10:41: 'mint': kind 'tea' has no attribute 'colour'",
        "my/1.yaml:11:3: 'mint' stands twice in 'things': first on line 10",
        "my/2.yaml:1:85: 'topic' of the pack names 'tee', and there is no thing of that id",
        "my/2.yaml:3:3: 'green' stands already in my/1.yaml:9",
        "my/2.yaml:5:52: 'about' of entry 'brew' names 'mate', and there is no thing of that id",
        "my/2.yaml:6:3: entry 'cup' needs either an 'answer' or a 'fact'",
        "my/2.yaml:6:42: 'phrasings' of 'cup' should be a list, got a text",
        "my/2.yaml:7:14: no anchors and tags: remove &a, or put the text in quotes",
        "my/2.yaml:7:27: an item of 'background' should be a text, got a table of keys",
        "my/2.yaml:8:1: unknown section 'colours'",
    ]


def test_load_tells_the_errors_and_keeps_the_warnings_to_read(write: Write) -> None:
    folder = write({"a.yaml": ABOUT + "entries: {e: {question: Q, answer: A}}\n"})
    assert load(folder).entries["e"].answer == "A"
    assert [str(fault) for fault in read(folder)[1]] == ["my/a.yaml:6:11: warning: entry 'e' names no section of the source"]
    (folder / "b.yaml").write_text("rules: {a: 1}\n")
    with pytest.raises(PackError) as raised:
        load(folder)
    assert str(raised.value) == "my/b.yaml:1:12: 'a' should be a text, got a number: put '1' in quotes"
    assert read(folder)[0] is None


# ---- tables beside the YAML ---------------------------------------------------------------------------------------------

PLACE = "my/a.csv:2:1: "
CELLS = "the row has 3 cells, and there are 2 columns: put a text that holds the delimiter in quotes"
NO_BREW = "phrasings are given for 'brw', and there is no entry of that id (did you mean 'brew'?)"
BYTES = "the question is not UTF-8: save the file as UTF-8, or name its encoding"
BREW = "entries:\n  brew: {question: How long?, answer: Three minutes., section: Pots, phrasings: [how many minutes]}\n"


def test_entries_and_phrasings_may_stand_in_tables(write: Write) -> None:
    rows = "intent,question,answer,section,verdict\nbrew,for how long,,,\nbrew,is it three minutes,,,yes\n"
    rows += "Cup?,which (cup),A big one.,Cups,\n"
    line = '{"intent": "brew", "question": "minutes {of} brewing"}\n'
    more = "phrasings: {brew: {asks: [until when]}}\n"
    pack = load(
        write(
            {
                "pack.yaml": ABOUT,
                "b.yaml": BREW + more,
                "a.csv": rows,
                "c.jsonl": line,
                "d.tsv": "intent\tquestion\nbrew\tbrewing\n",
            }
        )
    )
    assert list(pack.entries) == ["Cup?", "brew"]
    assert (pack.entries["Cup?"].question, pack.entries["Cup?"].phrasings) == ("which (cup)", ["which cup"])
    assert pack.phrasings["brew"].asks == ["until when", "for how long", "minutes of brewing", "brewing"]
    assert pack.phrasings["brew"].confirms == ["is it three minutes"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("intent,question\nbrew,a,b\n", [f"{PLACE}{CELLS}"]),
        ("intent,question\nbrw,minutes\n", [f"{PLACE}{NO_BREW}"]),
        ("intent,question,answer,section\nbrew,Q,A,S\n", ["my/b.yaml:2:3: 'brew' stands already in my/a.csv:2"]),
        ("intent,question,answer,section\ncup,How MANY minutes?,A,S\n",
         ["my/b.yaml:2:82: 'how many minutes' stands in entry 'cup' and in 'brew': it can have one answer only"]),
        ("intent,question,answer\ncup,Q,A\n", ["my/a.csv:2:1: warning: entry 'cup' names no section of the source"]),
        ("intent,question\nbrew,caf\udce9\n", [f"{PLACE}{BYTES}"]),
        ("", ["my/a.csv: holds no row: the first one should name the columns, such as intent,question,answer"]),
    ],
)  # fmt: skip
def test_what_the_author_of_a_table_is_told(faults: Faults, rows: str, told: list[str]) -> None:
    assert faults({"pack.yaml": ABOUT, "a.csv": rows.encode("utf-8", "surrogateescape"), "b.yaml": BREW}) == told


def test_two_entries_with_the_same_phrasing_in_a_table(faults: Faults) -> None:
    rows = "intent,question,answer,section\ncup,which cup,A,S\npot,which pot,A,S\npot,Which  cup?,,\n"
    assert faults({"pack.yaml": ABOUT, "a.csv": rows}) == [
        "my/a.csv:4:1: 'Which cup?' stands in entry 'cup' and in 'pot': it can have one answer only"
    ]


def test_a_change_in_a_table_is_noticed(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    folder = write({"pack.yaml": ABOUT, "b.yaml": BREW, "a.csv": "intent,question,answer,section\ncup,which cup,A big one.,S\n"})
    assert Engine.load(folder).ask("which cup").text == "A big one."
    (folder / "a.csv").write_text("intent,question,answer,section\ncup,which cup,A small one.,S\n")
    assert Engine.load(folder).ask("which cup").text == "A small one."


FRAGMENTS = """\
pack:,kinds:,things:,entries:,phrasings:,rules:,synonyms:,background:,gaps:,guards:,smalltalk:,tests:,attributes:,facts:,a:,tea:
kind: tea,name: a,answer: b,fact: a.b,question: Is it?,words: ['(a'],aliases: [a],about: [a],of: [tea],inverse: a,via: a
- a,- ask: a,- {a},no: no,<<: *a,a: &a b,a: *a,'': '',? [a],{a: [b,]},---,...,%TAG ! !,|,>-,\t,# c,é: ½,\u2028,{},[],!b
"""
YAML_LINES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(FRAGMENTS.replace("\n", ",").split(","))), max_size=14).map(
    lambda lines: "\n".join("  " * depth + fragment for depth, fragment in lines)
)


@given(source=YAML_LINES.map(str.encode) | YAMLISH.map(str.encode) | st.binary(max_size=80))
def test_any_file_is_a_pack_or_a_pack_error(tmp_path_factory: pytest.TempPathFactory, source: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(ABOUT)
    (folder / "a.yaml").write_bytes(source)
    pack, faults = read(folder)
    assert (pack is None) == any(fault.severity == "error" for fault in faults)
    assert faults == sorted(faults)
    assert all(fault.path.startswith(str(folder)) and fault.message.isprintable() for fault in faults)
