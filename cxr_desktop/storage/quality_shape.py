"""Chosen operating points, and who may measure quality: a step of `migrations`, never edited."""

from __future__ import annotations

import sqlite_utils

# No points: the model's own are used again.
SITE_POINTS = """
CREATE TABLE site_points (
    seq INTEGER PRIMARY KEY,
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    model_id TEXT NOT NULL,
    model_version TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    normal_below REAL,
    abnormal_from REAL,
    miss_one_in INTEGER NOT NULL,
    alarm_one_in INTEGER NOT NULL,
    abnormal_films INTEGER NOT NULL,
    normal_films INTEGER NOT NULL,
    missed INTEGER NOT NULL
) STRICT
"""
UPDATE = """
CREATE TRIGGER site_points_no_update BEFORE UPDATE ON site_points
BEGIN SELECT RAISE(ABORT, 'site_points is written once'); END
"""
DELETE = """
CREATE TRIGGER site_points_no_delete BEFORE DELETE ON site_points
BEGIN SELECT RAISE(ABORT, 'site_points is written once'); END
"""


def m0010_quality(db: sqlite_utils.Database) -> None:
    """Make room for chosen operating points; let those who export measure quality, too."""
    for statement in (SITE_POINTS, UPDATE, DELETE):
        db.execute(statement)
    db.execute(
        "INSERT OR IGNORE INTO group_permissions SELECT name, 'quality' FROM groups"
        " WHERE name IN ('Radiologists', 'Administrators')"
    )
