"""The History in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlite_utils

from cxr_desktop.domain.assessment import ModelRef
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRecord, HistoryPage, HistoryQuery
from cxr_desktop.domain.signing import Signature
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import NOT_DELETED, deletion_of
from cxr_desktop.storage.exam_rows import (
    LIST_COLUMNS,
    Row,
    exam_row,
    heat_map_row,
    list_row,
    record_of,
)
from cxr_desktop.storage.exam_words import TEXTS, add_exam_words
from cxr_desktop.storage.history_lists import KeptLists
from cxr_desktop.storage.history_search import find, get_ready
from cxr_desktop.storage.history_words import KeptWords
from cxr_desktop.storage.said_of_exam import of_latest_review
from cxr_desktop.storage.signatures import signature_of
from cxr_desktop.storage.times import time_text
from cxr_desktop.storage.withheld import telling

ANSWERED = (
    "SELECT exam_id FROM exams WHERE film_sha256 = ? AND model_id = ? AND model_version = ?"  # noqa: S608 - our own names
    f" AND model_sha256 = ? AND ? IN ('', user) AND {NOT_DELETED}"
    " ORDER BY seq DESC LIMIT 1"
)
OF_FILM = (
    "SELECT exam_id FROM exams WHERE film_sha256 = ? AND ? IN ('', user)"  # noqa: S608 - our own names
    f" AND {NOT_DELETED} ORDER BY seq DESC LIMIT 1"
)
ADDENDED = "reviews.audit_seq > (SELECT audit_seq FROM signatures WHERE exam_seq = exams.seq)"


class SqliteHistory:
    """The `HistoryStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lists, self._words = KeptLists(), KeptWords()

    def add_all(self, exams: Sequence[tuple[ExamRecord, AuditEvent]]) -> None:
        """Store exams, maps, search words and events in one transaction, in this order, on the disk
        on return.

        Raises `StorageUnavailable`; then nothing of it is stored.
        """
        with self._database.write() as db:
            for record, event in exams:
                insert_exam(db, record, append_event(db, event))

    def get(self, exam_id: str) -> ExamRecord:
        """Return the exam as it was stored. Raises `InvalidRequest` for an unknown id."""
        with self._database.read() as db:
            exam = next(iter(db.query("SELECT * FROM exams WHERE exam_id = ?", (exam_id,))), None)
            if exam is None:
                raise InvalidRequest(
                    "There is no such exam in the History.", hint="Search for it again."
                )
            maps = db.query("SELECT * FROM heat_maps WHERE exam_seq = ?", (exam["seq"],))
            return record_of(exam, next(iter(maps), None))

    def answered(self, film_sha256: str, model: ModelRef | None, user: str = "") -> str:
        """Return the latest exam with this model's answer to the film; empty without one."""
        of = () if model is None else (model.id, model.version, model.sha256)
        with self._database.read() as db:
            found = db.execute(OF_FILM if model is None else ANSWERED, (film_sha256, *of, user))
            row = found.fetchone()
        return str(row[0]) if row else ""

    def search(self, query: HistoryQuery) -> HistoryPage:
        """Return the page asked for; ties are sorted by time, then in the order of storing.

        Raises `InvalidRequest` where `after` is no exam.
        """
        with self._database.read() as db:
            found = find(db, query, self._lists, self._words)
            shown = (
                f"SELECT seq, {_shown(withheld=bool(query.withheld_from))} FROM exams"  # noqa: S608 - names from this file only
                " WHERE seq IN (SELECT value FROM json_each(:numbers))"
            )
            values = {"numbers": json.dumps(found.numbers), "reader": query.withheld_from}
            rows = {row.pop("seq"): list_row(row) for row in db.query(shown, values)}
        return HistoryPage(tuple(rows[number] for number in found.numbers), found.total)

    def get_ready(self, query: HistoryQuery) -> None:
        """Make the whole list of the question, so that letters typed next are answered at once."""
        with self._database.read() as db:
            get_ready(db, query, self._lists, self._words)

    def forget_lists(self) -> None:
        """Hold no list any more, and no words."""
        self._lists.forget()
        self._words.forget()

    def deletion(self, exam_id: str) -> Deletion | None:
        """Return why an exam is deleted now, or None."""
        with self._database.read() as db:
            return deletion_of(db, exam_id)

    def signature(self, exam_id: str) -> Signature | None:
        """Return who signed an exam's report, or None."""
        with self._database.read() as db:
            return signature_of(db, exam_id)


def insert_exam(db: sqlite_utils.Database, record: ExamRecord, audit_seq: int) -> None:
    """Store exam, map and search words in the caller's transaction; `audit_seq` is its event."""
    db.execute(
        "INSERT INTO films SELECT :sha256, :time WHERE NOT EXISTS"
        " (SELECT 1 FROM films WHERE sha256 = :sha256)",
        {"sha256": record.film.sha256, "time": time_text(record.time)},
    )
    row = exam_row(record, audit_seq)
    seq = _insert(db, "exams", row)
    if record.assessment.heat_map is not None:
        _insert(db, "heat_maps", heat_map_row(seq, record.assessment.heat_map))
    add_exam_words(db, seq, [row[name] for name in TEXTS.split(", ")])


def _shown(*, withheld: bool) -> str:
    """Name what a row of the list shows: the exam, the answer, and the latest review."""
    told = {
        "verdict": "verdict",
        "probability": "probability",
        "reader": of_latest_review("reviews.verdict"),
        "agreement": of_latest_review("reviews.agreement"),
        "addended": of_latest_review(ADDENDED),
    }
    columns = (f"{telling(what, withheld=withheld)} AS {name}" for name, what in told.items())
    return ", ".join((LIST_COLUMNS, *columns))


def _insert(db: sqlite_utils.Database, table: str, row: Row) -> int:
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    return int(db.execute(statement, row).lastrowid or 0)
