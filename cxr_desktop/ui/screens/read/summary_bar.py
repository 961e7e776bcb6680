"""The sums of the last run, in a bar above the films, and the list behind them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.screens.read.state import RunSummary
from cxr_desktop.ui.screens.read.summary_dialog import SummaryDialog
from cxr_desktop.ui.screens.read.summary_keeper import SummaryKeeper
from cxr_desktop.ui.screens.read.summary_words import sums_text
from cxr_desktop.ui.widgets.notice_bar import NoticeBar


class SummaryBar(NoticeBar):
    """Hidden without a `RunSummary`; `dialog` is the list while it is open.

    `again_asked`: films that were answered before shall be run all the same.
    """

    again_asked = Signal()

    def __init__(self, summaries: SummaryKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._summaries = summaries
        self.dialog: SummaryDialog | None = None
        self.show_list = self.add_button(self.tr("Show the list…"))
        self.show_list.clicked.connect(self.open_list)
        self.again = self.add_button(self.tr("Run again what was stored before"))
        self.again.clicked.connect(self.again_asked)
        self.dismissed.connect(summaries.dismiss)

    def show_summary(self, summary: RunSummary | None) -> None:
        """Show these sums; the open list follows, or closes when there are none any more."""
        self.show_notice(Notice("info", sums_text(summary.sums)) if summary is not None else None)
        self.again.setVisible(summary is not None and summary.sums.stored_before > 0)
        if self.dialog is None:
            return
        if summary is None:
            self.dialog.reject()
        else:
            self.dialog.show_saving(summary)

    def open_list(self) -> None:
        """Show what became of each film of the last run."""
        summary = self._summaries.summary
        if summary is None or self.dialog is not None:
            return
        self.dialog = SummaryDialog(summary, self)
        self.dialog.save_asked.connect(self._summaries.save)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None
