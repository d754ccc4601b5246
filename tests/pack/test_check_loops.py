"""What would loop or raise at the first question is told when the pack is read."""

from pathlib import Path

import pytest

from bot.engine import Engine
from bot.errors import PackError

PACK = """
pack:
  title: T
  greeting: Hello.
  notice: A book.
  fallback: I do not know.
  source: {title: S, noun: book, publisher: P, url: "https://example.org"}
kinds:
  loaf:
    name: loaf
    plural: loaves
    show: "%s"
    attributes:
      what: {name: what it is, type: text}
      base: {name: base, type: things, of: [loaf]%s}
      flour: {name: flour, type: text, words: [flour]%s}
things:
  rye: {kind: loaf, name: rye, facts: {what: Rye is a loaf., base: [rye]}}
entries:
  how: {question: How is it made?, answer: By hand., section: S, phrasings: ["%s"]}
rules:
%s
"""


def write(
    folder: Path, show: str = "{name}", base: str = "", flour: str = "", phrasing: str = "how made", rules: str = "  a: b"
) -> None:
    (folder / "pack.yaml").write_text(PACK % (show, base, flour, phrasing, rules), encoding="utf-8")


def errors(folder: Path) -> str:
    with pytest.raises(PackError) as error:
        Engine.load(folder, cache=False)
    return str(error.value)


def test_a_sound_pack_loads(tmp_path: Path) -> None:
    write(tmp_path)
    assert Engine.load(tmp_path, cache=False).ask("what is rye?").kind == "answer"


def test_rules_that_double_without_end(tmp_path: Path) -> None:
    doubling = ["  r0: a", *(f"  r{n}: <r{n - 1}> <r{n - 1}>" for n in range(1, 26))]
    write(tmp_path, phrasing="<r25>", rules="\n".join(doubling))
    assert "rule 'r" in errors(tmp_path)


def test_a_long_chain_of_rules(tmp_path: Path) -> None:
    chain = ["  r0: a", *(f"  r{n}: <r{n - 1}>" for n in range(1, 1500))]
    write(tmp_path, phrasing="<r1499>", rules="\n".join(chain))
    assert "deeper" in errors(tmp_path)


def test_a_rule_that_names_nothing_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, phrasing="<a> it", rules="  a: <zz> b")
    assert errors(tmp_path).count("zz") == 1


def test_a_rule_with_a_slot_of_no_kind(tmp_path: Path) -> None:
    write(tmp_path, phrasing="<a> it", rules="  a: b {lof}")
    assert "no such kind (did you mean 'loaf'?)" in errors(tmp_path)


@pytest.mark.parametrize(
    ("base", "flour", "name"),
    [
        ("", ", via: flour", "via"),
        ("", ", otherwise: flour", "otherwise"),
        (", otherwise: flour", ", otherwise: base", "otherwise"),
    ],
)
def test_attributes_that_come_from_each_other(tmp_path: Path, base: str, flour: str, name: str) -> None:
    write(tmp_path, base=base, flour=flour)
    assert f"'{name}' of attribute 'flour'" in errors(tmp_path)
    assert "leads back to itself" in errors(tmp_path)


def test_a_thing_that_stands_by_way_of_itself_is_answered(tmp_path: Path) -> None:
    write(tmp_path, flour=", via: base")
    assert Engine.load(tmp_path, cache=False).ask("rye flour").text


@pytest.mark.parametrize("show", ["{name", "{name.x}", "{}"])
def test_a_broken_pattern_of_names(tmp_path: Path, show: str) -> None:
    write(tmp_path, show=show)
    assert "'show' of kind 'loaf'" in errors(tmp_path)


def test_what_is_no_file_is_told_by_its_name(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "z.yaml").mkdir()
    with pytest.raises(PackError, match=r"z\.yaml"):
        Engine.load(tmp_path)
