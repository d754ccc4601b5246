"""A small run of benchmarks/inputs.py, the same every time."""

import pytest

from benchmarks.inputs import run


@pytest.mark.slow
def test_no_input_makes_the_server_fail() -> None:
    statuses, failure = run(1, 1000)
    assert failure == ""
    assert sum(statuses.values()) >= 900
    assert statuses[200] > 300
