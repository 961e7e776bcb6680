"""DICOM tags as Qt's tables see them, and the search through them."""

from __future__ import annotations

import html

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from cxr_desktop.domain.tags import TagRow

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()
TAG, NAME, KIND, VALUE = range(4)
LONG = 32
INDENT = "    "


class TagModel(QAbstractTableModel):
    """Tag, name, kind and value; what lies in a sequence is moved in."""

    def __init__(self, rows: tuple[TagRow, ...] = ()) -> None:
        super().__init__()
        self._rows = rows

    def show_rows(self, rows: tuple[TagRow, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Count the tags."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Count what is told of each."""
        return 0 if parent.isValid() else VALUE + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> object:
        """Name a column."""
        if orientation is not Qt.Orientation.Horizontal or role != Role.DisplayRole:
            return None
        translate = QCoreApplication.translate
        return (
            translate("Tags", "Tag"),
            translate("Tags", "Name"),
            translate("Tags", "VR"),
            translate("Tags", "Value"),
        )[section]

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> object:
        """Return a text; as a tool tip only what is long, and never as markup."""
        row = self._rows[index.row()]
        text = (INDENT * row.depth + row.tag, INDENT * row.depth + row.name, row.kind, row.value)
        if role == Role.DisplayRole:
            return text[index.column()]
        if role == Role.ToolTipRole and len(text[index.column()]) > LONG:
            return f"<p>{html.escape(text[index.column()])}</p>"  # a paragraph wraps
        return None

    def text(self, row: int) -> str:
        """Return everything said of one tag in one line."""
        one = self._rows[row]
        return f"{one.tag} {one.name} {one.kind} {one.value}"


class TagSearch(QSortFilterProxyModel):
    """Leaves the tags that have every word asked for, in any column; brackets and case aside."""

    def __init__(self, tags: TagModel) -> None:
        super().__init__()
        self._tags = tags
        self._words: list[str] = []
        self.setSourceModel(tags)

    def search(self, text: str) -> None:
        """Leave only those."""
        self.beginFilterChange()
        self._words = _plain(text).split()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether a tag has all words."""
        del source_parent
        text = _plain(self._tags.text(source_row))
        return all(word in text for word in self._words)


def _plain(text: str) -> str:
    return text.casefold().replace("(", "").replace(")", "").replace(",", "")
