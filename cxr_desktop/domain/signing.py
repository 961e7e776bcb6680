"""A signed report: what a reader said, who answers for it, and what was added since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.review import OWN_KINDS, Review, ReviewKind


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed the report of an exam, when (aware), and what: kept for ever, one for an exam.

    `verdict` is the reader's; `covers` says how many of the exam's reviews there were, the oldest
    ones: all later ones are addenda. `sha256` is that of what was signed (`digest`).
    """

    exam_id: str
    user: str
    full_name: str
    time: datetime
    verdict: Verdict
    covers: int
    sha256: str

    def __post_init__(self) -> None:
        """Raise ValueError for a time without a zone or a signature under nothing."""
        if self.time.tzinfo is None or self.covers < 1:
            raise ValueError("a signature needs an aware time and a review to stand under")

    @property
    def name(self) -> str:
        """The person's name, as it was then."""
        return self.full_name or self.user


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """The reader's part of a report: the reading that counts, its addenda (oldest first).

    `intact` is False where record and reviews are no longer what was signed.
    """

    review: Review
    addenda: tuple[Review, ...] = ()
    signature: Signature | None = None
    intact: bool = True


def reader_report(
    record: ExamRecord, reviews: Sequence[Review], signature: Signature | None
) -> ReaderReport | None:
    """Put it together from all reviews of an exam, the latest first; None where there is none.

    The reading is the latest one's reader's own; before a signature only their addenda count, after
    it everybody's.
    """
    if not reviews:
        return None
    later = len(reviews) - signature.covers if signature is not None else 0
    reading, own = _reading(reviews[max(later, 0) :])
    since = tuple(reversed(reviews[: max(later, 0)]))
    intact = signature is None or (
        later >= 0 and signature.sha256 == digest(record, (reading, *own), signature)
    )
    return ReaderReport(reading, (*own, *since), signature, intact)


def _reading(reviews: Sequence[Review]) -> tuple[Review, tuple[Review, ...]]:
    """Return the reading that counts, and its reader's addenda to it, oldest first."""
    reader, addenda = reviews[0].user, list[Review]()
    for review in reviews:
        if review.user != reader:
            continue
        if review.kind in OWN_KINDS:
            return review, tuple(reversed(addenda))
        if review.kind is ReviewKind.ADDENDUM:
            addenda.append(review)
    return reviews[0], ()  # an opinion or addendum alone, which no service stores


def digest(record: ExamRecord, said: Sequence[Review], by: Signature) -> str:
    """Return the SHA-256 of what `by` stands under: patient, film, answer, reading, who and when.

    Canonical JSON (ASCII escapes); `by.sha256` has no part in it.
    """
    study, answer = record.study, record.assessment
    body = [
        [record.exam_id, record.film.sha256],
        [study.patient_name, study.patient_id, str(study.birth_date), study.accession_number],
        [answer.model.id, answer.model.version, answer.model.sha256],
        [answer.verdict.value, answer.probability],
        [answer.points.normal_below, answer.points.abnormal_from],
        [[one.user, _utc(one.time), one.kind, one.verdict.value, one.text] for one in said],
        [by.user, by.full_name, _utc(by.time)],
    ]
    text = json.dumps(body, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


class SignatureStore(Protocol):
    """Signatures; rows are only added, one for an exam (`HistoryStore.signature` reads them)."""

    def sign(self, signature: Signature, event: AuditEvent) -> None:
        """Store both in one transaction.

        Raises `InvalidRequest` for an unknown, deleted or signed exam, and for one that has another
        number of reviews by now; then nothing is kept.
        """
        ...
