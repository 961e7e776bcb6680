"""A small read-only table of texts; large lists have models of their own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from cxr_desktop.ui.palette import Size


class PlainTable(QTableWidget):
    """`wide` is the column that takes what room is left."""

    def __init__(
        self, name: str, head: Sequence[str], *, wide: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(0, len(head), parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(head))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(Size.ROW)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these instead of those before."""
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                self.setItem(number, column, QTableWidgetItem(text))

    def fit(self, most: int) -> None:
        """Be as high as the rows need, at most so many."""
        rows = min(self.rowCount(), most)
        self.setFixedHeight(rows * Size.ROW + self.horizontalHeader().sizeHint().height() + 4)
