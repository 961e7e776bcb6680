"""Adding an account, changing one, giving it a password, shutting it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import User
from cxr_desktop.services.access import NAME_LIMIT, check_user_name
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.form_dialog import FormDialog
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.screens.admin.users.suggest import suggest_password
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.new_password import NewPassword
from cxr_desktop.ui.widgets.plain_label import plain_label

FULL_NAME_LIMIT = 128


class _PasswordDialog(FormDialog):
    """A form that ends with a password for somebody else, to be told to them and used once."""

    def add_password(self, user_name: str | None = None) -> None:
        """Put fields, rules and a suggestion into the body; None: the name is being typed."""
        self._for = user_name
        self.password = NewPassword(self.user_name)
        self.suggest = QPushButton(icon("key", Palette.MUTED), self.tr("Su&ggest a password"))
        self.suggest.setToolTip(self.tr("Fills in a random password and shows it"))
        self.suggest.clicked.connect(self._on_suggest)
        self.focus_first = self.focus_first or self.password.first
        self.body.addWidget(self.password)
        self.body.addSpacing(Space.ONE)
        self.body.addWidget(self.suggest)
        self.body.addWidget(
            plain_label(
                self.tr("Tell it to the person; they choose their own at the next sign-in."),
                role="small",
                wrap=True,
            )
        )

    def user_name(self) -> str:
        """Return the name that the password must not be made of."""
        return self._for or ""

    def done(self, result: int) -> None:
        """Close, leaving no password in the fields."""
        self.password.clear_secret()
        super().done(result)

    def _on_suggest(self) -> None:
        text = suggest_password(self.user_name())
        for field in (self.password.first, self.password.again):
            field.setText(text)
        for eye in self.password.first.actions():
            eye.setChecked(True)
        self.password.first.setFocus()
        self.password.first.selectAll()


class AddUserDialog(_PasswordDialog):
    """Name, full name, group and a first password; the rules are judged while typing."""

    def __init__(
        self,
        presenter: UsersPresenter,
        groups: Sequence[str],
        taken: Collection[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._taken = {name.casefold() for name in taken}
        self.name, self.full_name = QLineEdit(), QLineEdit()
        self.group = _group_box(groups, groups[0] if groups else "")
        self.problem = plain_label(role="small", wrap=True)
        self._lay_out()
        self._judge()

    def _lay_out(self) -> None:
        self.set_words(self.tr("Add a user"), self.tr("&Add user"))
        self.name.setMaxLength(NAME_LIMIT)
        self.full_name.setMaxLength(FULL_NAME_LIMIT)
        self.full_name.setPlaceholderText(self.tr("Shown beside what they did; may stay empty"))
        self.add_field(self.tr("User &name"), self.name)
        self.body.insertWidget(self.body.count() - 1, self.problem)
        self.add_field(self.tr("&Full name"), self.full_name)
        self.add_field(self.tr("G&roup"), self.group)
        self.add_password()
        self.name.textChanged.connect(self.password.judge_again)
        self.password.changed.connect(self._judge)

    def user_name(self) -> str:
        """Return the name as it will be stored."""
        return self.name.text().strip()

    def save(self) -> None:
        """Add the account."""
        user = User(self.user_name(), self.full_name.text().strip(), self.group.currentText())
        self._presenter.add(user, self.password.password, self.accept, self.refuse)

    def _judge(self) -> None:
        problem = self._name_problem()
        self.problem.setText(problem)
        self.problem.setStyleSheet(f"color: {Palette.DANGER};")
        self.problem.setVisible(bool(problem))
        _mark(self.name, invalid=bool(problem))
        named = bool(self.user_name()) and not problem
        self.set_valid(valid=named and bool(self.password.password))

    def _name_problem(self) -> str:
        """Say what is wrong with the name typed so far; nothing about an empty one."""
        name = self.user_name()
        if not name:
            return ""
        if name.casefold() in self._taken:
            return self.tr("There is an account of this name already.")
        try:
            check_user_name(name)
        except InvalidRequest as error:
            return str(error)
        return ""


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
        self.group = _group_box(groups, user.group)
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


class SetPasswordDialog(_PasswordDialog):
    """A new password for somebody who has lost theirs; it also ends a lock-out."""

    def __init__(
        self, presenter: UsersPresenter, user: User, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
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
        self, presenter: UsersPresenter, user: User, me: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, kind="primary" if user.disabled else "danger")
        self._presenter, self._user = presenter, user
        if user.disabled:
            self.set_words(self.tr("Enable “{0}”?").format(user.name), self.tr("&Enable"))
            text = self.tr("They can sign in again with the password they had.")
        else:
            self.set_words(self.tr("Disable “{0}”?").format(user.name), self.tr("&Disable"))
            text = self.tr(
                "They can no longer sign in. Their exams stay in the history under their name, "
                "and the account can be enabled again at any time."
            )
        self.body.addWidget(plain_label(text, wrap=True))
        if user.name == me and not user.disabled:
            own = plain_label(
                self.tr("This is your own account: the program will refuse you at once."),
                role="strong",
                wrap=True,
            )
            self.body.addWidget(own)
        self.cancel.setDefault(not user.disabled)

    def save(self) -> None:
        """Do it."""
        self._presenter.set_disabled(
            self._user.name, self.accept, self.refuse, disabled=not self._user.disabled
        )


def _group_box(groups: Sequence[str], chosen: str) -> QComboBox:
    box = QComboBox()
    box.addItems(list(groups))
    box.setCurrentText(chosen)
    return box


def _mark(field: QLineEdit, *, invalid: bool) -> None:
    field.setProperty("invalid", "true" if invalid else "false")
    field.style().unpolish(field)
    field.style().polish(field)
