"""Adding a group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cxr_desktop.domain.roles import Group
from cxr_desktop.ui.screens.admin.groups.presenter import GroupsPresenter
from cxr_desktop.ui.widgets.form_dialog import FormDialog

NAME_LIMIT = 64


class AddGroupDialog(FormDialog):
    """A name, and which group's permissions to start from."""

    def __init__(
        self, presenter: GroupsPresenter, groups: Sequence[Group], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.set_words(self.tr("Add a group"), self.tr("&Add group"))
        self._presenter, self._groups = presenter, tuple(groups)
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_LIMIT)
        self.start = QComboBox()
        self.start.addItem(self.tr("No permissions"))
        for group in self._groups:
            self.start.addItem(self.tr("The permissions of {0}").format(group.name))
        self.add_field(self.tr("&Name"), self.name)
        self.add_field(self.tr("Start &with"), self.start)
        self.name.textChanged.connect(self._judge)
        self._judge()

    def save(self) -> None:
        """Add it."""
        copied = self.start.currentIndex() - 1
        permissions = self._groups[copied].permissions if copied >= 0 else frozenset()
        group = Group(self.name.text().strip(), permissions)
        self._presenter.add_group(group, self.accept, self.refuse)

    def _judge(self) -> None:
        self.set_valid(valid=bool(self.name.text().strip()))
