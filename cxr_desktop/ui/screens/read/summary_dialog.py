"""What became of each film of a run, and saving the list of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.read.state import RunSummary
from cxr_desktop.ui.screens.read.summary_table import FILE, OUTCOME, REMARK, SummaryTableModel
from cxr_desktop.ui.screens.read.summary_words import sums_text
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.row_table import row_table
from cxr_desktop.ui.words import disclaimer

WIDTH, HEIGHT = 820, 520
FILE_WIDTH, OUTCOME_WIDTH = 320, 140
ENDING = ".csv"


class SummaryDialog(QDialog):
    """Shows a `RunSummary`; `save_asked` carries the `Path` of a CSV file."""

    save_asked = Signal(object)

    def __init__(self, summary: RunSummary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What became of each film"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self.sums = plain_label(sums_text(summary.sums), role="strong", wrap=True)
        self._all = summary.outcomes
        self._rows = SummaryTableModel(summary.outcomes)
        self.only_errors = QCheckBox(self.tr("&Only refused films and films not done"))
        self.only_errors.setVisible(any(one.error is not None for one in self._all))
        self.only_errors.toggled.connect(self._on_filter)
        self.table = row_table(self._rows, self.tr("Films and what became of them"))
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(REMARK, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(FILE, FILE_WIDTH)
        self.table.setColumnWidth(OUTCOME, OUTCOME_WIDTH)
        self.notice = NoticeBar(dismissable=False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save = QPushButton(self.tr("&Save the list…"))
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.save.clicked.connect(self._on_save)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.TWO)
        column.addWidget(self.sums)
        column.addWidget(self.only_errors)
        column.addWidget(self.table, 1)
        column.addWidget(self.notice)
        column.addWidget(plain_label(disclaimer(), role="small"))
        column.addWidget(buttons)
        self.show_saving(summary)

    def show_saving(self, summary: RunSummary) -> None:
        """Say how the saving of the list goes."""
        self.save.setEnabled(not summary.is_saving)
        self.notice.show_notice(summary.notice)

    def _on_filter(self, only_errors: bool) -> None:
        shown = (one for one in self._all if one.error is not None or not only_errors)
        self._rows.show_outcomes(tuple(shown))

    def _on_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save the list"),
            "films" + ENDING,
            self.tr("Comma-separated values (*.csv)"),
        )
        if name:
            path = Path(name)
            ended = path.suffix.casefold() == ENDING
            self.save_asked.emit(path if ended else path.with_name(path.name + ENDING))
