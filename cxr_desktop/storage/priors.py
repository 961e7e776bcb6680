"""Exams of one patient, by an index on the patient ID."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_desktop.domain.priors import PatientExam
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import NOT_DELETED
from cxr_desktop.storage.exam_rows import Row
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import day_of, time_of

OF_PATIENT = (
    "SELECT exam_id, time, user, film_sha256, patient_name, patient_id_issuer, birth_date,"  # noqa: S608 - our own names
    " study_date, view_position FROM exams WHERE patient_id = ?"
    f" AND {NOT_DELETED} ORDER BY time DESC LIMIT ?"
)


class SqlitePatientExams:
    """The `PatientExamStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_patient(self, patient_id: str, *, limit: int) -> Sequence[PatientExam]:
        """Return the exams of exactly this patient ID, the newest first."""
        with self._database.read() as db:
            return [_exam(row) for row in db.query(OF_PATIENT, (storable(patient_id), limit))]


def _exam(row: Row) -> PatientExam:
    with damage():
        days = {name: day_of(row[name]) for name in ("birth_date", "study_date")}
        return PatientExam(**{**row, **days, "time": time_of(row["time"])})
