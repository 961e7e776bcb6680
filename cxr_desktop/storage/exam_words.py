"""The words of exams in pieces: `exam_pieces` finds which exams have the letters."""

from __future__ import annotations

from collections.abc import Sequence

import sqlite_utils

from cxr_desktop.storage.search_text import exam_words, pieces

TEXTS = "patient_name, patient_id, accession_number, file_name"
OF_EXAM = f"SELECT {TEXTS} FROM exams WHERE seq = ?"  # noqa: S608 - our own names
ADD = "INSERT INTO exam_pieces (rowid, pieces) VALUES (?, ?)"
TAKE = "INSERT INTO exam_pieces (exam_pieces, rowid, pieces) VALUES ('delete', ?, ?)"


def add_exam_words(db: sqlite_utils.Database, seq: int, texts: Sequence[str]) -> None:
    """Let an exam be found, in the caller's transaction; `texts` are those of the row, as TEXTS."""
    db.execute(ADD, (seq, pieces(exam_words(texts))))


def forget_exam_words(db: sqlite_utils.Database, seq: int) -> None:
    """Take an exam's words out of the search, in the caller's transaction: before they change."""
    texts = db.execute(OF_EXAM, (seq,)).fetchone()
    db.execute(TAKE, (seq, pieces(exam_words(texts))))
