"""The recovery key at the door, and an account that it puts back."""

from __future__ import annotations

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door, put_key, put_recovery
from cxr_desktop.storage.texts import name_key


class SqliteRecovery:
    """The `RecoveryStore` of a data folder."""

    def __init__(self, database: Database, door: Door) -> None:
        self._database = database
        self._door = door

    def recovery_hash(self) -> str | None:
        """Return what the key that counts is checked against, or None."""
        return self._door.recovery()

    def set_recovery_hash(self, encoded: str, event: AuditEvent) -> None:
        """Let another key count from now on."""
        with self._door.write() as door, self._database.write() as db:
            append_event(db, event)
            put_recovery(door, encoded)

    def recover(self, name: str, password_hash: str, event: AuditEvent) -> None:
        """Give an account a password and enable it. Raises `InvalidRequest` for an unknown one."""
        with self._door.write() as door, self._database.write() as db:
            row = db.execute("SELECT name FROM users WHERE name_key = ?", (name_key(name),))
            known = row.fetchone()
            if known is None:
                raise InvalidRequest(
                    "There is no account of that name.", hint="Type the name of an administrator."
                )
            db.execute(
                "UPDATE users SET disabled = 0, must_change_password = 0 WHERE name_key = ?",
                (name_key(name),),
            )
            append_event(db, event)
            put_key(door, str(known[0]), password_hash)
