"""The hospital's own phrases for a reading's text: a menu of them, and one that a “normal” brings.

They only ever go into a text that a person reads, changes and saves.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton, QWidget

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.ui.widgets.plain_label import shortened

PHRASES, NORMAL_TEXT = "report.phrases", "report.normal_text"
SHOWN = 60


class PhraseButton(QPushButton):
    """Puts phrases into `text`. `setting` gives a setting's value; without it there are none."""

    def __init__(self, text: QPlainTextEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting: Callable[[str], SettingValue] | None = None
        self._text = text
        self._filled = ""
        self.setText(self.tr("Phrases"))
        self.setToolTip(self.tr("Put a phrase of the hospital's into the text"))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.setMenu(self._menu)
        self.hide()

    def refresh(self) -> None:
        """Show the button where there are phrases."""
        self.setVisible(bool(self._phrases()))

    def follow(self, verdict: Verdict | None) -> None:
        """Fill an empty text with the normal one for “normal”; untouched, it goes with that."""
        written = self._text.toPlainText()
        if verdict is Verdict.NORMAL and not written:
            self._filled = self._value(NORMAL_TEXT)
            if self._filled:
                self._text.setPlainText(self._filled)
        elif verdict is not Verdict.NORMAL and self._filled and written == self._filled:
            self._text.clear()
            self._filled = ""

    def put(self, phrase: str) -> None:
        """Put it where the cursor is, apart from the words before."""
        cursor = self._text.textCursor()
        before = self._text.toPlainText()[: cursor.selectionStart()]
        apart = " " if before and not before[-1].isspace() else ""
        cursor.insertText(f"{apart}{phrase}")
        self._text.setFocus()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for phrase in self._phrases():
            action = self._menu.addAction(shortened(phrase, SHOWN).replace("&", "&&"))
            action.triggered.connect(lambda _on=False, phrase=phrase: self.put(phrase))

    def _phrases(self) -> list[str]:
        return [one.strip() for one in self._value(PHRASES).split("|") if one.strip()]

    def _value(self, key: str) -> str:
        return str(self.setting(key)).strip() if self.setting is not None else ""
