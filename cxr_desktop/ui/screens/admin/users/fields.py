"""What the dialogs about accounts have in common."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.users.suggest import suggest_password
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.new_password import NewPassword
from cxr_desktop.ui.widgets.plain_label import plain_label

FULL_NAME_LIMIT = 128


class PasswordDialog(FormDialog):
    """A form that ends with a password for somebody else, to be told to them and used once."""

    def __init__(self, rules: PasswordRules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules = rules

    def add_password(self, user_name: str | None = None) -> None:
        """Put fields, rules and a suggestion into the body; None: the name is being typed."""
        self._for = user_name
        self.password = NewPassword(self.user_name, self._rules)
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
        text = suggest_password(self.user_name(), self._rules)
        for field in (self.password.first, self.password.again):
            field.setText(text)
        for eye in self.password.first.actions():
            eye.setChecked(True)
        self.password.first.setFocus()
        self.password.first.selectAll()


def group_box(groups: Sequence[str], chosen: str) -> QComboBox:
    """Return a box to choose a group from."""
    box = QComboBox()
    box.addItems(list(groups))
    box.setCurrentText(chosen)
    return box
