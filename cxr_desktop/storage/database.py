"""The database: a connection for each call, every write begun IMMEDIATE."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop import __version__
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.files import sync_folder
from cxr_desktop.storage.connection import BUSY_MS, Key, connection, open_connection
from cxr_desktop.storage.faults import DAMAGED, database_faults, file_faults
from cxr_desktop.storage.kept_open import Kept, KeptOpen
from cxr_desktop.storage.migrations import MIGRATIONS, Migration
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.safety_copy import copy_database
from cxr_desktop.storage.schema_check import APPLICATION_ID, applied, applied_in_file
from cxr_desktop.storage.steps import Tell, tell_nobody

RETRY_SECONDS = 0.02


class Database:
    """One database file; get it by `open`. Safe to share between threads and processes.

    `key` gives what it is encrypted with; without one it is plain. `busy_ms` is how long a call
    waits for another writer before it gives up. With `keep_open` each thread's connection stays
    open for its next call until `close`; else it is closed after each. `tell` hears of the steps of
    `prepare` that may take minutes.
    """

    def __init__(
        self,
        path: Path,
        *,
        key: Key | None = None,
        migrations: Sequence[Migration] = MIGRATIONS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        busy_ms: int = BUSY_MS,
        keep_open: bool = False,
        tell: Tell = tell_nobody,
    ) -> None:
        self._kept = KeptOpen(path) if keep_open else None
        self.path = path
        self.key = key
        self._migrations = migrations
        self._now = now
        self._busy_ms = busy_ms
        self._tell = tell

    @classmethod
    def open(
        cls,
        place: DataPaths | Path,
        *,
        key: Key | None = None,
        migrations: Sequence[Migration] = MIGRATIONS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        busy_ms: int = BUSY_MS,
        keep_open: bool = False,
    ) -> Database:
        """Return the database, prepared. Raises `StorageUnavailable`."""
        path = place.database if isinstance(place, DataPaths) else place
        database = cls(
            path, key=key, migrations=migrations, now=now, busy_ms=busy_ms, keep_open=keep_open
        )
        database.prepare()
        return database

    def prepare(self) -> None:
        """Check, make or bring up to date the database file.

        A copy is kept in the folder “backups” beside it before anything existing is changed. Raises
        `StorageUnavailable`; a foreign, newer or damaged file is left as it was.
        """
        names = [migration.__name__ for migration in self._migrations]
        done = applied_in_file(self.path, names, self.key)
        if done == 0:
            with file_faults():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
                sync_folder(self.path.parent)
        with database_faults(), self._opened() as opened:
            self._keep_a_log(opened)
            if done < len(names):
                self._migrate(opened, names, self._now())

    @contextmanager
    def read(self) -> Iterator[sqlite_utils.Database]:
        """See one consistent state. Raises `StorageUnavailable`."""
        with self._connected() as opened, _reading(opened):
            yield by_rows(opened)

    @contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """Change all or nothing: on the disk when the block has ended, undone when it raised.

        Raises `StorageUnavailable`.
        """
        with self._connected() as opened, _transaction(opened):
            yield by_rows(opened)

    def quick_check(self) -> None:
        """Look at every page's structure: 0.1 s for 20,000 exams (35 MB, measured on two cores).

        Raises `StorageUnavailable` for a damaged file (https://www.sqlite.org/pragma.html,
        quick_check: all of integrity_check but indexes against their tables).
        """
        with database_faults(), self._opened() as opened:
            opened.execute("PRAGMA query_only = on")
            if opened.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise StorageUnavailable(DAMAGED[0], hint=DAMAGED[1])

    def close(self) -> None:
        """Close the connections that were kept open, with the key that each of them holds."""
        if self._kept is not None:
            self._kept.close()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        kept = self._kept
        with database_faults():
            if kept is None:
                with self._opened() as opened:
                    yield opened
                return
            taken_in, secret = kept.round, self.key() if self.key is not None else ""
            held = kept.take(secret) or Kept(
                open_connection(self.path, secret, busy_ms=self._busy_ms), secret, kept.file()
            )
            try:
                yield held.opened
                # A question left half asked would hold the next call in the state of this one;
                # unlike the statement, this method ends them all.
                held.opened.execute("BEGIN")
                held.opened.rollback()
            except BaseException:
                held.opened.close()
                raise
            kept.give_back(held, taken_in)

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open it for one call only, whatever else is kept."""
        return connection(self.path, key=self.key, busy_ms=self._busy_ms)

    def _keep_a_log(self, opened: sqlite3.Connection) -> None:
        # Changing the journal does not wait as other locks do when several processes start at once.
        until = time.monotonic() + self._busy_ms / 1000
        while True:
            try:
                opened.execute("PRAGMA journal_mode = wal")
            except sqlite.OperationalError as error:
                if error.sqlite_errorcode != sqlite.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(RETRY_SECONDS)
            else:
                return

    def _migrate(
        self,
        opened: sqlite3.Connection,
        names: Sequence[str],
        now: datetime,
    ) -> None:
        with _transaction(opened):
            done = applied(opened, names)  # another process may have been quicker
            if 0 < done < len(names):
                stamp = now.strftime("%Y%m%d-%H%M%S-%f")
                name = f"before-migration-{done + 1:04d}-{stamp}.sqlite3"
                copy_database(self.path, self.path.parent / "backups" / name, self.key, self._tell)
            rows = by_rows(opened)
            for position in range(done, len(names)):
                step = f"{position + 1 - done} of {len(names) - done}"
                self._tell(f"Bringing the database up to date: step {step}")
                self._migrations[position](rows)
                opened.execute(
                    "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)",
                    (position + 1, names[position], now.isoformat(), __version__),
                )
            opened.execute(f"PRAGMA user_version = {len(names)}")
            opened.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@contextmanager
def _reading(opened: sqlite3.Connection) -> Iterator[None]:
    opened.execute("PRAGMA query_only = on")
    opened.execute("BEGIN")
    yield
    opened.execute("ROLLBACK")  # nothing was written
    opened.execute("PRAGMA query_only = off")


@contextmanager
def _transaction(opened: sqlite3.Connection) -> Iterator[None]:
    opened.execute("BEGIN IMMEDIATE")
    try:
        yield
        opened.execute("COMMIT")
    except BaseException:
        with suppress(sqlite.Error):  # the first error is the one to tell
            if opened.in_transaction:
                opened.execute("ROLLBACK")
        raise


def by_rows(opened: sqlite3.Connection) -> sqlite_utils.Database:
    """Return an open connection as `sqlite_utils` wraps it."""
    # Plugins would run other people's code inside every connection.
    return sqlite_utils.Database(opened, execute_plugins=False)
