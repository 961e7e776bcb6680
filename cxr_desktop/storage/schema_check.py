"""Is this file ours, and do we know its version? Asked before anything is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.connection import Key, connection
from cxr_desktop.storage.faults import ABSENT, database_faults

APPLICATION_ID = 0x43585244  # "CXRD", in the file's header


def applied_in_file(path: Path, known: Sequence[str], key: Key | None = None) -> int:
    """Return how many of the `known` migrations a file has; 0 for an empty or absent one.

    Nothing is written. Raises `StorageUnavailable` for a foreign, newer or damaged database.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StorageUnavailable(ABSENT[0], hint=ABSENT[1]) from error
    if size == 0:
        return 0
    with database_faults(), connection(path, key=key, options=_untouching(path)) as opened:
        return applied(opened, known)


def applied(opened: sqlite3.Connection, known: Sequence[str]) -> int:
    """Return how many of the `known` migrations an open database has.

    Raises `StorageUnavailable` for a foreign or a newer one.
    """
    mark = _number(opened, "PRAGMA application_id")
    version = _number(opened, "PRAGMA user_version")
    if mark == 0 and version == 0 and _number(opened, "SELECT count(*) FROM sqlite_schema") == 0:
        return 0
    if mark != APPLICATION_ID:
        raise StorageUnavailable(
            "The database in the data folder belongs to another program.",
            hint="Choose another data folder; this one was left as it is.",
        )
    if version > len(known):
        raise StorageUnavailable(
            "The database was made by a newer version of this program.",
            hint="Install the newer version again; the database was left as it is.",
        )
    rows = opened.execute("SELECT name FROM schema_migrations ORDER BY position").fetchall()
    if [row[0] for row in rows] != list(known[:version]):
        raise StorageUnavailable(
            "The database was made by another edition of this program.",
            hint="Install the edition that made it; the database was left as it is.",
        )
    return version


def _number(opened: sqlite3.Connection, statement: str) -> int:
    return int(opened.execute(statement).fetchone()[0])


def _untouching(path: Path) -> str:
    # Even a read-only connection leaves -wal and -shm files behind; an immutable one does not, but
    # it does not see what a power cut left in the log.
    log = path.with_name(f"{path.name}-wal")
    try:
        pending = log.stat().st_size > 0
    except OSError:
        pending = False
    return "mode=ro" if pending else "mode=ro&immutable=1"
