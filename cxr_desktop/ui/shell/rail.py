"""The rail on the left: one button per screen, and the person's menu at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.navigation import ScreenSpec
from cxr_desktop.ui.palette import Palette, Space

WIDTH = 88
BUTTON_HEIGHT = 64
ICON = 24

STYLE = f"""
#rail {{ background: {Palette.SURFACE}; border: none; border-right: 1px solid {Palette.BORDER}; }}
#rail QToolButton {{ color: {Palette.MUTED}; font-size: 12px; border-radius: 8px; padding: 6px 2px;
    border: 2px solid transparent; }}
#rail QToolButton:hover {{ color: {Palette.TEXT}; }}
#rail QToolButton:checked {{ color: {Palette.TEXT}; background: {Palette.SELECTION};
    border-color: {Palette.SELECTION}; }}
#rail QToolButton:focus {{ border-color: {Palette.ACCENT}; }}
"""


class Rail(QFrame):
    """`chosen` carries a screen id. The order, keys and permissions are those of `SCREENS`."""

    chosen = Signal(str)

    def __init__(self, screens: Sequence[ScreenSpec], menu: QMenu) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setStyleSheet(STYLE)
        self.setFixedWidth(WIDTH)
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.ONE, Space.ONE, Space.ONE, Space.ONE)
        column.setSpacing(Space.ONE)
        for screen in screens:
            button = self._button(screen)
            self.buttons[screen.id] = button
            group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)
        self.person = _rail_button()
        self.person.setIcon(icons.icon("menu", Palette.MUTED))
        self.person.setText(self.tr("Menu"))
        self.person.setToolTip(self.tr("Password, lock, sign out, about (F10)"))
        self.person.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.person.setMenu(menu)
        column.addWidget(self.person)

    def mark(self, screen_id: str) -> None:
        """Show which screen is in front."""
        button = self.buttons.get(screen_id)
        if button is not None:
            button.setChecked(True)

    def _button(self, screen: ScreenSpec) -> QToolButton:
        title = QCoreApplication.translate("Navigation", screen.title)
        button = _rail_button()
        button.setIcon(icons.icon(screen.icon, Palette.MUTED, checked_colour=Palette.ACCENT))
        button.setText(title)
        button.setCheckable(True)
        key = QKeySequence(screen.shortcut)
        native = key.toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{title} ({native})")
        button.setAccessibleName(title)
        action = QAction(title, self)
        action.setShortcut(key)
        action.triggered.connect(lambda *, screen_id=screen.id: self.chosen.emit(screen_id))
        self.addAction(action)
        button.clicked.connect(action.trigger)
        return button


def _rail_button() -> QToolButton:
    button = QToolButton()
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setIconSize(QSize(ICON, ICON))
    button.setFixedHeight(BUTTON_HEIGHT)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
