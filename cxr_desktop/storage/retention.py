"""Exams emptied for good in the database: a row without patient, film, answer and words stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlite_utils

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.retention import Due
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exam_words import forget_exam_words
from cxr_desktop.storage.removals_shape import NO_FILM
from cxr_desktop.storage.reviews import forget_review_words
from cxr_desktop.storage.times import time_text

DUE = """
SELECT seq, exam_id, film_sha256 FROM exams
WHERE seq NOT IN (SELECT exam_seq FROM removals) AND (
    time < :made OR seq IN (
        SELECT exam_seq FROM deleted_exams AS gone WHERE (
            SELECT max(time) FROM deletions WHERE deletions.exam_seq = gone.exam_seq
        ) < :deleted
    )
)
"""
EMPTY = """
UPDATE exams SET exam_id = 'removed-' || seq, film_sha256 = :no_film, file_name = '',
    patient_name = '', patient_id = '', patient_id_issuer = '', patient_key = '',
    birth_date = NULL, sex = '', age = '', study_date = NULL, study_description = '',
    accession_number = '', study_uid = '', modality = '', body_part = '', view_position = '',
    laterality = '', institution = '', manufacturer = '', scores = '[]', probability = 0,
    verdict = 'refused', meaning = '', cautions = '[]'
WHERE seq = :seq
"""
UNUSED = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM exams WHERE film_sha256 = ?)"
SEARCHED = ("exam_pieces", "said_search")
NEVER = ""  # no time is before it


class SqliteRetention:
    """The `RetentionStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, due: Due) -> int:
        """Return how many exams are due. Raises `StorageUnavailable`."""
        with self._database.read() as db:
            found = f"SELECT count(*) FROM ({DUE})"  # noqa: S608 - our own names
            return int(db.execute(found, _values(due)).fetchone()[0])

    def remove(self, due: Due, limit: int, event: Callable[[int], AuditEvent]) -> int:
        """Empty up to `limit` of them. Raises `StorageUnavailable`; then nothing is changed."""
        with self._database.write() as db:
            db.execute("PRAGMA secure_delete = on")  # what is freed is overwritten with zeros
            found = db.execute(f"{DUE} ORDER BY seq LIMIT :limit", _values(due) | {"limit": limit})
            exams = found.fetchall()
            if exams:
                number = append_event(db, event(len(exams)))
                for seq, exam_id, film in exams:
                    db.execute("INSERT INTO removals VALUES (?, ?, ?)", (seq, exam_id, number))
                    _empty(db, seq, film)
            return len(exams)

    def tidy(self) -> None:
        """Merge the search's parts: until then a word that was taken out still lies in an old one.

        https://www.sqlite.org/fts5.html#the_optimize_command. Raises `StorageUnavailable`.
        """
        with self._database.write() as db:
            db.execute("PRAGMA secure_delete = on")
            for index in SEARCHED:
                db.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608 - our own names

    def films(self) -> Sequence[str]:
        """Return films without an exam whose files are still there. Raises `StorageUnavailable`."""
        with self._database.read() as db:
            return [row[0] for row in db.execute("SELECT sha256 FROM films_to_remove")]

    def release(self, sha256: str, forget: Callable[[str], bool]) -> bool:
        """Let the film's file go unless an exam has it again. Raises `StorageUnavailable`."""
        with self._database.write() as db:
            unused = db.execute(UNUSED, (sha256,)).fetchone() is not None
            if unused and not forget(sha256):
                return False
            db.execute("DELETE FROM films_to_remove WHERE sha256 = ?", (sha256,))
            if unused:
                db.execute("DELETE FROM films WHERE sha256 = ?", (sha256,))
            return unused


def _empty(db: sqlite_utils.Database, seq: int, film: str) -> None:
    forget_review_words(db, seq)
    forget_exam_words(db, seq)
    for table in ("heat_maps", "exam_measurements", "reviews"):
        db.execute(f"DELETE FROM {table} WHERE exam_seq = ?", (seq,))  # noqa: S608 - our own names
    db.execute(EMPTY, {"seq": seq, "no_film": NO_FILM})
    db.execute("INSERT OR IGNORE INTO deleted_exams VALUES (?)", (seq,))  # out of every list
    if db.execute(UNUSED, (film,)).fetchone() is not None:
        db.execute("INSERT OR IGNORE INTO films_to_remove VALUES (?)", (film,))


def _values(due: Due) -> dict[str, str | int]:
    deleted, made = due.deleted_before, due.made_before
    return {
        "deleted": NEVER if deleted is None else time_text(deleted),
        "made": NEVER if made is None else time_text(made),
    }
