"""The month's report and drift, without widgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.month import MonthFigures
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.drift_watch import DriftPicture
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.screens.quality.report_words import drift_sheet
from cxr_desktop.ui.screens.quality.sheets import write_sheet, written_notice
from cxr_desktop.ui.screens.quality.state import ReportsState
from cxr_desktop.ui.session import Session


class ReportsPresenter(QObject):
    """Emits a `ReportsState` after every change; forgets all of it at sign-out."""

    state_changed = Signal(object)

    def __init__(
        self,
        quality: MeasureQuality,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._quality = quality
        self._state = ReportsState()
        self._counting = OneJob(runner, session, self)
        self._writing = OneJob(runner, session, self)
        self._watching = OneJob(runner, session, self)
        self._printing = OneJob(runner, session, self)
        self._counting.done.connect(self._on_month)
        self._writing.done.connect(self._on_written)
        self._watching.done.connect(self._on_drift)
        self._printing.done.connect(self._on_drift_written)
        self._printing.failed.connect(self._on_drift_unwritten)
        for job in (self._counting, self._writing):
            job.failed.connect(self._on_month_failed)
        self._watching.failed.connect(self._on_drift_failed)
        session.signed_out.connect(self._on_signed_out)

    @property
    def state(self) -> ReportsState:
        """The latest state."""
        return self._state

    def count_month(self, month: date) -> None:
        """Count the month that holds this day."""
        self._set(replace(self._state, counting=True, month=None, month_notice=None))
        self._counting.start(lambda actor, job: self._quality.month(actor, month, job))

    def write_pdf(self, path: Path) -> None:
        """Write the month that was counted as a PDF of one page."""
        figures = self._state.month
        if figures is None:
            return
        self._set(replace(self._state, counting=True, month_notice=None))

        def work(actor: Actor, _job: JobContext) -> Path:
            month = self._quality.month
            month.save(path, pdf_bytes(month.page(actor, figures)))
            return path

        self._writing.start(work)

    def watch(self) -> None:
        """Look at the last half year."""
        self._set(replace(self._state, watching=True, drift_notice=None))
        self._watching.start(self._quality.drift)

    def write_drift(self, path: Path) -> None:
        """Write what was looked at as a PDF of one page."""
        picture = self._state.drift
        if picture is None:
            return
        self._set(replace(self._state, watching=True, drift_notice=None))
        self._printing.start(
            lambda actor, _job: write_sheet(self._quality, actor, drift_sheet(picture), path)
        )

    def _on_drift_written(self, path: object) -> None:
        notice = written_notice(cast("Path", path))
        self._set(replace(self._state, watching=False, drift_notice=notice))

    def _on_drift_unwritten(self, notice: object) -> None:
        found = cast("Notice", notice)
        self._set(replace(self._state, watching=False, drift_notice=found))

    def _on_month(self, figures: object) -> None:
        self._set(replace(self._state, counting=False, month=cast("MonthFigures", figures)))

    def _on_written(self, path: object) -> None:
        notice = written_notice(cast("Path", path))
        self._set(replace(self._state, counting=False, month_notice=notice))

    def _on_drift(self, picture: object) -> None:
        self._set(replace(self._state, watching=False, drift=cast("DriftPicture", picture)))

    def _on_month_failed(self, notice: object) -> None:
        found = cast("Notice", notice)
        self._set(replace(self._state, counting=False, month_notice=found))

    def _on_drift_failed(self, notice: object) -> None:
        found = cast("Notice", notice)
        self._set(replace(self._state, watching=False, drift=None, drift_notice=found))

    def _on_signed_out(self) -> None:
        for job in (self._counting, self._writing, self._watching, self._printing):
            job.drop()
        self._set(ReportsState())

    def _set(self, state: ReportsState) -> None:
        self._state = state
        self.state_changed.emit(state)
