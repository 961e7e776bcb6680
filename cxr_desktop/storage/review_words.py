"""The words of reviews, in the order of the exams: `said_search` of migration 20.

A row's number holds the exam's: `exam << 20`, plus one for its first review, two for its second.
So the exams that reviews lead to come sorted, and none must be looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlite_utils

from cxr_desktop.storage.search_text import said_words, words

EXAM_OF_ROW = "(rowid >> 20)"
ROWS_OF_EXAM = 1 << 20
# Of exams with reviews that came after the audit event `:event`.
ROWS_SINCE = (
    "SELECT (exam_seq << 20) + row_number() OVER (PARTITION BY exam_seq ORDER BY seq) FROM reviews"
    " WHERE exam_seq IN (SELECT exam_seq FROM reviews WHERE audit_seq > :event)"
)
ADD = "INSERT INTO said_search (rowid, words) VALUES (?, ?)"
TAKE = "INSERT INTO said_search (said_search, rowid, words) VALUES ('delete', ?, ?)"


def add_review_words(
    db: sqlite_utils.Database, exam: int, which: int, exam_texts: Sequence[str], said: str
) -> None:
    """Let the exam be found by its review number `which` (from 1), alone or with its own words."""
    db.execute(ADD, _row(exam, which, exam_texts, said))


def take_review_words(
    db: sqlite_utils.Database, exam: int, which: int, exam_texts: Sequence[str], said: str
) -> None:
    """Take away what `add_review_words` added, called with the same texts."""
    db.execute(TAKE, _row(exam, which, exam_texts, said))


def _row(exam: int, which: int, exam_texts: Sequence[str], said: str) -> tuple[int, str]:
    own = [word for text in exam_texts for word in words(text)]
    return exam * ROWS_OF_EXAM + which, " ".join((*own, *said_words(said)))
