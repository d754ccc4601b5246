"""From a file to a pack, or to no pack at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.exchange import importing
from bot.exchange.folder import ExchangeError
from bot.exchange.importing import MOST_IN_YAML, import_files
from bot.pack.load import load, read
from tests.exchange.conftest import Import, held

SHEET = "intent,question,answer\n"
ONE = SHEET + "hours,when do you open,At 7.\nhours,opening hours,\n"


def files(folder: str = ".") -> list[str]:
    """Every file, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))


def test_an_imported_pack_is_sound_and_answers(import_: Import) -> None:
    found = import_({"bakery-faq.csv": ONE + "delivery,do you deliver,No.\n"})
    assert (found.entries, found.phrasings, found.faults) == (2, 3, [])
    assert read(Path("my"))[1] == []
    reply = Engine.load("my", cache=False).ask("what are your opening hours")
    assert (reply.intent, reply.text) == ("hours", "At 7.")
    assert (reply.sources[0].title, reply.sources[0].section) == ("imported file: bakery-faq.csv", "line 2")
    assert load(Path("my")).pack.title == "bakery faq"


def test_many_phrasings_stay_a_table(import_: Import) -> None:
    rows = "".join(f"intent {n % 9},'=what is number{n} (of them),answer {n % 9}\n" for n in range(MOST_IN_YAML + 1))
    found = import_({"a.csv": SHEET + rows})
    assert files("my") == ["entries.csv", "pack.yaml"]
    assert (found.entries, found.phrasings, read(Path("my"))[1]) == (9, MOST_IN_YAML + 1 + 9, [])
    question, answer, phrasings = held()["intent 4"]
    assert (question, answer, phrasings[:2]) == (
        "=what is number4 (of them)",
        "answer 4",
        ["=what is number4 of them", "=what is number13 of them"],
    )


def test_several_files_are_one_pack(import_: Import) -> None:
    import_({"a.csv": ONE, "b.jsonl": '{"intent": "hours", "question": "how early"}\n', "c.md": "# Do you deliver?\nNo.\n"})
    assert held() == {
        "hours": ("when do you open", "At 7.", ["opening hours", "how early"]),
        "do-you-deliver": ("Do you deliver?", "No.", []),
    }
    assert [str(entry.section) for entry in load(Path("my")).entries.values()] == ["a.csv, line 2", "c.md, line 1"]


def test_other_words_for_the_columns(import_: Import) -> None:
    import_({"a.csv": "text,category,response\nwhen,hours,At 7.\n"})
    assert held() == {"hours": ("when", "At 7.", [])}


def test_answers_for_those_without(import_: Import) -> None:
    source = "intent,question\na,one\nb,two\n"
    found = import_({"a.csv": source})
    told = "a.csv: holds no answer: give it a column 'answer', or say --answer TEXT for all of them"
    assert ([str(fault) for fault in found.faults], Path("my").exists()) == ([told], False)
    import_({"a.csv": source}, answer="See {intent}.")
    assert [answer for _, answer, _ in held().values()] == ["See a.", "See b."]


def test_an_encoding_that_is_named(import_: Import) -> None:
    source = (SHEET + "a,café,at 7\nb,tea,at 8\n").encode("cp1252")
    found = import_({"a.csv": source})
    assert [str(fault) for fault in found.faults] == [
        "a.csv:2:1: the question is not UTF-8: save the file as UTF-8, or name its encoding"
    ]
    assert list(held()) == ["b"]
    import_({"a.csv": source}, encoding="cp1252", force=True)
    assert held()["a"] == ("café", "at 7", [])
    with pytest.raises(ExchangeError, match="cannot be read as nonsense"):
        import_({"a.csv": source}, encoding="nonsense", force=True)


def test_markdown_that_is_not_utf8(import_: Import) -> None:
    found = import_({"a.md": "# Café?\nyes\n# Tea?\nyes\n".encode("cp1252")})
    assert [str(fault) for fault in found.faults][:1] == [
        "a.md:1:1: is not UTF-8: save the file as UTF-8, or name its encoding with --encoding"
    ]


def test_a_cell_of_ten_megabytes(import_: Import) -> None:
    found = import_({"a.csv": SHEET + f"a,one,{'x' * 10_000_000}\nb,two,y\n"})
    assert [str(fault) for fault in found.faults] == ["a.csv:2:1: the answer is 10,000,000 characters long; at most 100,000"]
    assert list(held()) == ["b"]


def test_strict_takes_all_or_nothing(import_: Import) -> None:
    found = import_({"a.csv": ONE + "half\n"}, strict=True)
    assert ([str(fault) for fault in found.faults], found.is_written) == (
        ["a.csv:4:1: the row has 1 cells, and there are 3 columns: is it cut off?"],
        False,
    )
    assert files() == ["a.csv"]


# ---- what is there already ----------------------------------------------------------------------------------------------


def test_a_pack_is_replaced_by_force_alone(import_: Import) -> None:
    import_({"a.csv": ONE})
    other = {"b.csv": SHEET + "b,two,B\n"}
    with pytest.raises(ExchangeError, match="my: holds files already; name another folder, or --force"):
        import_(other)
    assert list(held()) == ["hours"]
    import_(other, force=True)
    assert list(held()) == ["b"]
    assert files() == ["a.csv", "b.csv", "my", "my/entries.yaml", "my/pack.yaml"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("notes.txt", "holds 'notes.txt', which is no part of a pack"),
        ("photos/a.png", "holds 'photos', which is no part of a pack"),
        ("more.csv", "holds no pack that could be replaced"),
    ],
)
def test_force_never_takes_what_is_no_pack(import_: Import, name: str, why: str) -> None:
    Path("my", name).parent.mkdir(parents=True)
    Path("my", name).touch()
    with pytest.raises(ExchangeError, match=why):
        import_({"a.csv": ONE}, force=True)
    assert Path("my", name).exists()


def test_the_file_to_import_is_not_lost(import_: Import) -> None:
    import_({"a.csv": ONE})
    Path("a.csv").rename("my/a.csv")
    with pytest.raises(ExchangeError, match=r"my: holds a\.csv, which is to be imported, and would be lost"):
        import_files([Path("my/a.csv")], Path("my"), force=True)
    assert Path("my/a.csv").exists()


def test_a_file_in_place_of_the_folder_and_an_empty_folder(import_: Import) -> None:
    Path("my").touch()
    with pytest.raises(ExchangeError, match="my: is a file; a pack is a folder"):
        import_({"a.csv": ONE}, force=True)
    Path("my").unlink()
    Path("my").mkdir()
    assert import_({"a.csv": ONE}).is_written


# ---- nothing is written by halves ---------------------------------------------------------------------------------------


def full(*_: object, **__: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(*_: object, **__: object) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize("broken", [full, interrupted])
@pytest.mark.parametrize("moment", ["write_text", "rename", "look"])
@pytest.mark.parametrize("there", [False, True])
def test_what_fails_on_the_way_leaves_everything_as_it_was(
    import_: Import, monkeypatch: pytest.MonkeyPatch, broken: Callable[..., int], moment: str, there: bool
) -> None:
    if there:
        import_({"a.csv": ONE})
    Path("b.csv").write_text(SHEET + "b,two,B\n")
    before = files()
    with monkeypatch.context() as patch:
        owner, name = (importing, "read") if moment == "look" else (Path, moment)
        patch.setattr(owner, name, broken)
        with pytest.raises((OSError, KeyboardInterrupt)):
            import_files([Path("b.csv")], Path("my") if there else Path("deep/er/my"), force=there)
    assert files() == before
    if there:
        assert list(held()) == ["hours"]


def test_a_file_that_is_not_there(import_: Import) -> None:
    found = import_files([Path("none.csv")], Path("my"))
    assert [str(fault) for fault in found.faults] == ["none.csv: cannot be read: No such file or directory"]
    assert not found.is_written


def test_a_name_that_tells_no_format(import_: Import) -> None:
    with pytest.raises(ExchangeError, match="faq: the end of the name tells no format"):
        import_({"faq": ONE})
    assert import_({"faq": ONE}, format_="csv").is_written
