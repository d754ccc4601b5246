"""A pack made ready to answer, and kept for the next start."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.cache import cache_folder, decoded, encoded, forget, keep, no_collector, place_of, read_kept
from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.progress import Progress
from bot.respond import guard, signs, talk
from bot.respond.decide import THRESHOLD
from bot.respond.signs import Sign, SignFinder
from bot.respond.talk import Courtesy
from bot.understand import assent, focus, lexicon, rules, verdicts
from bot.understand.assent import Assents
from bot.understand.lexicon import Lexicon
from bot.understand.match import PatternBuilder
from bot.understand.model import Model
from bot.understand.retrieve import Asked, Index, IndexBuilder, Large
from bot.understand.rules import Rule
from bot.understand.understanding import Understander
from bot.understand.verdicts import Points

if TYPE_CHECKING:
    from bot.semantic import Embedder

_REST = "compiled"
"""Name, in the folder of a large pack, of what is no entry and no phrasing."""


class Compiled(Struct, frozen=True):
    """Everything that an engine is made of."""

    pack: Pack
    english: English
    lexicon: Lexicon
    index: Index
    rules: tuple[Rule, ...]
    points: Points
    assents: Assents
    """tells how likely what is said of an entry is so"""
    signs: tuple[Sign, ...]
    asks: Model
    """tells what asks in a long message"""
    model: Model
    """tells what kind of message it is"""
    talk: tuple[Courtesy, ...]
    meta: tuple[Courtesy, ...]
    threshold: float = THRESHOLD
    """an answer of less confidence is not given, 0..1"""
    threshold_of_high: float = 0.0
    """the same for entries of high risk, where it is more"""
    large: Large | None = None
    """of a pack whose entries lie on disk, in a folder of its own"""


def compile_pack(pack: Pack, progress: Progress | None = None, embedder: "Embedder | None" = None) -> Compiled:
    """`pack`, which has been checked, ready to answer.

    The entries of a large one are written to a folder of the system's temporary ones, which is gone when nobody holds them any
    more; `write_cache` keeps them. progress: shows how far it is with a large one. embedder: see `Engine.load`.
    Raises MissingIndexError when that takes a library that is not installed, and OSError when it cannot be written.
    """
    from bot.understand.large import is_large

    with no_collector():
        return _compiled_large(pack, progress) if is_large(pack) else _compiled(pack, embedder)


def _compiled_large(pack: Pack, progress: Progress | None) -> Compiled:
    """The pack with its entries in a temporary folder; the rest of it is made like a small pack, of a sample of the phrasings."""
    import shutil
    import tempfile
    import weakref

    from bot.understand import large

    english = English.load()
    folder = Path(tempfile.mkdtemp(prefix="faqbot-"))
    try:
        rest = _without_places(large.rest_of(pack))
        words = lexicon.build(rest, english)
        made = large.build(pack, words, english, folder, progress)
        builder_of_index = IndexBuilder(replace(rest, entries={}, phrasings={}), words, english)
        compiled = _put_together(rest, english, words, builder_of_index, large.sample(pack, words, english))
        opened = _opened(replace(compiled, large=made), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(opened.pack.entries, shutil.rmtree, folder, ignore_errors=True)
    return opened


def _opened(compiled: Compiled, folder: Path) -> Compiled:
    """A large pack with the entries that lie in `folder`. Raises OSError when they do not."""
    from bot.pack.entries import EntryTable
    from bot.understand.large import ENTRIES

    assert compiled.large is not None
    pack = replace(compiled.pack, entries=EntryTable(folder / ENTRIES))
    return replace(compiled, pack=pack, large=replace(compiled.large, folder=str(folder)))


def _without_places(pack: Pack) -> Pack:
    """The pack with plain texts, which do not know where they stand."""
    return msgspec.convert(msgspec.to_builtins(pack, enc_hook=str), Pack)


def _compiled(pack: Pack, embedder: "Embedder | None") -> Compiled:
    english = English.load()
    pack = _without_places(pack)
    words = lexicon.build(pack, english)
    builder_of_index = IndexBuilder(pack, words, english, embedder)
    return _put_together(pack, english, words, builder_of_index, builder_of_index.read())


def _put_together(pack: Pack, english: English, words: Lexicon, builder_of_index: IndexBuilder, asked: list[Asked]) -> Compiled:
    """Everything that an engine is made of. `asked`: the ways in which the entries are asked."""
    from bot.language.template import parse

    builder = PatternBuilder(english, {name: parse(text) for name, text in pack.rules.items()})
    facts = builder_of_index.read_facts()
    index = builder_of_index.build(asked, facts)
    whole = rules.build(pack, builder)
    points = verdicts.build(pack, builder)
    assents = assent.taught(builder_of_index.read_statements(asked), english)
    found = signs.build(pack, builder)
    asks = focus.taught(builder_of_index.read_long(), english)
    understander = Understander(pack, Knowledge(pack), words, index, whole, points, assents, asks, english)
    return Compiled(
        # what is learned from lives on in the index and in the models
        pack=replace(pack, phrasings={}, verdicts={}, examples={}, long={}),
        english=replace(english, frames=(), verify=(), idioms=(), asks={}, meta={}),  # they live on in the lexicon
        lexicon=words,
        index=index,
        rules=whole,
        points=points,
        assents=assents,
        signs=found,
        asks=asks,
        model=guard.taught(pack, understander, SignFinder(found, pack, english), english, [*asked, *facts]),
        talk=talk.build(pack, builder),
        meta=talk.build_meta(english, builder),
    )


def understander_of(compiled: Compiled, embedder: "Embedder | None" = None) -> Understander:
    """What understands questions with that pack."""
    return Understander(
        compiled.pack,
        Knowledge(compiled.pack),
        compiled.lexicon,
        compiled.index,
        compiled.rules,
        compiled.points,
        compiled.assents,
        compiled.asks,
        compiled.english,
        compiled.large,
        embedder,
    )


def read_cache(key: str) -> Compiled | None:
    """The compiled pack of that key; None when there is none, or it is damaged or foreign."""
    name = f"{key}.pack"
    try:
        folder = cache_folder() / name
        return _read_large(folder) if folder.is_dir() else read_kept(name, Compiled)
    except (OSError, RuntimeError):
        return None


def write_cache(key: str, compiled: Compiled) -> Compiled:
    """Keep `compiled` for the next start, and give it back as it is kept: a large pack lies there from then on.

    A cache that cannot be written is done without.
    """
    name = f"{key}.pack"
    if compiled.large is None:
        keep(name, compiled)
        return compiled
    try:
        target = place_of(name)
        kept = _kept_large(compiled, target)
        forget(target)
        return kept
    except (OSError, RuntimeError):
        return compiled


def _read_large(folder: Path) -> Compiled | None:
    from bot.shelf import is_whole

    compiled = decoded((folder / _REST).read_bytes(), Compiled) if is_whole(folder) else None
    return _opened(compiled, folder) if compiled is not None and compiled.large is not None else None


def _kept_large(compiled: Compiled, target: Path) -> Compiled:
    from bot import shelf

    assert compiled.large is not None
    rest = replace(compiled, pack=replace(compiled.pack, entries={}), large=replace(compiled.large, folder=""))
    shelf.keep(Path(compiled.large.folder), target, {_REST: encoded(rest)})
    kept = _read_large(target)
    if kept is not None:
        shelf.remove(Path(compiled.large.folder))
    return kept or compiled
