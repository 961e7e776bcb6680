"""The shape of the door's database (`door.py`), as the steps that led to it."""

from __future__ import annotations

import sqlite_utils

STATEMENTS = (
    """
    CREATE TABLE schema_migrations (
        position INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        applied_at TEXT NOT NULL,
        program_version TEXT NOT NULL
    ) STRICT
    """,
    # Without `wrapped` an account opens nothing: it is disabled.
    """
    CREATE TABLE keys (
        name_key TEXT PRIMARY KEY CHECK (name_key <> ''),
        name TEXT NOT NULL,
        wrapped TEXT CHECK (wrapped <> '')
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE recovery (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        wrapped TEXT NOT NULL CHECK (wrapped <> '')
    ) STRICT
    """,
    # By a hash of the name: people type passwords into the name field.
    """
    CREATE TABLE failures (
        name_sha256 TEXT PRIMARY KEY,
        failures INTEGER NOT NULL,
        last REAL NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE seal (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        public BLOB NOT NULL CHECK (length(public) = 32)
    ) STRICT
    """,
    # AUTOINCREMENT: a number is never used again, so that a gap shows.
    """
    CREATE TABLE pending (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        sealed BLOB NOT NULL
    ) STRICT
    """,
)


def d0001_first(db: sqlite_utils.Database) -> None:
    """Make room for wrapped keys, failed attempts, and events of the time before a sign-in."""
    for statement in STATEMENTS:
        db.execute(statement)


DOOR_STEPS = (d0001_first,)
