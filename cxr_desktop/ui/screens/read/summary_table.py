"""The films of a run as Qt sees them: file, what became of it, and why."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Size
from cxr_desktop.ui.screens.read.summary_words import look_of_outcome, remark_on
from cxr_desktop.ui.widgets.plain_label import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
FILE, OUTCOME, REMARK = range(3)
NOWHERE = QModelIndex()


class SummaryTableModel(QAbstractTableModel):
    """One row per film, in the order of the list."""

    def __init__(self, outcomes: tuple[FilmOutcome, ...]) -> None:
        super().__init__()
        self._outcomes = outcomes

    def show_outcomes(self, outcomes: tuple[FilmOutcome, ...]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._outcomes = outcomes
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many films there are."""
        return 0 if parent.isValid() else len(self._outcomes)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else REMARK + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> Any:
        """Titles."""
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return (self.tr("File"), self.tr("Outcome"), self.tr("Remark"))[section]
        return None

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        """One cell; the tool tip is the whole text, as text."""
        if not 0 <= index.row() < len(self._outcomes):
            return None
        outcome = self._outcomes[index.row()]
        text = _text(outcome, index.column())
        if role == Role.DisplayRole:
            return text
        if role == Role.ToolTipRole:
            return plain_tip(text)
        return _look(outcome, role) if index.column() == OUTCOME else None


def _look(outcome: FilmOutcome, role: int) -> Any:
    look = look_of_outcome(outcome)
    if role == Role.DecorationRole:
        return icons.pixmap(look.icon, look.colour, Size.ICON, scale=2.0)
    return QColor(look.colour) if role == Role.ForegroundRole else None


def _text(outcome: FilmOutcome, column: int) -> str:
    match column:
        case _ if column == FILE:
            return outcome.file
        case _ if column == OUTCOME:
            return look_of_outcome(outcome).word
        case _:
            return remark_on(outcome)
