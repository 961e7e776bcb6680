"""The answers of many exams as DICOM files in a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.errors import FilmRefused, InvalidRequest, StorageUnavailable
from cxr_desktop.domain.history import ExamRow, HistoryQuery
from cxr_desktop.domain.ports import AuditLog, JobContext, NoProgress
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.dicom_out import ExportDicom, MakePdf, parts_for, place_of
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.paged import Exams


@dataclass(frozen=True, slots=True)
class WrittenAnswers:
    """How many exams were written, lay there already, wait for the person's own reading.

    `left_out` has a sentence for each exam that could not be written, by its id.
    """

    written: int
    there_already: int
    unread: int
    left_out: tuple[tuple[str, str], ...]


class WriteAnswers:
    """Needs `export` and `see_result`; each exam is written as `ExportDicom` does, or left out."""

    def __init__(
        self,
        history: BrowseHistory,
        one: ExportDicom,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._one = one
        self._access = access
        self._audit = audit
        self._now = now

    def __call__(
        self,
        actor: Actor,
        query: HistoryQuery,
        folder: Path,
        parts: Collection[DicomPart],
        job: JobContext,
        *,
        make_pdf: MakePdf | None = None,
    ) -> WrittenAnswers:
        """Write the parts of every exam that the query finds.

        That it was done is noted before the first file appears, and each exam by itself. What was
        written before a cancel stays, and an exam whose files are all there is not written again.
        Raises `PermissionDenied`, `InvalidRequest` (nothing chosen, no exam), `StorageUnavailable`,
        `JobCancelled`.
        """
        current = self._access.require(actor, Permission.SEE_RESULT, Permission.EXPORT)
        if not parts:
            raise InvalidRequest("Nothing was chosen to be written.", hint="Choose at least one.")
        now = self._now()
        frozen = query.as_of(now)
        exams = Exams(self._history, current, frozen)
        detail = {"exams": str(exams.total), "kind": "dicom", "as": " ".join(sorted(parts))}
        self._audit.append(AuditEvent(AuditAction.HISTORY_EXPORTED, current.name, now, "", detail))
        written = there = unread = 0
        left_out: list[tuple[str, str]] = []
        for row in exams.each(job, "Exam"):
            if self._is_there(current, row, folder, parts):
                there += 1
            elif self._history.awaits_reading(current, row.exam_id):
                unread += 1
            elif reason := self._refused(current, row, folder, parts, make_pdf):
                left_out.append((row.exam_id, reason))
            else:
                written += 1
        return WrittenAnswers(written, there, unread, tuple(left_out))

    def _is_there(
        self, actor: Actor, row: ExamRow, folder: Path, parts: Collection[DicomPart]
    ) -> bool:
        wanted = parts
        if DicomPart.STATE in parts:
            wanted = parts_for(self._history.visible(actor, row.exam_id), parts)
        return all(place_of(folder, row.exam_id, part).exists() for part in wanted)

    def _refused(
        self,
        actor: Actor,
        row: ExamRow,
        folder: Path,
        parts: Collection[DicomPart],
        make_pdf: MakePdf | None,
    ) -> str:
        """Write one; return why it could not be, or nothing.

        A film that is gone is this exam's fault; a full disk would stop all others, and is raised.
        """
        try:
            self._one(actor, row.exam_id, folder, parts, NoProgress(), make_pdf=make_pdf)
        except (FilmRefused, InvalidRequest) as reason:
            return str(reason)
        except StorageUnavailable:
            try:
                self._history.film(actor, row.exam_id, NoProgress())
            except StorageUnavailable as gone:
                return str(gone)
            raise
        return ""
