"""One contract for finding a patient's exams, held by the fake and by the database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cxr_desktop.domain.ports import HistoryStore
from cxr_desktop.domain.priors import PatientExamStore
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.priors import SqlitePatientExams
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryHistory, MemoryPatientExams

Stores = tuple[HistoryStore, PatientExamStore]


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        history = MemoryHistory()
        return history, MemoryPatientExams(history)
    database: Database = request.getfixturevalue("database")
    return SqliteHistory(database), SqlitePatientExams(database)


def test_exams_of_exactly_this_id_come_newest_first(stores: Stores) -> None:
    history, patients = stores
    for number, patient_id in enumerate(("P-1", "P-1", "P-12", "p-1", "P-1 ")):
        record = an_exam(f"e{number}", patient_id=patient_id, time=NOON + timedelta(days=number))
        history.add_all([(record, an_event())])
    assert [one.exam_id for one in patients.of_patient("P-1", limit=9)] == ["e4", "e1", "e0"]
    assert [one.exam_id for one in patients.of_patient("P-1", limit=2)] == ["e4", "e1"]
    assert patients.of_patient("P-", limit=9) == []


def test_everything_that_tells_whose_film_it_is_comes_back(stores: Stores) -> None:
    history, patients = stores
    record = an_exam("e1")
    study = replace(record.study, patient_id_issuer="Ward 3")
    record = replace(record, study=study)
    history.add_all([(record, an_event())])
    (found,) = patients.of_patient("P-1", limit=9)
    assert (found.time, found.user, found.film_sha256) == (
        record.time,
        record.user,
        record.film.sha256,
    )
    for name in ("patient_name", "patient_id_issuer", "birth_date", "study_date", "view_position"):
        assert getattr(found, name) == getattr(study, name)
    assert history.get("e1").study == study
