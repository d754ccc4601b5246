import io
from collections.abc import Mapping

import pytest

from bot.shell.terminal import is_terminal, wants_colour


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_who_wants_colour(environment: Mapping[str, str], wanted: bool) -> None:
    assert wants_colour(environment) is wanted


def test_nobody_sits_at_a_buffer_or_at_a_closed_stream() -> None:
    stream = io.StringIO()
    assert not is_terminal(stream)
    stream.close()
    assert not is_terminal(stream)
    assert not is_terminal(None)
