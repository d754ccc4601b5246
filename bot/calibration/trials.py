"""A pack -> what is known of how sure its answers must be: every question asked of a bot that has not learned from it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.calibration.curve import Calibration, Trial, sort_of
from bot.calibration.folds import FOLDS, HALVES, SAMPLE, Question, folds, lacks
from bot.compiled import Compiled, compile_pack
from bot.language.english import English
from bot.pack.format import Pack
from bot.respond.decide import Given
from bot.understand.large import is_large

if TYPE_CHECKING:
    from bot.semantic import Embedder

Answerer = Callable[[str], Given]
"""A bot, asked for a text."""

Told = Callable[[str, int, int], object]
"""Is told what is done now, how much of it is done, and how much there is."""


def calibrated(
    pack: Pack,
    bot_of: Callable[[Compiled], Answerer],
    told: Told | None = None,
    compiled: Compiled | None = None,
    embedder: "Embedder | None" = None,
) -> Calibration:
    """What came of all questions. It compiles the pack some times over, and takes so many times as long.

    bot_of: the bot with a compiled pack. compiled: the pack, where it is compiled already. embedder: see `Engine.load`.
    A large pack is compiled once at most, and asked some of its phrasings: its bot can do without any of them as it is.
    """
    trials: dict[str, list[Trial]] = {}
    sorts: dict[str, Question] = {}
    if is_large(pack):
        return _of_large(pack, compiled or compile_pack(pack), bot_of, told)
    of_all = FOLDS + HALVES
    for number, fold in enumerate(folds(pack, English.load())):
        if told is not None:
            told("learning how sure answers must be", number, of_all)
        answerer = bot_of(compile_pack(fold.pack, embedder=embedder))
        for question, trial in _tried(fold.questions, answerer):
            trials.setdefault(question.sort, []).append(trial)
            sorts.setdefault(question.sort, question)
    return _counted(trials, sorts)


def _of_large(pack: Pack, compiled: Compiled, bot_of: Callable[[Compiled], Answerer], told: Told | None) -> Calibration:
    trials: dict[str, list[Trial]] = {}
    sorts: dict[str, Question] = {}
    for number, lacking in enumerate(lacks(pack)):
        if told is not None:
            told("learning how sure answers must be", number, 2 * SAMPLE)
        assert compiled.large is not None
        answerer = bot_of(replace(compiled, large=replace(compiled.large, without=lacking.without)))
        for question, trial in _tried((lacking.question,), answerer):
            trials.setdefault(question.sort, []).append(trial)
            sorts.setdefault(question.sort, question)
    return _counted(trials, sorts)


def _counted(trials: dict[str, list[Trial]], sorts: dict[str, Question]) -> Calibration:
    return Calibration(
        tuple(sort_of(name, sorts[name].scope, own, is_written=sorts[name].is_written) for name, own in trials.items())
    )


def _tried(questions: tuple[Question, ...], answerer: Answerer) -> Iterator[tuple[Question, Trial]]:
    """What came of the questions of which it is known whether the answer is right."""
    for question in questions:
        given = answerer(question.text)
        is_right = any(intent in question.intents for intent in given.intents[:1])  # a second answer makes no wrong one right
        if is_right or not (given.over_facts and question.facts_may_answer):
            yield question, Trial(given.threshold, is_right)
