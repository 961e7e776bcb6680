"""What must be known before somebody is signed in: `keys.sqlite3`, beside the encrypted database.

It holds user names, the data key wrapped by each password and by the recovery key, failed attempts,
and sealed events that wait for the audit log. Nothing of a patient, and nothing that opens anything
without a password.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlite_utils

from cxr_desktop.storage.connection import BUSY_MS
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door_shape import DOOR_STEPS
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.safety_copy import copy_database
from cxr_desktop.storage.texts import name_key


class Door:
    """The door of one data folder; get it by `open`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, paths: DataPaths, *, busy_ms: int = BUSY_MS) -> Door:
        """Open it, or make an empty one. Raises `StorageUnavailable`."""
        return cls(Database.open(paths.keys, migrations=DOOR_STEPS, busy_ms=busy_ms))

    @contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """Change all or nothing, alone. Raises `StorageUnavailable`."""
        with self._database.write() as db:
            yield db

    def keep_copy(self) -> None:
        """Keep a checked copy in the folder “backups”: without the door nothing can be opened.

        Raises `StorageUnavailable`; then the copy of before is still there.
        """
        path = self._database.path
        copy_database(path, path.parent / "backups" / path.name)

    def is_empty(self) -> bool:
        """Whether there is no account, and nothing that opens the database."""
        with self._database.read() as db:
            return not has_keys(db)

    def wrapped(self, name: str) -> str | None:
        """Return the key as that account's password wraps it; None for an unknown or disabled."""
        with self._database.read() as db:
            row = db.execute("SELECT wrapped FROM keys WHERE name_key = ?", (name_key(name),))
            found = row.fetchone()
        return None if found is None else found[0]

    def known_as(self, name: str) -> str | None:
        """Return how an account writes itself; None for an unknown one."""
        with self._database.read() as db:
            row = db.execute("SELECT name FROM keys WHERE name_key = ?", (name_key(name),))
            found = row.fetchone()
        return None if found is None else str(found[0])

    def recovery(self) -> str | None:
        """Return the key as the recovery key wraps it, or None."""
        with self._database.read() as db:
            row = db.execute("SELECT wrapped FROM recovery").fetchone()
        return None if row is None else str(row[0])

    def failures(self, name: str) -> tuple[int, float]:
        """Return (failed attempts in a row, UTC timestamp of the last); (0, 0.0) where none."""
        with self._database.read() as db:
            return _failures(db, name)

    def set_failures(self, name: str, count: int, last: float) -> None:
        """Remember them across restarts; 0 forgets the name."""
        with self._database.write() as db:
            _set_failures(db, name, count, last)

    def note_failure(
        self, name: str, now: float, wait_after: Callable[[int], float]
    ) -> tuple[int, float]:
        """Count one more failure and return (failures, 0.0), or (failures, seconds to wait)."""
        with self._database.write() as db:
            count, last = _failures(db, name)
            pause = wait_after(count)
            if pause > 0 and now < last:
                # The clock was set back: the pause starts anew, so that it neither ends early nor
                # lasts until the old time comes round again.
                _set_failures(db, name, count, now)
                last = now
            if pause > now - last:
                return count, pause - (now - last)
            _set_failures(db, name, count + 1, now)
            return count + 1, 0.0

    def public(self) -> bytes | None:
        """Return what events are sealed with; None before the first account."""
        with self._database.read() as db:
            row = db.execute("SELECT public FROM seal").fetchone()
        return None if row is None else bytes(row[0])

    def put_away(self, sealed: bytes) -> None:
        """Keep a sealed event until somebody signs in."""
        with self._database.write() as db:
            db.execute("INSERT INTO pending (sealed) VALUES (?)", (sealed,))

    def pending(self) -> Sequence[tuple[int, bytes]]:
        """Return the sealed events that wait, with their numbers."""
        with self._database.read() as db:
            rows = db.execute("SELECT seq, sealed FROM pending ORDER BY seq").fetchall()
        return [(int(row[0]), bytes(row[1])) for row in rows]

    def forget_pending(self, up_to: int) -> None:
        """Drop events that are in the audit log."""
        with self._database.write() as db:
            db.execute("DELETE FROM pending WHERE seq <= ?", (up_to,))


def has_keys(db: sqlite_utils.Database) -> bool:
    """Whether anything wraps a key."""
    statement = "SELECT 1 FROM keys UNION ALL SELECT 1 FROM recovery LIMIT 1"
    return db.execute(statement).fetchone() is not None


def put_key(db: sqlite_utils.Database, name: str, wrapped: str | None) -> None:
    """Let an account's password open the folder from now on; None: no password does."""
    db.execute(
        "INSERT INTO keys VALUES (?, ?, ?) ON CONFLICT (name_key)"
        " DO UPDATE SET wrapped = excluded.wrapped",
        (name_key(name), name, wrapped),
    )


def put_recovery(db: sqlite_utils.Database, wrapped: str) -> None:
    """Let another recovery key count from now on."""
    db.execute(
        "INSERT INTO recovery VALUES (1, ?) ON CONFLICT (only)"
        " DO UPDATE SET wrapped = excluded.wrapped",
        (wrapped,),
    )


def put_public(db: sqlite_utils.Database, public: bytes) -> None:
    """Seal events for this key from now on; what waits under another can never be opened."""
    db.execute("DELETE FROM pending")
    db.execute(
        "INSERT INTO seal VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET public = excluded.public",
        (public,),
    )


def put_failures(db: sqlite_utils.Database, rows: Sequence[tuple[str, int, float]]) -> None:
    """Take over failed attempts that were counted elsewhere, by the hash of the name."""
    for row in rows:
        db.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?)", row)


def _failures(db: sqlite_utils.Database, name: str) -> tuple[int, float]:
    statement = "SELECT failures, last FROM failures WHERE name_sha256 = ?"
    row = db.execute(statement, (_hashed(name),)).fetchone()
    return (0, 0.0) if row is None else (int(row[0]), float(row[1]))


def _set_failures(db: sqlite_utils.Database, name: str, count: int, last: float) -> None:
    if count == 0:
        db.execute("DELETE FROM failures WHERE name_sha256 = ?", (_hashed(name),))
    else:
        db.execute(
            "INSERT INTO failures VALUES (?, ?, ?) ON CONFLICT (name_sha256)"
            " DO UPDATE SET failures = excluded.failures, last = excluded.last",
            (_hashed(name), count, last),
        )


def _hashed(name: str) -> str:
    return hashlib.sha256(name_key(name).encode()).hexdigest()
