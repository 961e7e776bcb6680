"""What migration 20 made for a million exams: never edited, only followed by another."""

from __future__ import annotations

from itertools import groupby

import sqlite_utils

from cxr_desktop.storage.review_words import add_review_words

# Takes the place of reviews_search; rowid as in `review_words.py`. The marked words of reviews are
# one letter longer than those of exams.
REVIEW_WORDS = """
CREATE VIRTUAL TABLE said_search USING fts5 (
    words, content = '', columnsize = 0, prefix = '1 2 3 4',
    tokenize = 'unicode61 remove_diacritics 2'
)
"""
# The reports count refused films among all that ever happened.
AUDIT_REFUSED = "CREATE INDEX audit_refused ON audit (time) WHERE action = 'film_refused'"
REVIEWS = """
SELECT exam_seq, patient_name, patient_id, accession_number, file_name, text
FROM reviews CROSS JOIN exams ON exams.seq = exam_seq ORDER BY exam_seq, reviews.seq
"""


def m0020_search_a_million(db: sqlite_utils.Database) -> None:
    """Sort the words of reviews by exam; find refused films without reading the whole log."""
    db.execute(AUDIT_REFUSED)
    db.execute(REVIEW_WORDS)
    for exam, reviews in groupby(db.execute(REVIEWS), key=lambda row: int(row[0])):
        for which, (_, *exam_texts, said) in enumerate(reviews, start=1):
            add_review_words(db, exam, which, exam_texts, said)
    db.execute("DROP TABLE reviews_search")
