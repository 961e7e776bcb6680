"""Filters that people keep under a name: a step of `migrations`, never edited."""

from __future__ import annotations

import sqlite_utils

SAVED_FILTERS = """
CREATE TABLE saved_filters (
    user TEXT NOT NULL REFERENCES users (name),
    name_key TEXT NOT NULL CHECK (name_key <> ''),
    name TEXT NOT NULL,
    filters TEXT NOT NULL,
    PRIMARY KEY (user, name_key)
) STRICT, WITHOUT ROWID
"""


def m0011_saved_filters(db: sqlite_utils.Database) -> None:
    """Make room for them."""
    db.execute(SAVED_FILTERS)
