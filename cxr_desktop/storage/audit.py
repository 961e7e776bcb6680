"""The audit log: append-only rows, each with the hash of all before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC

import sqlite_utils

from cxr_desktop.domain.audit import (
    GENESIS,
    AuditAction,
    AuditEntry,
    AuditEvent,
    AuditQuery,
    chain_hash,
)
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import time_of, time_text

COLUMNS = "SELECT seq, action, user, time, subject, detail, hash FROM audit"
NEWEST = f"{COLUMNS} ORDER BY seq DESC LIMIT ?"
ALL = f"{COLUMNS} ORDER BY seq"
APPEND = (
    "INSERT INTO audit (seq, action, user, time, subject, detail, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)

Row = tuple[int, str, str, str, str, str, str]


class SqliteAuditLog:
    """The `AuditLog` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, event: AuditEvent) -> None:
        """Add one event, durably. Raises `StorageUnavailable`."""
        with self._database.write() as db:
            append_event(db, event)

    def events(self, *, limit: int = 200) -> Sequence[AuditEvent]:
        """Return the newest events first. Raises `StorageUnavailable` for an unreadable one."""
        with self._database.read() as db:
            return [_event(row) for row in db.execute(NEWEST, (max(limit, 0),))]

    def search(self, query: AuditQuery) -> Sequence[AuditEntry]:
        """Return the rows asked for. Raises `StorageUnavailable` for an unreadable one."""
        statement, values = _asked(query)
        with self._database.read() as db:
            return [_entry(row) for row in db.execute(statement, values)]

    def entry(self, number: int) -> AuditEntry | None:
        """Return one row, or None."""
        with self._database.read() as db:
            row = db.execute(f"{COLUMNS} WHERE seq = ?", (number,)).fetchone()
        return None if row is None else _entry(row)

    def verify(self) -> int:
        """Recompute the whole chain and return its length.

        Raises `StorageUnavailable` when a row was changed, added, removed or moved, the end was cut
        off, or the event of a stored exam is missing.
        """
        with self._database.read() as db:
            return verify_chain(db)


def append_event(db: sqlite_utils.Database, event: AuditEvent) -> int:
    """Chain an event in the caller's transaction; return its number."""
    event = _as_stored(event)
    count, previous = db.execute("SELECT events, hash FROM audit_head").fetchone()
    seq, hash_ = int(count) + 1, chain_hash(previous, event)
    db.execute(
        APPEND,
        (
            seq,
            event.action.value,
            event.user,
            time_text(event.time),
            event.subject,
            _detail_text(event.detail),
            hash_,
        ),
    )
    db.execute("UPDATE audit_head SET events = ?, hash = ?", (seq, hash_))
    return seq


def _as_stored(event: AuditEvent) -> AuditEvent:
    return AuditEvent(
        event.action,
        storable(event.user),
        event.time.astimezone(UTC),
        storable(event.subject),
        {storable(key): storable(value) for key, value in event.detail.items()},
    )


def _detail_text(detail: object) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def verify_chain(db: sqlite_utils.Database) -> int:
    """Recompute the chain of an open database, as `SqliteAuditLog.verify` does."""
    seq, previous = 0, GENESIS
    for row in db.execute(ALL):
        event = _event(row)
        seq += 1
        previous = chain_hash(previous, event)
        as_written = (seq, time_text(event.time), _detail_text(event.detail), previous)
        if as_written != (row[0], row[3], row[5], row[6]):
            raise _broken(f"Event {row[0]}")
    if db.execute("SELECT events, hash FROM audit_head").fetchall() != [(seq, previous)]:
        raise _broken("Its end")
    made = "SELECT name FROM sqlite_master WHERE type = 'table'"  # an old backup has fewer
    there = {row[0] for row in db.execute(made)}
    for table, what in (
        ("exams", "exam"),
        ("reviews", "review"),
        ("exam_measurements", "set of measurements"),
        ("deletions", "deletion"),
        ("signatures", "signature"),
        ("removals", "removal"),
    ):
        if table in there and db.execute(f"PRAGMA foreign_key_check ({table})").fetchall():
            raise _broken(f"The event of a stored {what}")
    return seq


def _asked(query: AuditQuery) -> tuple[str, dict[str, str | int]]:
    """Return the statement and its values; it names the action, so that an index of it is used."""
    values: dict[str, str | int] = {"limit": max(query.limit, 0)}
    conditions = [f"action = '{query.action.value}'"] if query.action else []
    for name, condition, value in (
        ("user", "user = :user COLLATE NOCASE", storable(query.user.strip())),
        ("since", "time >= :since", time_text(query.since) if query.since else ""),
        ("before", "time < :before", time_text(query.before) if query.before else ""),
        ("below", "seq < :below", query.below or 0),
    ):
        if value:
            conditions.append(condition)
            values[name] = value
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"{COLUMNS}{where} ORDER BY seq DESC LIMIT :limit", values


def _entry(row: Row | sqlite3.Row) -> AuditEntry:
    return AuditEntry(int(row[0]), _event(row), str(row[6]))


def _event(row: Row | sqlite3.Row) -> AuditEvent:
    number, action, user, time, subject, detail, _ = row
    try:
        read = json.loads(detail)
        return AuditEvent(AuditAction(action), user, time_of(time), subject, dict(read))
    except (ValueError, TypeError) as error:
        raise _broken(f"Event {number}") from error


def _broken(where: str) -> StorageUnavailable:
    return StorageUnavailable(
        f"The audit log was changed from outside: {where} is not as it was written.",
        hint="Keep the data folder as it is and tell whoever is responsible for data protection.",
    )
