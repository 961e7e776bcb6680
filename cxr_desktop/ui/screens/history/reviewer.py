"""Fetches and stores the reviews of the open exam."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.review import Review
from cxr_desktop.domain.roles import Permission
from cxr_desktop.services.reviews import ReviewExams
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.history.state import ExamState, Opened, ReviewState
from cxr_desktop.ui.session import Session


class Reviewer(QObject):
    """`changed` carries the `ReviewState` or None; `saved` follows once a review is stored.

    What arrives for an exam that was left is dropped; a review that was sent off is stored all the
    same.
    """

    changed = Signal(object)
    saved = Signal()

    def __init__(
        self,
        reviews: ReviewExams,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reviews = reviews
        self._runner = runner
        self._session = session
        self._state: ReviewState | None = None

    def follow(self, exam: ExamState) -> None:
        """Turn to the exam that is open now, or to none."""
        actor = self._session.actor
        if not isinstance(exam, Opened) or exam.exam.assessment is None or actor is None:
            if self._state is not None:
                self._show(None)
            return
        exam_id = exam.exam.exam_id
        if self._state is not None and self._state.exam_id == exam_id:
            return
        self._show(ReviewState(exam_id, may_write=actor.may(Permission.REVIEW)))
        self._runner.start(
            lambda _job: self._reviews.of(actor, exam_id),
            done=lambda reviews: self._on_fetched(exam_id, reviews),
            failed=lambda error: self._on_failed(exam_id, error),
        )

    def save(self, verdict: Verdict, text: str) -> None:
        """Store one's own review of the open exam."""
        actor, state = self._session.actor, self._state
        if actor is None or state is None or state.saving:
            return
        exam_id = state.exam_id
        self._show(replace(state, saving=True, notice=None))
        self._runner.start(
            lambda _job: self._reviews.add(actor, exam_id, verdict, text),
            done=lambda review: self._on_saved(exam_id, review),
            failed=lambda error: self._on_failed(exam_id, error),
        )

    def _on_fetched(self, exam_id: str, reviews: tuple[Review, ...]) -> None:
        if self._state is not None and self._state.exam_id == exam_id:
            self._show(replace(self._state, reviews=reviews))

    def _on_saved(self, exam_id: str, review: Review) -> None:
        if self._state is not None and self._state.exam_id == exam_id:
            reviews = (review, *(self._state.reviews or ()))
            self._show(replace(self._state, reviews=reviews, saving=False))
        self.saved.emit()

    def _on_failed(self, exam_id: str, error: UserError) -> None:
        if self._state is not None and self._state.exam_id == exam_id:
            self._show(replace(self._state, saving=False, notice=notice_of(error)))

    def _show(self, state: ReviewState | None) -> None:
        self._state = state
        self.changed.emit(state)
