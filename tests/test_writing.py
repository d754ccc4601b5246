"""Files are there whole or not at all, and nothing is taken the place of that is no plain file."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.writing import written_whole
from tests.documents import ROOT


def write(path: Path, text: bytes, *, private: bool = False) -> None:
    with written_whole(path, private=private) as file:
        file.write(text)


def test_a_file_that_cannot_be_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("before", encoding="utf-8")

    def fail() -> None:
        with written_whole(path) as file:
            file.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match=r"No space left on device: '.*report\.html'"):
        fail()
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [("report.html", "before")]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        write(tmp_path, b"text")
    with pytest.raises(FileNotFoundError, match=r"nowhere/report\.html"):
        write(tmp_path / "nowhere" / "report.html", b"text")


def test_the_longest_name_that_a_disk_takes(tmp_path: Path) -> None:
    path = tmp_path / ("r" * 255)
    write(path, b"text")
    assert path.read_bytes() == b"text"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions, links and pipes of Unix")
class TestUnix:
    def test_what_is_there_keeps_its_permissions_and_its_links(self, tmp_path: Path) -> None:
        path, link = tmp_path / "report.html", tmp_path / "latest.html"
        path.write_text("before", encoding="utf-8")
        path.chmod(0o640)
        link.symlink_to(path)
        write(link, b"after")
        assert (link.is_symlink(), path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (True, b"after", 0o640)

    def test_what_is_private_is_its_owners(self, tmp_path: Path) -> None:
        path = tmp_path / "questions.csv"
        for _ in range(2):
            write(path, b"text", private=True)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            path.chmod(0o644)

    def test_a_pipe_is_written_to(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        read: list[bytes] = []
        reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
        reader.start()
        write(pipe, b"text")
        reader.join(60)
        assert read == [b"text"]
        assert pipe.is_fifo()
        assert list(tmp_path.iterdir()) == [pipe]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_device_is_written_to(self, tmp_path: Path) -> None:
        link = tmp_path / "full"  # a device behind a link, so that no fault of ours can take the place of the real one
        link.symlink_to("/dev/full")
        with pytest.raises(OSError, match=r"No space left on device: '.*full'"):
            write(link, b"text")
        assert stat.S_ISCHR(link.stat().st_mode)
        assert list(tmp_path.iterdir()) == [link]

    @pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs /dev/stdout")
    def test_the_standard_output_keeps_what_was_written_to_it(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from bot.writing import written_whole\n"
            "print('before', flush=True)\n"
            "with written_whole(Path('/dev/stdout')) as file: file.write(b'text\\n')"
        )
        with (tmp_path / "out").open("wb") as out:
            subprocess.run([sys.executable, "-c", code], stdout=out, cwd=ROOT, check=True, timeout=60)
        assert (tmp_path / "out").read_text(encoding="utf-8") == "before\ntext\n"
