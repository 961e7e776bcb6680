"""The tool bar over a film: the tools one by one, and those of a kind under one button.

It must fit the smallest window; the heat map has its own button in the column beside.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Size, Space
from cxr_desktop.ui.widgets.film_actions import FilmActions


class FilmBar(QWidget):
    """Buttons for `FilmActions`; a screen may add its own before and after."""

    def __init__(self, actions: FilmActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.ONE, Space.HALF, Space.ONE, Space.HALF)
        self._row.setSpacing(0)
        self._add(actions.window_tool, actions.pan_tool)
        self._row.addSpacing(Space.ONE)
        self._add(actions.fit)
        self._row.addWidget(_menu_button("zoom-in", _zoom_menu(actions, self)))
        self._row.addSpacing(Space.ONE)
        self._row.addWidget(_menu_button("windows", actions.windows.menu))
        self._add(actions.invert)
        self._row.addWidget(_menu_button("rotate-right", actions.turns.menu))
        self._row.addSpacing(Space.ONE)
        self.measure = _menu_button("ruler", actions.measures.menu)
        self._row.addWidget(self.measure)
        self._mark_when_on(self.measure, tuple(actions.measures.tools().values()))
        self._add(actions.measures.magnifier)
        self._add(actions.text)
        self._row.addStretch(1)

    def add_tools(self, first: Sequence[QAction], last: Sequence[QAction]) -> None:
        """Put these before and after those of the film."""
        for place, action in enumerate(first):
            self._row.insertWidget(place, _tool_button(action))
        self._row.insertSpacing(len(first), Space.TWO)
        self._add(*last)

    def _mark_when_on(self, button: QToolButton, tools: tuple[QAction, ...]) -> None:
        """Hold the button down while one of its tools is chosen."""
        button.setCheckable(True)

        def follow() -> None:
            button.setChecked(any(tool.isChecked() for tool in tools))

        button.clicked.connect(lambda _: follow())  # a click only opens the menu
        for tool in tools:
            tool.toggled.connect(lambda _: follow())

    def _add(self, *actions: QAction) -> None:
        for action in actions:
            self._row.addWidget(_tool_button(action))


def _zoom_menu(actions: FilmActions, owner: QWidget) -> QMenu:
    menu = QMenu(QCoreApplication.translate("FilmBar", "Zoom"), owner)
    menu.addActions([actions.zoom_in, actions.zoom_out, actions.actual_size, actions.true_size])
    menu.addSeparator()
    menu.addActions([actions.zoom_tool, actions.full_screen, actions.next_screen])
    return menu


def _tool_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(Size.ICON, Size.ICON))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setAccessibleName(action.text())
    return button


def _menu_button(icon: str, menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(Size.ICON, Size.ICON))
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolTip(menu.title())
    button.setAccessibleName(menu.title())
    return button
