"""A qualified reader's own answer beside the model's; the stored answer is never touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.review import (
    OWN_KINDS,
    READER_VERDICTS,
    REVIEW_TEXT_LIMIT,
    Agreement,
    Opinion,
    Review,
    ReviewKind,
    ReviewStore,
    clean_review_text,
)
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


class ReviewExams:
    """Reviews say how the model did, so they need `see_result`; writing one needs `review`.

    For who reads first, the first review of an exam is one that was made before the answer was
    shown. It is never followed by another verdict of the same reader: only by addenda and opinions.
    A signed report (`services.signing`) takes addenda only.
    """

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
        """Return an exam's reviews, the latest (which counts) first; none while it awaits reading.

        Raises `InvalidRequest` for an unknown exam, `PermissionDenied` for one that is not to see.
        """
        current = self._access.require(actor, Permission.SEE_RESULT)
        self._history.visible(current, exam_id)
        if self._history.awaits_reading(current, exam_id):
            return ()  # what others said tells of the answer, and sways
        return tuple(self._reviews.of(exam_id))

    def add(
        self,
        actor: Actor,
        exam_id: str,
        verdict: Verdict,
        text: str = "",
        opened: datetime | None = None,
    ) -> Review:
        """Store one's own answer; whether it agrees follows from the exam's stored answer.

        `opened` is when the film came on the screen. Raises `InvalidRequest` (after a reading that
        came first, too), `PermissionDenied` or `StorageUnavailable`; then nothing is stored.
        """
        current, record = self._reader(actor, exam_id)
        self._unsigned(exam_id)
        if verdict not in READER_VERDICTS:
            raise InvalidRequest(
                "A reading says normal, uncertain or abnormal.", hint="Choose one of the three."
            )
        own = self._own(current, exam_id)
        if own is not None and own.kind is ReviewKind.FIRST:
            raise InvalidRequest(
                "What you said before you saw the answer stays.", hint="Add an addendum instead."
            )
        first = current.reads_first and own is None
        kind = ReviewKind.FIRST if first else ReviewKind.REVIEW
        return self._keep(current, record, verdict, text, kind, opened=opened)

    def addendum(self, actor: Actor, exam_id: str, text: str) -> Review:
        """Add a text to one's own review, or (with the permission `sign`) to a signed report.

        Raises as `add` does, and for an empty text.
        """
        current, record = self._reader(actor, exam_id)
        if not clean_review_text(text):
            raise InvalidRequest("An addendum needs a text.", hint="Type what you want to add.")
        signature = self._history.signature(exam_id)
        if signature is not None:  # whoever adds to it answers for that as the signer did
            self._access.require(actor, Permission.SIGN)
            verdict = signature.verdict
        else:
            verdict = self._required(current, exam_id).verdict
        return self._keep(current, record, verdict, text, ReviewKind.ADDENDUM)

    def opine(self, actor: Actor, exam_id: str, opinion: Opinion) -> Review:
        """Say, after one's own review, what one thinks of the model's answer; raises as `add`."""
        current, record = self._reader(actor, exam_id)
        self._unsigned(exam_id)
        own = self._required(current, exam_id)
        return self._keep(current, record, own.verdict, "", ReviewKind.OPINION, opinion=opinion)

    def _reader(self, actor: Actor, exam_id: str) -> tuple[Actor, ExamRecord]:
        current = self._access.require(actor, Permission.SEE_RESULT, Permission.REVIEW)
        return current, self._history.visible(current, exam_id)

    def _unsigned(self, exam_id: str) -> None:
        if self._history.signature(exam_id) is not None:
            raise InvalidRequest("This report is signed.", hint="Only an addendum can be added.")

    def _own(self, actor: Actor, exam_id: str) -> Review | None:
        """Return the actor's review that addenda and opinions belong to: the latest, or the first
        that was made before the answer was shown.
        """
        return next(
            (
                review
                for review in self._reviews.of(exam_id)
                if review.user == actor.name and review.kind in OWN_KINDS
            ),
            None,
        )

    def _required(self, actor: Actor, exam_id: str) -> Review:
        own = self._own(actor, exam_id)
        if own is None:
            raise InvalidRequest(
                "You have not read this exam yet.", hint="Save your own reading first."
            )
        return own

    def _keep(
        self,
        actor: Actor,
        record: ExamRecord,
        verdict: Verdict,
        text: str,
        kind: ReviewKind,
        *,
        opened: datetime | None = None,
        opinion: Opinion | None = None,
    ) -> Review:
        if len(text) > REVIEW_TEXT_LIMIT:
            raise InvalidRequest(
                f"The text is longer than {REVIEW_TEXT_LIMIT} characters.", hint="Shorten it."
            )
        now = self._now()
        review = Review(
            exam_id=record.exam_id,
            user=actor.name,
            time=now,
            verdict=verdict,
            agreement=Agreement.of(verdict, record.assessment.verdict),
            text=clean_review_text(text),
            kind=kind,
            opened=opened if opened is not None and opened <= now else None,  # a clock was set back
            opinion=opinion,
        )
        detail = {
            "verdict": verdict.value,
            "agreement": review.agreement.value,
            "kind": kind.value,
        }
        if opinion is not None:
            detail["opinion"] = opinion.value
        event = AuditEvent(
            AuditAction.EXAM_REVIEWED, actor.name, review.time, record.exam_id, detail
        )
        self._reviews.add(review, event)
        return review
