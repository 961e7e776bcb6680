"""What readers said of an exam, and whether it is signed: parts of questions over `exams`."""

from __future__ import annotations

SIGNED = "SELECT exam_seq FROM signatures"
IS_SIGNED = "EXISTS (SELECT 1 FROM signatures WHERE exam_seq = exams.seq)"


def of_latest_review(what: str) -> str:
    """Return an expression for a column, or more, of the exam's latest review; NULL without one."""
    return (
        f"(SELECT {what} FROM reviews WHERE exam_seq = exams.seq"  # noqa: S608 - our own names
        " ORDER BY reviews.seq DESC LIMIT 1)"
    )
