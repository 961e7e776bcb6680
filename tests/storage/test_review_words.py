"""A database of reviews from before their words were sorted by exam."""

from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction, AuditQuery
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.storage.audit import SqliteAuditLog, append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.reviews import ADD, SqliteReviews
from tests.support.examples import NOON, an_event, an_exam
from tests.support.old_exams import insert_old_exam

BEFORE = next(
    place for place, step in enumerate(MIGRATIONS) if step.__name__ == "m0020_search_a_million"
)


def with_reviews(path: Path, *texts: str) -> Database:
    """An old database of two exams, the second with these reviews."""
    old = Database.open(path, migrations=MIGRATIONS[:BEFORE])
    with old.write() as db:
        for name in ("e1", "e2"):
            record = an_exam(name, patient_name=f"Doe^{name}", film=name.encode())
            insert_old_exam(db, record)
        for text in texts:
            seq = append_event(db, an_event(AuditAction.EXAM_REVIEWED, subject="e2"))
            row = (2, seq, NOON.isoformat(), "rad", "normal", "agree", text, "review", None, None)
            number = db.execute(ADD, row).lastrowid
            db.execute(
                "INSERT INTO reviews_search (rowid, exam, review) VALUES (?, '', '')", (number,)
            )
        append_event(db, an_event(AuditAction.FILM_REFUSED, code="damaged"))
    return Database.open(path)


@pytest.mark.parametrize(
    ("text", "exams"),
    [
        ("eff", ["e2"]),
        ("nod", ["e2"]),
        ("doe effu", ["e2"]),
        ("e1 effu", []),
        ("doe", ["e2", "e1"]),
    ],
)
def test_what_readers_said_before_is_found(tmp_path: Path, text: str, exams: list[str]) -> None:
    database = with_reviews(tmp_path / "old.sqlite3", "small effusion", "no nodule")
    page = SqliteHistory(database).search(HistoryQuery(text=text))
    assert [row.exam_id for row in page.rows] == exams


def test_a_review_that_follows_is_found_beside_those_of_before(tmp_path: Path) -> None:
    database = with_reviews(tmp_path / "old.sqlite3", "small effusion")
    said = Review("e2", "rad", NOON, Verdict.NORMAL, Agreement.AGREE, "fracture")
    SqliteReviews(database).add(said, an_event(AuditAction.EXAM_REVIEWED))
    history = SqliteHistory(database)
    for word in ("effusion", "fracture", "doe frac"):
        assert history.search(HistoryQuery(text=word)).total == 1


def test_refused_films_are_found_without_reading_the_whole_log(tmp_path: Path) -> None:
    database = with_reviews(tmp_path / "old.sqlite3")
    (entry,) = SqliteAuditLog(database).search(AuditQuery(AuditAction.FILM_REFUSED, since=NOON))
    assert entry.event.detail == {"code": "damaged"}
    with database.read() as db:
        plan = db.execute(
            "EXPLAIN QUERY PLAN SELECT seq FROM audit WHERE action = 'film_refused'"
            " AND time >= '2026' ORDER BY seq DESC LIMIT 9"
        ).fetchall()
    assert "audit_refused" in str(plan)


def test_a_review_with_the_mark_in_it_stays_text(database: Database) -> None:
    history = SqliteHistory(database)
    history.add_all([(an_exam(), an_event())])
    said = Review("e1", "rad", NOON, Verdict.NORMAL, Agreement.AGREE, "ʘ lung")
    SqliteReviews(database).add(said, an_event(AuditAction.EXAM_REVIEWED))
    assert history.search(HistoryQuery(text="lung")).total == 1
    assert history.search(HistoryQuery(text="ʘlu")).total <= 1
