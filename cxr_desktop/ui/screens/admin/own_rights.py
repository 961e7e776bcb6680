"""Keeps the signed-in administrator's own permissions up to date after a change."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.access import Access
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.session import Session


class OwnRights(QObject):
    """Asks anew who the signed-in person is: they may have changed their own group or account."""

    def __init__(self, access: Access, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._access, self._runner, self._session = access, runner, session

    def password_rules(self) -> PasswordRules:
        """Return what a new password must be."""
        return self._access.rules()

    def look_again(self) -> None:
        """Update the session when something changed."""
        actor = self._session.actor
        if actor is not None:
            name = actor.name
            self._runner.start(
                lambda _job: self._access.actor(name), done=self._on_actor, failed=self._on_gone
            )

    def _on_actor(self, actor: Actor) -> None:
        current = self._session.actor
        if current is not None and current.name == actor.name:
            self._session.update(actor)

    def _on_gone(self, _error: UserError) -> None:
        """Disabled by somebody else meanwhile: the services refuse from here on, and say so."""
