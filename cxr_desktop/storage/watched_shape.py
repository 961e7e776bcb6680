"""The handled files of a watched folder: a step of `migrations`, never edited."""

from __future__ import annotations

import sqlite_utils

WATCHED_FILES = """
CREATE TABLE watched_files (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""


def m0019_watched_files(db: sqlite_utils.Database) -> None:
    """Make room for them."""
    db.execute(WATCHED_FILES)
