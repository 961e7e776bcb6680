"""The reports of many exams as PDFs in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.history import ExamRow, HistoryQuery
from cxr_desktop.domain.ports import AuditLog, JobContext, NoProgress
from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.paged import Exams
from cxr_desktop.services.report import MakeReport


@dataclass(frozen=True, slots=True)
class WrittenReports:
    """How many reports were written, and how many lay there already and were left as they were.

    `unread` counts exams without a report, because the person's own reading of them comes first.
    """

    written: int
    there_already: int
    unread: int = 0


class WriteReports:
    """Needs `export`, `report` and `see_result`. `save` writes a new file, whole or not at all."""

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        history: BrowseHistory,
        report: MakeReport,
        save: Callable[[Path, bytes], None],
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._report = report
        self._save = save
        self._access = access
        self._audit = audit
        self._now = now

    def __call__(
        self,
        actor: Actor,
        query: HistoryQuery,
        folder: Path,
        job: JobContext,
        *,
        make_pdf: Callable[[ReportPage], bytes],
        heat_map: bool = False,
    ) -> WrittenReports:
        """Write a PDF for every exam that the query finds, named by time and number of the exam.

        That it was done is noted before the first file appears, and each report by itself. What was
        written before a cancel stays, and is not written again. Raises `PermissionDenied`,
        `InvalidRequest` (no exam), `StorageUnavailable`, `JobCancelled`.
        """
        current = self._access.require(
            actor, Permission.SEE_RESULT, Permission.REPORT, Permission.EXPORT
        )
        now = self._now()
        frozen = query.as_of(now)
        exams = Exams(self._history, current, frozen)
        detail = {"exams": str(exams.total), "kind": "pdf"}
        self._audit.append(
            AuditEvent(AuditAction.HISTORY_EXPORTED, current.name, self._now(), "", detail)
        )
        written = there = unread = 0
        for row in exams.each(job, "Report"):
            place = folder / name_of(row)
            if place.exists():
                there += 1
            elif self._history.awaits_reading(current, row.exam_id):
                unread += 1
            else:
                made = self._report(current, row.exam_id, NoProgress(), heat_map=heat_map)
                self._save(place, make_pdf(made))
                written += 1
        return WrittenReports(written, there, unread)


def name_of(row: ExamRow) -> str:
    """Return the file name: time (UTC) and the exam's number, nothing of the patient."""
    return f"report-{row.time:%Y%m%d-%H%M%S}-{row.exam_id}.pdf"
