"""Takes emergency access off the screen when it ends; the services refuse it by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.access import Access
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.timers import single_shot

A_LITTLE_LATER_MS = 500


class EmergencyEnd(QObject):
    """Looks at the account again at the end. `now` gives aware UTC time."""

    def __init__(
        self,
        access: Access,
        runner: JobRunner,
        session: Session,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._runner, self._session, self._now = access, runner, session, now
        self._timer = single_shot(self, self.look)

    @property
    def waits_ms(self) -> int:
        """How long until the end; -1 without one."""
        return self._timer.remainingTime()

    def watch(self, actor: Actor) -> None:
        """Wait for the end of this person's emergency access, if there is one."""
        self._timer.stop()
        until = actor.emergency_until
        if until is not None:
            seconds = max((until - self._now()).total_seconds(), 0.0)
            self._timer.start(int(seconds * 1000) + A_LITTLE_LATER_MS)

    def look(self) -> None:
        """Ask what the person may do now."""
        name = self._session.require().name
        self._runner.start(
            lambda _: self._access.actor(name), done=self._session.update, failed=lambda _: None
        )
