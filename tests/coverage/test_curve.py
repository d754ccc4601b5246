"""`faqbot check --curve`, as its user sees it."""

import io
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.compiled import Compiled, compile_pack
from bot.coverage.curve import of_pack, told
from bot.pack.format import Pack
from bot.pack.load import load
from tests.calibration.test_fit import town
from tests.commands import run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the pack `town`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAQBOT_CACHE", str(tmp_path / "cache"))
    return town(tmp_path / "town", 0.1)


def test_it_shows_the_curve_and_says_which_threshold_keeps_to_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "town", "--curve")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == [
        "town: no faults",
        "asked of bots that had not learned from them: 104 phrasings, 104 entries left out",
    ]
    stated = next(line.split() for line in lines if "(stated)" in line)
    threshold, share = stated[2], stated[3]
    assert (
        lines[-1]
        == f"The threshold {threshold} keeps to the stated rate of 10.0%, and answers {share} of the questions in scope."
    )
    assert any("built in" in line for line in lines)
    assert sum("o" in line.partition("|")[2] for line in lines) == 1


def test_it_says_what_the_default_would_need(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town(folder)
    _, out, _ = run(capsys, "check", "town", "--curve")
    assert "The pack states no wrong_answer_rate: the threshold 0.65 is built in" in out
    assert "a rate of 1.0%" in out


def test_a_second_time_it_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(capsys, "check", "town", "--curve")
    monkeypatch.setattr("bot.calibration.fit.calibrated", None)
    assert run(capsys, "check", "town", "--curve") == first


def test_two_at_once_do_no_harm(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(2) as both:
        made = list(both.map(lambda _: of_pack(folder, load(folder)), range(2)))
    assert made[0] == made[1]
    assert run(capsys, "check", "town", "--curve")[1] == f"town: no faults\n{told(made[0], 0.1)}\n"
    assert [path.suffix for path in (folder.parent / "cache").iterdir()] == [".curve"]


def test_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "town", "--curve", "curve.svg")[0] == 0
    root = ET.parse("curve.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert "10.00% wrong answers" in (root.findtext(f"{name}title") or "")
    line = root.find(f"{name}polyline")
    assert line is not None
    assert len(line.get("points", "").split()) > 5
    assert root.find(f"{name}circle") is not None
    assert sorted(path.name for path in Path().iterdir()) == ["cache", "curve.svg", "town"]


def test_a_picture_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "check", "town", "--curve", "nowhere/curve.svg")
    assert (code, err) == (2, "faqbot: nowhere/curve.svg: No such file or directory; nothing was written\n")
    code, _, err = run(capsys, "check", "--curve", "town")
    assert code == 2
    assert err.endswith("--curve draws SVG: name a file such as curve.svg, not 'town'; the pack stands before --curve\n")


def test_a_pack_with_faults_has_no_curve(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "more.yaml").write_text("entris: {}\n")
    code, out, _ = run(capsys, "check", "town", "--curve", "curve.svg")
    assert code == 1
    assert out.splitlines()[-1] == "town: 1 fault"
    assert not Path("curve.svg").exists()


def test_a_pack_of_one_entry_has_no_curve(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = "pack: {title: T, notice: N, greeting: G, source: {title: T, publisher: P}}\n"
    (folder / "pack.yaml").write_text(f"{about}entries: {{a: {{question: Why?, answer: So., section: S}}}}\n")
    code, out, err = run(capsys, "check", "town", "--curve", "curve.svg")
    assert (code, err) == (0, "faqbot: curve.svg: there is no curve to draw; nothing was written\n")
    assert "no curve" in out.splitlines()[-1]
    assert not Path("curve.svg").exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_can_be_interrupted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Pack] = []

    def interrupted(pack: Pack, *, embedder: None = None) -> Compiled:
        seen.append(pack)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return compile_pack(pack)

    monkeypatch.setattr("bot.calibration.trials.compile_pack", interrupted)
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    code, out, _ = run(capsys, "check", "town", "--curve", "curve.svg")
    assert (code, out) == (130, "town: no faults\n")
    assert "learning how sure answers must be [" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")
    assert sorted(path.name for path in Path().iterdir()) == ["town"]
