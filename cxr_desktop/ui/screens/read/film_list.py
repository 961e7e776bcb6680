"""The films at hand, beside the one that is shown: name, state, and where one is in the list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from cxr_desktop.ui import icons, theme
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.screens.read.state import Entry
from cxr_desktop.ui.screens.read.status_look import look_of_entry
from cxr_desktop.ui.widgets.plain_label import plain_tip
from cxr_desktop.ui.widgets.verdict_badge import VerdictLook

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_HEIGHT = 52
Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class FilmListModel(QAbstractListModel):
    """The entries of a `ReadState`; only rows that changed are drawn again."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show these entries."""
        if [e.key for e in entries] != [e.key for e in self._entries]:
            self.beginResetModel()
            self._entries = entries
            self.endResetModel()
            return
        before, self._entries = self._entries, entries
        alike = [old is new or old == new for old, new in zip(before, entries, strict=True)]
        row = 0
        for is_alike, run in groupby(alike):
            first, row = row, row + len(list(run))
            if not is_alike:
                self.dataChanged.emit(self.index(first), self.index(row - 1))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Count the films."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return name, tool tip (whole name, reason of a refusal) or the whole entry."""
        if not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.ToolTipRole:
            place = entry.place or entry.name
            return plain_tip(*filter(None, (place, entry.note, self._why_first(entry))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.name}: {look_of_entry(entry).word}"
        return None

    def _why_first(self, entry: Entry) -> str:
        if not entry.is_overdue:
            return ""
        return self.tr("It stands at the top because it has waited longer than the longest wait.")


class FilmListView(QListView):
    """A list whose rows are equally high, so that another answer in a row moves none of them.

    Qt's own lays all rows out anew then, a turn later: beside threads that work, not before them.
    """

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:
        """Draw these rows again."""
        QAbstractItemView.dataChanged(self, top, bottom, roles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the film that is shown in view where a bar or a strip leaves less room."""
        current = self.currentIndex()
        row = self.visualRect(current)
        was_in_view = row.top() >= 0 and row.bottom() < event.oldSize().height()
        super().resizeEvent(event)
        if was_in_view:
            self.scrollTo(current)


class FilmDelegate(QStyledItemDelegate):
    """Draws one film: shape, name, and the state in a word."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmaps: dict[tuple[VerdictLook, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, as wide as the list: a long name is elided and does not widen it."""
        return QSize(0, max(ROW_HEIGHT, super().sizeHint(option, index).height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the background by the style, the rest here."""
        entry: Entry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(Palette.SELECTION))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), Palette.ACCENT)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(Palette.RAISED))
        look = look_of_entry(entry)
        mark = QRect(
            rect.left() + Space.TWO - 4, rect.center().y() - Size.ICON // 2, Size.ICON, Size.ICON
        )
        painter.drawPixmap(mark, self._pixmap(look, painter.device().devicePixelRatioF()))
        text = rect.adjusted(Size.ICON + Space.THREE, Space.ONE - 1, -Space.ONE, -Space.ONE + 1)
        upper = QRect(text.left(), text.top(), text.width(), text.height() // 2)
        lower = upper.translated(0, upper.height() + 1)
        _line(
            painter, upper, entry.name, Palette.TEXT, Size.TEXT, elide=Qt.TextElideMode.ElideMiddle
        )
        _line(painter, lower, look.word, look.colour, Size.SMALL, elide=Qt.TextElideMode.ElideRight)

    def _pixmap(self, look: VerdictLook, ratio: float) -> QPixmap:
        if (look, ratio) not in self._pixmaps:
            drawn = icons.pixmap(look.icon, look.colour, Size.ICON, scale=ratio)
            self._pixmaps[look, ratio] = drawn
        return self._pixmaps[look, ratio]


def _line(
    painter: QPainter, box: QRect, text: str, colour: str, size: int, *, elide: Qt.TextElideMode
) -> None:
    painter.setFont(theme.font(size))
    painter.setPen(QColor(colour))
    elided = painter.fontMetrics().elidedText(text, elide, box.width())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, flags.value | Qt.TextFlag.TextSingleLine.value, elided)
