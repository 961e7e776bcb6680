"""Events of the time when nobody is signed in: sealed at the door, later in the audit log.

The audit log lies in the encrypted database. Until somebody signs in, an event (a wrong password,
say) is encrypted for the data key and put away; the next sign-in takes all of them into the log, in
their order, with the time at which they happened. Whoever can write the folder can remove some of
them; a gap in their numbers is then an event, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import sqlite_utils

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.ports import EventSink
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.sealed import public_part, seal, unseal
from cxr_desktop.storage.times import time_of, time_text
from cxr_desktop.storage.vault import Vault

AT_THE_DOOR = "(door)"  # who tells of missing or forged events


class AuditAtTheDoor:
    """An `EventSink` that works with and without the key."""

    def __init__(self, log: EventSink, door: Door, vault: Vault) -> None:
        self._log = log
        self._door = door
        self._vault = vault

    def append(self, event: AuditEvent) -> None:
        """Write it into the log, or put it away until that can be done.

        Before the first account there is no log yet. Raises `StorageUnavailable`.
        """
        if self._vault.is_open:
            self._log.append(event)
            return
        public = self._door.public()
        if public is not None:
            self._door.put_away(seal(public, _packed(event)))


def take_waiting_events(
    database: Database, door: Door, vault: Vault, now: Callable[[], datetime]
) -> int:
    """Take what waits at the door into the audit log, each event once; return how many.

    Raises `StorageUnavailable`.
    """
    waiting = door.pending()
    if not waiting:
        return 0
    private = vault.keys().seal
    if door.public() != public_part(private):
        waiting = []  # another folder's door: nothing here can be opened
    with database.write() as db:
        taken = _taken(db)
        for number, sealed in waiting:
            if number <= taken:
                continue  # it was taken by a run that ended before it could be dropped
            if number > taken + 1:
                append_event(db, _alert(now(), "missing", number - taken - 1))
            content = unseal(private, sealed)
            event = _unpacked(content) if content is not None else None
            append_event(db, event or _alert(now(), "not readable", 1))
            taken = number
        db.execute("UPDATE door_events SET taken = ?", (taken,))
    door.forget_pending(taken)
    return len(waiting)


def _taken(db: sqlite_utils.Database) -> int:
    return int(db.execute("SELECT taken FROM door_events").fetchone()[0])


def _alert(now: datetime, what: str, count: int) -> AuditEvent:
    detail = {what: str(count)}
    return AuditEvent(AuditAction.SECURITY_ALERT, AT_THE_DOOR, now.astimezone(UTC), "", detail)


def _packed(event: AuditEvent) -> bytes:
    body = [event.action, event.user, time_text(event.time), event.subject, dict(event.detail)]
    return json.dumps(body).encode()


def _unpacked(content: bytes) -> AuditEvent | None:
    try:
        action, user, time, subject, detail = json.loads(content)
        return AuditEvent(AuditAction(action), user, time_of(time), subject, detail)
    except (ValueError, TypeError):
        return None
