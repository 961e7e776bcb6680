"""Who took the tour of the window: a step of `migrations`, never edited."""

from __future__ import annotations

import sqlite_utils

TOURS = """
CREATE TABLE tours (
    user_name TEXT PRIMARY KEY REFERENCES users (name),
    time TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""


def m0017_tours(db: sqlite_utils.Database) -> None:
    """Make room for them."""
    db.execute(TOURS)
