"""Taking the list out of the program: the button, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.history.state import ExportEnded, Exporting, ExportState
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

ENDINGS = (".xlsx", ".csv")


class ExportButton(QPushButton):
    """Asks what and, for a list, where to: `chosen` carries the `Path`, the others nothing."""

    chosen = Signal(object)
    clean = Signal()
    reports_asked = Signal()
    dicom_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Export…"))
        self.setToolTip(
            self.tr("Take the selected exams, or all that the filters leave, out of the program")
        )
        menu = QMenu(self)
        self.table = menu.addAction(self.tr("The &list as a spreadsheet…"))
        self.reports = menu.addAction(self.tr("The &reports as PDFs…"))
        self.dicom = menu.addAction(self.tr("The answers as &DICOM…"))
        self.films = menu.addAction(self.tr("The films &without their patients…"))
        self.table.triggered.connect(self._on_table)
        self.films.triggered.connect(self.clean)
        self.reports.triggered.connect(self.reports_asked)
        self.dicom.triggered.connect(self.dicom_asked)
        self.setMenu(menu)

    def _on_table(self) -> None:
        kinds = {
            self.tr("Excel workbook (*.xlsx)"): ".xlsx",
            self.tr("Comma-separated values (*.csv)"): ".csv",
        }
        name, kind = QFileDialog.getSaveFileName(
            self, self.tr("Export the list"), "exams.xlsx", ";;".join(kinds)
        )
        if name:
            self.chosen.emit(with_ending(Path(name), kinds.get(kind, ".xlsx")))


def with_ending(path: Path, ending: str) -> Path:
    """Return the path as a table: with the chosen ending where it has none of ours."""
    return path if path.suffix.casefold() in ENDINGS else path.with_name(path.name + ending)


class ExportBar(QWidget):
    """Shows an `ExportState`; takes no room without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = NoticeBar()
        self.cancel = QPushButton(self.tr("Cancel"))
        self._busy = BusyBar()
        self._step = plain_label(role="muted")
        self._running = QWidget()
        line = QHBoxLayout(self._running)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.ONE)
        line.addWidget(self._step)
        line.addWidget(self._busy, 1)
        line.addWidget(self.cancel)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._running)
        page.addWidget(self.notice)
        self.hide()

    def render_state(self, state: ExportState) -> None:
        """Show one state; what goes is hidden first, so that the list beside it moves once."""
        if not isinstance(state, ExportEnded):
            self.notice.show_notice(None)
        self._running.setVisible(isinstance(state, Exporting))
        self.setVisible(state is not None)
        match state:
            case None:
                pass
            case Exporting(step=step, fraction=fraction):
                self._step.setText(step or self.tr("Exporting…"))
                self._busy.set_fraction(self.tr("Exporting the list"), fraction)
            case ExportEnded(notice=notice):
                self.notice.show_notice(notice)
            case _:
                assert_never(state)
