"""Sign the report of an exam: from then on it only takes addenda."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.review import ReviewStore
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.signing import (
    ReaderReport,
    Signature,
    SignatureStore,
    digest,
    reader_report,
)
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


class SignReports:
    """Needs `sign`, and `see_result`: who signs answers for what the page says."""

    def __init__(
        self,
        signatures: SignatureStore,
        reviews: ReviewStore,
        history: BrowseHistory,
        access: Access,
        now: Callable[[], datetime],
    ) -> None:
        self._signatures = signatures
        self._reviews = reviews
        self._history = history
        self._access = access
        self._now = now

    def of(self, actor: Actor, exam_id: str) -> ReaderReport | None:
        """Return the reader's part of an exam's report; None without one, or until one's own.

        Raises `InvalidRequest` for an unknown exam, `PermissionDenied` for one that is not to see.
        """
        current = self._access.require(actor, Permission.SEE_RESULT)
        record = self._history.visible(current, exam_id)
        if self._history.awaits_reading(current, exam_id):
            return None
        return self._history.reader_report(record)

    def sign(self, actor: Actor, exam_id: str, seen: int) -> ReaderReport:
        """Sign what stands there; `seen` is how many reviews the person had before their eyes.

        Raises `InvalidRequest` (nothing to sign, signed or deleted already, somebody wrote
        meanwhile), `PermissionDenied`, `StorageUnavailable`; then nothing is stored.
        """
        current = self._access.require(actor, Permission.SEE_RESULT, Permission.SIGN)
        record = self._history.visible(current, exam_id)
        if self._history.awaits_reading(current, exam_id):
            raise InvalidRequest(
                "Your own reading comes first.", hint="Read the film and save your reading."
            )
        reviews = tuple(self._reviews.of(exam_id))
        report = reader_report(record, reviews, None)
        if report is None:
            raise InvalidRequest(
                "No reader has said anything yet, so there is nothing to sign.",
                hint="Save your own reading first.",
            )
        if len(reviews) != seen:
            raise InvalidRequest(
                "Somebody wrote to this exam meanwhile.", hint="Open it again, look, and sign then."
            )
        name, now = current.user.full_name, self._now()
        blank = Signature(exam_id, current.name, name, now, report.review.verdict, seen, "")
        sha256 = digest(record, (report.review, *report.addenda), blank)
        signature = replace(blank, sha256=sha256)
        detail = {"verdict": signature.verdict.value, "sha256": sha256}
        event = AuditEvent(AuditAction.REPORT_SIGNED, current.name, now, exam_id, detail)
        self._signatures.sign(signature, event)
        return replace(report, signature=signature)
