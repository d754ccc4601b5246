"""Packs that are compiled as large ones, however small they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from benchmarks.ranking.synthetic import entries
from bot.compiled import compile_pack
from bot.engine import Engine
from bot.pack.format import About, Entry, Pack, SourceWork
from tests.packs import bakery_pack
from tests.tools import library

ENTRIES = 60


@contextmanager
def every_pack_is_large() -> Iterator[None]:
    """No entry is learned. Without the search index the test skips itself."""
    library("tantivy", "faqbot[large]")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.understand.large.MOST_LEARNED", 0)
        yield


def as_large(pack: Pack) -> Engine:
    """The engine of a pack, compiled as a large one."""
    with every_pack_is_large():
        return Engine(compile_pack(pack))


@cache
def shop_pack(number: int = ENTRIES) -> Pack:
    """A synthetic pack of so many entries, five phrasings each."""
    about = About("Shop", SourceWork("Handbook", "Shop"), "None.", "Hello.")
    made = {id_: Entry(texts[0], f"Noted: {id_}.", phrasings=texts[1:]) for id_, texts in entries(number)}
    return Pack(about, entries=made)


@cache
def large_shop() -> Engine:
    return as_large(shop_pack())


@cache
def large_bakery() -> Engine:
    return as_large(bakery_pack())
