"""The full check below the backups: its last result, and a button that makes one now."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.texts import local_minute
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.screens.admin.backups.check_presenter import CheckPresenter, CheckState
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label


class CheckStrip(QFrame):
    """Shows a `CheckState`."""

    def __init__(self, presenter: CheckPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.last = plain_label(role="muted", wrap=True)
        self.step = plain_label(role="small")
        self.bar = BusyBar()
        self.notice = NoticeBar(dismissable=False)
        self.check = QPushButton(icon("shield", Palette.TEXT), self.tr("Check &everything now"))
        self.check.setToolTip(self.tr("Reads the database, the audit log and every stored film"))
        self.stop = QPushButton(icon("stop", Palette.TEXT), self.tr("&Stop"))
        row = QHBoxLayout()
        row.setSpacing(Space.ONE)
        words = QVBoxLayout()
        words.setSpacing(Space.HALF)
        words.addWidget(plain_label(self.tr("Full check of the data folder"), role="strong"))
        words.addWidget(self.last)
        row.addLayout(words, 1)
        row.addWidget(self.check)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.ONE, 0, 0)
        column.setSpacing(Space.HALF)
        column.addLayout(row)
        column.addWidget(self.step)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        self.check.clicked.connect(presenter.run)
        self.stop.clicked.connect(presenter.stop)
        presenter.state_changed.connect(self.render_state)
        self.render_state(presenter.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the last result each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def render_state(self, state: CheckState) -> None:
        """Show one state."""
        self.last.setText(self._words(state))
        self.check.setVisible(not state.is_running)
        self.stop.setVisible(state.is_running)
        step = QCoreApplication.translate("Messages", state.step) if state.step else ""
        self.step.setText(step)
        self.step.setVisible(state.is_running)
        if state.is_running:
            self.bar.set_fraction(step, state.fraction)
        else:
            self.bar.set_idle()
        self.notice.show_notice(state.notice)

    def _words(self, state: CheckState) -> str:
        if state.last is None:
            return self.tr("There was none yet.") if state.is_known else ""
        found = state.last.words
        if not state.last.found_nothing:
            found = self.tr("{found} Restore a backup, or ask IT.").format(found=found)
        return f"{local_minute(state.last.time)}: {found}"
