"""The pages of the door: each shows one state and says what was asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton

from cxr_desktop.services.access import NAME_LIMIT
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.screens.access.card import Card, plain
from cxr_desktop.ui.screens.access.state import (
    FirstStart,
    Locked,
    MustChange,
    Opening,
    SigningIn,
    Unusable,
)
from cxr_desktop.ui.widgets.new_password import CapsLockHint, NewPassword
from cxr_desktop.ui.widgets.password_field import PasswordField


class OpeningCard(Card):
    """Shown for the half second that the data folder takes to open."""

    def __init__(self) -> None:
        super().__init__(self.tr("Opening…"), self.tr("The data folder is being opened."))
        self.add(self.busy)

    def render(self, _: Opening) -> None:
        """Move."""
        self.busy.set_busy(self.tr("The data folder is being opened."))


class UnusableCard(Card):
    """Says what is wrong with the data folder, and offers three ways on."""

    again = Signal()
    choose = Signal()
    leave = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("The data folder cannot be used"))
        self._folder = plain("", "small")
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add(self.notice)
        self.add(self._folder)
        self._again = QPushButton(self.tr("&Try again"))
        self._again.setProperty("kind", "primary")
        self._again.setDefault(True)
        choose = QPushButton(self.tr("&Choose another folder…"))
        leave = QPushButton(self.tr("&Quit"))
        self.add(self._again)
        self.add_row(choose, leave)
        self.add(
            plain(
                self.tr("Another folder is used until the program is closed; it has its own "
                        "accounts and its own history."),
                "small",
            )
        )  # fmt: skip
        self._again.clicked.connect(self.again)
        choose.clicked.connect(self.choose)
        leave.clicked.connect(self.leave)

    def render(self, state: Unusable) -> None:
        """Show the sentence and the folder."""
        self.notice.show_notice(state.notice)
        self._folder.setText(self.tr("Folder: {0}").format(state.folder))
        self._again.setFocus()


class FirstStartCard(Card):
    """Makes the first account."""

    create = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__(
            self.tr("Welcome"),
            self.tr(
                "This computer has no accounts yet. Make the first one: it can add all others. "
                "There is no default password, and nobody can look yours up."
            ),
        )
        self._name = _name_field()
        self._full_name = _name_field()
        self._password = NewPassword(self._name.text)
        self._button = QPushButton(self.tr("Create the &account"))
        self.add_field(self.tr("&User name"), self._name)
        self.add_field(self.tr("&Full name"), self._full_name)
        self.add(self._password)
        self.finish(self._button)
        self._name.textChanged.connect(self._password.judge_again)
        self._password.changed.connect(self._enable)
        self._button.clicked.connect(self._on_asked)
        for field in (self._name, self._full_name, self._password.first, self._password.again):
            field.returnPressed.connect(self._button.click)
        self._busy = False
        self._enable()

    def render(self, state: FirstStart) -> None:
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
        self.create.emit(self._name.text(), self._full_name.text(), self._password.password)


class SignInCard(Card):
    """Name and password."""

    sign_in = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(self.tr("Sign in"))
        self._name = _name_field()
        self._password = PasswordField()
        self._button = QPushButton(self.tr("&Sign in"))
        self.add_field(self.tr("&User name"), self._name)
        self.add_field(self.tr("&Password"), self._password)
        self.add(CapsLockHint(self._password))
        self.finish(self._button)
        self._name.returnPressed.connect(self._password.setFocus)
        self._name.textChanged.connect(self._enable)
        self._password.textChanged.connect(self._enable)
        self._password.returnPressed.connect(self._button.click)
        self._button.clicked.connect(self._on_asked)
        self._busy = False
        self._enable()

    def render(self, state: SigningIn) -> None:
        """Keep the name; ask for the password again after a refusal."""
        refused = self._busy and not state.busy and state.notice is not None
        self._busy = state.busy
        what = self.tr("The password is being checked.") if state.busy else ""
        self.show_progress(state.notice, what)
        self._button.setText(self.tr("Signing in…") if state.busy else self.tr("&Sign in"))
        self._name.setEnabled(not state.busy)
        self._password.setEnabled(not state.busy)
        self._enable()
        if refused:
            self._password.clear_secret()
        if not state.busy:
            (self._password if self._name.text() else self._name).setFocus()

    def forget(self) -> None:
        """Leave no password in the field; the name stays for the next sign-in."""
        self._password.clear_secret()

    def _enable(self) -> None:
        ready = bool(self._name.text().strip() and self._password.text())
        self._button.setEnabled(ready and not self._busy)

    def _on_asked(self) -> None:
        self.sign_in.emit(self._name.text(), self._password.text())


class LockedCard(Card):
    """Only the owner's password opens it; anybody may sign in instead."""

    unlock = Signal(str)
    switch = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Locked"), " ")
        self._password = PasswordField()
        self._button = QPushButton(self.tr("&Unlock"))
        self._other = QPushButton(self.tr("Sign in as &another person"))
        self._other.setProperty("kind", "quiet")
        self._other.setIcon(icons.icon("switch-user", Palette.MUTED))
        self.add_field(self.tr("&Password"), self._password)
        self.add(CapsLockHint(self._password))
        self.finish(self._button)
        self.add(self._other)
        self._password.textChanged.connect(self._enable)
        self._password.returnPressed.connect(self._button.click)
        self._button.clicked.connect(self._on_asked)
        self._other.clicked.connect(self.switch)
        self._busy = False
        self._enable()

    def render(self, state: Locked) -> None:
        """Name the owner, and nothing of what they were looking at."""
        refused = state.notice is not None and not state.busy
        self._busy = state.busy
        user = state.actor.user
        self.text.setText(self.tr("{0} is signed in.").format(user.full_name or user.name))
        what = self.tr("The password is being checked.") if state.busy else ""
        self.show_progress(state.notice, what)
        self._password.setEnabled(not state.busy)
        self._other.setEnabled(not state.busy)
        self._enable()
        if refused:
            self._password.clear_secret()
        if not state.busy:
            self._password.setFocus()

    def forget(self) -> None:
        """Leave no password in the field."""
        self._password.clear_secret()

    def _enable(self) -> None:
        self._button.setEnabled(bool(self._password.text()) and not self._busy)

    def _on_asked(self) -> None:
        self.unlock.emit(self._password.text())


class MustChangeCard(Card):
    """Replaces a password that somebody else has set."""

    choose = Signal(str)
    leave = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("Choose your own password"),
            self.tr("Somebody else set the password you signed in with. Choose one only you know."),
        )
        self._user_name = ""
        self._password = NewPassword(lambda: self._user_name)
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

    def render(self, state: MustChange) -> None:
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


def _name_field() -> QLineEdit:
    field = QLineEdit()
    field.setMaxLength(NAME_LIMIT)
    return field
