"""The tab Month: model against reader in daily work, and the page for the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.month import MonthFigures
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.printing.pdf_place import ask_for_pdf
from cxr_desktop.ui.screens.quality.report_words import group_cells, listed_cells, month_rows
from cxr_desktop.ui.screens.quality.state import ReportsState
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.facts import Facts
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.plain_table import PlainTable
from cxr_desktop.ui.widgets.scrolled import scrolled
from cxr_desktop.ui.widgets.spin_text import with_room

MOST_ROWS_HIGH = 18


class MonthView(QWidget):
    """`asked` carries a day of the month, `pdf_asked` a `Path`, `opened` an exam's id."""

    asked = Signal(object)
    pdf_asked = Signal(object)
    opened = Signal(str)

    def __init__(
        self, today: Callable[[], date] = date.today, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.month = with_room(QDateEdit())
        self.month.setDisplayFormat("yyyy-MM")
        day = today().replace(day=1)
        self.month.setDate(QDate(day.year, day.month, 1))
        self.month.setAccessibleName(self.tr("Month"))
        self.count = QPushButton(self.tr("&Count"))
        self.pdf = QPushButton(self.tr("Save as &PDF…"))
        self.notice = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        words = self.tr("Choose a month and count: it adds up everybody's daily work.")
        self.hint = plain_label(words, role="muted", wrap=True)
        self.facts = Facts(self.tr("THE MONTH, BY THE LATEST REVIEW OF EACH EXAM"))
        head = (
            self.tr("Group"),
            self.tr("Exams"),
            self.tr("Reviewed"),
            self.tr("Same answer"),
            self.tr("Missed"),
            self.tr("Overcalled"),
        )
        self.groups = PlainTable(self.tr("Groups"), head)
        listed = (
            self.tr("Time"),
            self.tr("Model"),
            self.tr("Reader"),
            self.tr("P(abnormal)"),
            self.tr("Exam"),
        )
        self.listed = PlainTable(self.tr("Exams to look at again"), listed, wide=4)
        self._listed_title = plain_label(
            self.tr("EXAMS TO LOOK AT AGAIN, MISSED ONES FIRST (ENTER OPENS ONE)"), role="caption"
        )
        self._ids: list[str] = []
        self._counted = ""
        self._lay_out()
        self.count.clicked.connect(self._on_count)
        self.pdf.clicked.connect(self._on_pdf)
        self.listed.activated.connect(lambda index: self._on_opened(index.row()))

    def render_state(self, state: ReportsState) -> None:
        """Show one state."""
        self.count.setEnabled(not state.counting)
        self.pdf.setEnabled(state.month is not None and not state.counting)
        self.notice.show_notice(state.month_notice)
        if state.counting:
            self.busy.set_busy(self.tr("Counting"))
        else:
            self.busy.set_idle()
        self.hint.setVisible(state.month is None and not state.counting)
        self._show(state.month)

    def _show(self, figures: MonthFigures | None) -> None:
        self._counted = "" if figures is None else f"{figures.first:%Y-%m}"
        self.facts.show_rows(month_rows(figures) if figures is not None else ())
        groups = figures.groups if figures is not None else ()
        self.groups.show_rows([group_cells(group) for group in groups])
        self.groups.fit(MOST_ROWS_HIGH)
        self.groups.setVisible(bool(groups))
        missed = figures.missed if figures is not None else ()
        second = figures.second_look if figures is not None else ()
        self.listed.show_rows(
            [
                *(listed_cells(row, missed=True) for row in missed),
                *(listed_cells(row, missed=False) for row in second),
            ]
        )
        self.listed.fit(MOST_ROWS_HIGH)
        self._ids = [row.exam_id for row in (*missed, *second)]
        for widget in (self.listed, self._listed_title):
            widget.setVisible(bool(self._ids))

    def _on_count(self) -> None:
        day = self.month.date()
        self.asked.emit(date(day.year(), day.month(), 1))

    def _on_pdf(self) -> None:
        path = ask_for_pdf(self, f"quality-{self._counted}.pdf")
        if path is not None:
            self.pdf_asked.emit(path)

    def _on_opened(self, row: int) -> None:
        if 0 <= row < len(self._ids):
            self.opened.emit(self._ids[row])

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.ONE)
        head.addWidget(plain_label(self.tr("Month"), role="muted"))
        head.addWidget(self.month)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.pdf)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ONE, 0)
        column.setSpacing(Space.TWO)
        for widget in (self.facts, self.groups, self._listed_title, self.listed):
            column.addWidget(widget)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self.busy)
        page.addWidget(self.hint)
        page.addWidget(scrolled(inside), 1)
