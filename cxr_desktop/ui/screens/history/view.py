"""The History screen: filters above, the list, and beside or instead of it the open exam."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui.icons import pixmap
from cxr_desktop.ui.screens.history.exam_panel import ExamPanel
from cxr_desktop.ui.screens.history.export_bar import ExportBar, ExportButton
from cxr_desktop.ui.screens.history.figures import FiguresDialog
from cxr_desktop.ui.screens.history.filter_bar import FilterBar
from cxr_desktop.ui.screens.history.out_dialogs import OutDialogs
from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.saved_menu import SavedMenu
from cxr_desktop.ui.screens.history.state import (
    Closed,
    Exporting,
    HistoryState,
    Listed,
    ListState,
    NothingFound,
    NothingYet,
    Opened,
    SearchFailed,
    Searching,
    list_words,
    nothing_words,
)
from cxr_desktop.ui.screens.history.table import HistoryTable
from cxr_desktop.ui.theme import Palette, Size, Space
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

BOTH_FROM = 1500
"""From this width on, list and exam stand side by side; below it the exam has all the room."""
LIST_BESIDE = 480


class HistoryView(QWidget):
    """Shows every `HistoryState` of its presenter; decides nothing.

    `exam`, `filters` and `table` are parts that were made before, in slices of their own.
    """

    def __init__(
        self,
        presenter: HistoryPresenter,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
        *,
        exam: ExamPanel | None = None,
        filters: FilterBar | None = None,
        table: HistoryTable | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.filters = filters or FilterBar(today)
        self.table = table or HistoryTable(presenter.rows)
        self.exam = exam or ExamPanel()
        self.notice = NoticeBar(dismissable=False)
        self._dialogs = OutDialogs(presenter, self)
        self._count = plain_label(role="muted")
        self._retry = QPushButton(self.tr("Try again"))
        self.figures = QPushButton(self.tr("Figures…"))
        self.figures.setToolTip(self.tr("Count how readers and model agree in these exams"))
        self.export = ExportButton()
        self.saved = SavedMenu(presenter.saved, presenter.make_job())
        self.export_bar = ExportBar()
        self._empty_text = plain_label(role="heading", wrap=True)
        self._empty_hint = plain_label(role="muted", wrap=True)
        self._empty_clear = QPushButton(self.tr("Clear filters"))
        self._pages = QStackedWidget()
        self._list = QWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._was_beside = False
        self._lay_out()
        self._connect()
        self.render_state(presenter.state)

    def render_state(self, state: HistoryState) -> None:
        """Show one state."""
        self.filters.render_state(state)
        self.saved.current = state.filters
        self._render_list(state.listing)
        self.figures.setVisible(state.sight.results)
        self.figures.setEnabled(isinstance(state.listing, Listed))
        self.export.setVisible(state.sight.export)
        for action in (self.export.reports, self.export.dicom):
            action.setEnabled(state.sight.results)
        self.export.setEnabled(
            isinstance(state.listing, Listed) and not isinstance(state.export, Exporting)
        )
        self.export_bar.render_state(state.export)
        self.table.show_order(state.order)
        was_open, is_open = self.exam.isVisibleTo(self), not isinstance(state.exam, Closed)
        self.exam.set_allowed(export=state.sight.export, delete=state.sight.delete)
        self.exam.render_state(state.exam)
        self.exam.review.render_state(state.review)
        if state == HistoryState():  # nobody is signed in
            self.exam.review.forget()
            self.saved.forget()
        self._arrange(exam_open=is_open)
        if was_open != is_open and self.isVisible():
            (self.exam.viewer.canvas if is_open else self.table).setFocus()

    def unsaved_readings(self) -> list[str]:
        """Return the films whose review is not stored."""
        return self.exam.review.unsaved()

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam at once."""
        self._presenter.open_exam(exam_id)

    def show_report(self) -> None:
        """Show the open exam as it will stand on paper."""
        state = self._presenter.state.exam
        if isinstance(state, Opened) and state.exam.assessment is not None:
            from cxr_desktop.ui.printing.report_dialog import ReportDialog  # noqa: PLC0415 - start-up time

            dialog = ReportDialog(self._presenter.make_reporter(), state.exam.exam_id, self)
            dialog.setModal(True)
            dialog.show()
            dialog.begin()

    def show_figures(self) -> None:
        """Count the exams that the filters leave."""
        dialog = FiguresDialog(self._presenter.make_counter(), self)
        dialog.setModal(True)
        dialog.show()
        dialog.begin()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for exams that came since the screen was last in front."""
        super().showEvent(event)
        self._presenter.refresh()
        self.saved.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put list and exam side by side where there is room."""
        super().resizeEvent(event)
        self._arrange(exam_open=not isinstance(self._presenter.state.exam, Closed))

    def _render_list(self, listing: ListState) -> None:
        self.notice.show_notice(None)
        self._retry.hide()
        match listing:
            case Searching():
                self._count.setText(self.tr("Searching…"))
                self._pages.setCurrentWidget(self.table)
            case Listed() as listed:
                self._count.setText(list_words(listed, len(self._presenter.rows.picked)))
                self._pages.setCurrentWidget(self.table)
                pages = self._presenter.rows.pages
                self.filters.offer(pages.users(), pages.models())
            case NothingYet():
                self._show_empty(
                    self.tr("No exam yet"), self.tr("Films that you run appear here."), clear=False
                )
            case NothingFound() as nothing:
                self._show_empty(*nothing_words(nothing), clear=True)
            case SearchFailed(notice=notice):
                self._count.clear()
                self.notice.show_notice(notice)
                self._retry.show()
            case _:
                assert_never(listing)

    def _show_empty(self, text: str, hint: str, *, clear: bool) -> None:
        self._count.setText(self.tr("0 exams"))
        self._empty_text.setText(text)
        self._empty_hint.setText(hint)
        self._empty_clear.setVisible(clear)
        self._pages.setCurrentIndex(1)

    def _arrange(self, *, exam_open: bool) -> None:
        beside = self.width() >= BOTH_FROM
        self.exam.setVisible(exam_open)
        self._list.setVisible(beside or not exam_open)
        self.filters.setVisible(self._list.isVisibleTo(self))
        self.exam.set_beside(beside=beside)
        self.table.set_brief(brief=exam_open and beside)
        self.filters.set_narrow(narrow=exam_open and beside)
        if exam_open and beside and not self._was_beside:
            self._splitter.refresh()  # a pane just shown has no size to set yet
            self._splitter.setSizes([LIST_BESIDE, max(self.width() - LIST_BESIDE, 1)])
        self._was_beside = exam_open and beside

    def _lay_out(self) -> None:
        # From the outside in: each part is styled anew with every parent that it gets.
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        page.addWidget(self._splitter)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._list)
        self._splitter.addWidget(self.exam)
        self._splitter.setStretchFactor(1, 1)
        head = QHBoxLayout()
        head.addWidget(plain_label(self.tr("History"), role="title"))
        head.addSpacing(Space.TWO)
        head.addWidget(self._count, 1, Qt.AlignmentFlag.AlignBottom)
        head.addStrut(Size.CONTROL)  # a button that comes or goes moves nothing
        head.addWidget(self.filters.clear)
        head.addWidget(self._retry)
        head.addWidget(self.filters.deleted)
        head.addWidget(self.saved)
        head.addWidget(self.figures)
        head.addWidget(self.export)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._make_empty())
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TWO)
        column.addLayout(head)
        column.addWidget(self.filters)
        column.addWidget(self.notice)
        column.addWidget(self.export_bar)
        column.addWidget(self._pages, 1)

    def _make_empty(self) -> QWidget:
        empty = QWidget()
        picture = QLabel()
        picture.setPixmap(pixmap("history", Palette.FAINT, 48, scale=self.devicePixelRatioF()))
        column = QVBoxLayout(empty)
        column.setSpacing(Space.ONE)
        column.addStretch(2)
        for widget in (picture, self._empty_text, self._empty_hint):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(widget)
        column.addSpacing(Space.ONE)
        column.addWidget(self._empty_clear, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return empty

    def _connect(self) -> None:
        presenter, filters = self._presenter, self.filters
        presenter.state_changed.connect(self.render_state)
        filters.text_changed.connect(presenter.set_text)
        filters.verdict_changed.connect(presenter.set_verdict)
        filters.user_changed.connect(presenter.set_user)
        filters.reader_changed.connect(lambda name: self._narrow(read_by=name))
        filters.model_changed.connect(lambda name: self._narrow(model=name))
        filters.review_changed.connect(presenter.set_review)
        filters.days_changed.connect(presenter.set_days)
        filters.cleared.connect(presenter.clear_filters)
        filters.deleted_asked.connect(lambda asked: self._narrow(deleted=asked))
        self._empty_clear.clicked.connect(presenter.clear_filters)
        self._retry.clicked.connect(presenter.refresh)
        self.table.exam_chosen.connect(presenter.open_exam)
        self.table.sort_asked.connect(presenter.sort_by)
        self.table.picked_changed.connect(lambda: self._render_list(presenter.state.listing))
        self.saved.chosen.connect(presenter.apply)
        self.saved.failed.connect(self.notice.show_notice)
        self.figures.clicked.connect(self.show_figures)
        self.export.chosen.connect(presenter.export)
        self.export_bar.cancel.clicked.connect(presenter.cancel_export)
        self.export_bar.notice.dismissed.connect(presenter.dismiss_export)
        self.exam.report.clicked.connect(self.show_report)
        self.exam.dicom.triggered.connect(self._dialogs.show_dicom)
        self.exam.delete.clicked.connect(self._dialogs.show_delete)
        self.exam.clean.triggered.connect(self._dialogs.show_clean_film)
        self.export.clean.connect(self._dialogs.show_clean_list)
        self.export.reports_asked.connect(self._dialogs.show_reports)
        self.export.dicom_asked.connect(self._dialogs.show_dicom_list)
        self.exam.back.connect(presenter.close_exam)
        self.exam.review.save_asked.connect(presenter.save_review)
        self.exam.review.sign.clicked.connect(self._dialogs.show_sign)
        self.exam.step.connect(self.table.step)
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._on_find),
            (QKeySequence(QKeySequence.StandardKey.Print), self.show_report),
            (QKeySequence(QKeySequence.StandardKey.Refresh), presenter.refresh),
            (QKeySequence(Qt.Key.Key_Escape), self._on_escape),
            (QKeySequence("Alt+Up"), lambda: self.table.step(-1)),
            (QKeySequence("Alt+Down"), lambda: self.table.step(1)),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        filters.search.returnPressed.connect(presenter.refresh)
        to_list = QShortcut(QKeySequence(Qt.Key.Key_Down), filters.search)
        to_list.setContext(Qt.ShortcutContext.WidgetShortcut)
        to_list.activated.connect(self._on_down)

    def _narrow(self, **chosen: Any) -> None:
        self._presenter.apply(replace(self._presenter.state.filters, **chosen))

    def _on_find(self) -> None:
        self._presenter.close_exam()
        self.filters.focus_search()

    def _on_escape(self) -> None:
        """Leave the exam; in the list, the search box first and then the filters."""
        if not isinstance(self._presenter.state.exam, Closed):
            self._presenter.close_exam()
        elif self.filters.search.hasFocus() and not self.filters.search.text():
            self.table.setFocus()
        else:
            self._presenter.clear_filters()

    def _on_down(self) -> None:
        """Go from the search box into the list."""
        self.table.setFocus()
        if not self.table.currentIndex().isValid() and self._presenter.rows.rowCount():
            self.table.select(0)
