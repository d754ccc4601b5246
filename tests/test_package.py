"""The wheel: built, installed into an environment that holds nothing else, and asked a question. Needs no network."""

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from bot import __version__
from bot.cache import cache_folder
from tests.documents import ROOT

pytestmark = pytest.mark.slow

QUESTION = "can Velcade cause constipation?"


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C.UTF-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment}
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, check=False, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis"))
    done = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*.whl")
    return found


def needed(name: str, extra: str = "") -> Iterator[Distribution]:
    """The installed package of that name and whatever it needs to run."""
    yield distribution(name)
    for requirement in distribution(name).requires or ():
        if ";" not in requirement:
            yield from needed(re.split(r"[\s<>=!~\[(]", requirement)[0])


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment with the wheel and the packages that it declares, copied from this one, and no others."""
    folder = tmp_path_factory.mktemp("environment")
    done = run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    inside = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "env"), "platbase": str(folder / "env")}))
    for name in declared(wheel):
        for package in needed(name):
            for file in package.files or ():
                source, target = Path(str(file.locate())), site / file
                if ".." not in file.parts and source.is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, target)
    done = run(inside, "-m", "pip", "install", "--no-index", "--no-deps", wheel, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return inside


def declared(wheel: Path) -> list[str]:
    """Names of the packages that the wheel needs without any extra."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"faqbot-{__version__}.dist-info/METADATA").decode()
    lines = re.findall(r"^Requires-Dist: (.+)$", metadata, re.MULTILINE)
    return [re.split(r"[\s<>=!~\[(]", line)[0] for line in lines if "extra ==" not in line]


def test_the_wheel_holds_the_pack_the_words_the_types_and_the_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packs = {f"bot/faq/{path.name}" for path in (ROOT / "faq").glob("*.yaml")}
    words = {"bot/language/words.txt", "bot/language/english.yaml", "bot/language/words.LICENSE.txt"}
    info = f"faqbot-{__version__}.dist-info"
    licences = {f"{info}/licenses/LICENSE", f"{info}/licenses/bot/language/words.LICENSE.txt"}
    assert packs | words | licences | {"bot/py.typed"} <= names
    assert {name.split("/")[0] for name in names} == {"bot", info}


def test_the_wheel_needs_few_packages(wheel: Path) -> None:
    assert sorted(name.lower().replace("_", "-") for name in declared(wheel)) == [
        "msgspec",
        "numpy",
        "prompt-toolkit",
        "pystemmer",
        "pyyaml",
        "rapidfuzz",
    ]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder in which what is installed keeps its compiled pack."""
    return str(tmp_path_factory.mktemp("cache"))


def test_the_installed_command_answers_from_any_folder(python: Path, cache: str, tmp_path: Path) -> None:
    done = run(python.with_name("faqbot"), "ask", QUESTION, cwd=tmp_path, FAQBOT_CACHE=cache)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Yes. Constipation is listed among the side effects of proteasome inhibitors.")
    assert "“Proteasome inhibitors”" in done.stdout


def test_the_installed_library_answers_and_starts_from_its_cache(python: Path, cache: str, tmp_path: Path) -> None:
    code = f"import bot; print(bot.__file__); print(bot.Engine.load().ask({QUESTION!r}).verdict)"
    for _ in range(2):
        done = run(python, "-W", "error", "-c", code, cwd=tmp_path, FAQBOT_CACHE=cache)
        file, verdict = done.stdout.splitlines()
        assert (verdict, done.stderr) == ("yes", "")
        assert python.parents[1] in Path(file).parents
        assert len(list(Path(cache).iterdir())) == 1


def test_the_installed_pack_has_no_fault(python: Path, tmp_path: Path) -> None:
    done = run(python, "-m", "bot", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1].endswith(": no faults")) == (0, True)


def test_a_checkout_answers_from_any_folder_too(tmp_path: Path) -> None:
    cache = str(cache_folder())  # that of the other tests
    done = run(sys.executable, "-m", "bot", "ask", QUESTION, cwd=tmp_path, PYTHONPATH=str(ROOT), FAQBOT_CACHE=cache)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Yes. ")
