"""The Settings tab: made from the list of settings, saved at each change."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.icons import pixmap
from cxr_desktop.ui.screens.admin.settings.controls import make_control
from cxr_desktop.ui.screens.admin.settings.presenter import SettingsPresenter
from cxr_desktop.ui.screens.admin.settings.state import (
    Listed,
    LoadFailed,
    Loading,
    SettingsState,
)
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.scrolled import scrolled
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

WIDEST = 820
LOCK = 16


class SettingRow(QWidget):
    """Title and help on the left, the control on the right, below what became of a change."""

    def __init__(self, setting: Setting, presenter: SettingsPresenter) -> None:
        super().__init__()
        self.control, self._show = make_control(setting, partial(presenter.change, setting.key))
        title = QLabel(QCoreApplication.translate("Settings", setting.title))
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setBuddy(self.control)
        help_text = QCoreApplication.translate("Settings", setting.help)
        field = self.control.focusProxy() or self.control
        field.setAccessibleDescription(help_text)
        self.control.setEnabled(not setting.locked)
        self.said = plain_label(role="small", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, Space.ONE, 0, Space.ONE)
        grid.setHorizontalSpacing(Space.THREE)
        grid.setVerticalSpacing(Space.HALF)
        grid.setColumnStretch(0, 1)
        grid.addWidget(title, 0, 0)
        self.help = WrappedLabel(help_text, role="small")
        grid.addWidget(self.help, 1, 0)
        grid.addWidget(self.control, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        if setting.locked:
            grid.addLayout(self._lock(setting.locked), 2, 0, 1, 2)
        grid.addWidget(self.said, 3, 0, 1, 2)
        self.said.hide()

    def _lock(self, reason: str) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(pixmap("lock", Palette.MUTED, LOCK, scale=self.devicePixelRatioF()))
        self.reason = WrappedLabel(reason, role="small")
        self.control.setToolTip(reason)
        self.control.setAccessibleDescription(reason)
        row = QHBoxLayout()
        row.setSpacing(Space.ONE)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.reason, 1)
        return row

    def show_value(self, value: SettingValue, said: Notice | None) -> None:
        """Show what is stored, and what became of the last change."""
        self._show(value)
        self.said.setVisible(said is not None)
        if said is not None:
            colour = Palette.DANGER if said.kind == "error" else Palette.NORMAL
            self.said.setStyleSheet(f"color: {colour};")
            self.said.setText(f"{said.text} {said.hint}".strip())


class SettingsView(QWidget):
    """Shows every `SettingsState`."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.notice = NoticeBar(dismissable=False)
        self.rows: dict[str, SettingRow] = {}
        self._card = QFrame()
        self._card.setProperty("role", "card")
        self._card.setMaximumWidth(WIDEST)
        self._list = QVBoxLayout(self._card)
        self._list.setContentsMargins(Space.THREE, Space.ONE, Space.THREE, Space.ONE)
        self._list.setSpacing(0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._card)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.TWO)
        page.addWidget(self.notice)
        page.addWidget(scrolled(inside), 1)
        presenter.state_changed.connect(self.render_state)
        self.render_state(presenter.state)

    def render_state(self, state: SettingsState) -> None:
        """Show one state."""
        self._card.setVisible(isinstance(state, Listed))
        match state:
            case Loading():
                self.notice.show_notice(None)
            case Listed():
                self.notice.show_notice(None)
                self._show_rows(state)
            case LoadFailed(notice=notice):
                self.notice.show_notice(notice)
            case _:
                assert_never(state)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the settings each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def _show_rows(self, state: Listed) -> None:
        if tuple(self.rows) != tuple(row.key for row in state.rows):
            self._build(state)
        for key, row in self.rows.items():
            row.show_value(state.values[key], state.said.get(key))

    def _build(self, state: Listed) -> None:
        _empty(self._list)
        self.rows.clear()
        for setting in state.rows:
            if self.rows:
                line = QFrame()
                line.setProperty("role", "line")
                line.setFixedHeight(1)
                self._list.addWidget(line)
            self.rows[setting.key] = SettingRow(setting, self._presenter)
            self._list.addWidget(self.rows[setting.key])


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
