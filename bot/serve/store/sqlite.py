"""Conversations in one file: outlive the process, and are shared by the processes of one machine."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec

from bot.serve.store.interface import Saved, StoreError

T = TypeVar("T")

_decode = msgspec.msgpack.Decoder(Saved).decode

_TABLE = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, turns INTEGER NOT NULL, expires REAL NOT NULL, saved BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_by_expiry ON conversations (expires);
"""
_SWEEP = 200
"""Conversations begun between two removals of the expired ones."""


class SqliteStore:
    """Keeps conversations in `path`, which only this user may read. One thread of its own does the work.

    What was kept outlives the end of the process, however sudden. After a power cut the last turns may be missing.
    """

    def __init__(self, path: str, ttl: float, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._ttl = ttl
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "faqbot-sqlite")
        self._open: sqlite3.Connection | None = None
        self._begun = 0

    async def add(self, id: str, saved: Saved) -> bool:
        def add(db: sqlite3.Connection) -> bool:
            now = self._clock()
            if self._begun % _SWEEP == 0:
                db.execute("DELETE FROM conversations WHERE expires <= ?", (now,))
            self._begun += 1
            db.execute("DELETE FROM conversations WHERE id = ? AND expires <= ?", (id, now))
            row = (id, saved.turns, now + self._ttl, msgspec.msgpack.encode(saved))
            return db.execute("INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?)", row).rowcount == 1

        return await self._do(add)

    async def get(self, id: str) -> Saved | None:
        def get(db: sqlite3.Connection) -> Saved | None:
            found = db.execute("SELECT saved FROM conversations WHERE id = ? AND expires > ?", (id, self._clock())).fetchone()
            return None if found is None else _decode(found[0])

        return await self._do(get)

    async def put(self, id: str, saved: Saved) -> bool:
        def put(db: sqlite3.Connection) -> bool:
            now = self._clock()
            row = (saved.turns, now + self._ttl, msgspec.msgpack.encode(saved), id, saved.turns - 1, now)
            update = "UPDATE conversations SET turns = ?, expires = ?, saved = ? WHERE id = ? AND turns = ? AND expires > ?"
            return db.execute(update, row).rowcount == 1

        return await self._do(put)

    async def drop(self, id: str) -> None:
        await self._do(lambda db: db.execute("DELETE FROM conversations WHERE id = ?", (id,)))

    async def check(self) -> None:
        await self._do(lambda db: db.execute("SELECT 1 FROM conversations LIMIT 1").fetchone())

    async def close(self) -> None:
        def close() -> None:
            if self._open is not None:
                self._open.close()
                self._open = None

        await asyncio.get_running_loop().run_in_executor(self._thread, close)
        self._thread.shutdown(wait=False)

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` gives, in one transaction, on the thread of the store."""

        def run() -> T:
            try:
                db = self._connection()
                with db:
                    return work(db)
            except (sqlite3.Error, OSError, msgspec.DecodeError) as error:
                raise StoreError(f"conversations cannot be kept in {self._path}: {error}") from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    def _connection(self) -> sqlite3.Connection:
        """The open file. Opened anew after a failure, so that the mend needs no restart."""
        if self._open is None:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))
            db = sqlite3.connect(self._path, timeout=5.0, check_same_thread=False)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_TABLE)
            self._open = db
        return self._open
