"""Adding an account."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import User
from cxr_desktop.services.access import NAME_LIMIT, check_user_name
from cxr_desktop.ui.screens.admin.users.fields import FULL_NAME_LIMIT, PasswordDialog, group_box
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.theme import Palette
from cxr_desktop.ui.widgets.plain_label import plain_label


class AddUserDialog(PasswordDialog):
    """Name, full name, group and a first password; the rules are judged while typing."""

    def __init__(
        self,
        presenter: UsersPresenter,
        groups: Sequence[str],
        taken: Collection[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(presenter.password_rules(), parent)
        self._presenter = presenter
        self._taken = {name.casefold() for name in taken}
        self.name, self.full_name = QLineEdit(), QLineEdit()
        self.group = group_box(groups, groups[0] if groups else "")
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


def _mark(field: QLineEdit, *, invalid: bool) -> None:
    field.setProperty("invalid", "true" if invalid else "false")
    field.style().unpolish(field)
    field.style().polish(field)
