"""CHANGELOG.md keeps step with the package."""

import datetime
import re

from bot import __version__
from tests.documents import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)


def test_what_is_not_released_stands_first() -> None:
    assert HEADINGS[0] == "[Unreleased]"


def test_the_newest_version_is_that_of_the_package() -> None:
    assert HEADINGS[1].startswith(f"[{__version__}] - ")


def test_every_version_has_its_day_and_the_newest_comes_first() -> None:
    found = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\S+)", heading) for heading in HEADINGS[1:]]
    assert None not in found
    versions = [(tuple(map(int, match.groups()[:3])), datetime.date.fromisoformat(match[4])) for match in found if match]
    assert versions == sorted(versions, reverse=True)
