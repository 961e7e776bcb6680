"""The words of exams: in pieces for the search, and whole in the order of the patients.

`exam_pieces` finds which exams have the letters. Where very many do, the list by patient is walked
along `exams_by_name` instead, and each exam's words are looked at as they come.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlite_utils

from cxr_desktop.storage.search_text import exam_words, pieces

TEXTS = "patient_name, patient_id, accession_number, file_name"
OF_EXAM = f"SELECT patient_key, time, {TEXTS} FROM exams WHERE seq = ?"  # noqa: S608 - our own names
ADD = "INSERT INTO exam_pieces (rowid, pieces) VALUES (?, ?)"
TAKE = "INSERT INTO exam_pieces (exam_pieces, rowid, pieces) VALUES ('delete', ?, ?)"
ADD_WHOLE = "INSERT INTO exams_by_name VALUES (?, ?, ?, ?)"
TAKE_WHOLE = "DELETE FROM exams_by_name WHERE patient_key = ? AND time = ? AND seq = ?"


def add_exam_words(
    db: sqlite_utils.Database, seq: int, patient_key: str, time: str, texts: Sequence[str]
) -> None:
    """Let an exam be found, in the caller's transaction; `texts` are those of the row, as TEXTS."""
    found_by = exam_words(texts)
    db.execute(ADD, (seq, pieces(found_by)))
    db.execute(ADD_WHOLE, (patient_key, time, seq, found_by))


def forget_exam_words(db: sqlite_utils.Database, seq: int) -> None:
    """Take an exam's words out of the search, in the caller's transaction: before they change."""
    patient_key, time, *texts = db.execute(OF_EXAM, (seq,)).fetchone()
    db.execute(TAKE, (seq, pieces(exam_words(texts))))
    db.execute(TAKE_WHOLE, (patient_key, time, seq))
