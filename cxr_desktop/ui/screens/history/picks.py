"""Exams picked by hand in the list, by their ids: rows move, exams do not."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject, Signal

from cxr_desktop.ui.screens.history.table_model import HistoryTableModel

FEWEST = 2
"""One selected row is only where the person stands, unless it was ticked."""


class Picks(QObject):
    """Follows a selection of whole rows and keeps the ids in `rows.picked`.

    The id is taken while the row is selected, so exams stay picked when their page is forgotten.
    Rows whose page is not held are left unselected: what looks picked is picked.
    """

    changed = Signal()

    def __init__(
        self, rows: HistoryTableModel, selection: QItemSelectionModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._rows, self._selection = rows, selection
        self._ids: dict[int, str] = {}
        self._ticked = self._ticking = False
        selection.selectionChanged.connect(self._on_changed)
        rows.rowsInserted.connect(self._on_inserted)
        rows.rowsRemoved.connect(self._on_moved)
        rows.modelReset.connect(self._on_reset)

    def toggle(self, row: int) -> None:
        """Tick a row or take its tick away; a row that was only stood on is left unticked."""
        flag = QItemSelectionModel.SelectionFlag
        alone = not self._rows.picked
        way = flag.ClearAndSelect if alone else flag.Toggle
        self._tick(QItemSelection(self._rows.index(row, 0), self._rows.index(row, 0)), way)

    def toggle_all(self) -> None:
        """Tick all that are loaded, or take every tick away where there is one."""
        if self._rows.picked:
            self._selection.clearSelection()
            return
        last = self._rows.index(self._rows.rowCount() - 1, 0)
        every = QItemSelection(self._rows.index(0, 0), last)
        self._tick(every, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _tick(self, rows: QItemSelection, way: QItemSelectionModel.SelectionFlag) -> None:
        self._ticked = self._ticking = True
        self._selection.select(rows, way | QItemSelectionModel.SelectionFlag.Rows)
        self._ticking = False
        self._tell()

    def _on_changed(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        for part in deselected.toList():
            gone = [row for row in self._ids if part.top() <= row <= part.bottom()]
            for row in gone:
                del self._ids[row]
        unknown = QItemSelection()
        for part in selected.toList():
            for first, last in self._take(part.top(), part.bottom()):
                unknown.select(self._rows.index(first, 0), self._rows.index(last, 0))
        if unknown.count():
            flag = QItemSelectionModel.SelectionFlag
            self._selection.select(unknown, flag.Deselect | flag.Rows)
        if not self._ticking and len(self._ids) < FEWEST:
            self._ticked = False
        self._tell()

    def _take(self, top: int, bottom: int) -> list[tuple[int, int]]:
        """Note the ids of these rows; return the spans of those that are not held, page by page."""
        pages, missing = self._rows.pages, list[tuple[int, int]]()
        for page in range(pages.page_of(top), pages.page_of(bottom) + 1):
            first = max(top, page * pages.page_size)
            last = min(bottom, (page + 1) * pages.page_size - 1)
            known = 0
            while first + known <= last and (exam := pages.row(first + known)) is not None:
                self._ids[first + known] = exam.exam_id
                known += 1
            if first + known > last:
                continue
            if missing and missing[-1][1] == first + known - 1:
                missing[-1] = (missing[-1][0], last)
            else:
                missing.append((first + known, last))
        return missing

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first:  # where they belong in this order is not known
            self._on_moved()
        else:
            more = last - first + 1
            self._ids = {row + more: exam_id for row, exam_id in self._ids.items()}

    def _on_moved(self, *_: object) -> None:
        if len(self._ids) >= FEWEST:
            self._selection.clearSelection()

    def _on_reset(self) -> None:
        self._ids.clear()
        self._tell()

    def _tell(self) -> None:
        few = 1 if self._ticked else FEWEST
        picked = tuple(self._ids.values()) if len(self._ids) >= few else ()
        if picked != self._rows.picked:
            self._rows.picked = picked
            self.changed.emit()
