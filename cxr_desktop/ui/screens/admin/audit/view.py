"""The Audit log tab: filters, the list, Verify and Export."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QDate
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.audit.presenter import AuditPresenter
from cxr_desktop.ui.screens.admin.audit.state import (
    AuditState,
    Filters,
    Listed,
    LoadFailed,
    Loading,
)
from cxr_desktop.ui.screens.admin.audit.table_model import (
    ACTION,
    DETAIL,
    NUMBER,
    SUBJECT,
    TIME,
    USER,
    AuditTableModel,
)
from cxr_desktop.ui.screens.admin.audit.words import action_words
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.timers import single_shot
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.row_table import row_table

ANY_DAY = QDate(2000, 1, 1)  # shown as words: no event is that old
TYPING_MS = 300
WIDTHS = {NUMBER: 70, TIME: 186, USER: 120, ACTION: 160, SUBJECT: 150}


class AuditView(QWidget):
    """Shows every `AuditState`."""

    def __init__(self, presenter: AuditPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self._rows = AuditTableModel(presenter.read_older)
        self._rows.setParent(self)
        self.action = self._make_action()
        self.user = QLineEdit()
        self.user.setPlaceholderText(self.tr("Any user"))
        self.user.setAccessibleName(self.tr("User name"))
        self.user.setClearButtonEnabled(True)
        self.day = self._make_day()
        self.any_day = QPushButton(self.tr("An&y day"))
        self.any_day.hide()
        self.any_day.setProperty("kind", "quiet")
        self.verify = QPushButton(icon("shield", Palette.TEXT), self.tr("&Verify"))
        self.verify.setToolTip(self.tr("Recomputes the chain of all events"))
        self.export = QPushButton(icon("save", Palette.TEXT), self.tr("&Export…"))
        self.export.setToolTip(self.tr("Writes the events that match the filters as a CSV file"))
        self.notice = NoticeBar()
        self.said = plain_label(role="small")
        self._busy = BusyBar()
        self.table = self._make_table()
        self._typing = single_shot(self, self.narrow)
        self._typing.setInterval(TYPING_MS)
        self._lay_out()
        self._connect()
        self.render_state(presenter.state)

    def render_state(self, state: AuditState) -> None:
        """Show one state."""
        free = isinstance(state, Listed) and not state.busy
        self.verify.setEnabled(free)
        self.export.setEnabled(free)
        self._busy.set_idle()
        match state:
            case Loading():
                self.notice.show_notice(None)
                self.said.clear()
            case Listed():
                self._rows.show_entries(state.entries, more=state.more)
                self.notice.show_notice(state.notice)
                count = len(state.entries)
                more = self.tr("{0} events shown; scroll down for older ones")
                self.said.setText((more if state.more else self.tr("{0} events")).format(count))
                if state.busy:
                    self._busy.set_busy(state.busy)
            case LoadFailed(notice=notice):
                self._rows.show_entries((), more=False)
                self.said.clear()
                self.notice.show_notice(notice)
            case _:
                assert_never(state)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the newest events each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def narrow(self) -> None:
        """Ask for what the filters say now."""
        self._typing.stop()
        picked = self.day.date()
        self.any_day.setVisible(picked != ANY_DAY)
        action = self.action.currentData()
        self._presenter.narrow(
            Filters(
                action=AuditAction(action) if action else None,
                user=self.user.text().strip(),
                day=None
                if picked == ANY_DAY
                else date(picked.year(), picked.month(), picked.day()),
            )
        )

    def _on_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export the audit log"),
            "audit-log.csv",
            self.tr("Tables (*.csv)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self._presenter.export(Path(name))

    def _make_action(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Kind of event"))
        box.addItem(self.tr("Any event"), "")
        for words, action in sorted((action_words(a), a.value) for a in AuditAction):
            box.addItem(words, action)
        return box

    def _make_day(self) -> QDateEdit:
        box = QDateEdit()
        box.setAccessibleName(self.tr("Day"))
        box.setCalendarPopup(True)
        box.setDisplayFormat("yyyy-MM-dd")
        box.setMinimumDate(ANY_DAY)
        box.setSpecialValueText(self.tr("Any day"))
        box.setDate(ANY_DAY)
        box.setMinimumWidth(130)
        return box

    def _make_table(self) -> QTableView:
        table = row_table(self._rows, self.tr("Events, newest first"))
        header = table.horizontalHeader()
        for column, width in WIDTHS.items():
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(DETAIL, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(Space.ONE)
        for widget in (self.action, self.user, self.day, self.any_day):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.verify)
        bar.addWidget(self.export)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(bar)
        page.addWidget(self.notice)
        page.addWidget(self._busy)
        page.addWidget(self.table, 1)
        page.addWidget(self.said)

    def _connect(self) -> None:
        self._presenter.state_changed.connect(self.render_state)
        self.user.textChanged.connect(self._typing.start)
        self.user.returnPressed.connect(self.narrow)
        self.action.currentIndexChanged.connect(self.narrow)
        self.day.dateChanged.connect(self.narrow)
        self.any_day.clicked.connect(lambda: self.day.setDate(ANY_DAY))
        self.verify.clicked.connect(self._presenter.verify)
        self.export.clicked.connect(self._on_export)
