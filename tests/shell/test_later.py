import threading

import pytest

from bot.shell.later import Later


def test_the_value_is_made_once_and_waited_for() -> None:
    made: list[int] = []
    later = Later(lambda: made.append(1) or len(made))  # type: ignore[func-returns-value]
    assert later.peek() is None
    later.start()
    later.start()
    assert (later.wait(), later.wait(), later.peek()) == (1, 1, 1)


def test_an_error_reaches_whoever_waits() -> None:
    later = Later(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        later.wait()
    assert later.peek() is None


def test_patience_has_an_end() -> None:
    gate = threading.Event()
    later = Later(gate.wait)
    with pytest.raises(TimeoutError):
        later.wait(0)
    gate.set()
    assert later.wait() is True
