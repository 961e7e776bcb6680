"""The tab Drift: whether something has changed in the last four weeks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.printing.pdf_place import ask_for_pdf
from cxr_desktop.ui.screens.quality.report_words import (
    device_notice,
    model_notice,
    refusal_notice,
    score_notice,
)
from cxr_desktop.ui.screens.quality.state import ReportsState
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.scrolled import scrolled
from cxr_desktop.ui.widgets.svg_view import SvgView

WIDEST = 900


class DriftView(QWidget):
    """`asked` follows its button, `pdf_asked` carries a `Path`."""

    asked = Signal()
    pdf_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = QPushButton(self.tr("&Look"))
        self.pdf = QPushButton(self.tr("Save as &PDF…"))
        self.notice = NoticeBar(dismissable=False)
        self.scores = NoticeBar(dismissable=False)
        self.refusals = NoticeBar(dismissable=False)
        self.devices = NoticeBar(dismissable=False)
        self.models = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        self.picture = SvgView(self.tr("Scores by week"))
        self.picture.setMaximumWidth(WIDEST)
        self._lay_out()
        self.look.clicked.connect(self.asked)
        self.pdf.clicked.connect(self._on_pdf)

    def render_state(self, state: ReportsState) -> None:
        """Show one state."""
        self.look.setEnabled(not state.watching)
        self.pdf.setEnabled(state.drift is not None and not state.watching)
        self.notice.show_notice(state.drift_notice)
        if state.watching:
            self.busy.set_busy(self.tr("Counting"))
        else:
            self.busy.set_idle()
        if state.drift is None:
            for bar in (self.scores, self.refusals, self.devices, self.models):
                bar.show_notice(None)
            self.picture.show_svg("")
        else:
            self.scores.show_notice(score_notice(state.drift.drift))
            self.refusals.show_notice(refusal_notice(state.drift.drift))
            self.devices.show_notice(device_notice(state.drift.drift))
            self.models.show_notice(model_notice(state.drift.drift))
            films = sum(week.answered for week in state.drift.drift.weeks)
            self.picture.show_svg(state.drift.svg if films else "")

    def _on_pdf(self) -> None:
        path = ask_for_pdf(self, "drift.pdf")
        if path is not None:
            self.pdf_asked.emit(path)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        words = self.tr(
            "Compares scores, refusals, devices and models of the last four weeks with the 22 "
            "weeks before. It needs no reader, so it sees a change early; it does not see "
            "whether answers are right."
        )
        head.addWidget(plain_label(words, role="muted", wrap=True), 1)
        head.addWidget(self.look, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.pdf, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ONE, 0)
        column.setSpacing(Space.TWO)
        column.addLayout(self._alarms())
        column.addWidget(self.picture)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(head)
        page.addWidget(self.busy)
        page.addWidget(self.notice)
        page.addWidget(scrolled(inside), 1)

    def _alarms(self) -> QGridLayout:
        alarms = QGridLayout()
        alarms.setSpacing(Space.ONE)
        for number, bar in enumerate((self.scores, self.refusals, self.devices, self.models)):
            alarms.addWidget(bar, number // 2, number % 2)
            alarms.setColumnStretch(number % 2, 1)
        return alarms
