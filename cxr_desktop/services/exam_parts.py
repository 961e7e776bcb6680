"""Parts of an exam: its file's name, its study, its event."""

from __future__ import annotations

from dataclasses import fields, replace

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.radiograph import StudyInfo


def event_of(record: ExamRecord) -> AuditEvent:
    """Return the event that is stored with an exam."""
    detail = {"film": record.film.sha256, "model": record.assessment.model.id}
    if is_turned(record.cautions):
        detail["negative"] = "turned"
    return AuditEvent(AuditAction.FILM_CLASSIFIED, record.user, record.time, record.exam_id, detail)


def storable_name(file_name: str) -> str:
    """Return a file name as text that can be stored and shown.

    A name may hold control characters, and bytes that are no text (PEP 383); each becomes U+FFFD.
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in file_name)


def merge_study(from_file: StudyInfo, typed: StudyInfo | None) -> StudyInfo:
    """Fill what the file leaves empty with what was typed."""
    if typed is None:
        return from_file
    missing = {
        field.name: getattr(typed, field.name)
        for field in fields(StudyInfo)
        if not getattr(from_file, field.name)
    }
    return replace(from_file, **missing)
