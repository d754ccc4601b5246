"""Programs that some tests need and that not every machine has."""

import os
import shutil

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
