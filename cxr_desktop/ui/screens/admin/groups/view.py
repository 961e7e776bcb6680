"""The Groups tab: the permissions table, saved at each click."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.roles import Permission
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.groups.dialog import AddGroupDialog
from cxr_desktop.ui.screens.admin.groups.permission_table import PermissionTable
from cxr_desktop.ui.screens.admin.groups.presenter import GroupsPresenter
from cxr_desktop.ui.screens.admin.groups.state import GroupsState, Listed, LoadFailed, Loading
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label


class GroupsView(QWidget):
    """Shows every `GroupsState`."""

    def __init__(self, presenter: GroupsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.notice = NoticeBar()
        self.table = PermissionTable()
        self.add = QPushButton(icon("add", Palette.ON_ACCENT), self.tr("&Add group…"))
        self.add.setProperty("kind", "primary")
        said = plain_label(
            self.tr("A change counts at once, for people who are signed in, too."),
            role="muted",
            wrap=True,
        )
        bar = QHBoxLayout()
        bar.addWidget(said, 1)
        bar.addWidget(self.add)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.TWO)
        page.addLayout(bar)
        page.addWidget(self.notice)
        page.addWidget(self.table, 1)
        presenter.state_changed.connect(self.render_state)
        self.table.permission_changed.connect(self._on_changed)
        self.add.clicked.connect(self._on_add)
        self.render_state(presenter.state)

    def render_state(self, state: GroupsState) -> None:
        """Show one state."""
        self.add.setEnabled(isinstance(state, Listed))
        match state:
            case Loading():
                self.notice.show_notice(None)
            case Listed(notice=notice):
                self.table.show_groups(state)
                self.notice.show_notice(notice)
            case LoadFailed(notice=notice):
                self.notice.show_notice(notice)
            case _:
                assert_never(state)
        self.table.setEnabled(isinstance(state, Listed))

    def showEvent(self, event: QShowEvent) -> None:
        """Read the groups each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def _on_changed(self, group: str, permission: Permission, on: bool) -> None:
        self._presenter.set_permission(group, Permission(permission), on=on)

    def _on_add(self) -> None:
        if isinstance(self._presenter.state, Listed):
            dialog = AddGroupDialog(self._presenter, self._presenter.state.groups, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()
