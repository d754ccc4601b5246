from msgspec.structs import replace

from bot.calibration.folds import FOLDS, HALVES, folds
from bot.language.english import English
from bot.pack.format import Pack
from bot.understand.asked import asked_as, is_template
from tests.packs import bakery_pack

ENGLISH = English.load()


def bakery() -> Pack:
    return replace(bakery_pack(), examples={"outside": [f"how far is the moon, {number} times" for number in range(7)]})


def known(pack: Pack) -> set[str]:
    """Every text that a bot with `pack` learns from."""
    phrasings = {text for entry in pack.entries for _, texts in asked_as(pack, entry) for text in texts}
    return phrasings | {text for texts in pack.examples.values() for text in texts}


def test_nobody_is_asked_what_he_has_learned_from() -> None:
    found = list(folds(bakery(), ENGLISH))
    assert len(found) == FOLDS + HALVES
    assert [q.text for fold in found for q in fold.questions if q.text in known(fold.pack)] == []


def test_every_phrasing_is_asked_once_in_scope_and_once_when_its_entry_is_away() -> None:
    pack = bakery()
    asked = [question for fold in folds(pack, ENGLISH) for question in fold.questions]
    plain = sorted(
        text for entry in pack.entries for _, texts in asked_as(pack, entry) for text in texts if not is_template(text)
    )
    assert sorted(q.text for q in asked if q.sort == "entries left out") == plain
    alone = {texts[0] for texts in map(plain_of, pack.entries) if len(texts) == 1}
    assert sorted(q.text for q in asked if q.sort == "phrasings") == [text for text in plain if text not in alone]
    assert sorted(q.text for q in asked if q.sort == "examples of outside") == sorted(pack.examples["outside"])


def plain_of(entry: str) -> list[str]:
    return [text for _, texts in asked_as(bakery(), entry) for text in texts if not is_template(text)]


def test_entries_keep_a_question_and_lose_nothing_else() -> None:
    pack = bakery()
    for fold in list(folds(pack, ENGLISH))[:FOLDS]:
        assert fold.pack.entries.keys() == pack.entries.keys()
        assert [id_ for id_, entry in fold.pack.entries.items() if not entry.question] == []
        assert {id_: entry.answer for id_, entry in fold.pack.entries.items()} == {
            id_: entry.answer for id_, entry in pack.entries.items()
        }


def test_the_folds_are_the_same_every_time_and_do_not_hang_on_the_order() -> None:
    pack = bakery()
    turned = replace(pack, entries=dict(reversed(list(pack.entries.items()))))
    first, again, other = (
        [{(q.text, q.sort) for q in fold.questions} for fold in folds(one, ENGLISH)] for one in (pack, bakery(), turned)
    )
    assert first == again == other


def test_phrasings_that_say_the_same_stay_together() -> None:
    pack = bakery()
    entry = replace(
        next(iter(pack.entries.values())),
        question="how can I keep the loaf?",
        phrasings=["how can I keep a loaf", "to keep a loaf", "where does it go in summer", "is the fridge good for it"],
        confirms=[],
        denies=[],
    )
    alone = replace(pack, entries={"keep": entry}, phrasings={}, verdicts={}, long={})
    together = {"how can I keep the loaf?", "how can I keep a loaf", "to keep a loaf"}
    asked = [{q.text for q in fold.questions if q.sort == "phrasings"} & together for fold in folds(alone, ENGLISH)]
    assert [texts for texts in asked if texts] == [together]
