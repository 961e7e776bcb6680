"""The tables of deletions as migration 15 made them: never edited, only followed by another."""

from __future__ import annotations

import sqlite_utils

# All that was ever said, written once …
DELETIONS = """
CREATE TABLE deletions (
    seq INTEGER PRIMARY KEY,
    exam_seq INTEGER NOT NULL REFERENCES exams (seq),
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    brought_back INTEGER NOT NULL CHECK (brought_back IN (0, 1))
) STRICT
"""

# … and what is deleted now, so that lists leave it out without looking through the former.
DELETED_EXAMS = """
CREATE TABLE deleted_exams (
    exam_seq INTEGER PRIMARY KEY REFERENCES exams (seq)
) STRICT
"""

ADMINISTRATORS_DELETE = """
INSERT OR IGNORE INTO group_permissions SELECT name, 'delete' FROM groups
    WHERE name = 'Administrators'
"""


def m0015_deletions(db: sqlite_utils.Database) -> None:
    """Make room for deleted exams; administrators may delete and bring back."""
    for statement in (
        DELETIONS,
        DELETED_EXAMS,
        "CREATE INDEX deletions_by_exam ON deletions (exam_seq, seq)",
        ADMINISTRATORS_DELETE,
    ):
        db.execute(statement)
    for deed in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER deletions_no_{deed.lower()} BEFORE {deed} ON deletions "
            "BEGIN SELECT RAISE(ABORT, 'deletions is written once'); END"
        )
