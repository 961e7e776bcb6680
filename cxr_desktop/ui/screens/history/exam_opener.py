"""Opens stored exams: the answer first, the film as soon as it is read."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.history.state import Closed, ExamState, Opened, OpenFailed, Opening
from cxr_desktop.ui.session import Session


class ExamOpener(QObject):
    """`changed` carries the new `ExamState`; what arrives for an exam that was left is dropped."""

    changed = Signal(object)

    def __init__(
        self,
        history: BrowseHistory,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._runner = runner
        self._session = session
        self._state: ExamState = Closed()
        self._visit = 0
        self._job: Job | None = None

    def open(self, exam_id: str) -> None:
        """Leave the exam that is open, and ask for this one."""
        actor = self._session.actor
        if actor is None:
            return
        self._leave()
        visit = self._visit
        self._show(Opening(exam_id))
        self._job = self._runner.start(
            lambda _job: self._history.open(actor, exam_id),
            done=lambda exam: self._on_exam(visit, actor, exam),
            failed=lambda error: self._on_exam_failed(visit, exam_id, error),
        )

    def close(self) -> None:
        """Leave the exam that is open, if one is."""
        self._leave()
        if not isinstance(self._state, Closed):
            self._show(Closed())

    def _on_exam(self, visit: int, actor: Actor, exam: ExamView) -> None:
        if visit != self._visit:
            return
        self._job = self._runner.start(
            lambda job: self._history.film(actor, exam.exam_id, job),
            done=lambda film: self._on_film(visit, exam, film),
            failed=lambda error: self._on_film_failed(visit, exam, error),
        )
        self._show(Opened(exam))  # after the film was asked for: what follows must not delay it

    def _on_exam_failed(self, visit: int, exam_id: str, error: UserError) -> None:
        if visit == self._visit:
            self._show(OpenFailed(exam_id, notice_of(error)))

    def _on_film(self, visit: int, exam: ExamView, film: Radiograph) -> None:
        if visit == self._visit:
            self._show(Opened(exam, film))

    def _on_film_failed(self, visit: int, exam: ExamView, error: UserError) -> None:
        if visit == self._visit:
            self._show(Opened(exam, notice=notice_of(error)))

    def _leave(self) -> None:
        self._visit += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show(self, state: ExamState) -> None:
        self._state = state
        self.changed.emit(state)
