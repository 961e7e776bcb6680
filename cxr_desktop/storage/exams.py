"""The History in the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from cxr_desktop.domain.assessment import ModelRef, Verdict
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRecord, HistoryPage, HistoryQuery, SortKey
from cxr_desktop.domain.signing import Signature
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import DELETED, NOT_DELETED, deletion_of
from cxr_desktop.storage.exam_rows import (
    LIST_COLUMNS,
    Row,
    exam_row,
    heat_map_row,
    list_row,
    record_of,
)
from cxr_desktop.storage.search_text import match_expression, review_expression, words
from cxr_desktop.storage.signatures import SIGNED, signature_of
from cxr_desktop.storage.times import first_moment, last_moment, time_text
from cxr_desktop.storage.withheld import (
    IN_REVIEWED_BY_READER,
    REVIEWED_BY_READER,
    TELLING,
    telling,
)

# As the column `zone` counts (migrations.py).
ZONES = {Verdict.NORMAL: 0, Verdict.UNCERTAIN: 1, Verdict.ABNORMAL: 2, Verdict.REFUSED: 3}
REMOVED = "SELECT exam_seq FROM removals"
FEW = 1000
SORT_INDEXES: dict[SortKey, str] = {
    "time": "exams_by_time",
    "patient": "exams_by_patient",
    "verdict": "exams_by_zone",
    "probability": "exams_by_probability",
    "user": "exams_by_user",
}
SORT_COLUMNS: dict[SortKey, tuple[str, ...]] = {
    "time": ("time",),
    "patient": ("patient_key", "time"),
    "verdict": ("zone", "time"),
    "probability": ("probability", "time"),
    "user": ("user", "time"),
}
WITH_WORDS = "SELECT rowid FROM exams_search WHERE exams_search MATCH :match"
SAID_IN_REVIEW = (
    " UNION SELECT exam_seq FROM reviews WHERE seq IN"
    " (SELECT rowid FROM reviews_search WHERE reviews_search MATCH :said){}"
)
PICKED = "SELECT seq FROM exams WHERE exam_id IN (SELECT value FROM json_each(:picked))"
ANY_REVIEW = "SELECT 1 FROM reviews WHERE exam_seq = exams.seq"
LATEST_SAYS = (
    "SELECT exam_seq FROM reviews AS this WHERE agreement = :agreement AND NOT EXISTS"
    " (SELECT 1 FROM reviews WHERE exam_seq = this.exam_seq AND seq > this.seq)"
)
ANSWERED = (
    "SELECT exam_id FROM exams WHERE film_sha256 = ? AND model_id = ? AND model_version = ?"  # noqa: S608 - our own names
    f" AND model_sha256 = ? AND ? IN ('', user) AND {NOT_DELETED}"
    " ORDER BY seq DESC LIMIT 1"
)
ADDENDED = "reviews.audit_seq > (SELECT audit_seq FROM signatures WHERE exam_seq = exams.seq)"
_LATEST = "(SELECT {0} FROM reviews WHERE exam_seq = exams.seq ORDER BY reviews.seq DESC LIMIT 1)"


class SqliteHistory:
    """The `HistoryStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: ExamRecord, event: AuditEvent) -> None:
        """Store exam, map, search words and event in one transaction, on the disk on return.

        Raises `StorageUnavailable`; then nothing of it is stored.
        """
        with self._database.write() as db:
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

    def answered(self, film_sha256: str, model: ModelRef, user: str = "") -> str:
        """Return the latest exam with this model's answer to the film; empty without one."""
        sought = (film_sha256, model.id, model.version, model.sha256, user)
        with self._database.read() as db:
            row = db.execute(ANSWERED, sought).fetchone()
        return str(row[0]) if row else ""

    def search(self, query: HistoryQuery) -> HistoryPage:
        """Return the page asked for; ties are sorted by time, then in the order of storing."""
        way = "DESC" if query.descending else "ASC"
        withheld = bool(query.withheld_from)
        columns = [
            telling(column, withheld=withheld and column in TELLING)
            for column in (*SORT_COLUMNS[query.sort], "seq")
        ]
        order = ", ".join(f"{column} {way}" for column in columns)
        with self._database.read() as db:
            where = _where(query, in_reviews=query.in_reviews and _said(db, query.text))
            gone = where.also(f"seq IN ({DELETED})")
            shown = gone.also(f"seq NOT IN ({REMOVED})")
            deleted = _deleted(db, where, gone)
            total = _total(db, shown) if query.deleted else _total(db, where) - deleted
            if query.deleted:
                where = shown
            elif deleted:
                where = where.also(NOT_DELETED)
            by_index = "match" in where.values and not any("CASE" in column for column in columns)
            way_in = _way_in(query.sort, total) if by_index else ""
            # The page's numbers first, from an index alone: skipping rows then reads no rows.
            statement = (
                f"SELECT {_shown(withheld=withheld)}"  # noqa: S608 - names from this file only
                f" FROM (SELECT seq FROM exams {way_in} {where.text}"
                f" ORDER BY {order} LIMIT :limit OFFSET :offset)"
                f" CROSS JOIN exams USING (seq) ORDER BY {order}"
            )
            page = {"limit": max(query.limit, 0), "offset": max(query.offset, 0)}
            rows = tuple(list_row(row) for row in db.query(statement, where.values | page))
        return HistoryPage(rows, total)

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
    seq = _insert(db, "exams", exam_row(record, audit_seq))
    if record.assessment.heat_map is not None:
        _insert(db, "heat_maps", heat_map_row(seq, record.assessment.heat_map))
    _insert(db, "exams_search", _search_row(seq, record))


def _shown(*, withheld: bool) -> str:
    """Name what a row of the list shows: the exam, the answer, and the latest review."""
    told = {
        "verdict": "verdict",
        "probability": "probability",
        "reader": _LATEST.format("reviews.verdict"),
        "agreement": _LATEST.format("reviews.agreement"),
        "addended": _LATEST.format(ADDENDED),
    }
    columns = (f"{telling(what, withheld=withheld)} AS {name}" for name, what in told.items())
    return ", ".join((LIST_COLUMNS, *columns))


@dataclass(frozen=True, slots=True)
class _Where:
    """A WHERE clause (or nothing) over `exams`, and its values; `match` when it is all of it."""

    text: str
    values: dict[str, str | int]
    match_only: bool

    def also(self, condition: str) -> _Where:
        """Return the clause with one more condition."""
        text = f"{self.text} AND {condition}" if self.text else f"WHERE {condition}"
        return _Where(text, self.values, match_only=False)


def _said(db: sqlite_utils.Database, text: str) -> bool:
    """Whether any review has the words; most searches are for a patient and need not look."""
    match = review_expression(text)
    found = "SELECT 1 FROM reviews_search WHERE reviews_search MATCH ? LIMIT 1"
    return bool(match) and db.execute(found, (match,)).fetchone() is not None


def _where(query: HistoryQuery, *, in_reviews: bool) -> _Where:
    conditions: list[str] = []
    values: dict[str, str | int] = {}
    match = match_expression(query.text)
    if query.withheld_from:
        values["reader"] = query.withheld_from
        if query.verdict is not None or query.agreement is not None:
            conditions.append(REVIEWED_BY_READER)
    if match:
        said = SAID_IN_REVIEW.format(IN_REVIEWED_BY_READER if query.withheld_from else "")
        conditions.append(f"seq IN ({WITH_WORDS}{said if in_reviews else ''})")
        values["match"] = match
    if match and in_reviews:
        values["said"] = review_expression(query.text)
    conditions += _of_readers(query)
    if query.agreement is not None:
        values["agreement"] = query.agreement.value
    if query.verdict is not None:
        conditions.append("zone = :zone")
        values["zone"] = ZONES[query.verdict]
    if query.user:
        conditions.append("user = :user")
        values["user"] = query.user
    for condition, name, value in _bounds(query):
        conditions.append(condition)
        values[name] = value
    text = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    plain = bool(match) and not in_reviews
    return _Where(text, values, match_only=plain and len(conditions) == 1)


def _of_readers(query: HistoryQuery) -> Iterator[str]:
    """Yield the conditions on what readers said and signed; `agreement` is a value of one."""
    if query.reviewed is not None:
        yield f"{'' if query.reviewed else 'NOT '}EXISTS ({ANY_REVIEW})"
    if query.agreement is not None:
        yield f"seq IN ({LATEST_SAYS})"
    if query.signed is not None:
        yield f"seq {'' if query.signed else 'NOT '}IN ({SIGNED})"


def _bounds(query: HistoryQuery) -> Iterator[tuple[str, str, str]]:
    """Yield (condition, name of its value, value) for picked exams and every bound in time."""
    if query.exam_ids is not None:
        yield f"seq IN ({PICKED})", "picked", json.dumps(query.exam_ids)
    if query.first_day is not None:
        yield "time >= :first", "first", first_moment(query.first_day)
    if query.last_day is not None:
        yield "time <= :last", "last", last_moment(query.last_day)
    if query.since is not None:
        yield "time >= :since", "since", time_text(query.since)
    if query.before is not None:
        yield "time < :before", "before", time_text(query.before)


def _total(db: sqlite_utils.Database, where: _Where) -> int:
    source = (
        "exams_search WHERE exams_search MATCH :match"
        if where.match_only
        else f"exams {where.text}"
    )
    statement = f"SELECT count(*) FROM {source}"  # noqa: S608 - names from this file only
    return int(db.execute(statement, where.values).fetchone()[0])


def _deleted(db: sqlite_utils.Database, where: _Where, gone: _Where) -> int:
    """Count the deleted exams among those of `where`; `gone` is the same narrowed to them.

    Asked with every letter that is typed: the few deleted ones are looked up, not the many found.
    """
    if db.execute(f"{DELETED} LIMIT 1").fetchone() is None:
        return 0
    if where.match_only:
        found = f"{WITH_WORDS} AND rowid IN ({DELETED})"
        statement = f"SELECT count(*) FROM ({found})"  # noqa: S608 - names from this file only
        return int(db.execute(statement, where.values).fetchone()[0])
    return _total(db, gone)


def _way_in(sort: SortKey, found: int) -> str:
    # Few exams with these words: fetch and sort them. Many: walk along the order asked for and take
    # those that have the words, until the page is full.
    return "NOT INDEXED" if found <= FEW else f"INDEXED BY {SORT_INDEXES[sort]}"


def forget_exam_words(db: sqlite_utils.Database, seq: int) -> None:
    """Take an exam's words out of the search, in the caller's transaction: before they change."""
    names = "patient_name, patient_id, accession_number, file_name"
    texts = db.execute(f"SELECT {names} FROM exams WHERE seq = ?", (seq,)).fetchone()  # noqa: S608 - our own names
    db.execute(
        f"INSERT INTO exams_search (exams_search, rowid, {names}) VALUES ('delete', ?, ?, ?, ?, ?)",  # noqa: S608 - the same
        (seq, *(" ".join(words(text)) for text in texts)),
    )


def _search_row(seq: int, record: ExamRecord) -> Row:
    return {
        "rowid": seq,
        "patient_name": " ".join(words(record.study.patient_name)),
        "patient_id": " ".join(words(record.study.patient_id)),
        "accession_number": " ".join(words(record.study.accession_number)),
        "file_name": " ".join(words(record.film.file_name)),
    }


def _insert(db: sqlite_utils.Database, table: str, row: Row) -> int:
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    return int(db.execute(statement, row).lastrowid or 0)
