"""Counts the hospital's own figures in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.own_figures import OwnFigures
from cxr_desktop.services.own_figures import MeasureOwnExams
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.session import Session


class FigureCounter(QObject):
    """Exactly one of `counted` (`OwnFigures`) and `failed` (`Notice`) follows, unless cancelled."""

    progressed = Signal(str, float)
    counted = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        measure: MeasureOwnExams,
        runner: JobRunner,
        session: Session,
        query: HistoryQuery,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._measure = measure
        self._runner = runner
        self._session = session
        self._query = query
        self._job: Job | None = None

    def start(self) -> None:
        """Count."""
        actor = self._session.actor
        if actor is None:
            return
        self._job = self._runner.start(
            lambda job: self._measure(actor, self._query, job),
            done=self._on_done,
            failed=self._on_failed,
            progress=self._on_progress,
        )

    def cancel(self) -> None:
        """Stop; nothing follows."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _on_progress(self, step: str, fraction: float) -> None:
        if self._job is not None:
            self.progressed.emit(step, fraction)

    def _on_done(self, figures: OwnFigures) -> None:
        if self._job is not None:
            self._job = None
            self.counted.emit(figures)

    def _on_failed(self, error: UserError) -> None:
        if self._job is not None:
            self._job = None
            self.failed.emit(notice_of(error))
