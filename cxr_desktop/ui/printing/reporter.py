"""Fetches reports, and writes them as PDF, in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.session import Session


class Reporting(Protocol):
    """`services.report.MakeReport`."""

    def __call__(
        self, actor: Actor, exam_id: str, job: JobContext, *, heat_map: bool = False
    ) -> ReportPage:
        """Return the page of an exam's report."""
        ...

    def save(self, path: Path, pdf: bytes) -> None:
        """Write its PDF."""
        ...


class Reporter(QObject):
    """`ready` carries the `ReportPage`, `noticed` a `Notice` or None; `busy` what is being done.

    A page asked for before the last one came replaces it.
    """

    ready = Signal(object)
    noticed = Signal(object)
    busy = Signal(str)

    def __init__(
        self,
        report: Reporting,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._report = report
        self._runner = runner
        self._session = session
        self._job: Job | None = None
        self._asked = 0

    def fetch(self, exam_id: str, *, heat_map: bool) -> None:
        """Ask for the page of an exam, with or without the heat map over the film."""
        actor = self._session.actor
        if actor is None:
            return
        self.cancel()
        asked = self._asked
        self._begin(QCoreApplication.translate("Report", "Making the report…"))
        self._job = self._runner.start(
            lambda job: self._report(actor, exam_id, job, heat_map=heat_map),
            done=lambda page: self._on_page(asked, page),
            failed=lambda error: self._on_failed(asked, error),
        )

    def save(self, page: ReportPage, path: Path) -> None:
        """Write the page as a PDF; a file that is there was agreed to be replaced."""
        asked = self._asked

        def work(job: JobContext) -> None:
            job.report("Writing the PDF", 0.0)
            self._report.save(path, pdf_bytes(page))

        self._begin(QCoreApplication.translate("Report", "Writing the PDF…"))
        self._runner.start(
            work,
            done=lambda _none: self._on_saved(asked, path),
            failed=lambda error: self._on_failed(asked, error),
        )

    def cancel(self) -> None:
        """Drop what is on its way."""
        self._asked += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _begin(self, what: str) -> None:
        self.noticed.emit(None)
        self.busy.emit(what)

    def _on_page(self, asked: int, page: ReportPage) -> None:
        if asked == self._asked:
            self.busy.emit("")
            self.ready.emit(page)

    def _on_saved(self, asked: int, path: Path) -> None:
        if asked == self._asked:
            text = QCoreApplication.translate("Report", "The report was written to “{0}”.")
            self.busy.emit("")
            self.noticed.emit(Notice("info", text.format(path.name)))

    def _on_failed(self, asked: int, error: UserError) -> None:
        if asked == self._asked:
            self.busy.emit("")
            self.noticed.emit(notice_of(error))
