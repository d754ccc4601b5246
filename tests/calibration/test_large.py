"""How sure the answers of a large pack must be: its bot is asked what it is made to do without."""

from functools import cache
from itertools import islice

from msgspec.structs import replace

from bot.calibration.curve import Calibration, choose
from bot.calibration.fit import fitted
from bot.calibration.folds import lacks
from bot.calibration.trials import calibrated
from bot.compiled import Compiled, compile_pack
from bot.engine import Engine
from bot.respond.decide import THRESHOLD
from tests.large import ENTRIES, every_pack_is_large, shop_pack


@cache
def compiled() -> Compiled:
    with every_pack_is_large():
        return compile_pack(shop_pack())


@cache
def calibration() -> Calibration:
    with every_pack_is_large():
        return calibrated(shop_pack(), Engine.answerer, compiled=compiled())


def test_a_bot_without_a_phrasing_or_an_entry_does_not_know_it() -> None:
    left_out = {"in scope": 0, "out of scope": 0}
    large = compiled().large
    assert large is not None
    for lacking in islice(lacks(shop_pack()), 12):
        question = lacking.question
        (id_,) = question.intents or [
            id_ for id_, entry in shop_pack().entries.items() if question.text in (entry.question, *entry.phrasings)
        ]
        assert Engine(compiled()).rank(question.text, 1)[0].confidence == 0.98
        bot = Engine(replace(compiled(), large=replace(large, without=lacking.without)))
        ranked = {candidate.intent: candidate.confidence for candidate in bot.rank(question.text)}
        assert (id_ in ranked) == (question.scope == "in scope")
        assert ranked.get(id_) != 0.98  # it may be surer than that, but not because it knows the words
        left_out[question.scope] += 1
    assert left_out == {"in scope": 6, "out of scope": 6}


def test_every_entry_of_a_pack_that_is_not_very_large_is_asked_for_twice() -> None:
    sorts = {sort.name: (sort.scope, sort.asked) for sort in calibration().sorts}
    assert sorts == {"phrasings": ("in scope", ENTRIES), "entries left out": ("out of scope", ENTRIES)}
    in_scope = next(sort for sort in calibration().sorts if sort.scope == "in scope")
    assert sum(in_scope.right.values()) > 0.9 * ENTRIES


def test_the_threshold_is_the_one_for_the_rate_that_the_pack_states() -> None:
    pack = shop_pack()
    strict = replace(pack, pack=replace(pack.pack, wrong_answer_rate=0.05))
    with every_pack_is_large():
        made = fitted(compiled(), strict, Engine.answerer)
    assert made.threshold == choose(calibration(), 0.05, THRESHOLD).point.threshold
    assert made.large == compiled().large
    assert fitted(compiled(), pack, Engine.answerer) == compiled()
