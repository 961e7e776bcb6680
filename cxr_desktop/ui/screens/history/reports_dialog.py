"""Writing the reports of all exams that the filters leave."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QCheckBox, QWidget

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.services.bulk_reports import WriteReports, WrittenReports
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.widgets.out_dialog import OutDialog
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDTH = 560


class ReportsDialog(OutDialog):
    """One PDF per exam; what lies in the folder already is not written again."""

    def __init__(
        self,
        reports: WriteReports,
        job: OneJob,
        query: HistoryQuery,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(job, parent)
        self._reports = reports
        self._query = query
        self.setMinimumWidth(WIDTH)
        self.heat_map = QCheckBox(self.tr("Show the &heat map over the films"))
        words = self.tr(
            "One PDF of one page for each exam of the selection or list, named by the time and "
            "number of the exam. What was written before a cancel, or before the program locks "
            "itself, stays; start again to go on with the rest. A report that is in the folder "
            "stays as it is, whatever was said or signed since: for new ones take an empty folder."
        )
        self.body.addWidget(self.heat_map)
        self.body.addWidget(plain_label(words, role="muted", wrap=True))
        self.set_title(self.tr("Write the reports of this list"))
        self.check()

    def write(self, job: OneJob) -> None:
        """Start writing."""
        place, heat_map = self.place, self.heat_map.isChecked()
        job.start(
            lambda actor, context: self._reports(
                actor, self._query, place, context, make_pdf=pdf_bytes, heat_map=heat_map
            )
        )

    def ended(self, result: object) -> Notice:
        """Say how many there are now."""
        made = cast("WrittenReports", result)
        text = self.tr("Reports written: {0}.").format(f"{made.written:,}")
        if made.there_already:
            text += " " + self.tr("There already: {0}.").format(f"{made.there_already:,}")
        if made.unread:
            text += " " + self.tr("Left out until you have read them yourself: {0}.").format(
                f"{made.unread:,}"
            )
        hint = self.tr("They name patients and are not encrypted: keep them where it is safe.")
        return Notice("info", text, hint)
