"""The rows read so far, as Qt sees them; more are asked for at the end of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from cxr_desktop.domain.audit import AuditEntry
from cxr_desktop.ui.screens.admin.audit.words import action_words, detail_words
from cxr_desktop.ui.widgets.plain_label import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NUMBER, TIME, USER, ACTION, SUBJECT, DETAIL = range(6)
NOWHERE = QModelIndex()


class AuditTableModel(QAbstractTableModel):
    """Newest first; `ask_older` is called when the person scrolls to the end."""

    def __init__(self, ask_older: Callable[[], None]) -> None:
        super().__init__()
        self._ask_older = ask_older
        self._entries: tuple[AuditEntry, ...] = ()
        self._more = False

    def show_entries(self, entries: tuple[AuditEntry, ...], *, more: bool) -> None:
        """Show these; what is added below leaves the place in the list as it was."""
        known, self._more = len(self._entries), more
        if known and entries[:known] == self._entries:
            if len(entries) > known:
                self.beginInsertRows(NOWHERE, known, len(entries) - 1)
                self._entries = entries
                self.endInsertRows()
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows were read."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else DETAIL + 1

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there may be older rows."""
        return not parent.isValid() and self._more

    def fetchMore(self, parent: Index) -> None:
        """Ask for older rows."""
        if not parent.isValid():
            self._ask_older()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> Any:
        """Titles."""
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return (
                self.tr("No."),
                self.tr("Time"),
                self.tr("User"),
                self.tr("Event"),
                self.tr("About"),
                self.tr("Details"),
            )[section]
        return None

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        """One cell; the tool tip is the whole text, as text."""
        if not 0 <= index.row() < len(self._entries):
            return None
        text = _text(self._entries[index.row()], index.column())
        if role == Role.DisplayRole:
            return text
        if role == Role.ToolTipRole:
            return plain_tip(text)
        return None


def _text(entry: AuditEntry, column: int) -> str:
    event = entry.event
    match column:
        case _ if column == NUMBER:
            return str(entry.number)
        case _ if column == TIME:
            return event.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        case _ if column == USER:
            return event.user
        case _ if column == ACTION:
            return action_words(event.action)
        case _ if column == SUBJECT:
            return event.subject
        case _:
            return detail_words(entry)
