"""One piece of background work of one dialog: what it gives, or why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import Job, JobRunner, Lane
from cxr_desktop.ui.session import Session

Work = Callable[[Actor, JobContext], object]


class OneJob(QObject):
    """Exactly one of `done` (what the work returned), `failed` (`Notice`) and `cancelled` follows.

    After `drop` none of them does.
    """

    progressed = Signal(str, float)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, runner: JobRunner, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._session = session
        self._job: Job | None = None
        self._number = 0  # of the work that was started last

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    def start(self, work: Work, *, lane: Lane = "io") -> None:
        """Do this as the signed-in person; ignored while something is under way."""
        actor = self._session.actor
        if actor is None or self._job is not None:
            return
        self._runner.draw_first()
        self._number += 1
        number = self._number
        self._job = self._runner.start(
            lambda job: work(actor, job),
            done=partial(self._on_done, number),
            failed=partial(self._on_failed, number),
            progress=partial(self._on_progress, number),
            cancelled=partial(self._on_cancelled, number),
            lane=lane,
        )

    def cancel(self) -> None:
        """Ask the work to stop; `cancelled` follows unless it had come to its end."""
        if self._job is not None:
            self._job.cancel()

    def drop(self) -> None:
        """Stop, and say nothing more of it."""
        self.cancel()
        self._job = None

    def _on_progress(self, number: int, step: str, fraction: float) -> None:
        if self._is_wanted(number):
            self.progressed.emit(step, fraction)

    def _on_done(self, number: int, result: object) -> None:
        if self._take(number):
            self.done.emit(result)

    def _on_failed(self, number: int, error: UserError) -> None:
        if self._take(number):
            self.failed.emit(notice_of(error))

    def _on_cancelled(self, number: int) -> None:
        if self._take(number):
            self.cancelled.emit()

    def _take(self, number: int) -> bool:
        if not self._is_wanted(number):
            return False
        self._job = None
        return True

    def _is_wanted(self, number: int) -> bool:
        """Whether this is the work under way, and not an earlier one that was dropped."""
        return self._job is not None and number == self._number
