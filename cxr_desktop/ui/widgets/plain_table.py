"""A small read-only table of texts; large lists have models of their own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cxr_desktop.ui.palette import Size

MEASURED_ROWS = 50
"""So many rows say how wide a column is: with hundreds the window would stand still."""


class PlainTable(QTableView):
    """`wide` is the column that takes what room is left."""

    def __init__(
        self, name: str, head: Sequence[str], *, wide: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shown: list[tuple[str, ...]] = []
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(Size.ROW)
        self._texts = QStandardItemModel(0, len(head), self)
        self._texts.setHorizontalHeaderLabels(list(head))
        self.setModel(self._texts)
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(MEASURED_ROWS)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._texts.rowCount()

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these instead of those before; the same ones stay as they are."""
        wanted = [tuple(row) for row in rows]
        if wanted == self._shown:
            return
        self._shown = wanted
        self._texts.setRowCount(0)
        for row in wanted:
            self._texts.appendRow([QStandardItem(text) for text in row])

    def fit(self, most: int) -> None:
        """Be as high as the rows need, at most so many."""
        rows = min(self.row_count, most)
        self.setFixedHeight(rows * Size.ROW + self.horizontalHeader().sizeHint().height() + 4)
