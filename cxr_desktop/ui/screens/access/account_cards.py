"""The cards that make a password: the first account, and one's own after a set one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.screens.access.card import Card, name_field
from cxr_desktop.ui.screens.access.state import (
    FirstStart,
    MustChange,
)
from cxr_desktop.ui.widgets.new_password import NewPassword


class FirstStartCard(Card):
    """Makes the first account."""

    asked = Signal(str, str, str)

    def __init__(self, rules: PasswordRules) -> None:
        super().__init__(
            self.tr("Welcome"),
            self.tr(
                "This computer has no accounts yet. Make the first one: it can add all others. "
                "There is no default password, and nobody can look yours up."
            ),
        )
        self._name = name_field()
        self._full_name = name_field()
        self._password = NewPassword(self._name.text, rules)
        self._button = QPushButton(self.tr("Create the &account"))
        self.add_fields(
            (self.tr("&User name"), self._name), (self.tr("&Full name"), self._full_name)
        )
        self.add(self._password)
        self.finish(self._button)
        self._name.textChanged.connect(self._password.judge_again)
        self._password.changed.connect(self._enable)
        self._button.clicked.connect(self._on_asked)
        for field in (self._name, self._full_name, self._password.first, self._password.again):
            field.returnPressed.connect(self._button.click)
        self._busy = False
        self._enable()

    def render_state(self, state: FirstStart) -> None:
        """Show the form, as it was typed."""
        self._busy = state.busy
        what = self.tr("The account is being made.") if state.busy else ""
        self.show_progress(state.notice, what)
        for field in (self._name, self._full_name, self._password):
            field.setEnabled(not state.busy)
        self._enable()
        if not state.busy:
            self._name.setFocus()

    def forget(self) -> None:
        """Leave no password in the fields."""
        self._password.clear_secret()

    def _enable(self) -> None:
        ready = bool(self._name.text().strip() and self._password.password)
        self._button.setEnabled(ready and not self._busy)

    def _on_asked(self) -> None:
        self.asked.emit(self._name.text(), self._full_name.text(), self._password.password)


class MustChangeCard(Card):
    """Replaces a password that somebody else has set."""

    choose = Signal(str)
    leave = Signal()

    def __init__(self, rules: PasswordRules) -> None:
        super().__init__(
            self.tr("Choose your own password"),
            self.tr("Somebody else set the password you signed in with. Choose one only you know."),
        )
        self._user_name = ""
        self._password = NewPassword(lambda: self._user_name, rules)
        self._button = QPushButton(self.tr("&Change the password"))
        self._leave = QPushButton(self.tr("&Sign out"))
        self._leave.setProperty("kind", "quiet")
        self.add(self._password)
        self.finish(self._button)
        self.add(self._leave)
        self._password.changed.connect(self._enable)
        self._password.first.returnPressed.connect(self._password.again.setFocus)
        self._password.again.returnPressed.connect(self._button.click)
        self._button.clicked.connect(self._on_asked)
        self._leave.clicked.connect(self.leave)
        self._busy = False
        self._enable()

    def render_state(self, state: MustChange) -> None:
        """Show the two fields."""
        self._busy = state.busy
        self._user_name = state.actor.name
        what = self.tr("The password is being changed.") if state.busy else ""
        self.show_progress(state.notice, what)
        self._password.setEnabled(not state.busy)
        self._leave.setEnabled(not state.busy)
        self._enable()
        if not state.busy:
            self._password.first.setFocus()

    def forget(self) -> None:
        """Leave no password in the fields."""
        self._password.clear_secret()

    def _enable(self) -> None:
        self._button.setEnabled(bool(self._password.password) and not self._busy)

    def _on_asked(self) -> None:
        self.choose.emit(self._password.password)
