"""Indexes for sorting by file and by model: a step of `migrations`, never edited."""

from __future__ import annotations

import sqlite_utils


def m0021_sort_indexes(db: sqlite_utils.Database) -> None:
    """Let the History be sorted by file and by model, and narrowed to a model."""
    db.execute("CREATE INDEX exams_by_file ON exams (file_name, time)")
    db.execute("CREATE INDEX exams_by_model ON exams (model_id, model_version, time)")
