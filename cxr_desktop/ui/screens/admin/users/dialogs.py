"""Changing an account, giving it a password, shutting it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from cxr_desktop.domain.roles import User
from cxr_desktop.ui.screens.admin.users.fields import FULL_NAME_LIMIT, PasswordDialog, group_box
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.plain_label import plain_label


class EditUserDialog(FormDialog):
    """Full name and group; the user name stays, because the history is signed with it."""

    def __init__(
        self,
        presenter: UsersPresenter,
        user: User,
        groups: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set_words(self.tr("Change “{0}”").format(user.name), self.tr("&Save"))
        self._presenter, self._user = presenter, user
        self.full_name = QLineEdit(user.full_name)
        self.full_name.setMaxLength(FULL_NAME_LIMIT)
        self.group = group_box(groups, user.group)
        self.add_field(self.tr("&Full name"), self.full_name)
        self.add_field(self.tr("G&roup"), self.group)
        self.body.addWidget(
            plain_label(
                self.tr("The user name stays as it is: exams and the audit log carry it."),
                role="small",
                wrap=True,
            )
        )

    def save(self) -> None:
        """Store both."""
        self._presenter.change(
            self._user.name,
            self.full_name.text().strip(),
            self.group.currentText(),
            self.accept,
            self.refuse,
        )


class SetPasswordDialog(PasswordDialog):
    """A new password for somebody who has lost theirs; it also ends a lock-out."""

    def __init__(
        self, presenter: UsersPresenter, user: User, parent: QWidget | None = None
    ) -> None:
        super().__init__(presenter.password_rules(), parent)
        self.set_words(
            self.tr("New password for “{0}”").format(user.name), self.tr("&Set the password")
        )
        self._presenter, self._user = presenter, user
        self.add_password(user.name)
        self.password.changed.connect(self._judge)
        self._judge()

    def save(self) -> None:
        """Set it."""
        self._presenter.set_password(
            self._user.name, self.password.password, self.accept, self.refuse
        )

    def _judge(self) -> None:
        self.set_valid(valid=bool(self.password.password))


class DisableDialog(FormDialog):
    """Asks once more before an account is shut or opened."""

    def __init__(
        self, presenter: UsersPresenter, user: User, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, kind="primary" if user.disabled else "danger")
        self._presenter, self._user = presenter, user
        if user.disabled:
            self.set_words(self.tr("Enable “{0}”?").format(user.name), self.tr("&Enable"))
            text = self.tr(
                "They can sign in again once they have a new password: set one afterwards. The old "
                "one is gone, because it opened the encrypted data."
            )
        else:
            self.set_words(self.tr("Disable “{0}”?").format(user.name), self.tr("&Disable"))
            text = self.tr(
                "They can no longer sign in. Their exams stay in the history under their name, "
                "and the account can be enabled again at any time."
            )
        self.body.addWidget(plain_label(text, wrap=True))
        self.cancel.setDefault(not user.disabled)

    def save(self) -> None:
        """Do it."""
        self._presenter.set_disabled(
            self._user.name, self.accept, self.refuse, disabled=not self._user.disabled
        )
