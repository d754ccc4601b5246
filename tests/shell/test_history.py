import stat
from pathlib import Path

import pytest
from prompt_toolkit.history import InMemoryHistory

from bot.shell.history import open_history


def test_history_stays_in_memory() -> None:
    history, warning = open_history(None)
    assert isinstance(history, InMemoryHistory)
    assert warning is None


def test_a_file_is_kept_for_the_next_time_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "history"
    history, warning = open_history(str(path))
    assert warning is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    history.append_string("what is\x1b[2J tea?")
    history.append_string("lone \udc80 surrogate")
    again, _ = open_history(str(path))
    assert list(again.load_history_strings()) == ["lone surrogate", "what is [2J tea?"]
    assert "\x1b" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/", "/ cannot be used (it is not a plain file)"),
        ("/dev/null", "/dev/null cannot be used (it is not a plain file)"),
        ("/no/such/history", "/no/such/history cannot be used (No such file or directory)"),
        ("nul\0", "nul cannot be used (embedded null byte)"),
    ],
)
def test_a_file_that_cannot_be_used_is_no_reason_not_to_talk(name: str, reason: str) -> None:
    history, warning = open_history(name)
    assert isinstance(history, InMemoryHistory)
    assert warning == f"The history file {reason}; history stays in memory."


def test_a_file_that_goes_away_stops_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    history, _ = open_history(str(folder / "history"))
    (folder / "history").unlink()
    folder.rmdir()
    history.append_string("still here")
    assert list(history.load_history_strings()) == []
