"""Exams stored with an earlier time than one before: a step of `migrations`, never edited.

They are few: only a clock that is set back makes them. All other exams are in the order of their
time as they are in the order of their numbers.
"""

from __future__ import annotations

import sqlite_utils

LATE_EXAMS = """
CREATE TABLE late_exams (
    exam_seq INTEGER PRIMARY KEY REFERENCES exams (seq)
) STRICT
"""
FIND = """
INSERT INTO late_exams SELECT seq FROM (
    SELECT seq, time, max(time) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS latest FROM exams
) WHERE time < latest
"""
NOTE = """
CREATE TRIGGER exams_late AFTER INSERT ON exams WHEN NEW.time < (SELECT max(time) FROM exams)
BEGIN INSERT INTO late_exams VALUES (NEW.seq); END
"""


def m0022_late_exams(db: sqlite_utils.Database) -> None:
    """Know which exams are out of order, so that a list by time can follow the numbers."""
    for statement in (LATE_EXAMS, FIND, NOTE):
        db.execute(statement)
