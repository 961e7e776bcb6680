"""Writes the list into a file in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.services.export import ExportHistory
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.history.state import ExportEnded, Exporting, ExportState
from cxr_desktop.ui.session import Session


class Exporter(QObject):
    """One export at a time; `changed` carries the `ExportState`."""

    changed = Signal(object)

    def __init__(
        self,
        export: ExportHistory,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._export = export
        self._runner = runner
        self._session = session
        self._job: Job | None = None

    def start(self, query: HistoryQuery, path: Path) -> None:
        """Write all that the query finds; a file that is there was agreed to be replaced."""
        actor = self._session.actor
        if actor is None or self._job is not None:
            return
        self._runner.draw_first()
        self.changed.emit(Exporting())
        self._job = self._runner.start(
            lambda job: self._export(actor, query, path, job, overwrite=True),
            done=lambda count: self._on_done(path, count),
            failed=self._on_failed,
            progress=self._on_progress,
            cancelled=lambda: self._end(None),
        )

    def cancel(self) -> None:
        """Stop at the next page of exams; nothing of it stays."""
        if self._job is not None:
            self._job.cancel()

    def dismiss(self) -> None:
        """Say nothing more of the last one."""
        if self._job is None:
            self.changed.emit(None)

    def _on_progress(self, step: str, fraction: float) -> None:
        if self._job is not None:
            self.changed.emit(Exporting(step, fraction))

    def _on_done(self, path: Path, count: int) -> None:
        translate = QCoreApplication.translate
        many = translate("History", "{count} exams were written to “{file}”.")
        text = translate("History", "1 exam was written to “{file}”.") if count == 1 else many
        hint = translate(
            "History", "The file names patients and is not encrypted: keep it where it is safe."
        )
        self._end(
            ExportEnded(Notice("info", text.format(count=f"{count:,}", file=path.name), hint))
        )

    def _on_failed(self, error: UserError) -> None:
        self._end(ExportEnded(notice_of(error)))

    def _end(self, state: ExportState) -> None:
        self._job = None
        self.changed.emit(state)
