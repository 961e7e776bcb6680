"""What removes exams for good: a step of `migrations`, never edited, only followed by another."""

from __future__ import annotations

import sqlite_utils

# Which exams were emptied, by which event; their numbers as they were.
REMOVALS = """
CREATE TABLE removals (
    exam_seq INTEGER PRIMARY KEY REFERENCES exams (seq),
    exam_id TEXT NOT NULL UNIQUE,
    audit_seq INTEGER NOT NULL REFERENCES audit (seq)
) STRICT
"""

# Films whose files no exam needs any more, until they are unlinked.
FILMS_TO_REMOVE = """
CREATE TABLE films_to_remove (
    sha256 TEXT PRIMARY KEY REFERENCES films (sha256)
) STRICT, WITHOUT ROWID
"""

# What was written once may be emptied once the database says that the exam is removed: (table, the
# column with the exam's number, what it may suffer then).
REMOVED = "SELECT exam_seq FROM removals"
EMPTIED = (
    ("exams", "seq", "UPDATE"),
    ("heat_maps", "exam_seq", "DELETE"),
    ("exam_measurements", "exam_seq", "DELETE"),
    ("reviews", "exam_seq", "DELETE"),
)
NO_FILM = "0" * 64


def m0018_removals(db: sqlite_utils.Database) -> None:
    """Let exams be emptied for good, and films go that no exam has; nothing else."""
    for statement in (REMOVALS, FILMS_TO_REMOVE):
        db.execute(statement)
    for deed in ("UPDATE", "DELETE"):
        _guard(db, "removals", deed, "")
    for table, number, deed in EMPTIED:
        db.execute(f"DROP TRIGGER {table}_no_{deed.lower()}")
        _guard(db, table, deed, f"WHEN OLD.{number} NOT IN ({REMOVED})")
    db.execute("DROP TRIGGER films_no_delete")
    _guard(db, "films", "DELETE", "WHEN OLD.sha256 IN (SELECT film_sha256 FROM exams)")
    db.execute(
        "INSERT INTO films (sha256, first_time) VALUES (?, '') ON CONFLICT DO NOTHING", (NO_FILM,)
    )


def _guard(db: sqlite_utils.Database, table: str, deed: str, when: str) -> None:
    db.execute(
        f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    )
