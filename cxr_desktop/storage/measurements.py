"""What was measured on exams, in the database: sets are only added, the latest counts."""

from __future__ import annotations

import json

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.measurement import Measurement, MeasurementKind, MeasurementSet
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exam_rows import Row
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.times import time_of, time_text

LATEST = (
    "SELECT exam_id, exam_measurements.user, exam_measurements.time, measurements"
    " FROM exams JOIN exam_measurements ON exam_measurements.exam_seq = exams.seq"
    " WHERE exam_id = ? ORDER BY exam_measurements.seq DESC LIMIT 1"
)
ADD = (
    "INSERT INTO exam_measurements (exam_seq, audit_seq, time, user, measurements)"
    " VALUES (?, ?, ?, ?, ?)"
)


class SqliteMeasurements:
    """The `MeasurementStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, measured: MeasurementSet, event: AuditEvent) -> None:
        """Store set and event in one transaction, on the disk on return.

        Raises `InvalidRequest` for an unknown exam, and `StorageUnavailable`; then nothing is kept.
        """
        with self._database.write() as db:
            exam = db.execute(
                "SELECT seq FROM exams WHERE exam_id = ?", (measured.exam_id,)
            ).fetchone()
            if exam is None:
                raise InvalidRequest(
                    "There is no such exam in the History.", hint="Search for it again."
                )
            audit_seq = append_event(db, event)
            row = (exam[0], audit_seq, time_text(measured.time), measured.user, _text(measured))
            db.execute(ADD, row)

    def latest(self, exam_id: str) -> MeasurementSet | None:
        """Return the set that counts; None for an exam that was never measured, or unknown."""
        with self._database.read() as db:
            row = next(iter(db.query(LATEST, (exam_id,))), None)
        return _set(row) if row is not None else None


def _text(measured: MeasurementSet) -> str:
    rows = []
    for one in measured.measurements:
        given = [] if one.millimetres is None else [one.millimetres]
        rows.append([one.kind.value, one.points, *given])
    return json.dumps(rows)


def _set(row: Row) -> MeasurementSet:
    with damage():
        measurements = tuple(
            Measurement(
                MeasurementKind(kind), tuple((float(x), float(y)) for x, y in points), *given
            )
            for kind, points, *given in json.loads(row["measurements"])
        )
        return MeasurementSet(row["exam_id"], row["user"], time_of(row["time"]), measurements)
