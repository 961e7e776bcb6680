"""The hash of the recovery key in the database."""

from __future__ import annotations

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.texts import name_key


class SqliteRecovery:
    """The `RecoveryStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recovery_hash(self) -> str | None:
        """Return the encoded hash of the key that counts, or None."""
        with self._database.read() as db:
            row = db.execute("SELECT hash FROM recovery_key").fetchone()
        return None if row is None else str(row[0])

    def set_recovery_hash(self, encoded: str, event: AuditEvent) -> None:
        """Let another key count from now on."""
        with self._database.write() as db:
            db.execute(
                "INSERT INTO recovery_key VALUES (1, ?) ON CONFLICT (only)"
                " DO UPDATE SET hash = excluded.hash",
                (encoded,),
            )
            append_event(db, event)

    def recover(self, name: str, password_hash: str, event: AuditEvent) -> None:
        """Give an account a password and enable it. Raises `InvalidRequest` for an unknown one."""
        with self._database.write() as db:
            changed = db.execute(
                "UPDATE users SET password_hash = ?, disabled = 0, must_change_password = 0"
                " WHERE name_key = ?",
                (password_hash, name_key(name)),
            )
            if changed.rowcount != 1:
                raise InvalidRequest(
                    "There is no account of that name.", hint="Type the name of an administrator."
                )
            append_event(db, event)
