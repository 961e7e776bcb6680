"""The tables of reviews as migration 3 made them: never edited, only followed by a migration."""

from __future__ import annotations

REVIEWS = """
CREATE TABLE reviews (
    seq INTEGER PRIMARY KEY,
    exam_seq INTEGER NOT NULL REFERENCES exams (seq),
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('normal', 'uncertain', 'abnormal')),
    agreement TEXT NOT NULL CHECK (agreement IN ('agree', 'open', 'disagree')),
    text TEXT NOT NULL
) STRICT
"""

# rowid is reviews.seq; `exam` holds the words that the exam itself is found by.
REVIEWS_SEARCH = """
CREATE VIRTUAL TABLE reviews_search USING fts5 (
    exam, review, content = '', columnsize = 0, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
)
"""

REVIEWS_SHAPE = (
    REVIEWS,
    REVIEWS_SEARCH,
    "CREATE INDEX reviews_by_exam ON reviews (exam_seq, seq, agreement)",
    "CREATE INDEX reviews_by_agreement ON reviews (agreement, exam_seq, seq)",
)
