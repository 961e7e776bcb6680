"""Each person's keys in the database; the one thing here that is replaced."""

from __future__ import annotations

from cxr_desktop.domain.keys import KeyChoices
from cxr_desktop.storage.database import Database


class SqliteKeys:
    """The `KeyStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user: str) -> KeyChoices:
        """Return a person's choices; nothing for somebody who chose none."""
        with self._database.read() as db:
            rows = db.execute("SELECT action, keys FROM user_keys WHERE user_name = ?", (user,))
            return dict(rows.fetchall())

    def replace(self, user: str, choices: KeyChoices) -> None:
        """Store these in place of the person's earlier ones. Raises `StorageUnavailable`."""
        with self._database.write() as db:
            db.execute("DELETE FROM user_keys WHERE user_name = ?", (user,))
            for action, keys in choices.items():
                db.execute("INSERT INTO user_keys VALUES (?, ?, ?)", (user, action, keys))
