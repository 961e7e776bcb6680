"""The films on which model and truth contradict each other; a double click opens one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cxr_desktop.services.site_evaluation import WrongFilm
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.plain_table import PlainTable

MOST_ROWS_HIGH = 8


class WrongTable(QWidget):
    """`opened` carries the `WrongFilm` that a person wants to see."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.films: tuple[WrongFilm, ...] = ()
        head = (self.tr("Film"), self.tr("Truth"), self.tr("Model"), self.tr("P(abnormal)"))
        self.table = PlainTable(self.tr("Films to look at"), head)
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
        self.table.show_rows([self._cells(one) for one in self.films])
        self.table.fit(MOST_ROWS_HIGH)
        self.setVisible(bool(self.films))

    def _cells(self, one: WrongFilm) -> tuple[str, ...]:
        words = self.tr("Abnormal"), self.tr("Normal")
        truth, model = words if one.film.abnormal else words[::-1]
        return one.film.name, truth, model, f"{one.film.probability:.3f}"

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.films):
            self.opened.emit(self.films[row])
