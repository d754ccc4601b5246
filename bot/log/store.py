"""The log of questions, in SQLite: a question that `add` has returned for outlives a crash."""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, cast

import msgspec
from msgspec import Struct

from bot.errors import BotError
from bot.language.clean import printable
from bot.log.mask import mask
from bot.pack.files import pack_files
from bot.reply import Candidate, Reply

Reason = Literal["unanswered", "clarified", "bad"]
REASONS: tuple[Reason, ...] = ("unanswered", "clarified", "bad")

KEEP_DAYS = 90
"""Days that a question is kept, unless somebody says otherwise."""

_APPLICATION = 0x66617162
"""Marks the file as ours: `faqb`."""

_VERSION = 1
_LONGEST = 2000
"""Characters of a question that are kept."""

_MOST_CANDIDATES = 5

_KEPT: dict[str, Reason] = {"fallback": "unanswered", "clarify": "clarified"}

_TABLE = """\
CREATE TABLE questions (
    id INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    reason TEXT NOT NULL,
    question TEXT NOT NULL,
    kind TEXT,
    confidence REAL,
    intent TEXT,
    candidates TEXT NOT NULL,
    pack TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX questions_by_time ON questions (time);
"""
_COLUMNS = "id, time, reason, question, kind, confidence, intent, candidates, pack, note"


class LogError(BotError):
    """A log that cannot be read or written; the message names the file and the mend."""


class Logged(Struct, frozen=True):
    """One question of the log."""

    id: int
    time: str
    """UTC, as 2026-03-01T12:00:00Z"""
    reason: Reason
    question: str
    """without personal data"""
    kind: str | None
    """of the reply"""
    confidence: float | None
    """of the reply, 0..1"""
    intent: str | None
    candidates: tuple[Candidate, ...]
    """ranked rivals, best first, at most five"""
    pack: str
    """version of the pack that was asked: see `version_of`"""
    note: str
    """what was said with a bad rating, without personal data"""


def version_of(folder: Path) -> str:
    """The version of the pack in `folder`: twelve letters that any change of its files changes. Raises PackError."""
    digest = hashlib.sha256()
    for path in pack_files(folder):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def is_kept(question: str, reply: Reply) -> bool:
    """Whether a log keeps `question`: whether `reply` does not answer it."""
    return reply.kind in _KEPT and bool(question.strip())


class QuestionLog:
    """Keeps questions that were not answered, that were answered by a question, or whose answer somebody found bad.

    Safe to share between threads, and between processes that open the same file.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        pack: str = "",
        keep_days: int | None = KEEP_DAYS,
        patience: float = 5.0,
        on_trouble: Callable[[str], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Open the log in the file `path`, or make it, readable by its owner alone.

        pack: version of the pack that is asked; the attribute of that name may change.
        keep_days: questions older than this many days are removed, at the start and every hour; None keeps them.
        patience: seconds to wait for another process that writes.
        on_trouble: called, with what is wrong, when a question cannot be kept; left out, `add` and `rate` raise.
        Raises LogError when the file cannot be opened, or is something else.
        """
        self._path = Path(path)
        self.pack = pack
        self._keep_days = keep_days
        self._on_trouble = on_trouble
        self._now = now
        self._lock = threading.Lock()
        self._cleaned: datetime | None = None
        self._database = _opened(self._path, patience, is_new=True)
        with self._working():
            self._forget_old()

    def add(self, question: str, reply: Reply) -> int | None:
        """Keep `question` if `reply` does not answer it. The id under which it is kept; None for one that is not."""
        return self._keep(_KEPT[reply.kind], question, reply) if is_kept(question, reply) else None

    def rate(
        self,
        question: str,
        reply: Reply | None,
        *,
        helpful: bool,
        note: str = "",
        kept: int | None = None,
        intent: str | None = None,
    ) -> int | None:
        """Keep `question` if its reply was not helpful. kept: the id that `add` gave, if it gave one. intent: of the reply,
        where nothing else is known of it."""
        if helpful:
            return kept
        if kept is None:
            return self._keep("bad", question, reply, note, intent)
        with self._working():
            self._database.execute(
                "UPDATE questions SET reason = 'bad', note = ? WHERE id = ?", (printable(mask(note), _LONGEST), kept)
            )
        return kept

    def _keep(self, reason: Reason, question: str, reply: Reply | None, note: str = "", intent: str | None = None) -> int | None:
        candidates = reply.candidates[:_MOST_CANDIDATES] if reply is not None else ()
        if reply is not None and reply.intent is not None:
            intent = str(reply.intent)
        row = (
            _stamp(self._now()),
            reason,
            printable(mask(question[: 2 * _LONGEST], _known(reply)), _LONGEST),
            reply.kind if reply is not None else None,
            reply.confidence if reply is not None else None,
            printable(intent, _LONGEST) if intent is not None else None,
            msgspec.json.encode(candidates, enc_hook=str).decode(),
            self.pack,
            printable(mask(note), _LONGEST),
        )
        id_: int | None = None
        with self._working():
            self._forget_old()
            id_ = self._database.execute(
                f"INSERT INTO questions ({_COLUMNS.removeprefix('id, ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row
            ).lastrowid
        return id_

    def _forget_old(self) -> None:
        """Remove what is past its time, once an hour."""
        now = self._now()
        if self._keep_days is None or (self._cleaned is not None and now - self._cleaned < timedelta(hours=1)):
            return
        self._database.execute("DELETE FROM questions WHERE time < ?", (_stamp(now - timedelta(days=self._keep_days)),))
        self._cleaned = now

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            with self._lock, _told(self._path), self._database:
                yield
        except LogError as error:
            if self._on_trouble is None:
                raise
            self._on_trouble(str(error))

    def close(self) -> None:
        """Close the file. What is kept is safe without it."""
        with self._lock:
            self._database.close()


def _known(reply: Reply | None) -> frozenset[str]:
    """Words, in lower case, by which the question named things of the pack: these are nobody's names."""
    entities = reply.entities if reply is not None else ()
    return frozenset(word for entity in entities for word in entity.words.lower().split())


def is_log(path: Path) -> bool:
    """Whether the file at `path` is a SQLite file."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def questions_in(path: str | Path, *, reasons: Iterable[Reason] = REASONS, newest: int | None = None) -> Iterator[Logged]:
    """The questions in the log at `path`, oldest first; or the `newest` ones, newest first. Raises LogError."""
    path = Path(path)
    wanted = sorted(reasons)
    marks = ", ".join("?" * len(wanted))
    order = "ORDER BY id" if newest is None else "ORDER BY id DESC LIMIT ?"
    limit = () if newest is None else (newest,)
    with _told(path), _reading(path) as database:
        for row in database.execute(f"SELECT {_COLUMNS} FROM questions WHERE reason IN ({marks}) {order}", (*wanted, *limit)):
            id_, time, reason, question, kind, confidence, intent, candidates, pack, note = row
            ranked = msgspec.json.decode(candidates, type=tuple[Candidate, ...])
            yield Logged(id_, time, reason, question, kind, confidence, intent, ranked, pack, note)


def purge(path: str | Path, *, before: datetime | None = None) -> tuple[int, int]:
    """Remove the questions asked before that time, or all: how many are gone, how many are left. Raises LogError.

    Nothing of them stays in the file.
    """
    path = Path(path)
    with _told(path), _reading(path) as database:
        with database:
            if before is None:
                gone = database.execute("DELETE FROM questions").rowcount
            else:
                gone = database.execute("DELETE FROM questions WHERE time < ?", (_stamp(before),)).rowcount
            left = int(database.execute("SELECT count(*) FROM questions").fetchone()[0])
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone, left


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    database = _opened(path, 5.0, is_new=False)
    try:
        yield database
    finally:
        database.close()


def _opened(path: Path, patience: float, *, is_new: bool) -> sqlite3.Connection:
    """The log at `path`, made if it is not there and `is_new`. Raises LogError."""
    with _told(path):
        if is_new:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        elif not path.is_file():
            raise LogError(f"{path}: there is no such log; `--log FILE` of `faqbot chat` or `serve` keeps one")
        database = sqlite3.connect(path, timeout=patience, check_same_thread=False)
        try:
            _prepare(database, path, is_new)
        except BaseException:
            database.close()
            raise
        return database


def _prepare(database: sqlite3.Connection, path: Path, is_new: bool) -> None:
    owner, version, tables = (
        database.execute(query).fetchone()[0]
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if (owner, version) == (_APPLICATION, _VERSION):
        pass
    elif owner == _APPLICATION:
        raise LogError(f"{path}: is of another version ({version}) of faqbot; name another file, or use that version")
    elif tables or not is_new:
        raise LogError(f"{path}: is no log of questions; name another file")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")  # on the disk before it is acknowledged
    database.execute("PRAGMA secure_delete = ON")
    if not tables:
        with database:
            database.execute("BEGIN IMMEDIATE")
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:  # another process was quicker
                for statement in _TABLE.split(";")[:-1]:
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {_APPLICATION}")
                database.execute(f"PRAGMA user_version = {_VERSION}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the file and of SQLite as LogError."""
    try:
        yield
    except OSError as error:
        raise LogError(f"{path}: cannot be opened: {error.strerror}") from error
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        mend = {
            "SQLITE_BUSY": "another process holds it; try again when that is done",
            "SQLITE_LOCKED": "another process holds it; try again when that is done",
            "SQLITE_NOTADB": "is no log of questions; name another file",
            "SQLITE_CORRUPT": "is damaged; move it away, and a new one is made",
            "SQLITE_FULL": "the disk is full",
            "SQLITE_READONLY": "may not be written to",
        }.get(cast(str, name), str(error))
        raise LogError(f"{path}: {mend}") from error


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
