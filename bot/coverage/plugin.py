"""The pytest plugin: `pytest --faqbot DIR` makes a test item of every case in the case files under DIR.

pytest finds it by its entry point wherever faqbot is installed, so nothing else of faqbot is imported before it is asked for.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.coverage.cases import Case
    from bot.coverage.judge import Mark


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings."""
    group = parser.getgroup("faqbot", "questions for a bot")
    group.addoption(
        "--faqbot", metavar="DIR", action="append", default=[], help="ask the cases in DIR, a folder or a file; again for more"
    )
    group.addoption(
        "--faqbot-pack", metavar="DIR", default=None, help="folder of the pack that is asked (default: the shipped one)"
    )
    parser.addini("faqbot_cases", "folders and files of cases, as --faqbot", type="paths", default=[])
    parser.addini("faqbot_pack", "folder of the pack, as --faqbot-pack", type="paths", default=[])


_CASES = pytest.StashKey[list[Path]]()


def pytest_configure(config: pytest.Config) -> None:
    """Have the folders of cases collected beside what was named."""
    given = [config.invocation_params.dir / name for name in config.getoption("--faqbot")]
    wanted = [*given, *config.getini("faqbot_cases")]
    for path in wanted:
        if not path.exists():
            raise pytest.UsageError(f"--faqbot: there is no file or folder {path}")
    config.stash[_CASES] = wanted = list(dict.fromkeys(path.resolve() for path in wanted))
    named = [(config.invocation_params.dir / arg.partition("::")[0]).resolve() for arg in config.args]
    for path in wanted:
        if not any(path == other or other in path.parents for other in named):
            config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """A collector for a file of cases that was asked for."""
    wanted = parent.config.stash.get(_CASES, [])
    if not wanted:
        return None
    from bot.coverage.reading import CASE_FILES

    path = file_path.resolve()
    is_wanted = path in wanted or (path.suffix in CASE_FILES and any(folder in path.parents for folder in wanted))
    return CaseFile.from_parent(parent, path=file_path) if is_wanted else None


class CaseFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator["CaseItem"]:
        """An item for each case. Raises CollectError with every fault of the file, or of the pack."""
        from bot.coverage.cases import CaseError, unknown_names
        from bot.coverage.reading import read_cases
        from bot.errors import PackError

        try:
            bot = _bot(self.config)
            pack = bot.open().pack
            cases = read_cases(_near(self.path))
            faults = [fault for case in cases for fault in unknown_names(case, pack)]
            if faults:
                raise CaseError(faults)
        except (CaseError, PackError) as error:
            raise self.CollectError(str(error)) from error
        for case in cases:
            yield CaseItem.from_parent(self, name=case.id, case=case, bot=bot)


def _near(path: Path) -> Path:
    """`path` from here, for messages that can be read."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path


def _bot(config: pytest.Config) -> Any:
    from bot.coverage.bots import PackBot
    from bot.pack.files import shipped_pack

    named = config.getoption("--faqbot-pack")
    written = config.getini("faqbot_pack")
    folder = config.invocation_params.dir / named if named else written[0] if written else shipped_pack()
    return PackBot(str(folder))


class CaseItem(pytest.Item):
    """One case: a question, or a conversation."""

    def __init__(self, *, case: "Case", bot: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self._case = case
        self._bot = bot
        self.extra_keyword_matches.update(case.tags)
        if all(turn.expect is None for turn in case.turns):
            self.add_marker(pytest.mark.skip(reason="nobody says what is right"))

    def runtest(self) -> None:
        """Ask every question of the case. Raises NotRightError when a reply is not right."""
        from bot.coverage.judge import marks_of

        marks = list(marks_of(self._case, self._bot.open().conversation()))
        if any(mark.faults for mark in marks):
            raise NotRightError(marks)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was asked, what came, and what is not as expected."""
        if isinstance(excinfo.value, NotRightError):
            return "\n".join(excinfo.value.lines())
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line from 0, and name."""
        return self.path, self._case.line - 1, self.name


class NotRightError(Exception):
    """A case of which a reply is not right."""

    def __init__(self, marks: "list[Mark]") -> None:
        self.marks = marks
        wrong = next(mark for mark in marks if mark.faults)
        super().__init__(f"{wrong.outcome}: {'; '.join(wrong.faults)}")

    def lines(self) -> Iterator[str]:
        """The conversation up to the last question that went wrong, with what is wrong in each."""
        from bot.language.clean import printable

        last = max(number for number, mark in enumerate(self.marks) if mark.faults)
        yield f"{self.marks[0].place}: {self}"
        for mark in self.marks[: last + 1]:
            yield ""
            yield f"> {printable(mark.ask, 400)}"
            yield from (printable(line, 400) for line in mark.text.splitlines())
            yield f"({mark.kind}, intent {mark.intent or 'none'}, confidence {mark.confidence:.2f})"
            yield from (f"E   {fault}" for fault in mark.faults)
            yield from (f"    why: {printable(step, 200)}" for step in mark.trace)
