"""Writes the list into a file in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.services.export import ExportHistory
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.screens.history.state import ExportEnded, Exporting
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
        self._session = session
        self._job = OneJob(runner, session, self)
        self._job.progressed.connect(lambda step, part: self.changed.emit(Exporting(step, part)))
        self._job.done.connect(lambda notice: self.changed.emit(ExportEnded(notice)))
        self._job.failed.connect(lambda notice: self.changed.emit(ExportEnded(notice)))
        self._job.cancelled.connect(lambda: self.changed.emit(None))

    def start(self, query: HistoryQuery, path: Path) -> None:
        """Write all that the query finds; a file that is there was agreed to be replaced."""
        if self._session.actor is None or self._job.is_running:
            return
        self.changed.emit(Exporting())
        self._job.start(
            lambda actor, job: _written(self._export(actor, query, path, job, overwrite=True), path)
        )

    def cancel(self) -> None:
        """Stop at the next page of exams; nothing of it stays."""
        self._job.cancel()

    def dismiss(self) -> None:
        """Say nothing more of the last one."""
        if not self._job.is_running:
            self.changed.emit(None)


def _written(count: int, path: Path) -> Notice:
    translate = QCoreApplication.translate
    many = translate("History", "{count} exams were written to “{file}”.")
    text = translate("History", "1 exam was written to “{file}”.") if count == 1 else many
    hint = translate(
        "History", "The file names patients and is not encrypted: keep it where it is safe."
    )
    return Notice("info", text.format(count=f"{count:,}", file=path.name), hint)
