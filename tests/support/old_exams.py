"""Exams in databases of older shapes: their row alone, and nothing that came with later ones."""

from __future__ import annotations

import sqlite_utils

from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.exam_rows import exam_row
from cxr_desktop.storage.times import time_text
from tests.support.examples import an_event


def insert_old_exam(db: sqlite_utils.Database, record: ExamRecord) -> None:
    """Store an exam, its film and its event; found once the database is brought up to date."""
    film = {"sha256": record.film.sha256, "first_time": time_text(record.time)}
    db.table("films").insert(film, ignore=True)
    event = append_event(db, an_event(subject=record.exam_id))
    db.table("exams").insert(exam_row(record, event))
