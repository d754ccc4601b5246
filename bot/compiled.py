"""A pack made ready to answer, and its cache on disk."""

import gc
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.progress import Progress
from bot.respond import guard, signs, talk
from bot.respond.signs import Sign, SignFinder
from bot.respond.talk import Courtesy
from bot.understand import focus, lexicon, rules, verdicts
from bot.understand.learn import Model
from bot.understand.lexicon import Lexicon
from bot.understand.match import PatternBuilder
from bot.understand.retrieve import Asked, Index, IndexBuilder, Large
from bot.understand.rules import Rule
from bot.understand.understanding import Understander
from bot.understand.verdicts import Points

_MAGIC = b"faqbot-pack-1\n"
_DIGEST = 32
_BLOCK = 1 << 20

_REST = "compiled"
"""Name, in the folder of a large pack, of what is no entry and no phrasing."""

_MOST_LARGE = 3
"""Large packs that are kept: each may take hundreds of megabytes."""

_A_DAY = 24 * 60 * 60

_MADE_BY = ("*.py", "pack/*.py", "language/*.py", "language/*.yaml", "understand/*.py", "respond/*.py")
"""The code that makes compiled packs."""


class Compiled(Struct, frozen=True):
    """Everything that an engine is made of."""

    pack: Pack
    english: English
    lexicon: Lexicon
    index: Index
    rules: tuple[Rule, ...]
    points: Points
    signs: tuple[Sign, ...]
    asks: Model
    """tells what asks in a long message"""
    model: Model
    """tells what kind of message it is"""
    talk: tuple[Courtesy, ...]
    meta: tuple[Courtesy, ...]
    large: Large | None = None
    """of a pack whose entries lie on disk, in a folder of its own"""


def compile_pack(pack: Pack, progress: Progress | None = None) -> Compiled:
    """`pack`, which has been checked, ready to answer.

    The entries of a large one are written to a folder of the system's temporary ones, which is gone when nobody holds them any
    more; `write_cache` keeps them. progress: shows how far it is with a large one.
    Raises MissingIndexError when that takes a library that is not installed, and OSError when it cannot be written.
    """
    from bot.understand.large import is_large

    with _no_collector():
        return _compiled_large(pack, progress) if is_large(pack) else _compiled(pack)


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


def _compiled(pack: Pack) -> Compiled:
    english = English.load()
    pack = _without_places(pack)
    words = lexicon.build(pack, english)
    builder_of_index = IndexBuilder(pack, words, english)
    return _put_together(pack, english, words, builder_of_index, builder_of_index.read())


def _put_together(pack: Pack, english: English, words: Lexicon, builder_of_index: IndexBuilder, asked: list[Asked]) -> Compiled:
    """Everything that an engine is made of. `asked`: the ways in which the entries are asked."""
    from bot.language.template import parse

    builder = PatternBuilder(english, {name: parse(text) for name, text in pack.rules.items()})
    index = builder_of_index.build(asked)
    whole = rules.build(pack, builder)
    points = verdicts.build(pack, builder)
    found = signs.build(pack, builder)
    asks = focus.taught(builder_of_index.read_long(), english)
    understander = Understander(pack, Knowledge(pack), words, index, whole, points, asks, english)
    return Compiled(
        # what is learned from lives on in the index and in the models
        pack=replace(pack, phrasings={}, verdicts={}, examples={}, long={}),
        english=replace(english, frames=(), verify=(), idioms=(), asks={}, meta={}),  # they live on in the lexicon
        lexicon=words,
        index=index,
        rules=whole,
        points=points,
        signs=found,
        asks=asks,
        model=guard.taught(pack, understander, SignFinder(found, pack, english), english, asked),
        talk=talk.build(pack, builder),
        meta=talk.build_meta(english, builder),
    )


def cache_folder() -> Path:
    """Where compiled packs are kept: $FAQBOT_CACHE, or the user's cache folder."""
    named = os.environ.get("FAQBOT_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "faqbot"


def key_of(files: Iterable[Path]) -> str:
    """A name for what the compiled pack is made of: the pack's files and this package's own code, byte for byte.

    Empty when one of them cannot be read: that is for the loader to tell.
    """
    digest = hashlib.sha256(f"{sys.version_info[:2]} {msgspec.__version__}".encode())
    own = Path(__file__).parent
    code = [path for part in _MADE_BY for path in sorted(own.glob(part))]
    try:
        for path in (*code, *files):
            if not path.is_file():  # reading a pipe or a device might never end
                return ""
            stat = path.stat()
            if path.suffix == ".py":  # our own code: its size and time will do
                digest.update(f"{path.parent.name}/{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
            else:
                digest.update(f"{path.name} {stat.st_size}\n".encode())
                with path.open("rb") as file:
                    while block := file.read(_BLOCK):
                        digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()[:32]


def read_cache(key: str) -> Compiled | None:
    """The compiled pack of that key; None when there is none, or it is damaged or foreign."""
    try:
        path = cache_folder() / f"{key}.pack"
        if path.is_dir():
            return _read_large(path)
        return _decoded(path.read_bytes())
    except (OSError, RuntimeError):
        return None


def _read_large(folder: Path) -> Compiled | None:
    from bot.shelf import is_whole

    compiled = _decoded((folder / _REST).read_bytes()) if is_whole(folder) else None
    return _opened(compiled, folder) if compiled is not None and compiled.large is not None else None


def _decoded(data: bytes) -> Compiled | None:
    """What `_encoded` made these bytes of; None when they are damaged or foreign."""
    try:
        body = memoryview(data)[len(_MAGIC) + _DIGEST :]
        if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : len(_MAGIC) + _DIGEST]:
            return None
        with _no_collector():
            return msgspec.msgpack.decode(body, type=Compiled)
    except (msgspec.MsgspecError, RuntimeError):
        return None


def _encoded(compiled: Compiled) -> bytes:
    body = msgspec.msgpack.encode(compiled)
    return _MAGIC + hashlib.sha256(body).digest() + body


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the garbage collector, which would walk the growing heap again and again for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_cache(key: str, compiled: Compiled) -> Compiled:
    """Keep `compiled` for the next start, and give it back as it is kept: a large pack lies there from then on.

    Written beside and moved into place; a cache that cannot be written is done without.
    """
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / f"{key}.pack"
        if compiled.large is not None:
            compiled = _kept_large(compiled, target)
        else:
            _write(target, _encoded(compiled))
        _forget(folder, keep=8)
    except (OSError, RuntimeError):
        pass
    return compiled


def _kept_large(compiled: Compiled, target: Path) -> Compiled:
    from bot.shelf import keep, remove

    assert compiled.large is not None
    rest = replace(compiled, pack=replace(compiled.pack, entries={}), large=replace(compiled.large, folder=""))
    keep(Path(compiled.large.folder), target, {_REST: _encoded(rest)})
    kept = _read_large(target)
    if kept is not None:
        remove(Path(compiled.large.folder))
    return kept or compiled


def _write(target: Path, data: bytes) -> None:
    import tempfile  # only when there is something to write: it takes longer to import than a small pack to load

    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _forget(folder: Path, keep: int) -> None:
    """Remove all but the newest caches, and what is left of a process that was ended while it wrote a large one."""
    from bot.shelf import remove

    kept = sorted(folder.glob("*.pack"), key=lambda path: path.stat().st_mtime, reverse=True)
    large = [path for path in kept if path.is_dir()]
    dead = [path for path in folder.glob("*.part") if path.is_dir() and time.time() - path.stat().st_mtime > _A_DAY]
    for path in {*kept[keep:], *large[_MOST_LARGE:], *dead}:
        remove(path)
