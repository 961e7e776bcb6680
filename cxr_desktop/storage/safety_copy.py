"""A checked copy of the database, by SQLite's backup interface."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.files import make_folder, new_part, open_private, sync_folder
from cxr_desktop.storage.connection import Key, connection
from cxr_desktop.storage.faults import DAMAGED, database_faults, file_faults
from cxr_desktop.storage.steps import Tell, tell_nobody

PAGES_AT_ONCE = 5000


def copy_database(
    source: Path, target: Path, key: Key | None = None, tell: Tell = tell_nobody
) -> None:
    """Copy the database as it is at this moment, check the copy, and only then give it its name.

    The copy is encrypted as the database is; `tell` hears how far it is. Raises
    `StorageUnavailable`; then there is no file at `target`.
    """
    with file_faults():
        make_folder(target.parent)
        part = new_part(target.parent)
        open_private(part).close()
    try:
        with (
            database_faults(),
            connection(source, key=key) as opened,
            connection(part, key=key) as copy,
        ):
            _copy_and_check(opened, copy, tell)
        with file_faults():
            _sync(part)
            part.replace(target)
            sync_folder(target.parent)
    finally:
        with file_faults():
            part.unlink(missing_ok=True)


def _copy_and_check(opened: sqlite3.Connection, copy: sqlite3.Connection, tell: Tell) -> None:
    def progress(_status: int, remaining: int, total: int) -> None:
        tell(f"Keeping a copy of the database: {100 - 100 * remaining // max(total, 1)} %")

    opened.backup(copy, pages=PAGES_AT_ONCE, progress=progress)
    tell("Checking the copy of the database")
    copy.execute("PRAGMA journal_mode = delete")  # one file, complete by itself
    if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise StorageUnavailable(DAMAGED[0], hint=DAMAGED[1])


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
