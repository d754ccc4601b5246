"""The scripts that measure time run to their end; what they measure is for their reader to judge."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT
from tests.packs import write_bakery

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")]

BANK = '{"id": "a", "turns": [{"ask": "side effects of Velcade?", "expect": {"kind": ["answer"]}}]}\n'
TIME = r"\d+\.\d ms \(\d+\.\d to \d+\.\d\)"


def run(*arguments: str | Path, cache: Path) -> str:
    env = {**os.environ, "FAQBOT_CACHE": str(cache)}
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "bakery").mkdir()
    return write_bakery(tmp_path / "bakery")


def test_latency(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(BANK, encoding="utf-8")
    shown = run(
        "benchmarks.latency", tmp_path / "a.jsonl", "--pack", pack, "--rounds", "1", "--loads", "1", cache=tmp_path / "cache"
    )
    assert re.search(
        r"^engine.ask, 1 questions, warm, on .*:\n  median \d+\.\d\d ms   p90 .* ms   p99 .* ms$", shown, re.MULTILINE
    )
    assert re.search(rf"^  from the compiled cache +{TIME}, after imports of {TIME}$", shown, re.MULTILINE)
    assert re.search(rf"^  from YAML +{TIME}, after imports of {TIME}$", shown, re.MULTILINE)


def test_startup(pack: Path, tmp_path: Path) -> None:
    arguments = ("--pack", pack, "--question", "what is Rustino?", "--runs", "3")
    shown = run("benchmarks.startup", *arguments, cache=tmp_path / "cache")
    for title in ("start to painted prompt", "CPU of `faqbot ask`"):
        assert re.search(rf"^{title}\n  faqbot   {TIME}\n  least    {TIME}\n  ratio    \d+\.\d\d$", shown, re.MULTILINE)


def test_guards(pack: Path, tmp_path: Path) -> None:
    examples = pack / "examples.yaml"
    examples.write_text(
        "examples:\n"
        "  reaction: [my lips tingle since the roll, he fell from his chair after a bun, she gasps, I came out in welts]\n"
        "  ordinary: [do nuts make lips tingle, he fell for a bun, she gasps at the price, where do I come in]\n",
        encoding="utf-8",
    )
    command = ("benchmarks.guards", "--pack", pack, "--folds", "2", "--failures", "reaction")
    shown = run(*command, cache=tmp_path / "cache")
    assert re.search(r"^reaction +4 +\d+\.\d% +\d+\.\d%$", shown, re.MULTILINE)
    assert re.search(r"^ordinary +4 +\d+\.\d% +\d+\.\d%$", shown, re.MULTILINE)
    assert re.search(r"^urgent from +noticed +entries +ordinary$", shown, re.MULTILINE)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads memory from /proc")
def test_logs(pack: Path, tmp_path: Path) -> None:
    shown = run("benchmarks.logs", "--lines", "60", "--pack", pack, cache=tmp_path / "cache")
    assert re.search(r"^log +60 ", shown, re.MULTILINE)
    assert re.search(r"^60 lines in \d+ s, \d+\.\d\d ms each; MB of each process that asks:$", shown, re.MULTILINE)
