"""Who has taken the tour, in the database."""

from __future__ import annotations

from datetime import datetime

from cxr_desktop.storage.database import Database
from cxr_desktop.storage.times import time_text


class SqliteTours:
    """The `TourStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def has(self, user: str) -> bool:
        """Whether this person has."""
        with self._database.read() as db:
            found = db.execute("SELECT 1 FROM tours WHERE user_name = ?", (user,))
            return found.fetchone() is not None

    def add(self, user: str, time: datetime) -> None:
        """Note that they have. Raises `StorageUnavailable`."""
        with self._database.write() as db:
            db.execute("INSERT OR IGNORE INTO tours VALUES (?, ?)", (user, time_text(time)))
