"""A line for a password: may be shown, warns of Caps Lock."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette

MAXIMUM_LENGTH = 256


class PasswordField(QLineEdit):
    """A password; `caps_lock_changed` tells what the last letter gave away about Caps Lock.

    The eye has no place in the order of Tab: Tab leads from one field to the next, and a password
    typed on after it lands in no button. F8 is its key.
    """

    caps_lock_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps_lock = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(MAXIMUM_LENGTH)
        # No clipboard history, no keyboard suggestions, no dictionary for what is typed here.
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._eye = self.addAction(
            icons.icon("eye", Palette.MUTED), QLineEdit.ActionPosition.TrailingPosition
        )
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_shown)
        self._on_shown(shown=False)

    def clear_secret(self) -> None:
        """Empty the field, with no way to undo, and hide what is typed next."""
        self.setText("")
        self._eye.setChecked(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show or hide it on F8; learn of Caps Lock from a letter: Qt cannot be asked."""
        if event.key() == Qt.Key.Key_F8:
            self._eye.toggle()
            return
        letter = event.text()
        if len(letter) == 1 and letter.upper() != letter.lower():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps_lock(letter.isupper() != shifted)
        elif event.key() == Qt.Key.Key_CapsLock:
            self._set_caps_lock(on=False)  # unknown until the next letter
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget what was learnt."""
        self._set_caps_lock(on=False)
        super().focusOutEvent(event)

    def _set_caps_lock(self, on: bool) -> None:
        if on != self._caps_lock:
            self._caps_lock = on
            self.caps_lock_changed.emit(on)

    def _on_shown(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icons.icon("eye-off" if shown else "eye", Palette.MUTED))
        text = self.tr("Hide the password (F8)") if shown else self.tr("Show the password (F8)")
        self._eye.setText(text)
        self._eye.setToolTip(text)
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(text)
