"""Exams removed for good: nothing of the patient is left, everything else is as it was."""

import hashlib
import os
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.measurement import MeasurementSet
from cxr_desktop.domain.retention import Due
from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.domain.signing import Signature
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import SqliteDeletions
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import JUST_NOW, FilmFolder
from cxr_desktop.storage.measurements import SqliteMeasurements
from cxr_desktop.storage.priors import SqlitePatientExams
from cxr_desktop.storage.retention import SEARCHED, SqliteRetention
from cxr_desktop.storage.reviews import SqliteReviews
from cxr_desktop.storage.signatures import SqliteSignatures
from tests.support.examples import NOON, an_event, an_exam
from tests.support.locked import data_keys

DAY = timedelta(days=1)
PLANTED = "Zorniakow"


def removed(count: int) -> AuditEvent:
    return an_event(AuditAction.EXAMS_REMOVED, exams=str(count))


@pytest.fixture
def filled(database: Database) -> Database:
    """Four exams a day apart; the second is deleted on the fourth day, and full of a name."""
    history = SqliteHistory(database)
    for number in range(4):
        exam = an_exam(
            f"e{number}",
            time=NOON + number * DAY,
            patient_name=f"{PLANTED}^Jan" if number == 1 else "Doe^Jane",
            file_name=f"{PLANTED}.dcm" if number == 1 else "film.dcm",
            film=b"shared" if number in (1, 2) else f"film {number}".encode(),
        )
        history.add_all([(exam, an_event(subject=f"e{number}"))])
        text = f"{PLANTED} has an effusion" if number == 1 else "clear"
        review = Review(f"e{number}", "rad", NOON, Verdict.ABNORMAL, Agreement.AGREE, text)
        SqliteReviews(database).add(review, an_event(AuditAction.EXAM_REVIEWED))
    for exam_id in ("e1", "e2"):
        measured = MeasurementSet(exam_id, "rad", NOON, ())
        SqliteMeasurements(database).add(measured, an_event(AuditAction.EXAM_MEASURED))
    SqliteSignatures(database).sign(
        Signature("e1", "rad", "", NOON, Verdict.ABNORMAL, 1, "ab" * 32), an_event()
    )
    gone = Deletion("e1", "admin", NOON + 3 * DAY, "wrong patient")
    SqliteDeletions(database).note(gone, an_event(AuditAction.EXAM_DELETED))
    return database


def listed(database: Database, **asked: object) -> tuple[list[str], int]:
    page = SqliteHistory(database).search(HistoryQuery(descending=False, **asked))  # type: ignore[arg-type]  # checked by the call
    return [row.exam_id for row in page.rows], page.total


def words_left(database: Database) -> list[str]:
    """Return the tables and indexes that hold the planted name in any value, as bytes or text."""
    found: list[str] = []
    with database.read() as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table in SEARCHED:  # holds nothing but what its own tables hold
                continue
            rows = db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our tables
            part = "iak" if table.startswith("exam_pieces") else "orniakow"
            found += [f"{table}: {row}" for row in rows if part in str(row).casefold()]
    return found


@pytest.mark.parametrize(
    ("due", "gone"),
    [
        (Due(None, None), []),
        (Due(NOON + 3 * DAY, None), []),
        (Due(NOON + 4 * DAY, None), ["e1"]),
        (Due(None, NOON + DAY), ["e0"]),
        (Due(NOON + 9 * DAY, NOON + DAY), ["e0", "e1"]),
        (Due(None, NOON + 9 * DAY), ["e0", "e1", "e2", "e3"]),
    ],
)
def test_the_rule_says_which_exams_go(filled: Database, due: Due, gone: list[str]) -> None:
    store = SqliteRetention(filled)
    assert store.count(due) == len(gone)
    assert store.remove(due, 100, removed) == len(gone)
    assert store.count(due) == 0
    left = {"e0", "e1", "e2", "e3"} - set(gone)
    for exam_id in gone:
        with pytest.raises(InvalidRequest):
            SqliteHistory(filled).get(exam_id)
    ids, total = listed(filled)
    assert (set(ids), total) == (left - {"e1"}, len(left - {"e1"}))
    assert listed(filled, deleted=True) == ((["e1"], 1) if "e1" in left else ([], 0))


def test_nothing_of_the_patient_is_left_in_any_table_or_index(filled: Database) -> None:
    held = {line.partition(":")[0] for line in words_left(filled)}
    assert held >= {"exams", "exam_pieces_data", "reviews"}
    assert listed(filled, text="Zorn", deleted=True)[1] == 1
    SqliteRetention(filled).remove(Due(NOON + 9 * DAY, None), 100, removed)
    SqliteRetention(filled).tidy()
    assert words_left(filled) == []
    for text in ("Zorn", "effusion"):
        assert listed(filled, text=text)[1] == listed(filled, text=text, deleted=True)[1] == 0
    assert listed(filled, text="clear")[1] == 3
    assert SqliteReviews(filled).of("e1") == []
    assert all(one.exam_id != "e1" for one in SqlitePatientExams(filled).of_patient("P-1", limit=9))


def test_what_stays_is_sound_and_exams_go_on_being_stored(filled: Database) -> None:
    SqliteRetention(filled).remove(Due(None, NOON + 9 * DAY), 3, removed)
    SqliteAuditLog(filled).verify()
    with filled.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        kept = db.execute("SELECT exam_id FROM removals ORDER BY exam_seq").fetchall()
        assert [row[0] for row in kept] == ["e0", "e1", "e2"]
        assert db.execute("SELECT count(*) FROM signatures").fetchone()[0] == 1
    SqliteHistory(filled).add_all([(an_exam("new", film=b"shared"), an_event())])
    assert listed(filled)[1] == 2
    event = SqliteAuditLog(filled).events()[1]
    assert (event.action, event.detail) == (AuditAction.EXAMS_REMOVED, {"exams": "3"})


def test_a_film_goes_only_when_no_exam_has_it(filled: Database) -> None:
    store, asked = SqliteRetention(filled), list[str]()

    def forget(sha256: str) -> bool:
        asked.append(sha256)
        return True

    store.remove(Due(NOON + 9 * DAY, None), 100, removed)
    assert store.films() == []  # e2 has the same film
    store.remove(Due(None, NOON + 2 * DAY + timedelta(hours=1)), 100, removed)
    waiting = store.films()
    assert len(waiting) == 2  # that of e0 and the shared one
    SqliteHistory(filled).add_all(
        [(an_exam("again", time=NOON + 5 * DAY, film=b"shared"), an_event())]
    )
    assert sorted(store.release(sha256, forget) for sha256 in waiting) == [False, True]
    assert len(asked) == 1
    assert store.films() == []
    assert SqliteHistory(filled).get("again").film.sha256 in waiting


def test_a_film_that_cannot_go_yet_waits(filled: Database) -> None:
    store = SqliteRetention(filled)
    store.remove(Due(None, NOON + DAY), 100, removed)
    (film,) = store.films()
    assert not store.release(film, lambda _sha256: False)
    assert store.films() == [film]
    assert store.release(film, lambda _sha256: True)
    assert store.films() == []


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE exams SET patient_name = 'x'",
        "DELETE FROM exams",
        "DELETE FROM reviews",
        "DELETE FROM heat_maps",
        "DELETE FROM exam_measurements",
        "DELETE FROM films",
        "DELETE FROM signatures",
        "UPDATE reviews SET text = 'x'",
        "DELETE FROM audit",
        "UPDATE removals SET exam_id = 'x'",
        "DELETE FROM removals",
    ],
)
def test_what_is_not_removed_is_still_written_once(filled: Database, deed: str) -> None:
    SqliteRetention(filled).remove(Due(NOON + 9 * DAY, None), 100, removed)
    with pytest.raises((sqlite.Error, sqlite3.Error, StorageUnavailable)), filled.write() as db:
        db.execute(deed)


def test_a_films_files_are_unlinked_unless_it_was_just_kept(tmp_path: Path) -> None:
    folder = FilmFolder(tmp_path / "films", data_keys)
    film = tmp_path / "film.dcm"
    film.write_bytes(b"a film")
    sha256 = hashlib.sha256(b"a film").hexdigest()
    folder.keep(film, sha256)
    folder.keep_thumbnail(sha256, b"small")
    assert not folder.forget(sha256)
    files = [path for path in (tmp_path / "films").rglob("*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        os.utime(path, (time.time() - JUST_NOW - 1,) * 2)
    folder.keep(film, sha256)  # asked for again: a stored film is touched
    assert not folder.forget(sha256)
    for path in files:
        os.utime(path, (time.time() - JUST_NOW - 1,) * 2)
    assert folder.forget(sha256)
    assert not any(path.is_file() for path in (tmp_path / "films").rglob("*"))
    assert folder.forget(sha256)  # nothing is there any more
