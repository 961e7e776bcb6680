"""One contract for deleted exams, held by the fake and by the database."""

import sqlite3
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.deletion import Deletion, DeletionStore
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import HistoryStore
from cxr_desktop.domain.priors import PatientExamStore
from cxr_desktop.domain.quality_rows import QualityRows
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import SqliteDeletions
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.priors import SqlitePatientExams
from cxr_desktop.storage.quality_rows import SqliteQualityRows
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import (
    MemoryDeletions,
    MemoryHistory,
    MemoryPatientExams,
    MemoryQualityRows,
)

Stores = tuple[HistoryStore, DeletionStore, PatientExamStore, QualityRows]
GONE = Deletion("e1", "admin", NOON, "the wrong patient")
BACK = Deletion("e1", "admin", NOON + timedelta(hours=1), "it was right", brought_back=True)


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    made: Stores
    if request.param == "memory":
        history = MemoryHistory()
        made = (
            history,
            MemoryDeletions(history),
            MemoryPatientExams(history),
            MemoryQualityRows(history),
        )
    else:
        database: Database = request.getfixturevalue("database")
        made = (
            SqliteHistory(database),
            SqliteDeletions(database),
            SqlitePatientExams(database),
            SqliteQualityRows(database),
        )
    for number in range(3):
        time = NOON + timedelta(minutes=number)
        made[0].add_all([(an_exam(f"e{number}", patient_id="P-1", time=time), an_event())])
    return made


def listed(history: HistoryStore, **asked: object) -> tuple[list[str], int]:
    page = history.search(HistoryQuery(descending=False, **asked))  # type: ignore[arg-type]  # checked by the call
    return [row.exam_id for row in page.rows], page.total


QUERIES: tuple[dict[str, object], ...] = ({}, {"text": "p-1"}, {"reviewed": False})


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_deleted_exam_is_in_no_list_but_that_of_the_deleted(
    stores: Stores, query: dict[str, object]
) -> None:
    history, deletions, _, _ = stores
    deletions.note(GONE, an_event())
    assert listed(history, **query) == (["e0", "e2"], 2)
    assert listed(history, deleted=True, **query) == (["e1"], 1)
    assert history.deletion("e1") == GONE
    assert history.deletion("e0") is None


def test_it_is_no_prior_and_counts_in_no_figure(stores: Stores) -> None:
    _, deletions, patients, rows = stores
    deletions.note(GONE, an_event())
    assert [one.exam_id for one in patients.of_patient("P-1", limit=9)] == ["e2", "e0"]
    day = NOON, NOON + timedelta(days=1)
    assert sum(count.exams for count in rows.counts(*day)) == 2
    assert sum(count.films for count in rows.scores(*day)) == 2
    assert len(rows.milliseconds(*day)) == 2


def test_brought_back_it_is_as_it_was(stores: Stores) -> None:
    history, deletions, patients, _ = stores
    before = history.get("e1")
    deletions.note(GONE, an_event())
    deletions.note(BACK, an_event())
    assert listed(history) == (["e0", "e1", "e2"], 3)
    assert listed(history, deleted=True) == ([], 0)
    assert history.deletion("e1") is None
    assert history.get("e1").assessment.scores == before.assessment.scores
    assert len(patients.of_patient("P-1", limit=9)) == 3


@pytest.mark.parametrize("deletions_before", [(GONE,), (GONE, BACK)], ids=["gone", "back"])
def test_nothing_is_deleted_or_brought_back_twice(
    stores: Stores, deletions_before: tuple[Deletion, ...]
) -> None:
    for one in deletions_before:
        stores[1].note(one, an_event())
    with pytest.raises(InvalidRequest):
        stores[1].note(deletions_before[-1], an_event())


def test_an_unknown_exam_cannot_be_deleted(stores: Stores) -> None:
    with pytest.raises(InvalidRequest):
        stores[1].note(Deletion("nobody", "admin", NOON, "by mistake"), an_event())


@pytest.mark.parametrize("deed", ["UPDATE deletions SET reason = 'x'", "DELETE FROM deletions"])
def test_who_deleted_what_and_why_is_written_once(database: Database, deed: str) -> None:
    SqliteHistory(database).add_all([(an_exam("e1"), an_event())])
    SqliteDeletions(database).note(GONE, an_event())
    with pytest.raises((sqlite.Error, sqlite3.Error)), database.write() as db:
        db.execute(deed)
