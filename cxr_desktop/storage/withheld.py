"""What a reader who reads first sees of an exam not reviewed yet: nothing of the answer.

A signed report is no longer waiting for anybody's reading.

The clauses expect the table `exams` at hand and the reader's name as `:reader`.
"""

from __future__ import annotations

from cxr_desktop.storage.said_of_exam import IS_SIGNED, SIGNED

_REVIEWED = "EXISTS (SELECT 1 FROM reviews WHERE user = :reader AND exam_seq = exams.seq)"
REVIEWED_BY_READER = f"({_REVIEWED} OR {IS_SIGNED})"
ALL_REVIEWED_BY_READER = (
    f"SELECT exam_seq AS seq FROM reviews WHERE user = :reader UNION ALL {SIGNED}"  # noqa: S608 - our own names
)
REVIEWED_BY_READER_SINCE = (
    "SELECT exam_seq AS seq FROM reviews WHERE user = :reader AND audit_seq > :event"  # noqa: S608 - the same
    f" UNION ALL {SIGNED} WHERE audit_seq > :event"
)
_RANK = "(SELECT {} FROM exam_ranks WHERE exam_seq = exams.seq)"
# What tells of an answer, and where it is sorted while it is withheld: an answer below all others,
# a review and a report as if nobody had said anything.
TELLING = {
    "zone": ("zone", -1),
    "probability": ("probability", -1),
    "review": (_RANK.format("review"), 0),
    "report": (_RANK.format("report"), 0),
}


def telling(expression: str, *, withheld: bool) -> str:
    """Return an expression that gives an answer away, or NULL where it is withheld."""
    return f"CASE WHEN {REVIEWED_BY_READER} THEN {expression} END" if withheld else expression


def order_of(column: str, *, withheld: bool) -> str:
    """Return what exams are sorted by, never NULL."""
    if withheld and column in TELLING:
        value, hidden = TELLING[column]
        return f"coalesce({telling(value, withheld=True)}, {hidden})"
    return column
