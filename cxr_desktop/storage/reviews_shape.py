"""The tables of reviews as migrations 3 and 7 made them: never edited, only followed by another."""

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

KIND = """
ALTER TABLE reviews ADD COLUMN kind TEXT NOT NULL DEFAULT 'review'
    CHECK (kind IN ('review', 'first', 'addendum', 'opinion'))
"""

OPINION = """
ALTER TABLE reviews ADD COLUMN opinion TEXT
    CHECK (opinion IN ('accepted', 'missed', 'false_alarm', 'film', 'other'))
"""

GROUPS_AT_ONCE = """
INSERT OR IGNORE INTO group_permissions SELECT group_name, 'see_at_once' FROM group_permissions
    WHERE permission = 'see_result' AND group_name <> 'Radiologists'
"""

USERS_AT_ONCE = """
INSERT OR IGNORE INTO user_permissions SELECT user_name, 'see_at_once', 'allow'
    FROM user_permissions WHERE permission = 'see_result' AND effect = 'allow'
"""

READ_FIRST = (
    KIND,
    "ALTER TABLE reviews ADD COLUMN opened TEXT",
    OPINION,
    "CREATE INDEX reviews_by_user ON reviews (user, exam_seq)",
    "CREATE UNIQUE INDEX reviews_first ON reviews (exam_seq, user) WHERE kind = 'first'",
    GROUPS_AT_ONCE,
    USERS_AT_ONCE,
)
