"""A stored exam as one page for paper or PDF, exactly as it was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.report import Letterhead, ReportFacts, ReportPage
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


@dataclass(frozen=True, slots=True)
class PaperDrawing:
    """What puts a report on paper: its texts, the film, the film with its map, the logo's bytes.

    `save` writes a file that leaves the program, in the place of one that is there.
    """

    layouts: Callable[[ReportFacts], tuple[str, ...]]
    film: Callable[[Radiograph], bytes]
    heat_map: Callable[[Radiograph, HeatMap], bytes]
    logo: Callable[[str], bytes | None]
    save: Callable[[Path, bytes], None]


class MakeReport:
    """Needs `report`, and `see_result`: a report says what the model answered."""

    def __init__(
        self,
        history: BrowseHistory,
        drawing: PaperDrawing,
        settings: SettingsStore,
        access: Access,
        audit: AuditLog,
        *,
        now: Callable[[], datetime],
        program_version: str,
    ) -> None:
        self._history = history
        self._drawing = drawing
        self._settings = settings
        self._access = access
        self._audit = audit
        self._now = now
        self._program_version = program_version

    def __call__(
        self, actor: Actor, exam_id: str, job: JobContext, *, heat_map: bool = False
    ) -> ReportPage:
        """Return the page; that it was made is noted. A film that is gone is said on it.

        Raises `InvalidRequest` (who reads first has not read it yet, too), `PermissionDenied`,
        `StorageUnavailable`.
        """
        current = self._access.require(actor, Permission.SEE_RESULT, Permission.REPORT)
        if self._history.awaits_reading(current, exam_id):
            raise InvalidRequest(
                "A report tells the model's answer, and your own reading comes first.",
                hint="Read the film and save your reading; then make the report.",
            )
        record = self._history.visible(current, exam_id)
        exam = ExamView.of(record, with_result=True)
        film = self._film(current, exam, job, heat_map=heat_map)
        letterhead = self._letterhead()
        job.report("Writing the report", 0.8)
        now = self._now()
        facts = ReportFacts(
            letterhead=letterhead,
            exam=exam,
            said=self._history.reader_report(record),
            printed_by=current.user.full_name or current.name,
            printed_at=now,
            program_version=self._program_version,
            with_film=film is not None,
            with_map=heat_map and _map_of(exam) is not None,
        )
        page = ReportPage(exam.exam_id, self._drawing.layouts(facts), film, letterhead.logo)
        self._audit.append(AuditEvent(AuditAction.REPORT_MADE, current.name, now, exam.exam_id, {}))
        return page

    def save(self, path: Path, pdf: bytes) -> None:
        """Write a page that was made as a PDF, whole or not at all. Raises `StorageUnavailable`."""
        self._drawing.save(path, pdf)

    def _film(
        self, actor: Actor, exam: ExamView, job: JobContext, *, heat_map: bool
    ) -> bytes | None:
        try:
            radiograph = self._history.film(actor, exam.exam_id, job)
        except StorageUnavailable:  # the answer is still sound: the page says that the film is not
            return None
        shown = _map_of(exam) if heat_map else None
        if shown is None:
            return self._drawing.film(radiograph)
        return self._drawing.heat_map(radiograph, shown)

    @property
    def hospital(self) -> str:
        """The hospital's name as it stands on reports; empty without one."""
        return self._text("report.letterhead") or self._text("general.institution")

    def _letterhead(self) -> Letterhead:
        logo = self._text("report.logo")
        picture = self._drawing.logo(logo) if logo else None
        return Letterhead(self.hospital, self._text("report.address"), picture)

    def _text(self, key: str) -> str:
        return str(self._settings.get(key)).strip()


def _map_of(exam: ExamView) -> HeatMap | None:
    return exam.assessment.heat_map if exam.assessment is not None else None
