"""What became of the files of a watched folder: in the database, since names may be of patients."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cxr_desktop.domain.watching import FileMark
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.faults import damage


class SqliteWatchedFiles:
    """The `WatchedFiles` of a database. A path is kept as bytes: it may be no text (PEP 383)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self) -> Mapping[str, FileMark]:
        """Return the path and mark of every file that was handled."""
        with self._database.read() as db, damage():
            rows = db.execute("SELECT path, size, modified_ns FROM watched_files").fetchall()
        return {
            str(path, "utf-8", "surrogateescape"): FileMark(size, modified_ns)
            for path, size, modified_ns in rows
        }

    def remember(self, path: Path, mark: FileMark) -> None:
        """Note that a file was handled. Raises `StorageUnavailable`."""
        name = str(path).encode("utf-8", "surrogateescape")
        with self._database.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO watched_files VALUES (?, ?, ?)",
                (name, mark.size, mark.modified_ns),
            )
