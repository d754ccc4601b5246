"""Large packs: compiled into a folder, kept as one in the cache, and opened in place.

The folder holds the entries, the phrasings, the search index, and the rest of the compiled pack with the size, time and digest of
every file. A file that is as it was written is not read again; one that was touched since is read once to see whether it is whole.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

import msgspec

from bot.compiled import Compiled, decoded, encoded, put_together
from bot.inplace import Damaged
from bot.language.english import English
from bot.pack.entries import EntryTable
from bot.pack.format import Pack
from bot.understand import large, lexicon
from bot.understand.asked import asked_as, is_template
from bot.understand.retrieve import IndexBuilder, Large, StoredFile

_REST = "compiled"
"""The file of what is not on disk by itself."""


def shelved(pack: Pack) -> Compiled:
    """`pack`, which has been checked and is large, ready to answer, in a temporary folder.

    The folder goes with its entries. Raises MissingIndexError and OSError.
    """
    english = English.load()
    folder = Path(tempfile.mkdtemp(prefix="faqbot-"))
    try:
        rest = _without_places(_rest_of(pack))
        words = lexicon.build(replace(rest, phrasings={}), english)
        made = large.build(pack, words, english, folder)
        asked = large.sample(pack, words, english)
        index_builder = IndexBuilder(replace(rest, entries={}, phrasings={}), words, english)
        compiled = put_together(rest, english, words, index_builder, asked)
        return _with_entries(replace(compiled, large=made), folder, is_temporary=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _rest_of(pack: Pack) -> Pack:
    """The pack with only those entries that have more than plain phrasings: templates, or points for a yes or no."""
    kept = {id_: entry for id_, entry in pack.entries.items() if entry.so or entry.not_so or _has_template(pack, id_)}
    kept.update({id_: pack.entries[id_] for id_ in pack.verdicts})
    return replace(pack, entries=kept, phrasings={id_: more for id_, more in pack.phrasings.items() if id_ in kept})


def _has_template(pack: Pack, id_: str) -> bool:
    return any(is_template(text) for _, texts in asked_as(pack, id_) for text in texts)


def _without_places(pack: Pack) -> Pack:
    return msgspec.convert(msgspec.to_builtins(pack, enc_hook=str), Pack)


def _with_entries(compiled: Compiled, folder: Path, *, is_temporary: bool = False) -> Compiled:
    """`compiled` with the entries that lie in `folder`. Raises Damaged and OSError."""
    table = EntryTable(folder / large.ENTRIES)
    if is_temporary:
        weakref.finalize(table, shutil.rmtree, folder, ignore_errors=True)
    assert compiled.large is not None
    pack, known = replace(compiled.pack, entries=table), replace(compiled.large, folder=str(folder))
    return replace(compiled, pack=pack, large=known)


def opened(folder: Path) -> Compiled | None:
    """The compiled pack in a folder of the cache; None when it is not there, damaged or foreign."""
    try:
        compiled = decoded((folder / _REST).read_bytes())
        if compiled is None or compiled.large is None or not all(_is_whole(folder, file) for file in compiled.large.files):
            return None
        return _with_entries(compiled, folder)
    except (OSError, Damaged):
        return None


def kept(compiled: Compiled, target: Path) -> Compiled:
    """`compiled`, whose entries lie in a temporary folder, from its place in the cache. Raises OSError, and changes nothing then.

    It appears there whole or not at all. One that another process has put there in the meantime is as good.
    """
    assert compiled.large is not None
    part = target.with_name(f"{target.stem}.{secrets.token_hex(4)}.part")
    try:
        shutil.copytree(compiled.large.folder, part, ignore=shutil.ignore_patterns("*.lock"))
        part.chmod(0o700)
        files = tuple(_stored(part, path) for path in sorted(part.rglob("*")) if path.is_file())
        bare = replace(compiled, pack=replace(compiled.pack, entries={}), large=replace(compiled.large, folder="", files=files))
        (part / _REST).write_bytes(encoded(bare))
        _put(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return opened(target) or compiled


def _put(part: Path, target: Path) -> None:
    """Move the folder to its place; a damaged one that stands there is thrown away."""
    with contextlib.suppress(OSError):  # something stands there
        part.rename(target)
        return
    if opened(target) is not None:
        return
    aside = part.with_name(f"{part.name}.old.part")
    target.rename(aside)
    try:
        part.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _stored(folder: Path, path: Path) -> StoredFile:
    stat = path.stat()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return StoredFile(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns, digest)


def _is_whole(folder: Path, file: StoredFile) -> bool:
    path = folder / file.name
    stat = path.stat()
    if stat.st_size != file.size:
        return False
    return stat.st_mtime_ns == file.modified or _stored(folder, path).digest == file.digest
