import pickle
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inplace import Arrays, ArraysWriter, DamagedError, packed, text_at


def written(path: Path) -> Path:
    with ArraysWriter(path) as writer:
        writer.add("numbers", array("Q", [1, 2**63]))
        writer.add("nothing", array("I"))
        writer.add("fractions", array("f", [0.5, -2.0]))
        writer.add_pieces("bytes", (piece for piece in (b"ab", b"", b"c")))
        writer.add("more", array("I", [7]))
    return path


def test_arrays_are_read_as_they_were_written(tmp_path: Path) -> None:
    arrays = pickle.loads(pickle.dumps(Arrays(written(tmp_path / "a"))))
    found = {name: arrays[name].tolist() for name in ("numbers", "nothing", "fractions", "more")}
    assert found == {"numbers": [1, 2**63], "nothing": [], "fractions": [0.5, -2.0], "more": [7]}
    assert bytes(arrays["bytes"]) == b"abc"


@pytest.mark.parametrize(
    "damage",
    [lambda d: b"", lambda d: d[:-1], lambda d: d[:20], lambda d: b"x" * 99, lambda d: d[:-24] + d[-16:]],
    ids=["empty", "one byte less", "cut off", "something else", "without its head"],
)
def test_what_is_no_file_of_arrays(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = written(tmp_path / "a")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedError):
        Arrays(path)


def test_an_array_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="has no array 'more of them'"):
        Arrays(written(tmp_path / "a"))["more of them"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts(texts: list[str]) -> None:
    made = packed(texts)
    data, ends = memoryview(bytes(made["bytes"])), memoryview(array("Q", made["ends"]))
    assert [text_at(data, ends, number) for number in range(len(texts))] == texts
