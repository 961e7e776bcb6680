"""A box to choose a name from those that were seen, or to type one that was not."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

WIDTH, LONGEST, MOST_SHOWN = 136, 64, 15


class NameBox(QComboBox):
    """`named` carries the name, empty for the first line: all of them."""

    named = Signal(str)

    def __init__(self, title: str, every: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(MOST_SHOWN)
        self.addItem(every, "")
        self.setFixedWidth(WIDTH)
        self.activated.connect(lambda _: self.named.emit(self.currentData()))
        line = QLineEdit()
        self.setLineEdit(line)
        line.setMaxLength(LONGEST)
        line.setStyleSheet("border: none; background: transparent; padding: 0; min-height: 0;")
        line.returnPressed.connect(self._on_typed)
        line.editingFinished.connect(self._on_typed)

    def offer(self, names: Iterable[str]) -> None:
        """Add names to choose from; those offered before stay."""
        for name in sorted(set(names), key=str.casefold):
            if self.findData(name) < 0:
                self.addItem(name, name)

    def show_name(self, name: str) -> None:
        """Show one without telling of it."""
        with QSignalBlocker(self):
            if not name:
                self.setCurrentIndex(0)
            elif self.findData(name) >= 0:
                self.setCurrentIndex(self.findData(name))
            else:
                self.setEditText(name)

    def _on_typed(self) -> None:
        name = self.currentText().strip()
        self.named.emit("" if name == self.itemText(0) else name)
