"""What a qualified reader says of a film, beside the model's answer and never in place of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditEvent

REVIEW_TEXT_LIMIT = 2000
READER_VERDICTS = (Verdict.NORMAL, Verdict.UNCERTAIN, Verdict.ABNORMAL)


class Agreement(StrEnum):
    """How reader and model stand to each other. Stored: never change a value.

    OPEN: one of the two is uncertain and the other is not, which is neither.
    """

    AGREE = "agree"
    OPEN = "open"
    DISAGREE = "disagree"

    @classmethod
    def of(cls, reader: Verdict, model: Verdict) -> Agreement:
        """Compare two verdicts."""
        if reader is model:
            return cls.AGREE
        return cls.OPEN if Verdict.UNCERTAIN in {reader, model} else cls.DISAGREE


class ReviewKind(StrEnum):
    """When and why something was said of an exam. Stored: never change a value.

    FIRST: before the model's answer was shown to this reader. ADDENDUM and OPINION follow one's own
    REVIEW or FIRST and repeat its verdict.
    """

    REVIEW = "review"
    FIRST = "first"
    ADDENDUM = "addendum"
    OPINION = "opinion"


OWN_KINDS = (ReviewKind.REVIEW, ReviewKind.FIRST)
"""What addenda and opinions follow."""


class Opinion(StrEnum):
    """What a reader says of the model's answer after seeing it. Stored: never change a value."""

    ACCEPTED = "accepted"
    MISSED = "missed"
    FALSE_ALARM = "false_alarm"
    FILM = "film"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Review:
    """One reader's own answer to one exam, kept for ever; the latest of an exam counts.

    `verdict` is one of `READER_VERDICTS`; `agreement` compares it with the exam's stored answer;
    `text` is plain text of at most 2,000 characters and may have line ends; `time` is aware, and so
    is `opened`, when the film came on the screen (None: not known). `opinion` is that of an
    OPINION, and of nothing else.
    """

    exam_id: str
    user: str
    time: datetime
    verdict: Verdict
    agreement: Agreement
    text: str = ""
    kind: ReviewKind = ReviewKind.REVIEW
    opened: datetime | None = None
    opinion: Opinion | None = None

    @property
    def seconds(self) -> float | None:
        """How long the reader looked at the film before saying this."""
        return (self.time - self.opened).total_seconds() if self.opened is not None else None

    def __post_init__(self) -> None:
        """Raise ValueError for no exam, a time without a zone, no verdict, or too long a text."""
        if self.opened is not None and not (self.opened.tzinfo and self.opened <= self.time):
            raise ValueError("a film is opened, at an aware time, before it is read")
        if (self.kind is ReviewKind.OPINION) != (self.opinion is not None):
            raise ValueError("an opinion, and nothing else, says what it thinks of the answer")
        if self.time.tzinfo is None or not self.exam_id:
            raise ValueError("a review needs an exam and an aware time")
        if self.verdict not in READER_VERDICTS:
            raise ValueError(f"a reader cannot say {self.verdict}")
        if len(self.text) > REVIEW_TEXT_LIMIT:
            raise ValueError(f"a review holds at most {REVIEW_TEXT_LIMIT} characters")


def clean_review_text(text: str) -> str:
    """Return a text as it is kept: lines of visible characters, cut at the limit."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = (
        "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in line).rstrip()
        for line in lines
    )
    return "\n".join(shown).strip()[:REVIEW_TEXT_LIMIT].rstrip()


class ReviewStore(Protocol):
    """Readers' own answers; append only."""

    def add(self, review: Review, event: AuditEvent) -> None:
        """Store both in ONE transaction.

        Raises `InvalidRequest` for an unknown exam, a second FIRST of the same reader, and for all
        but an ADDENDUM where the report is signed.
        """
        ...

    def of(self, exam_id: str) -> Sequence[Review]:
        """Return an exam's reviews, the latest (which counts) first."""
        ...
