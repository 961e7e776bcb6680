"""Earlier films of the same patient: which there are, and when two films are of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cxr_desktop.domain.radiograph import StudyInfo

# What modalities write when nobody typed an ID: they would join strangers.
PLACEHOLDERS = frozenset(
    {"anon", "anonymous", "na", "nil", "no id", "none", "noid", "null", "test", "unknown", "xxx"}
)


def names_a_patient(patient_id: str) -> bool:
    """Whether an ID is one: neither empty, nor zeros or signs only, nor a word for “unknown”."""
    plain = "".join(c for c in patient_id.casefold() if c.isalnum() or c == " ").strip()
    return bool(plain.strip("0 ")) and plain not in PLACEHOLDERS


@dataclass(frozen=True, slots=True)
class PatientExam:
    """One stored exam of a patient: enough to tell whose and of when it is; no answer."""

    exam_id: str
    time: datetime
    user: str
    film_sha256: str
    patient_name: str
    patient_id_issuer: str
    birth_date: date | None
    study_date: date | None
    view_position: str

    @property
    def day(self) -> date:
        """When the film was taken, or (not stated) run."""
        return self.study_date or self.time.date()

    def is_of(self, study: StudyInfo) -> bool:
        """Whether the issuer of the patient ID, where both are known, is the same."""
        issuers = {self.patient_id_issuer, study.patient_id_issuer} - {""}
        return len(issuers) < 2

    def differs_from(self, study: StudyInfo) -> bool:
        """Whether name or birth date, where both are known, are other ones."""
        names = {_plain(self.patient_name), _plain(study.patient_name)} - {""}
        births = {self.birth_date, study.birth_date} - {None}
        return len(names) > 1 or len(births) > 1


@dataclass(frozen=True, slots=True)
class Prior:
    """An earlier film of the patient. `differs`: name or birth date are not those of the new one.

    `thumbnail` is a small PNG, or None.
    """

    exam: PatientExam
    differs: bool
    thumbnail: bytes | None = None


class PatientExamStore(Protocol):
    """Finds exams by patient."""

    def of_patient(self, patient_id: str, *, limit: int) -> Sequence[PatientExam]:
        """Return the exams of exactly this patient ID, the newest first."""
        ...


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("^", " ").split())
