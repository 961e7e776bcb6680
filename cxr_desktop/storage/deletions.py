"""Deleted exams in the database: the exam's own row is never touched."""

from __future__ import annotations

import sqlite_utils

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import time_of, time_text

DELETED = "SELECT exam_seq FROM deleted_exams"
NOT_DELETED = f"seq NOT IN ({DELETED})"
EXAM = f"SELECT seq, seq IN ({DELETED}) FROM exams WHERE exam_id = ?"  # noqa: S608 - our own names
ADD = (
    "INSERT INTO deletions (exam_seq, audit_seq, time, user, reason, brought_back)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
LATEST = (
    "SELECT deletions.user, deletions.time, reason FROM exams"
    " JOIN deleted_exams ON deleted_exams.exam_seq = exams.seq"
    " JOIN deletions ON deletions.exam_seq = exams.seq"
    " WHERE exam_id = ? ORDER BY deletions.seq DESC LIMIT 1"
)


class SqliteDeletions:
    """The `DeletionStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, deletion: Deletion, event: AuditEvent) -> None:
        """Store both. Raises `InvalidRequest` or `StorageUnavailable`; then nothing is kept."""
        with self._database.write() as db:
            exam = db.execute(EXAM, (deletion.exam_id,)).fetchone()
            if exam is None or bool(exam[1]) != deletion.brought_back:
                raise InvalidRequest(
                    "This exam is not there to be brought back."
                    if deletion.brought_back
                    else "This exam is no longer in the list.",
                    hint="Search again; somebody else may have been quicker.",
                )
            values = (time_text(deletion.time), deletion.user, storable(deletion.reason))
            number = append_event(db, event)
            db.execute(ADD, (exam[0], number, *values, int(deletion.brought_back)))
            if deletion.brought_back:
                db.execute("DELETE FROM deleted_exams WHERE exam_seq = ?", (exam[0],))
            else:
                db.execute("INSERT INTO deleted_exams VALUES (?)", (exam[0],))


def deletion_of(db: sqlite_utils.Database, exam_id: str) -> Deletion | None:
    """Return why an exam is deleted now; None for one that is not."""
    row = db.execute(LATEST, (exam_id,)).fetchone()
    if row is None:
        return None
    with damage():
        return Deletion(exam_id, row[0], time_of(row[1]), row[2])
