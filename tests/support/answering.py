"""Answers the questions of the program, as a person does who presses a button."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

Button = QMessageBox.StandardButton


class Answering(QObject):
    """Presses `button` in every question that comes; `asked` are their words."""

    def __init__(self, window: QWidget, button: Button) -> None:
        super().__init__(window)
        self.asked: list[str] = []
        self._button = button
        self._looks = QTimer(self)
        self._looks.timeout.connect(self._look)
        self._looks.start(0)

    def stop(self) -> None:
        """Answer no more."""
        self._looks.stop()

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and box.isVisible():
            self.asked.append(box.text())
            box.button(self._button).click()
