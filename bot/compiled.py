"""A pack made ready to answer, and its cache on disk."""

import gc
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.language.english import English
from bot.pack.format import Pack
from bot.pack.knowledge import Knowledge
from bot.respond import guard, signs, talk
from bot.respond.decide import THRESHOLD
from bot.respond.signs import Sign, SignFinder
from bot.respond.talk import Courtesy
from bot.understand import focus, lexicon, rules, verdicts
from bot.understand.learn import Model
from bot.understand.lexicon import Lexicon
from bot.understand.match import PatternBuilder
from bot.understand.retrieve import Index, IndexBuilder
from bot.understand.rules import Rule
from bot.understand.understanding import Understander
from bot.understand.verdicts import Points

T = TypeVar("T")

_MAGIC = b"faqbot-pack-1\n"
_DIGEST = 32

_MADE_BY = ("*.py", "pack/*.py", "language/*.py", "language/*.yaml", "understand/*.py", "respond/*.py", "calibration/*.py")
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
    threshold: float = THRESHOLD
    """an answer of less confidence is not given, 0..1"""
    threshold_of_high: float = 0.0
    """the same for entries of high risk, where it is more"""


def compile_pack(pack: Pack) -> Compiled:
    """`pack`, which has been checked, ready to answer."""
    with _no_collector():
        return _compiled(pack)


def _compiled(pack: Pack) -> Compiled:
    from bot.language.template import parse

    english = English.load()
    builder = PatternBuilder(english, {name: parse(text) for name, text in pack.rules.items()})
    pack = msgspec.convert(msgspec.to_builtins(pack, enc_hook=str), Pack)  # texts without their places
    words = lexicon.build(pack, english)
    builder_of_index = IndexBuilder(pack, words, english)
    asked = builder_of_index.read()
    facts = builder_of_index.read_facts()
    index = builder_of_index.build(asked, facts)
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
        model=guard.taught(pack, understander, SignFinder(found, pack, english), english, [*asked, *facts]),
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
                digest.update(f"{path.name} {stat.st_size}\n".encode() + path.read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()[:32]


def read_cache(key: str) -> Compiled | None:
    """The compiled pack of that key; None when there is none, or it is damaged or foreign."""
    return read_kept(f"{key}.pack", Compiled)


def read_kept(name: str, kind: type[T]) -> T | None:
    """What `keep` kept under that name; None when there is nothing, or it is damaged or foreign."""
    try:
        data = (cache_folder() / name).read_bytes()
        body = memoryview(data)[len(_MAGIC) + _DIGEST :]
        if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : len(_MAGIC) + _DIGEST]:
            return None
        with _no_collector():
            return msgspec.msgpack.decode(body, type=kind)
    except (OSError, msgspec.MsgspecError, RuntimeError):
        return None


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


def write_cache(key: str, compiled: Compiled) -> None:
    """Keep `compiled` for the next start."""
    keep(f"{key}.pack", compiled)


def keep(name: str, value: Struct) -> None:
    """Keep `value` in the cache. Written beside and moved into place; a cache that cannot be written is done without.

    name: the key of what it was made from, and an ending of its kind; of each kind only the newest are kept.
    """
    import tempfile  # only when there is something to write: it takes longer to import than a small pack to load

    body = msgspec.msgpack.encode(value)
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, beside = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(body).digest() + body)
            Path(beside).replace(folder / name)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _forget(folder, Path(name).suffix, most=8)
    except (OSError, RuntimeError):
        return


def _forget(folder: Path, suffix: str, most: int) -> None:
    """Remove all but the newest files of that kind."""
    kept = sorted(folder.glob(f"*{suffix}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[most:]:
        path.unlink(missing_ok=True)
