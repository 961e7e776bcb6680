"""Made-up exams and events for tests: `an_exam(patient_name="…")`."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import numpy as np

from cxr_desktop.domain.assessment import (
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    OperatingPoints,
    Timings,
)
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.history import ExamRecord, FilmRef
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Caution, StudyInfo

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
POINTS = OperatingPoints(normal_below=0.3, abnormal_from=0.7)


def an_event(
    action: AuditAction = AuditAction.FILM_CLASSIFIED,
    *,
    user: str = "amina",
    subject: str = "",
    time: datetime = NOON,
    **detail: str,
) -> AuditEvent:
    """Make one audit event."""
    return AuditEvent(action, user, time, subject, detail)


def an_exam(
    exam_id: str = "e1",
    *,
    time: datetime = NOON,
    user: str = "amina",
    patient_name: str = "Doe^Jane",
    patient_id: str = "P-1",
    accession_number: str = "A-1",
    file_name: str = "film.dcm",
    film: bytes = b"a film",
    probability: float = 0.9,
    heat_map: bool = True,
) -> ExamRecord:
    """Make one exam whose verdict follows from `probability` and `POINTS`."""
    values = np.linspace(-1.5, 2.5, 49, dtype=np.float32).reshape(7, 7)
    return ExamRecord(
        exam_id=exam_id,
        time=time,
        user=user,
        film=FilmRef(hashlib.sha256(film).hexdigest(), file_name, "DICOM", 2048, 2500),
        study=StudyInfo(
            patient_name=patient_name,
            patient_id=patient_id,
            accession_number=accession_number,
            birth_date=date(1970, 1, 31),
            sex="F",
            age="056Y",
            study_date=date(2026, 2, 28),
            study_description="CHEST PA",
            study_uid="1.2.826.0.1.3680043.8.498.1",
            modality="DX",
            body_part="CHEST",
            view_position="PA",
            laterality="U",
            institution="District Hospital",
            manufacturer="Maker",
        ),
        assessment=Assessment(
            model=ModelRef("yolov5x-cls-cxr", "1.0", "b" * 64),
            scores=(LabelScore("normal", 1 - probability), LabelScore("abnormal", probability)),
            verdict=POINTS.verdict(probability),
            points=POINTS,
            device="CPU",
            heat_map=HeatMap(values, FilmRegion(0, 0, 2500, 2048)) if heat_map else None,
            meaning="Of 10 films with this score, 9 were abnormal.",
            timings=Timings(read=12.5, prepare=3.25, infer=90.125),
        ),
        program_version="0.1.0",
        cautions=(Caution("spacing", "Pixel spacing is that of the detector."),),
    )
