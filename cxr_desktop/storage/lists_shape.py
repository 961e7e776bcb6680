"""What migration 24 did: lists are held by number, and need no tables of their own order.

Never edited, only followed by another.
"""

from __future__ import annotations

import sqlite_utils


def m0024_lists_by_number(db: sqlite_utils.Database) -> None:
    """Drop what only walking along lists needed; find what was removed since an audit event."""
    db.execute("PRAGMA secure_delete = on")  # names lay there
    for statement in (
        "DROP TRIGGER exams_late",
        "DROP TABLE late_exams",
        "DROP TABLE exams_by_name",
        "CREATE INDEX removals_by_event ON removals (audit_seq)",
    ):
        db.execute(statement)
