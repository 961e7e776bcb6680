"""The History list on the screen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.history.columns import ColumnId
from cxr_desktop.ui.screens.history.delegates import (
    AgreementDelegate,
    CellDelegate,
    FilmDelegate,
    PickDelegate,
    ProbabilityDelegate,
    VerdictDelegate,
)
from cxr_desktop.ui.screens.history.picks import Picks
from cxr_desktop.ui.screens.history.state import Order
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel

ROW_HEIGHT = 52


class HistoryTable(QTableView):
    """Rows of one height over the paged model; columns share the width until a person sets one.

    Ticked rows, or two or more selected ones, are exams picked by hand: `rows.picked` has their
    ids, and `picked_changed` tells of it. A click on a box ticks it, so does Space. Rows that
    were never loaded cannot be picked.

    `exam_chosen` carries the exam id (Enter, double click); `sort_asked` the `SortKey` of a header.
    """

    exam_chosen = Signal(str)
    sort_asked = Signal(object)
    picked_changed = Signal()

    def __init__(self, rows: HistoryTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._brief = False
        self._fitting = False
        self._own_widths = False
        self.setAccessibleName(self.tr("Stored exams"))
        self.setModel(rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        rows_header = self.verticalHeader()
        rows_header.hide()
        rows_header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows_header.setDefaultSectionSize(ROW_HEIGHT)
        self._cells = CellDelegate(self)
        self._pick = PickDelegate(self)
        self._film = FilmDelegate(self)
        self._verdict = VerdictDelegate(self)
        self._probability = ProbabilityDelegate(self)
        self._agreement = AgreementDelegate(self)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(Space.THREE)  # narrower than the style's own
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self._on_header_clicked)
        header.sectionResized.connect(self._on_resized_by_hand)
        self.activated.connect(lambda index: self._choose(index.row()))
        rows.modelReset.connect(self._dress_columns)
        self._picks = Picks(rows, self.selectionModel(), self)
        self._picks.changed.connect(self.picked_changed)
        self._picks.changed.connect(self.viewport().update)
        self._dress_columns()

    def show_order(self, order: Order) -> None:
        """Show by which column the list is sorted; does not sort."""
        way = Qt.SortOrder.DescendingOrder if order.descending else Qt.SortOrder.AscendingOrder
        for number, column in enumerate(self._rows.columns):
            if column.sort == order.key:
                self.horizontalHeader().setSortIndicator(number, way)
                return
        self.horizontalHeader().setSortIndicator(-1, way)

    def set_brief(self, *, brief: bool) -> None:
        """Show only the columns that tell exams apart, or all."""
        if brief != self._brief:
            self._brief = brief
            self._own_widths = False
            self._dress_columns()

    def step(self, rows: int) -> None:
        """Choose the exam that stands so many rows below (above, if negative) the current one."""
        target = self.currentIndex().row() + rows
        if self._rows.exam_at(target) is not None:
            self.select(target)
            self._choose(target)

    def select(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        index = self._rows.index(row, 0)
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def fit_columns(self) -> None:
        """Give every column what it needs and share out the rest."""
        if self._own_widths:
            return
        width = self.viewport().width()
        wanted = [
            (number, column)
            for number, column in enumerate(self._rows.columns)
            if column.brief or not self._brief
        ]
        cramped = sum(column.width for _, column in wanted) > width
        shown = [pair for pair in wanted if not (cramped and pair[1].spare)]
        spare = max(width - sum(column.width for _, column in shown), 0)
        shares = sum(column.grows for _, column in shown) or 1
        self._fitting = True  # hiding a column counts as resizing it
        for number in range(len(self._rows.columns)):
            self.setColumnHidden(number, number not in {place for place, _ in shown})
        for number, column in shown:
            self.setColumnWidth(number, column.width + spare * column.grows // shares)
        self._fitting = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Home and End go to the first and last exam; the rest is the list's own."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose(self.currentIndex().row())
            case Qt.Key.Key_Space if self.currentIndex().isValid():
                self._picks.toggle(self.currentIndex().row())
            case Qt.Key.Key_Home if self._rows.rowCount():
                self.select(0)
            case Qt.Key.Key_End if self._rows.rowCount():
                self.select(self._rows.rowCount() - 1)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick or untick where the box is; elsewhere the list does as lists do."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._rows.columns[index.column()].picks:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(index, flag)
            self._picks.toggle(index.row())
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take two quick clicks on a box for two clicks, and do not open the exam."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._rows.columns[index.column()].picks:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Do not drag a selection open from a box."""
        index = self.indexAt(event.position().toPoint())
        boxed = index.isValid() and self._rows.columns[index.column()].picks
        if not (boxed and event.buttons()):
            super().mouseMoveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width out."""
        super().resizeEvent(event)
        self.fit_columns()

    def _choose(self, row: int) -> None:
        exam = self._rows.exam_at(row)
        if exam is not None:
            self.exam_chosen.emit(exam.exam_id)

    def _on_header_clicked(self, section: int) -> None:
        if self._rows.columns[section].picks and self._rows.rowCount():
            self._picks.toggle_all()
        key = self._rows.columns[section].sort
        if key is not None:
            self.sort_asked.emit(key)

    def _on_resized_by_hand(self, _section: int, _before: int, _after: int) -> None:
        if not self._fitting and self.isVisible():
            self._own_widths = True

    def _dress_columns(self) -> None:
        """Give every column its painter; which columns there are depends on the person."""
        painters: dict[ColumnId, CellDelegate] = {
            "pick": self._pick,
            "film": self._film,
            "verdict": self._verdict,
            "probability": self._probability,
            "review": self._agreement,
        }
        self._fitting = True
        for number, column in enumerate(self._rows.columns):
            self.setItemDelegateForColumn(number, painters.get(column.id, self._cells))
        self._fitting = False
        self.fit_columns()
