"""Signatures under reports in the database: one for an exam, never changed."""

from __future__ import annotations

import sqlite_utils

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.signing import Signature
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import DELETED
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.said_of_exam import SIGNED
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import time_of, time_text

EXAM = (
    f"SELECT seq, seq IN ({SIGNED}), seq IN ({DELETED}),"  # noqa: S608 - our own names
    " (SELECT count(*) FROM reviews WHERE exam_seq = exams.seq) FROM exams WHERE exam_id = ?"
)
ADD = (
    "INSERT INTO signatures (exam_seq, audit_seq, time, user, full_name, verdict, covers, sha256)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
OF_EXAM = (
    "SELECT signatures.user, full_name, signatures.time, signatures.verdict, covers, sha256"
    " FROM exams JOIN signatures ON signatures.exam_seq = exams.seq WHERE exam_id = ?"
)


class SqliteSignatures:
    """The `SignatureStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sign(self, signature: Signature, event: AuditEvent) -> None:
        """Store both. Raises `InvalidRequest` or `StorageUnavailable`; then nothing is kept."""
        with self._database.write() as db:
            exam = db.execute(EXAM, (signature.exam_id,)).fetchone()
            if exam is None or exam[1:] != (0, 0, signature.covers):
                raise InvalidRequest(
                    "This report was signed, changed or deleted meanwhile.",
                    hint="Open the exam again and look.",
                )
            number = append_event(db, event)
            row = (
                exam[0],
                number,
                time_text(signature.time),
                signature.user,
                storable(signature.full_name),
                signature.verdict.value,
                signature.covers,
                signature.sha256,
            )
            db.execute(ADD, row)


def signature_of(db: sqlite_utils.Database, exam_id: str) -> Signature | None:
    """Return who signed the exam's report; None for one that is not signed."""
    row = db.execute(OF_EXAM, (exam_id,)).fetchone()
    if row is None:
        return None
    user, name, time, verdict, covers, sha256 = row
    with damage():
        return Signature(exam_id, user, name, time_of(time), Verdict(verdict), covers, sha256)
