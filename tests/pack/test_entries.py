import pickle
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inplace import DamagedError
from bot.pack.entries import EntryTable, write_entries
from bot.pack.format import Entry
from tests.packs import bakery_pack

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(texts, st.builds(Entry, question=texts, answer=texts, phrasings=st.lists(texts, max_size=3))))
def test_entries_on_disk_are_those_in_memory(entries: dict[str, Entry]) -> None:
    with TemporaryDirectory() as folder:
        write_entries(Path(folder) / "entries", entries.items())
        table = EntryTable(Path(folder) / "entries")
        assert dict(table) == entries
        assert list(table) == list(entries)
        assert len(table) == len(entries)
        assert [table.id_of(table.number_of(id_)) for id_ in entries] == list(entries)
        assert "no such entry of them all" not in table


def test_those_about_something_are_found_without_reading_the_others(tmp_path: Path) -> None:
    entries = bakery_pack().entries
    write_entries(tmp_path / "entries", entries.items())
    table = pickle.loads(pickle.dumps(EntryTable(tmp_path / "entries")))
    found = dict(table.about_things())
    assert list(found) == [id_ for id_, entry in entries.items() if entry.about or entry.fact] != []
    assert all(found[id_] == table[id_] for id_ in found)


def test_a_key_that_is_no_text(tmp_path: Path) -> None:
    write_entries(tmp_path / "entries", bakery_pack().entries.items())
    table: Mapping[Any, Entry] = EntryTable(tmp_path / "entries")
    assert 7 not in table


def test_a_file_that_holds_no_entries(tmp_path: Path) -> None:
    (tmp_path / "entries").write_bytes(b"entries: {}")
    with pytest.raises(DamagedError):
        EntryTable(tmp_path / "entries")
