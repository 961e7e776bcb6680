"""Makes the actions of a widget, all with icon, keys and tool tip in the same way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette


class ActionMaker:
    """Makes actions that belong to `owner`; their keys work wherever they are added."""

    def __init__(self, owner: QObject) -> None:
        self._owner = owner

    def act(self, icon: str, text: str, keys: tuple[str, ...], do: Callable[[], object]) -> QAction:
        """Make an action that does something at once."""
        action = self._make(icon, text, keys)
        action.triggered.connect(lambda *_: do())
        return action

    def switch(self, icon: str, text: str, key: str, do: Callable[[bool], object]) -> QAction:
        """Make an action that switches something on and off."""
        action = self._make(icon, text, (key,))
        action.setCheckable(True)
        action.toggled.connect(do)
        return action

    def choice(self, icon: str, text: str, key: str) -> QAction:
        """Make an action that is one of several, with or without a key; the caller groups it."""
        action = self._make(icon, text, (key,) if key else ())
        action.setCheckable(True)
        return action

    def _make(self, icon: str, text: str, keys: tuple[str, ...]) -> QAction:
        action = QAction(text, self._owner)
        if icon:
            action.setIcon(icons.icon(icon, checked_colour=Palette.TEXT))
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{text} ({keys[0]})" if keys else text)
        return action
