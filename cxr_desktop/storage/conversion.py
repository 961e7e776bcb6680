"""A data folder from before encryption, made into an encrypted one.

Cut off at any moment, the folder is the old or the new one:

1. the encrypted database is written beside the old one, checked, and put on the disk;
2. the door gets the key, wrapped for each account by its old password hash;
3. the new database takes the old one's place.

Until 3. the old database counts, and the next start begins anew. Films follow later, one by one
(`FilmFolder.encrypt_film`), while somebody is signed in.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlite_utils
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.files import new_part, open_private, sync_folder
from cxr_desktop.storage.connection import (
    BUSY_MS,
    connection,
    is_encrypted,
    is_plain,
    is_plain_file,
)
from cxr_desktop.storage.data_keys import KEY_BYTES, DataKeys
from cxr_desktop.storage.database import by_rows
from cxr_desktop.storage.door import Door, put_failures, put_key, put_public, put_recovery
from cxr_desktop.storage.faults import DAMAGED, LOCKED, database_faults, file_faults
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.schema_check import applied_in_file
from cxr_desktop.storage.sealed import public_part
from cxr_desktop.storage.wraps import wrap_by_old_hash

LOCK = "encrypting.lock"
HAS_EXAMS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'exams'"


def open_door(paths: DataPaths) -> Door:
    """Return the door, the database behind it encrypted. Raises `StorageUnavailable`."""
    if not is_plain_file(paths.keys) and is_encrypted(paths.database):
        raise StorageUnavailable(
            f"“{paths.keys.name}” is missing from the data folder: nothing can be opened.",
            hint="Put it back: a copy lies in the folder “backups” there, and in every backup.",
        )
    door = Door.open(paths)
    encrypt_database(paths, door)
    return door


def encrypt_database(paths: DataPaths, door: Door, *, busy_ms: int = BUSY_MS) -> bool:
    """Encrypt a plain database; return whether there was one.

    One process does it, others wait; `busy_ms` is how long. Raises `StorageUnavailable`; then the
    old database is as it was.
    """
    if not is_plain_file(paths.database):
        return False
    with _alone(paths.root / LOCK, busy_ms):
        if not is_plain_file(paths.database):
            return False  # another process was quicker
        applied_in_file(paths.database, [step.__name__ for step in MIGRATIONS])  # ours, not newer
        master = secrets.token_bytes(KEY_BYTES)
        keys = DataKeys.of(master)
        with database_faults(), connection(paths.database, busy_ms=busy_ms) as old:
            _keep_others_out(old)
            part = encrypted_copy(old, paths.root, keys)
            with door.write() as opened:
                _hand_over(by_rows(old), opened, master)
                put_public(opened, public_part(keys.seal))
        with file_faults():
            part.replace(paths.database)
            sync_folder(paths.root)
    return True


def encrypt_copies(folder: Path, keys: DataKeys) -> None:
    """Encrypt the copies that were kept before the database's shape changed.

    Raises `StorageUnavailable`.
    """
    with file_faults():
        copies = [path for path in folder.glob("*.sqlite3") if is_plain(path)]
    for path in copies:
        with database_faults(), connection(path) as old:
            if old.execute(HAS_EXAMS).fetchone() is None:
                continue  # a copy of the door, which must be readable without the key
            part = encrypted_copy(old, folder, keys)
        with file_faults():
            part.replace(path)
            sync_folder(folder)


def encrypted_copy(old: sqlite3.Connection, folder: Path, keys: DataKeys) -> Path:
    """Write an encrypted copy into a new file in `folder`, check it, and put it on the disk.

    Raises `sqlite.Error`, `StorageUnavailable`; then there is no file.
    """
    with file_faults():
        part = new_part(folder)
        open_private(part).close()
    try:
        old.execute("ATTACH DATABASE ? AS new KEY ?", (str(part), f"x'{keys.database}'"))
        for pragma in ("journal_mode = off", "synchronous = off"):  # it is a new file, synced below
            old.execute(f"PRAGMA new.{pragma}")
        _export(old)
        for mark in ("user_version", "application_id"):
            value = old.execute(f"PRAGMA main.{mark}").fetchone()[0]
            old.execute(f"PRAGMA new.{mark} = {value}")
        _compare(old)
        old.execute("DETACH DATABASE new")
        _check(part, keys)
        with file_faults(), part.open("rb+") as file:
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return part


def _export(old: sqlite3.Connection) -> None:
    """Copy all into the attached database. Raises `StorageUnavailable` for any fault of a disk.

    It is an SQL function: what SQLite knew of the fault does not come through.
    """
    try:
        old.execute("SELECT sqlcipher_export('new')")
    except sqlite.OperationalError as error:
        raise StorageUnavailable(
            "The data folder could not be encrypted; it is as it was.",
            hint="Check that its disk is sound and not full, then start the program again.",
        ) from error


def _check(part: Path, keys: DataKeys) -> None:
    """Read the encrypted copy with its key. Raises `sqlite.Error`, `StorageUnavailable`."""
    with connection(part, key=lambda: keys.database) as new:
        if new.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise StorageUnavailable(DAMAGED[0], hint=DAMAGED[1])


@contextmanager
def _alone(lock: Path, busy_ms: int) -> Iterator[None]:
    """Let one process in; the system opens the lock of one that dies. Raises `StorageUnavailable`.

    SQLite locks the file, as it does on every system it runs on. It is empty and stays: to remove
    it would let somebody lock another one of that name.
    """
    with file_faults():
        lock.touch(0o600)
    with database_faults(), connection(lock, busy_ms=busy_ms) as opened:
        opened.execute("BEGIN IMMEDIATE")
        yield


def _keep_others_out(old: sqlite3.Connection) -> None:
    """Take in what waits in the log, leave no log behind, and let nobody write meanwhile."""
    if old.execute("PRAGMA journal_mode = delete").fetchone() != ("delete",):
        raise StorageUnavailable(LOCKED[0], hint=LOCKED[1])
    old.execute("PRAGMA main.locking_mode = exclusive")
    old.execute("BEGIN EXCLUSIVE")
    old.execute("COMMIT")


def _compare(old: sqlite3.Connection) -> None:
    """Raise `StorageUnavailable` unless each table of the copy has as many rows."""
    # A search index keeps its rows in tables of its own.
    tables = (
        "SELECT name FROM {0}.sqlite_schema WHERE type = 'table'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    names = old.execute(tables.format("main")).fetchall()
    same = names == old.execute(tables.format("new")).fetchall()
    for (name,) in names if same else ():
        count = 'SELECT count(*) FROM {0}."{1}"'
        counts = {old.execute(count.format(place, name)).fetchone() for place in ("main", "new")}
        same = same and len(counts) == 1
    if not same:
        raise StorageUnavailable(
            "The database could not be encrypted: the copy is not complete.",
            hint="Start the program again; the old database was left as it is.",
        )


def _hand_over(old: sqlite_utils.Database, door: sqlite_utils.Database, master: bytes) -> None:
    """Put at the door what the old database held for signing in."""
    door.execute("DELETE FROM keys")  # of a conversion that was cut off
    door.execute("DELETE FROM recovery")
    there = {row[0] for row in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for name, disabled, encoded in old.execute("SELECT name, disabled, password_hash FROM users"):
        put_key(door, name, None if disabled else wrap_by_old_hash(master, encoded))
    if "recovery_key" in there:
        for (encoded,) in old.execute("SELECT hash FROM recovery_key"):
            put_recovery(door, wrap_by_old_hash(master, encoded))
    failed = old.execute("SELECT name_sha256, failures, last FROM sign_in_failures").fetchall()
    put_failures(door, failed)
