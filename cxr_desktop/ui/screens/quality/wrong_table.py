"""The films on which model and truth contradict each other; a double click opens one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.services.site_evaluation import WrongFilm
from cxr_desktop.ui.palette import Size, Space
from cxr_desktop.ui.widgets.plain_label import plain_label

MOST_ROWS_HIGH = 8


class WrongTable(QWidget):
    """`opened` carries the `WrongFilm` that a person wants to see."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.films: tuple[WrongFilm, ...] = ()
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(self.tr("Films to look at"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Film"), self.tr("Truth"), self.tr("Model"), self.tr("P(abnormal)")]
        )
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(Size.ROW)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.activated.connect(lambda index: self._open(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.ONE)
        title = self.tr("FILMS TO LOOK AT, MISSED ONES FIRST (ENTER OPENS ONE)")
        column.addWidget(plain_label(title, role="caption"))
        column.addWidget(self.table)

    def show_films(self, films: Sequence[WrongFilm]) -> None:
        """Show these; takes no room without one."""
        self.films = tuple(films)
        self.table.setRowCount(len(self.films))
        for row, one in enumerate(self.films):
            truth = self.tr("Abnormal") if one.film.abnormal else self.tr("Normal")
            model = self.tr("Normal") if one.film.abnormal else self.tr("Abnormal")
            cells = (one.film.name, truth, model, f"{one.film.probability:.3f}")
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        rows = min(len(self.films), MOST_ROWS_HIGH)
        self.table.setFixedHeight(rows * Size.ROW + self.table.horizontalHeader().height() + 4)
        self.setVisible(bool(self.films))

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.films):
            self.opened.emit(self.films[row])
