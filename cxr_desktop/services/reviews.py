"""A qualified reader's own answer beside the model's; the stored answer is never touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.review import (
    READER_VERDICTS,
    REVIEW_TEXT_LIMIT,
    Agreement,
    Review,
    ReviewStore,
    clean_review_text,
)
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


class ReviewExams:
    """Reviews say how the model did, so they need `see_result`; writing one needs `review`."""

    def __init__(
        self,
        reviews: ReviewStore,
        history: BrowseHistory,
        access: Access,
        now: Callable[[], datetime],
    ) -> None:
        self._reviews = reviews
        self._history = history
        self._access = access
        self._now = now

    def of(self, actor: Actor, exam_id: str) -> tuple[Review, ...]:
        """Return an exam's reviews, the latest (which counts) first.

        Raises `InvalidRequest` for an unknown exam, `PermissionDenied` for one that is not to see.
        """
        self._history.visible(self._access.require(actor, Permission.SEE_RESULT), exam_id)
        return tuple(self._reviews.of(exam_id))

    def add(self, actor: Actor, exam_id: str, verdict: Verdict, text: str = "") -> Review:
        """Store one's own answer; whether it agrees follows from the exam's stored answer.

        Raises `InvalidRequest`, `PermissionDenied` or `StorageUnavailable`; then nothing is stored.
        """
        self._access.require(actor, Permission.SEE_RESULT)
        current = self._access.require(actor, Permission.REVIEW)
        if verdict not in READER_VERDICTS:
            raise InvalidRequest(
                "A reading says normal, uncertain or abnormal.", hint="Choose one of the three."
            )
        if len(text) > REVIEW_TEXT_LIMIT:
            raise InvalidRequest(
                f"The text is longer than {REVIEW_TEXT_LIMIT} characters.", hint="Shorten it."
            )
        record = self._history.visible(current, exam_id)
        review = Review(
            exam_id=record.exam_id,
            user=current.name,
            time=self._now(),
            verdict=verdict,
            agreement=Agreement.of(verdict, record.assessment.verdict),
            text=clean_review_text(text),
        )
        detail = {"verdict": verdict.value, "agreement": review.agreement.value}
        event = AuditEvent(
            AuditAction.EXAM_REVIEWED, current.name, review.time, record.exam_id, detail
        )
        self._reviews.add(review, event)
        return review
