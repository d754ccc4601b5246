import stat
from pathlib import Path

import pytest

from bot.shell.talk import Talk
from bot.shell.transcript import SaveError, save


def test_a_transcript_reads_as_what_was_said(talk: Talk) -> None:
    talk.ask("what is a teapot for?")
    assert talk.last is not None
    talk.last.notes.append("good: short")
    talk.ask("thanks\x1b[2J\nthank you")
    assert str(talk.transcript) == (
        "Tea – questions\n"
        "\n"
        "> what is a teapot for?\n"
        "A teapot keeps the leaves together.\n"
        "Source: Leaf Press: The tea book, “Pots”, reviewed 2026-01-31, https://tea.example/book\n"
        "Feedback: good: short\n"
        "\n"
        "> thanks [2J thank you\n" + str(talk.transcript.exchanges[1].reply.text) + "\n"
    )


def test_a_saved_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    target = save("tea \ud800\n", str(tmp_path / "talk.txt"))
    assert target.read_bytes() == b"tea ?\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_there_is_left_alone_unless_one_insists(tmp_path: Path) -> None:
    target = tmp_path / "talk.txt"
    target.write_text("mine")
    with pytest.raises(SaveError, match=r"is there already\. To replace it: /save! "):
        save("new", str(target))
    assert target.read_text() == "mine"
    save("new", str(target), overwrite=True)
    assert target.read_text() == "new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    save("new", str(tmp_path / "link.txt"), overwrite=True)
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_tilde_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert save("tea", "~/talk.txt") == tmp_path / "talk.txt"


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/", "/ is a folder: name a file in it."),
        ("/dev/null", "/dev/null is not a plain file."),
        ("/no/such/talk.txt", "There is no folder /no/such."),
        ("nul\0name", "nul name is not the name of a file: embedded null byte."),
        ("n" * 300, f"{'n' * 79}… could not be written: File name too long."),
        ("\x1b[31mred/talk.txt", "There is no folder "),
    ],
)
def test_a_name_that_cannot_be_written_is_refused_in_plain_words(name: str, reason: str, overwrite: bool) -> None:
    with pytest.raises(SaveError) as error:
        save("tea", name, overwrite=overwrite)
    assert str(error.value).startswith(reason)
    assert "\x1b" not in str(error.value)


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SaveError, match=r"could not be written: No space left on device\.$"):
        save("tea", str(tmp_path / "talk.txt"))
    assert list(tmp_path.iterdir()) == []
