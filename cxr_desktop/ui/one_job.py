"""One piece of background work of one dialog: what it gives, or why not."""

from __future__ import annotations

from collections.abc import Callable

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
        self._job = self._runner.start(
            lambda job: work(actor, job),
            done=self._on_done,
            failed=self._on_failed,
            progress=self._on_progress,
            cancelled=self._on_cancelled,
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

    def _on_progress(self, step: str, fraction: float) -> None:
        if self._job is not None:
            self.progressed.emit(step, fraction)

    def _on_done(self, result: object) -> None:
        if self._take():
            self.done.emit(result)

    def _on_failed(self, error: UserError) -> None:
        if self._take():
            self.failed.emit(notice_of(error))

    def _on_cancelled(self) -> None:
        if self._take():
            self.cancelled.emit()

    def _take(self) -> bool:
        was_wanted, self._job = self._job is not None, None
        return was_wanted
