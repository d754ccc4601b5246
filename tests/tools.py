"""Programs that some tests need and that not every machine has."""

import os
import shutil
from typing import Any

import pytest


def tool(command: str, package: str) -> str:
    """The path of `command`. Without it the test skips itself, or fails where CI is set; the message says how to get it."""
    path = shutil.which(command) or shutil.which(command, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        message = f"needs {command}: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def library(name: str, package: str) -> Any:
    """The module called `name`. Without it the test skips itself; the message says how to get it."""
    return pytest.importorskip(name, reason=f"needs {name}: pip install '{package}'")
