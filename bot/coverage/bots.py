"""Whom the questions are asked: descriptions of bots that travel to a worker and are opened there."""

import hashlib
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.coverage.judge import Talks
from bot.engine import Engine
from bot.pack.files import pack_files
from bot.pack.format import Pack
from bot.pack.load import load


class Bot(Protocol):
    """An engine, or whatever stands in for one."""

    def conversation(self) -> Talks: ...


class BotSpec(Protocol):
    """What a worker needs to know to ask a bot. Picklable, small and hashable."""

    def opened(self) -> AbstractContextManager[Bot]:
        """The bot, for as long as it is asked."""
        ...

    def key(self) -> str:
        """A name for all that its answers follow from; empty when nobody can tell, as with a bot behind a URL."""
        ...


class PackBot(Struct, frozen=True):
    """The engine for the pack in `folder`, opened once in a process."""

    folder: str

    def open(self) -> Engine:
        return _engine(self.folder, self.key())

    def opened(self) -> AbstractContextManager[Engine]:
        return nullcontext(self.open())

    def key(self) -> str:
        from bot.cache import key_of

        return key_of(pack_files(Path(self.folder)))


@lru_cache(maxsize=2)
def _engine(folder: str, key: str) -> Engine:
    return Engine.load(folder)


class HeldOutBot(Struct, frozen=True):
    """The engine for the pack in `folder` without one part of its phrasings: can it still tell what they ask?"""

    folder: str
    fold: int
    """which part is left out, 0 or more"""
    folds: int
    """in how many parts the phrasings are cut, 2 or more"""

    def open(self) -> Engine:
        return _held_out(self.folder, self.key(), self.fold, self.folds)

    def opened(self) -> AbstractContextManager[Engine]:
        return nullcontext(self.open())

    def key(self) -> str:
        return PackBot(self.folder).key()


@lru_cache(maxsize=1)
def _held_out(folder: str, key: str, fold: int, folds: int) -> Engine:
    from bot.calibration.fit import fitted
    from bot.compiled import compile_pack

    pack = load(Path(folder))
    return Engine(fitted(compile_pack(without_fold(pack, fold, folds)), pack, Engine.answerer, key))


def fold_of(entry: str, phrasing: str, folds: int) -> int:
    """The part that a phrasing of an entry falls in: by its words alone, so that it is the same everywhere."""
    return int.from_bytes(hashlib.sha256(f"{entry}\n{phrasing}".encode()).digest()[:4], "big") % folds


def without_fold(pack: Pack, fold: int, folds: int) -> Pack:
    """`pack` without the phrasings of one part; the question of each entry stays."""

    def kept(entry: str, texts: list[str]) -> list[str]:
        return [text for text in texts if fold_of(entry, text, folds) != fold]

    entries = {
        id_: replace(
            entry,
            phrasings=kept(id_, entry.phrasings),
            confirms=kept(id_, entry.confirms),
            denies=kept(id_, entry.denies),
        )
        for id_, entry in pack.entries.items()
    }
    phrasings = {
        id_: replace(more, asks=kept(id_, more.asks), confirms=kept(id_, more.confirms), denies=kept(id_, more.denies))
        for id_, more in pack.phrasings.items()
    }
    return replace(pack, entries=entries, phrasings=phrasings)
