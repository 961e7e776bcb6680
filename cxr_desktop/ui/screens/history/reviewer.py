"""Fetches and stores the reviews of the open exam."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.review import Review, ReviewKind
from cxr_desktop.domain.roles import Permission
from cxr_desktop.domain.signing import ReaderReport
from cxr_desktop.services.reviews import ReviewExams
from cxr_desktop.services.signing import SignReports
from cxr_desktop.ui.clock import utc_now
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.history.state import ExamState, Opened, ReviewState
from cxr_desktop.ui.session import Session


class Reviewer(QObject):
    """`changed` carries the `ReviewState` or None; `saved` the exam's id once a review is stored.

    What arrives for an exam that was left is dropped; a review that was sent off is stored all the
    same.
    """

    changed = Signal(object)
    saved = Signal(str)

    def __init__(
        self,
        reviews: ReviewExams,
        signing: SignReports,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._reviews = reviews
        self._signing = signing
        self._runner = runner
        self._session = session
        self._now = now
        self._opened: datetime | None = None
        self._state: ReviewState | None = None

    def follow(self, exam: ExamState) -> None:
        """Turn to the exam that is open now, or to none."""
        actor = self._session.actor
        opened = exam.exam if isinstance(exam, Opened) else None
        if actor is None or opened is None or not (opened.assessment or opened.awaits_reading):
            if self._state is not None:
                self._show(None)
            return
        exam_id, first = opened.exam_id, opened.awaits_reading
        film = opened.film.file_name
        before = self._state
        if before is not None and (before.exam_id, before.comes_first) == (exam_id, first):
            return
        may_write = actor.may(Permission.REVIEW)
        if first:
            self._opened = self._now()
            self._show(ReviewState(exam_id, film, (), may_write=may_write, comes_first=True))
            return
        may_sign = actor.may(Permission.SIGN)
        self._show(ReviewState(exam_id, film, may_write=may_write, may_sign=may_sign))
        self.reload()

    def reload(self) -> None:
        """Fetch again what was said of the open exam, and whether it is signed."""
        actor, state = self._session.actor, self._state
        if actor is None or state is None:
            return
        exam_id = state.exam_id
        self._runner.start(
            lambda _job: (self._reviews.of(actor, exam_id), self._signing.of(actor, exam_id)),
            done=lambda said: self._on_fetched(exam_id, *said),
            failed=lambda error: self._on_failed(exam_id, error),
        )

    def save(self, verdict: Verdict | None, text: str) -> None:
        """Store one's own review of the open exam; without a verdict, an addendum to it."""
        actor, state = self._session.actor, self._state
        if actor is None or state is None or state.saving:
            return
        exam_id = state.exam_id
        opened = self._opened if state.comes_first else None
        self._show(replace(state, saving=True, notice=None))

        def work(_: JobContext) -> Review:
            if verdict is None:
                return self._reviews.addendum(actor, exam_id, text)
            return self._reviews.add(actor, exam_id, verdict, text, opened)

        self._runner.start(
            work,
            done=lambda review: self._on_saved(exam_id, review),
            failed=lambda error: self._on_failed(exam_id, error),
        )

    def _on_fetched(
        self, exam_id: str, reviews: tuple[Review, ...], report: ReaderReport | None
    ) -> None:
        if self._state is not None and self._state.exam_id == exam_id:
            self._show_reviews(reviews, report)

    def _on_saved(self, exam_id: str, review: Review) -> None:
        if self._state is not None and self._state.exam_id == exam_id:
            reviews = (review, *(self._state.reviews or ()))
            self._show_reviews(reviews, self._state.report)
            self.reload()
        self.saved.emit(exam_id)

    def _on_failed(self, exam_id: str, error: UserError) -> None:
        if self._state is not None and self._state.exam_id == exam_id:
            self._show(replace(self._state, saving=False, notice=notice_of(error)))

    def _show_reviews(self, reviews: tuple[Review, ...], report: ReaderReport | None) -> None:
        actor, state = self._session.actor, self._state
        if actor is None or state is None:
            return
        firsts = (one for one in reviews if one.kind is ReviewKind.FIRST)
        adds_only = any(one.user == actor.name for one in firsts)
        state = replace(state, reviews=reviews, report=report, saving=False, adds_only=adds_only)
        if state.is_signed:
            may_write = state.may_sign and actor.may(Permission.REVIEW)
            state = replace(state, adds_only=True, may_write=may_write)
        self._show(state)

    def _show(self, state: ReviewState | None) -> None:
        self._state = state
        self.changed.emit(state)
