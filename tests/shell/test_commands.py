from pathlib import Path

import pytest

from bot.shell.commands import COMMANDS, run
from bot.shell.render import plain
from bot.shell.talk import Talk


def said(line: str, talk: Talk) -> str:
    return plain(run(line, talk), 80)


def test_help_lists_every_command(talk: Talk) -> None:
    assert said("/help", talk) == (
        "  /help [COMMAND]           List the commands, or say more about one\n"
        "  /topics [TOPIC]           What you can ask about\n"
        "  /why                      Why the last reply was given\n"
        "  /source                   Where the last reply comes from\n"
        "  /facts NAME               All that is known of something\n"
        "  /save FILE                Write the conversation to a file\n"
        "  /save! FILE               The same, over a file that is there\n"
        "  /feedback good|bad [NOTE] Judge the last reply\n"
        "  /reset                    Start afresh\n"
        "  /quit                     Leave\n"
        "\n"
        "  Anything else that you type is a question. /help COMMAND says more.\n"
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help_of_its_own(command, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    text = said(f"/help {command.name}", talk)
    assert text.startswith(f"  {command.usage}\n    {command.summary}. ")
    assert text == said(f"/HELP {command.name.removeprefix('/').upper()}", talk)


def test_help_for_one_command(talk: Talk) -> None:
    assert (
        said("/help facts", talk)
        == "  /facts NAME\n    All that is known of something. NAME is any name of it; Tab completes it.\n"
    )


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/topcis", "There is no command /topcis (did you mean '/topics'?). /help lists them all."),
        ("/f Green tea", "There is no command /f (did you mean '/facts'?). /help lists them all."),
        ("/SUORCE", "There is no command /SUORCE (did you mean '/source'?). /help lists them all."),
        ("/xyzzy", "There is no command /xyzzy. /help lists them all."),
        ("/\x1b[31m", "There is no command / [31m. /help lists them all."),
        ("/help tpoics", "There is no command tpoics (did you mean '/topics'?)."),
        ("/facts", "Say it like this: /facts NAME. NAME is any name of it; Tab completes it."),
        ("/facts Oolong", "I know nothing called Oolong."),
        ("/why", "Nothing was asked yet."),
        ("/source", "Nothing was asked yet."),
        ("/save", "Say it like this: /save FILE. Plain text. A file that is there already is left alone."),
        ("/save talk.txt", "Nothing was asked yet, so there is nothing to save."),
        ("/feedback good", "There is no answer yet to judge."),
        ("/topics 9", "There is no topic 9. /topics lists them."),
        ("/topics Pods", "There is no topic Pods (did you mean 'Pots'?). /topics lists them."),
        ("/reset", "The conversation and its transcript are forgotten."),
    ],
)
def test_what_a_command_says(typed: str, answer: str, talk: Talk) -> None:
    assert " ".join(said(typed, talk).split()) == answer


def test_topics_and_their_questions(talk: Talk) -> None:
    assert said("/topics", talk) == "  1. Pots (1)\n  2. Ceremony (1)\n\n  /topics NUMBER lists the questions of a topic.\n"
    assert (
        said("/topics 1", talk)
        == said("/topics pot", talk)
        == said("/topics POTS", talk)
        == "  Pots\n  - What is a teapot for?\n"
    )


def test_facts_of_a_thing(talk: Talk) -> None:
    assert said("/facts Green tea", talk) == "  Green tea\n  Green tea tastes of grass.\n"


def test_the_source_of_the_last_reply(talk: Talk) -> None:
    talk.ask("what is a teapot for?")
    assert said("/source", talk) == "  - Leaf Press: The tea book, “Pots”, reviewed 2026-01-31,\n    https://tea.example/book\n"
    talk.ask("thanks")
    assert said("/source", talk) == "  The last reply rests on no source.\n"


def test_why_speaks_of_the_last_reply(talk: Talk) -> None:
    talk.ask("what is a teapot for?")
    assert said("/why", talk).startswith("  Why:")


def test_feedback_is_kept_in_the_transcript_and_says_so(talk: Talk, tmp_path: Path) -> None:
    talk.ask("what is a teapot for?")
    assert said("/feedback perhaps", talk).startswith("  Say it like this: /feedback good|bad [NOTE].")
    noted = "  Noted in this transcript alone; nothing is sent. /save FILE writes it down.\n"
    assert said("/feedback BAD  too\x07 short ", talk) == noted
    assert plain(run(f"/save {tmp_path}/talk.txt", talk)) == f"  Saved to {tmp_path}/talk.txt\n"
    assert (tmp_path / "talk.txt").read_text(encoding="utf-8").endswith("Feedback: bad: too short\n")


def test_saving_twice_needs_an_exclamation_mark(talk: Talk, tmp_path: Path) -> None:
    target = tmp_path / "my talk.txt"
    talk.ask("what is a teapot for?")
    assert "Saved to" in said(f'/save "{target}"', talk)
    before = target.read_text(encoding="utf-8")
    talk.ask("thanks")
    assert "Not saved:" in said(f"/save {target}", talk)
    assert target.read_text(encoding="utf-8") == before
    assert "Saved to" in said(f"/save! {target}", talk)
    assert "> thanks\n" in target.read_text(encoding="utf-8")


def test_reset_forgets_what_was_said(talk: Talk) -> None:
    talk.ask("what is a teapot for?")
    run("/reset", talk)
    assert talk.last is None
    assert said("/why", talk) == "  Nothing was asked yet.\n"


@pytest.mark.parametrize("line", ["/quit", "/exit", "/q", "/QUIT now"])
def test_leaving_is_the_end_of_the_input(line: str, talk: Talk) -> None:
    with pytest.raises(EOFError):
        run(line, talk)
