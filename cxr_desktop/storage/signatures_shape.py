"""The table of signatures as migration 16 made it: never edited, only followed by another."""

from __future__ import annotations

import sqlite_utils

SIGNATURES = """
CREATE TABLE signatures (
    exam_seq INTEGER PRIMARY KEY REFERENCES exams (seq),
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    full_name TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('normal', 'uncertain', 'abnormal')),
    covers INTEGER NOT NULL CHECK (covers > 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT
"""

# A signed report takes addenda only, and they repeat its verdict, so that the latest row counts.
LOCK = """
CREATE TRIGGER reviews_of_signed BEFORE INSERT ON reviews
WHEN EXISTS (
    SELECT 1 FROM signatures WHERE exam_seq = NEW.exam_seq
    AND (NEW.kind <> 'addendum' OR NEW.verdict <> signatures.verdict)
)
BEGIN SELECT RAISE(ABORT, 'a signed report takes addenda only'); END
"""


def m0016_signatures(db: sqlite_utils.Database) -> None:
    """Make room for signatures, and let nothing but addenda follow one."""
    db.execute(SIGNATURES)
    db.execute(LOCK)
    for deed in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER signatures_no_{deed.lower()} BEFORE {deed} ON signatures "
            "BEGIN SELECT RAISE(ABORT, 'signatures is written once'); END"
        )
