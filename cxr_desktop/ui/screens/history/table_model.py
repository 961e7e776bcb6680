"""The History list as Qt sees it: a million rows, of which a few pages are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QImage

from cxr_desktop.domain.history import ExamRow
from cxr_desktop.ui.screens.history.columns import COLUMNS, Column
from cxr_desktop.ui.screens.history.page_cache import PageCache, Recent
from cxr_desktop.ui.widgets.plain_label import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

EXAM_ROLE = int(Role.UserRole)
"""The whole `ExamRow` of a row, or None while it is on its way."""

WAITING = "…"
THUMBNAILS_HELD = 300
WORDS = frozenset({Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole})


class HistoryTableModel(QAbstractTableModel):
    """Rows by number; a page not held is asked for by `page_wanted` and comes by `put_page`.

    `zone` is the clock that times are shown on, None for this computer's. Thumbnails are asked for
    by `thumbnail_wanted` with the row that was painted. Nothing is asked for twice until it was
    given or forgotten.
    """

    page_wanted = QtSignal(int)
    thumbnail_wanted = QtSignal(object)

    def __init__(
        self,
        *,
        zone: tzinfo | None = None,
        pages: PageCache | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._zone = zone
        self._pages = pages if pages is not None else PageCache()
        self._thumbnails: Recent[str, QImage] = Recent(THUMBNAILS_HELD)
        self._asked_pages: set[int] = set()
        self._asked_films: set[str] = set()
        self._total = 0
        self._columns: tuple[Column, ...] = COLUMNS
        self.picked: tuple[str, ...] = ()  # exams picked by hand, by the table

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, as they stand from left to right."""
        return self._columns

    @property
    def pages(self) -> PageCache:
        """The rows that are held."""
        return self._pages

    def restart(self, columns: Sequence[Column], total: int, first_page: Sequence[ExamRow]) -> None:
        """Show the answer to another question from its beginning."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._total = total
        self._forget_rows()
        self._pages.put(0, first_page)
        self.endResetModel()

    def refresh(self, total: int, first_page: Sequence[ExamRow], *, new_on_top: bool) -> None:
        """Show the answer to the same question, asked again; the list stays where it was scrolled.

        `new_on_top` says that rows which came since stand above the others, so that the selection
        moves along with its exam.
        """
        if total > self._total:
            more = total - self._total
            first = 0 if new_on_top else self._total
            self.beginInsertRows(QModelIndex(), first, first + more - 1)
            self._take(total, first_page)
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._take(total, first_page)
            self.endRemoveRows()
        else:
            self._take(total, first_page)
        if total:
            self.dataChanged.emit(self.index(0, 0), self.index(total - 1, len(self._columns) - 1))

    def clear(self) -> None:
        """Forget everything, pictures too."""
        self.beginResetModel()
        self._total = 0
        self._forget_rows()
        self._thumbnails.clear()
        self._asked_films.clear()
        self.endResetModel()

    def put_page(self, page: int, rows: Sequence[ExamRow]) -> None:
        """Keep a page that was asked for."""
        self._asked_pages.discard(page)
        self._pages.put(page, rows)
        first = page * self._pages.page_size
        last = min(first + max(len(rows), 1), self._total) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def forget_page(self, page: int) -> None:
        """Note that a page will not come; it is asked for again when it is painted."""
        self._asked_pages.discard(page)

    def put_thumbnail(self, film_sha256: str, image: QImage) -> None:
        """Keep a small picture; a null one means that there is none."""
        self._asked_films.discard(film_sha256)
        self._thumbnails.put(film_sha256, image)

    def forget_thumbnail(self, film_sha256: str) -> None:
        """Note that a picture which was asked for will not come now."""
        self._asked_films.discard(film_sha256)

    def repaint_thumbnails(self) -> None:
        """Have the film column painted again after `put_thumbnail`."""
        for number, column in enumerate(self._columns):
            if self._total and column.id == "film":
                last = self.index(self._total - 1, number)
                self.dataChanged.emit(self.index(0, number), last, [Role.DecorationRole])

    def exam_at(self, row: int) -> ExamRow | None:
        """Return a row, or None when it is not held."""
        return self._pages.row(row) if 0 <= row < self._total else None

    # Qt asks these

    def rowCount(self, parent: Index | None = None) -> int:
        """How many exams there are."""
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> Any:
        """Titles, on the side of their column."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        column = self._columns[section]
        if role == Role.DisplayRole:
            return column.heading()
        if role == Role.ToolTipRole and column.picks:
            return self.tr("Select all exams that are loaded, or none")
        if role == Role.AccessibleTextRole and column.picks:
            return self.tr("Select all exams that are loaded, or none")
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        return None

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        """One cell; asks for the page when it is not held."""
        if not index.isValid() or index.row() >= self._total:
            return None
        row = self._pages.row(index.row())
        if row is None:
            self._ask_for_page(index.row())
            return self._waiting(index.column(), role)
        if role == EXAM_ROLE:
            return row
        return self._cell(self._columns[index.column()], row, role)

    def _cell(self, column: Column, row: ExamRow, role: int) -> Any:
        if column.id == "film":
            return self._film_cell(row, role)
        if column.picks:
            return self._pick_cell(row, role)
        if role in WORDS:
            return self._words(column, row, role)
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        return None

    def _words(self, column: Column, row: ExamRow, role: int) -> str:
        text = column.text(row, self._zone)
        if role == Role.ToolTipRole and text:
            return plain_tip(text)
        return f"{column.heading()}: {text}" if role == Role.AccessibleTextRole else text

    def _pick_cell(self, row: ExamRow, role: int) -> Any:
        picked = row.exam_id in self.picked
        if role == Role.CheckStateRole:
            return Qt.CheckState.Checked if picked else Qt.CheckState.Unchecked
        if role == Role.AccessibleTextRole:
            return self.tr("Selected") if picked else self.tr("Not selected")
        return None

    def _film_cell(self, row: ExamRow, role: int) -> Any:
        if role == Role.AccessibleTextRole:
            return self._spoken(row)
        if role != Role.DecorationRole:
            return None
        image = self._thumbnails.get(row.film_sha256)
        if image is None and row.film_sha256 not in self._asked_films:
            self._asked_films.add(row.film_sha256)
            self.thumbnail_wanted.emit(row)
        return image

    def _spoken(self, row: ExamRow) -> str:
        """Say the whole row in one line, for a screen reader."""
        parts = (column.text(row, self._zone) for column in self._columns)
        return ", ".join(part for part in parts if part)

    def _waiting(self, column: int, role: int) -> Any:
        if role == Role.DisplayRole and self._columns[column].id != "film":
            return WAITING
        return None

    def _ask_for_page(self, row: int) -> None:
        page = self._pages.page_of(row)
        if page not in self._asked_pages:
            self._asked_pages.add(page)
            self.page_wanted.emit(page)

    def _take(self, total: int, first_page: Sequence[ExamRow]) -> None:
        self._total = total
        self._forget_rows()
        self._pages.put(0, first_page)

    def _forget_rows(self) -> None:
        self._pages.clear()
        self._asked_pages.clear()
