"""Readers' own answers in the database: rows are only added, the latest of an exam counts."""

from __future__ import annotations

from collections.abc import Sequence

import sqlite_utils

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.review import Agreement, Opinion, Review, ReviewKind
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exam_rows import Row
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.review_words import add_review_words, take_review_words
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import time_of, time_text

OF_EXAM = (
    "SELECT exam_id, reviews.user, reviews.time, reviews.verdict, reviews.agreement, reviews.text,"
    " reviews.kind, reviews.opened, reviews.opinion"
    " FROM exams JOIN reviews ON reviews.exam_seq = exams.seq"
    " WHERE exam_id = ? ORDER BY reviews.seq DESC"
)
TEXTS_OF = "SELECT patient_name, patient_id, accession_number, file_name FROM exams WHERE seq = ?"
SAID_OF = "SELECT text FROM reviews WHERE exam_seq = ? ORDER BY seq"
EXAM_WORDS = (
    "SELECT seq, patient_name, patient_id, accession_number, file_name FROM exams WHERE exam_id = ?"
)
ADD = (
    "INSERT INTO reviews (exam_seq, audit_seq, time, user, verdict, agreement, text, kind, opened,"
    " opinion) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
IS_SIGNED = "SELECT 1 FROM signatures WHERE exam_seq = ?"
HAS_READ = "SELECT 1 FROM reviews WHERE exam_seq = ? AND user = ? AND kind = 'first'"


class SqliteReviews:
    """The `ReviewStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, review: Review, event: AuditEvent) -> None:
        """Store review, search words and event in one transaction, on the disk on return.

        Raises `InvalidRequest` for an unknown exam, one that this reader has read first already, or
        one that is signed (no addendum), and `StorageUnavailable`; then nothing is kept.
        """
        with self._database.write() as db:
            exam = db.execute(EXAM_WORDS, (review.exam_id,)).fetchone()
            if exam is None:
                raise InvalidRequest(
                    "There is no such exam in the History.", hint="Search for it again."
                )
            first = review.kind is ReviewKind.FIRST
            if first and db.execute(HAS_READ, (exam[0], review.user)).fetchone():
                raise InvalidRequest(
                    "You have read this exam already.", hint="Add an addendum instead."
                )
            if (
                review.kind is not ReviewKind.ADDENDUM
                and db.execute(IS_SIGNED, (exam[0],)).fetchone()
            ):
                raise InvalidRequest(
                    "This report was signed meanwhile.", hint="Only an addendum can be added."
                )
            insert_review(db, review, exam, append_event(db, event))

    def of(self, exam_id: str) -> Sequence[Review]:
        """Return an exam's reviews, the latest first; nothing for an unknown exam."""
        with self._database.read() as db:
            return [_review(row) for row in db.query(OF_EXAM, (exam_id,))]


def insert_review(
    db: sqlite_utils.Database, review: Review, exam: Sequence[object], audit_seq: int
) -> None:
    """Store in the caller's transaction; `exam` is its number and the texts it is found by."""
    seq, *texts = exam
    row = (
        seq,
        audit_seq,
        time_text(review.time),
        review.user,
        review.verdict.value,
        review.agreement.value,
        storable(review.text),
        review.kind.value,
        None if review.opened is None else time_text(review.opened),
        None if review.opinion is None else review.opinion.value,
    )
    db.execute(ADD, row)
    which = db.execute("SELECT count(*) FROM reviews WHERE exam_seq = ?", (seq,)).fetchone()[0]
    add_review_words(db, int(str(seq)), which, [str(text) for text in texts], review.text)


def forget_review_words(db: sqlite_utils.Database, exam_seq: int) -> None:
    """Take the words of an exam's reviews out of the search, before exam and reviews change."""
    texts = db.execute(TEXTS_OF, (exam_seq,)).fetchone()
    said = db.execute(SAID_OF, (exam_seq,)).fetchall()
    for which, (text,) in enumerate(said, start=1):
        take_review_words(db, exam_seq, which, texts, text)


def _review(row: Row) -> Review:
    with damage():
        return Review(
            exam_id=row["exam_id"],
            user=row["user"],
            time=time_of(row["time"]),
            verdict=Verdict(row["verdict"]),
            agreement=Agreement(row["agreement"]),
            text=row["text"],
            kind=ReviewKind(row["kind"]),
            opened=None if row["opened"] is None else time_of(row["opened"]),
            opinion=None if row["opinion"] is None else Opinion(row["opinion"]),
        )
