"""The accounts as Qt sees them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from cxr_desktop.domain.roles import User
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.theme import Palette
from cxr_desktop.ui.widgets.plain_label import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NAME, FULL_NAME, GROUP, ACTIVE, PASSWORD = range(5)


class UsersTableModel(QAbstractTableModel):
    """One row per account; few enough to hold them all."""

    def __init__(self) -> None:
        super().__init__()
        self._users: tuple[User, ...] = ()
        self._me = ""
        self._open: QIcon = icon("tick", Palette.NORMAL)
        self._shut: QIcon = icon("disable", Palette.MUTED)

    def show_users(self, users: tuple[User, ...], me: str) -> None:
        """Show these accounts; `me` is marked."""
        self.beginResetModel()
        self._users, self._me = users, me
        self.endResetModel()

    def user_at(self, row: int) -> User | None:
        """Return an account, or None outside the list."""
        return self._users[row] if 0 <= row < len(self._users) else None

    def row_of(self, name: str) -> int:
        """Return where an account stands, -1 where it does not."""
        names = [user.name for user in self._users]
        return names.index(name) if name in names else -1

    def rowCount(self, parent: Index | None = None) -> int:
        """How many accounts are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._users)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else PASSWORD + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> Any:
        """Titles."""
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return (
                self.tr("User name"),
                self.tr("Full name"),
                self.tr("Group"),
                self.tr("Account"),
                self.tr("Password"),
            )[section]
        return None

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        """One cell."""
        user = self.user_at(index.row())
        if user is None:
            return None
        column = index.column()
        match role:
            case Role.DisplayRole:
                return self._text(user, column)
            case Role.ToolTipRole:
                return plain_tip(self._text(user, column))
            case Role.DecorationRole if column == ACTIVE:
                return self._shut if user.disabled else self._open
            case Role.ForegroundRole if user.disabled:
                return QColor(Palette.MUTED)
            case _:
                return None

    def _group_text(self, user: User) -> str:
        """Name the group, and how many permissions of its own the account has."""
        own = len(user.granted | user.denied)
        return self.tr("{0} (+{1} own)").format(user.group, own) if own else user.group

    def _text(self, user: User, column: int) -> str:
        match column:
            case _ if column == NAME:
                return (
                    self.tr("{0} (you)").format(user.name) if user.name == self._me else user.name
                )
            case _ if column == FULL_NAME:
                return user.full_name
            case _ if column == GROUP:
                return self._group_text(user)
            case _ if column == ACTIVE:
                return self.tr("Disabled") if user.disabled else self.tr("Active")
            case _:
                return self.tr("Must be changed") if user.must_change_password else ""
