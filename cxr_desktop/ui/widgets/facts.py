"""A titled list of names and values, read-only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.plain_label import breakable, plain_label

CAPTION_WIDTH = 76
Rows = Sequence[tuple[str, str]]


class Facts(QWidget):
    """Shows rows of (name, value); rows without a value are left out, and so is an empty list."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.ONE)
        column.addWidget(plain_label(title, role="caption"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.TWO)
        self._grid.setVerticalSpacing(Space.HALF)
        self._grid.setColumnMinimumWidth(0, CAPTION_WIDTH)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self.hide()

    def show_rows(self, rows: Rows) -> None:
        """Show these rows instead of those before."""
        kept = [(name, value) for name, value in rows if value]
        while len(self._labels) < len(kept):
            self._add_row()
        for index, (name, value) in enumerate(self._labels):
            used = index < len(kept)
            name.setText(kept[index][0] if used else "")
            value.setText(breakable(kept[index][1]) if used else "")
            name.setVisible(used)
            value.setVisible(used)
        self.setVisible(bool(kept))

    def text(self) -> str:
        """Return the rows as lines of “name: value”."""
        return "\n".join(f"{n.text()}: {v.text()}" for n, v in self._labels if n.text())

    def _add_row(self) -> None:
        row = len(self._labels)
        name = plain_label(role="muted")
        value = plain_label(wrap=True, selectable=True)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        self._labels.append((name, value))
