"""Looking at a report before it is printed or saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QPageSize, QPainter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewWidget
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.report import ReportPage
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.printing.page import A4, lay_out, paint
from cxr_desktop.ui.printing.reporter import Reporter
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar

WIDTH, HEIGHT = 760, 660


class ReportDialog(QDialog):
    """Shows the page of one exam; prints it or saves it as PDF. Call `begin` once."""

    def __init__(self, reporter: Reporter, exam_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reporter = reporter
        reporter.setParent(self)
        self._exam_id = exam_id
        self.page: ReportPage | None = None
        self._document: QTextDocument | None = None
        self.setWindowTitle(self.tr("Report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setPageLayout(A4)
        self._printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        self.preview = QPrintPreviewWidget(self._printer)
        self.preview.setAccessibleName(self.tr("The report as it will be printed"))
        self.preview.paintRequested.connect(self._paint)
        self.heat_map = QCheckBox(self.tr("Show the &heat map over the film"))
        self.heat_map.toggled.connect(lambda _on: self.begin())
        self.save = QPushButton(self.tr("&Save as PDF…"))
        self.print = QPushButton(self.tr("&Print…"))
        self.print.setProperty("kind", "primary")
        self.notice = NoticeBar()
        self._busy = BusyBar()
        self._lay_out()
        self.save.clicked.connect(self._on_save)
        self.print.clicked.connect(self._on_print)
        reporter.ready.connect(self._on_ready)
        reporter.noticed.connect(self._on_noticed)
        reporter.busy.connect(self._on_busy)
        self._on_busy("")

    def begin(self) -> None:
        """Ask for the page, as the box says."""
        self._reporter.fetch(self._exam_id, heat_map=self.heat_map.isChecked())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Drop what is on its way, and hold nothing of the patient."""
        self._forget()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Do the same when Esc closes the dialog."""
        self._forget()
        super().done(result)

    def _forget(self) -> None:
        self._reporter.cancel()
        self.page = self._document = None

    def _on_ready(self, page: ReportPage) -> None:
        self.page = page
        self._document = lay_out(page)
        self.preview.updatePreview()
        self._on_busy("")

    def _on_noticed(self, notice: Notice | None) -> None:
        self.notice.show_notice(notice)

    def _on_busy(self, what: str) -> None:
        if what:
            self._busy.set_busy(what)
        else:
            self._busy.set_idle()
        for button in (self.save, self.print):
            button.setEnabled(not what and self.page is not None)

    def _on_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the report"), "report.pdf", self.tr("PDF (*.pdf)")
        )
        if name and self.page is not None:
            path = Path(name)
            if path.suffix.casefold() != ".pdf":
                path = path.with_name(f"{path.name}.pdf")
            self._reporter.save(self.page, path)

    def _on_print(self) -> None:
        if QPrintDialog(self._printer, self).exec() == QDialog.DialogCode.Accepted:
            self._paint(self._printer)

    def _paint(self, printer: QPrinter) -> None:
        if self._document is None:
            return
        painter = QPainter(printer)
        area = printer.pageLayout().paintRectPixels(printer.resolution())
        paint(self._document, painter, area.width())
        painter.end()

    def _lay_out(self) -> None:
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.ONE)
        buttons.addWidget(self.heat_map)
        buttons.addStretch(1)
        for button in (close, self.save, self.print):
            buttons.addWidget(button)
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        page.setSpacing(Space.ONE)
        page.addWidget(self.notice)
        page.addWidget(self._busy)
        page.addWidget(self.preview, 1)
        page.addLayout(buttons)
