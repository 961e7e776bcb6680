"""The Users tab: the accounts, and what can be done with the chosen one."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.roles import User
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.users.add_dialog import AddUserDialog
from cxr_desktop.ui.screens.admin.users.dialogs import (
    DisableDialog,
    EditUserDialog,
    SetPasswordDialog,
)
from cxr_desktop.ui.screens.admin.users.permissions_dialog import PermissionsDialog
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.screens.admin.users.state import Listed, LoadFailed, Loading, UsersState
from cxr_desktop.ui.screens.admin.users.table_model import (
    ACTIVE,
    FULL_NAME,
    PASSWORD,
    UsersTableModel,
)
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.row_table import row_table


class UsersView(QWidget):
    """Shows every `UsersState`; opens the dialogs, which never block the window's other work."""

    def __init__(self, presenter: UsersPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self._state: UsersState = presenter.state
        self._rows = UsersTableModel()
        self._rows.setParent(self)
        self.table = self._make_table()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a user"))
        self.search.setAccessibleName(self.tr("Find a user"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(
            icon("search", Palette.MUTED), QLineEdit.ActionPosition.LeadingPosition
        )
        self.notice = NoticeBar()
        self.add = self._make_button("add", self.tr("&Add user…"), "primary", Palette.ON_ACCENT)
        self.edit = self._make_button("edit", self.tr("&Change…"))
        self.permissions = self._make_button("shield", self.tr("Per&missions…"))
        self.password = self._make_button("key", self.tr("Set &password…"))
        self.disable = self._make_button("disable", self.tr("&Disable…"))
        self._lay_out()
        self._connect()
        self.render_state(presenter.state)

    def render_state(self, state: UsersState) -> None:
        """Show one state; the chosen account stays chosen."""
        chosen = self._chosen()
        self._state = state
        match state:
            case Loading():
                self.notice.show_notice(None)
            case Listed():
                self._rows.show_users(state.shown, state.me)
                self.notice.show_notice(state.notice)
                self._select(chosen.name if chosen else state.me)
            case LoadFailed(notice=notice):
                self._rows.show_users((), "")
                self.notice.show_notice(notice)
            case _:
                assert_never(state)
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the accounts each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def _chosen(self) -> User | None:
        return self._rows.user_at(self.table.currentIndex().row())

    def _select(self, name: str) -> None:
        row = self._rows.row_of(name)
        if row >= 0:
            self.table.selectRow(row)

    def _enable(self) -> None:
        user = self._chosen()
        self.add.setEnabled(isinstance(self._state, Listed))
        for button in (self.edit, self.permissions, self.password):
            button.setEnabled(user is not None)
        own = isinstance(self._state, Listed) and user is not None and user.name == self._state.me
        self.disable.setEnabled(user is not None and not own)
        self.disable.setToolTip(
            self.tr("Your own account: another administrator can disable it.") if own else ""
        )
        shut = user is not None and user.disabled
        self.disable.setText(self.tr("&Enable…") if shut else self.tr("&Disable…"))
        self.disable.setIcon(icon("tick" if shut else "disable", Palette.TEXT))

    def _on_add(self) -> None:
        if isinstance(self._state, Listed):
            taken = [user.name for user in self._state.users]
            self._open(AddUserDialog(self._presenter, self._state.group_names, taken, self))

    def _on_edit(self) -> None:
        user = self._chosen()
        if user is not None and isinstance(self._state, Listed):
            self._open(EditUserDialog(self._presenter, user, self._state.group_names, self))

    def _on_permissions(self) -> None:
        user = self._chosen()
        if user is not None and isinstance(self._state, Listed):
            self._open(PermissionsDialog(self._presenter, user, self._state.groups, self))

    def _on_password(self) -> None:
        user = self._chosen()
        if user is not None:
            self._open(SetPasswordDialog(self._presenter, user, self))

    def _on_disable(self) -> None:
        user = self._chosen()
        if user is not None:
            self._open(DisableDialog(self._presenter, user, self))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _make_button(
        self, name: str, text: str, kind: str = "", colour: str = Palette.TEXT
    ) -> QPushButton:
        button = QPushButton(icon(name, colour), text)
        if kind:
            button.setProperty("kind", kind)
        return button

    def _make_table(self) -> QTableView:
        table = row_table(self._rows, self.tr("Accounts"))
        header = table.horizontalHeader()
        header.setDefaultSectionSize(160)
        header.setSectionResizeMode(FULL_NAME, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(ACTIVE, 120)
        table.setColumnWidth(PASSWORD, 150)
        return table

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(Space.ONE)
        bar.addWidget(self.search, 1)
        for button in (self.edit, self.permissions, self.password, self.disable, self.add):
            bar.addWidget(button)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.TWO)
        page.addLayout(bar)
        page.addWidget(self.notice)
        page.addWidget(self.table, 1)

    def _connect(self) -> None:
        self._presenter.state_changed.connect(self.render_state)
        self.search.textChanged.connect(self._presenter.narrow)
        self.add.clicked.connect(self._on_add)
        self.edit.clicked.connect(self._on_edit)
        self.permissions.clicked.connect(self._on_permissions)
        self.password.clicked.connect(self._on_password)
        self.disable.clicked.connect(self._on_disable)
        self.table.activated.connect(self._on_edit)
        self.table.selectionModel().currentChanged.connect(self._enable)
