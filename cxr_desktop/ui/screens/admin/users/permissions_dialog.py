"""What one account may do, where it differs from its group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from cxr_desktop.domain.roles import PERMISSION_NAMES, Group, Permission, User
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.theme import Space
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.plain_label import plain_label

AS_GROUP, ALLOW, DENY = "group", "allow", "deny"
CHOICE_WIDTH = 176


class PermissionsDialog(FormDialog):
    """One row per permission: as the group, allowed, or denied."""

    def __init__(
        self,
        presenter: UsersPresenter,
        user: User,
        groups: Sequence[Group],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set_words(self.tr("What “{0}” may do").format(user.name), self.tr("&Save"))
        self._presenter, self._user = presenter, user
        self._choices: dict[Permission, QComboBox] = {}
        said = self.tr("Group: {0}. A change here counts for this account only, and at once.")
        self.body.addWidget(plain_label(said.format(user.group), role="muted", wrap=True))
        self.body.addSpacing(Space.ONE)
        by_group = _without_own(user).permissions(groups)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.TWO)
        grid.setVerticalSpacing(Space.HALF)
        grid.setColumnStretch(0, 1)
        for row, permission in enumerate(Permission):
            text = QCoreApplication.translate("Permissions", PERMISSION_NAMES[permission])
            choice = self._make_choice(permission, given=permission in by_group)
            choice.setAccessibleName(text)
            grid.addWidget(plain_label(text, wrap=True), row, 0)
            grid.addWidget(choice, row, 1)
            self.focus_first = self.focus_first or choice
        self.body.addLayout(grid)

    def choice(self, permission: Permission) -> QComboBox:
        """Return the box of one permission."""
        return self._choices[permission]

    def save(self) -> None:
        """Store the exceptions."""
        self._presenter.set_permissions(
            self._user.name, self._chosen(ALLOW), self._chosen(DENY), self.accept, self.refuse
        )

    def _chosen(self, effect: str) -> frozenset[Permission]:
        return frozenset(p for p, box in self._choices.items() if box.currentData() == effect)

    def _make_choice(self, permission: Permission, *, given: bool) -> QComboBox:
        box = QComboBox()
        box.setFixedWidth(CHOICE_WIDTH)
        as_group = self.tr("As group: yes") if given else self.tr("As group: no")
        for text, effect in (
            (as_group, AS_GROUP),
            (self.tr("Always allow"), ALLOW),
            (self.tr("Always deny"), DENY),
        ):
            box.addItem(text, effect)
        own = AS_GROUP
        if permission in self._user.granted:
            own = ALLOW
        elif permission in self._user.denied:
            own = DENY
        box.setCurrentIndex(box.findData(own))
        self._choices[permission] = box
        return box


def _without_own(user: User) -> User:
    return User(user.name, user.full_name, user.group)
