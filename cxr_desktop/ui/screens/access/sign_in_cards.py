"""The cards that ask for a password: sign-in and lock."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.screens.access.card import Card, name_field
from cxr_desktop.ui.screens.access.state import (
    Locked,
    SigningIn,
)
from cxr_desktop.ui.widgets.new_password import CapsLockHint
from cxr_desktop.ui.widgets.password_field import PasswordField


class SignInCard(Card):
    """Name and password."""

    sign_in = Signal(str, str)
    forgot = Signal()
    restore = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Sign in"))
        self._name = name_field()
        self._password = PasswordField()
        self._button = QPushButton(self.tr("&Sign in"))
        self._forgot = QPushButton(self.tr("&Forgot the password?"))
        self._forgot.setProperty("kind", "quiet")
        self.add_field(self.tr("&User name"), self._name)
        self.add_field(self.tr("&Password"), self._password)
        self.add(CapsLockHint(self._password))
        self.finish(self._button)
        self.add(self._forgot)
        self._restore = QPushButton(self.tr("&Restore a backup…"))
        self.add(self._restore)
        self._restore.clicked.connect(self.restore)
        self._forgot.clicked.connect(self.forgot)
        self._name.returnPressed.connect(self._password.setFocus)
        self._name.textChanged.connect(self._enable)
        self._password.textChanged.connect(self._enable)
        self._password.returnPressed.connect(self._button.click)
        self._button.clicked.connect(self._on_asked)
        self._busy = False
        self._enable()

    def render_state(self, state: SigningIn) -> None:
        """Keep the name; ask for the password again after a refusal."""
        refused = self._busy and not state.busy and state.notice is not None
        self._busy = state.busy
        what = self.tr("The password is being checked.") if state.busy else ""
        notice = state.notice
        if state.step:
            once = self.tr("Needed once after an update. Leave the computer on.")
            notice = Notice("info", state.step, once)
        self.show_progress(notice, what)
        self._button.setText(self.tr("Signing in…") if state.busy else self.tr("&Sign in"))
        self._name.setEnabled(not state.busy)
        self._password.setEnabled(not state.busy)
        self._forgot.setEnabled(not state.busy)
        self._restore.setVisible(state.may_restore)
        self._enable()
        if refused:
            self._password.clear_secret()
        if not state.busy:
            (self._password if self._name.text() else self._name).setFocus()

    def forget(self) -> None:
        """Leave no password in the field; the name stays for the next sign-in."""
        self._password.clear_secret()

    def forget_name(self) -> None:
        """Ask for the name again: another person comes."""
        self._name.clear()

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

    def render_state(self, state: Locked) -> None:
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
