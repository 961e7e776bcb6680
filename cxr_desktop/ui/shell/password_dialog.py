"""Changing one's own password."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.access import Access
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.new_password import NewPassword
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.password_field import PasswordField

WIDTH = 440


class PasswordDialog(QDialog):
    """Asks for the current password and the new one; accepted once it is changed."""

    def __init__(
        self, access: Access, runner: JobRunner, session: Session, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._access, self._runner, self._session = access, runner, session
        self.setWindowTitle(self.tr("Change your password"))
        self.setFixedWidth(WIDTH)
        self.current = PasswordField()
        self.new = NewPassword(lambda: session.require().name, access.rules())
        self.notice = NoticeBar(dismissable=False)
        self._busy = BusyBar()
        label = QLabel(self.tr("&Current password"))
        label.setBuddy(self.current)
        buttons = QDialogButtonBox()
        self.change = buttons.addButton(
            self.tr("C&hange the password"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.change.setProperty("kind", "primary")
        self.change.setDefault(True)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.ONE)
        for widget in (label, self.current, self.new, self.notice, self._busy, buttons):
            column.addWidget(widget)
        self.current.textChanged.connect(self._enable)
        self.new.changed.connect(self._enable)
        self.change.clicked.connect(self._on_asked)
        buttons.rejected.connect(self.reject)
        self._enable()

    def done(self, result: int) -> None:
        """Close, leaving no password in the fields."""
        self.current.clear_secret()
        self.new.clear_secret()
        super().done(result)

    def _enable(self) -> None:
        self.change.setEnabled(bool(self.current.text() and self.new.password))

    def _on_asked(self) -> None:
        actor, current, new = self._session.require(), self.current.text(), self.new.password
        self.notice.show_notice(None)
        self._set_busy(busy=True)
        self._runner.start(
            lambda _: self._access.change_password(actor, current, new),
            done=self._on_changed,
            failed=self._on_refused,
        )

    def _on_changed(self, actor: Actor) -> None:
        self._session.update(actor)
        self.accept()

    def _on_refused(self, error: UserError) -> None:
        self._set_busy(busy=False)
        self.notice.show_notice(notice_of(error))
        self.current.selectAll()
        self.current.setFocus()

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.current, self.new, self.change):
            widget.setEnabled(not busy)
        if busy:
            self._busy.set_busy(self.tr("The password is being changed."))
        else:
            self._busy.set_idle()
            self._enable()
