import pytest

from bot.errors import BotError, Fault, PackError, StateError


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault("my/a.yaml", 14, 5, "unknown key 'colour'"), "my/a.yaml:14:5: unknown key 'colour'"),
        (Fault("my", 0, 0, "there is no such folder"), "my: there is no such folder"),
        (Fault("my/a.yaml", 3, 1, "no section", "warning"), "my/a.yaml:3:1: warning: no section"),
        (Fault("my", 0, 0, "out of date", "warning"), "my: warning: out of date"),
    ],
)
def test_a_fault_as_it_is_shown(fault: Fault, shown: str) -> None:
    assert str(fault) == shown


def test_a_pack_error_tells_every_fault_by_file_line_and_column() -> None:
    places = [("b", 1, 1), ("a", 10, 2), ("a", 9, 1), ("a", 10, 1), ("a", 0, 0)]
    error = PackError([Fault(path, line, column, "m") for path, line, column in places])
    assert str(error) == "a: m\na:9:1: m\na:10:1: m\na:10:2: m\nb:1:1: m"
    assert [fault.path for fault in error.faults] == ["a", "a", "a", "a", "b"]


@pytest.mark.parametrize("error", [PackError([]), StateError("x")])
def test_one_base_for_all_errors(error: Exception) -> None:
    assert isinstance(error, BotError)
