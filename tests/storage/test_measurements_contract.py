"""One contract for measurements, held by the fake and by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.measurement import (
    Measurement,
    MeasurementKind,
    MeasurementSet,
    MeasurementStore,
)
from cxr_desktop.domain.ports import AuditLog, HistoryStore
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.measurements import SqliteMeasurements
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryAudit, MemoryHistory, MemoryMeasurements

CALIBRATION = Measurement(MeasurementKind.CALIBRATION, ((0.0, 1.5), (9.0, 1.5)), 62.5)
ANGLE = Measurement(MeasurementKind.ANGLE, ((1.5, 2.25), (3.0, 0.1), (0.0, 7.0)))


@dataclass
class Stores:
    """The three that work together."""

    history: HistoryStore
    measurements: MeasurementStore
    audit: AuditLog


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        audit = MemoryAudit()
        history = MemoryHistory(audit)
        made = Stores(history, MemoryMeasurements(history), audit)
    else:
        database: Database = request.getfixturevalue("database")
        made = Stores(
            SqliteHistory(database), SqliteMeasurements(database), SqliteAuditLog(database)
        )
    made.history.add_all([(an_exam("a"), an_event())])
    made.history.add_all([(an_exam("b"), an_event())])
    return made


def a_set(exam_id: str, *measurements: Measurement, minutes: int = 0) -> MeasurementSet:
    return MeasurementSet(exam_id, "rad", NOON + timedelta(minutes=minutes), measurements)


def test_the_latest_set_comes_back_exactly_and_of_its_exam_only(stores: Stores) -> None:
    event = an_event(AuditAction.EXAM_MEASURED, subject="a")
    last = a_set("a", ANGLE, CALIBRATION, minutes=1)
    stores.measurements.add(a_set("a", ANGLE, ANGLE), event)
    stores.measurements.add(last, event)
    assert stores.measurements.latest("a") == last
    assert stores.measurements.latest("b") is None
    assert stores.measurements.latest("nowhere") is None
    assert stores.audit.verify() == 4


def test_an_unknown_exam_keeps_neither_set_nor_event(stores: Stores) -> None:
    with pytest.raises(InvalidRequest):
        stores.measurements.add(a_set("nowhere", ANGLE), an_event(AuditAction.EXAM_MEASURED))
    assert stores.audit.verify() == 2


def test_a_set_is_never_changed_or_taken_away(database: Database) -> None:
    SqliteHistory(database).add_all([(an_exam("a"), an_event())])
    SqliteMeasurements(database).add(a_set("a", ANGLE), an_event(AuditAction.EXAM_MEASURED))
    for statement in ("UPDATE exam_measurements SET user = 'x'", "DELETE FROM exam_measurements"):
        with pytest.raises(sqlite3.IntegrityError, match="written once"), database.write() as db:
            db.execute(statement)


def test_the_log_of_a_copy_from_before_there_were_measurements_can_be_checked(
    database: Database,
) -> None:
    SqliteHistory(database).add_all([(an_exam("a"), an_event())])
    with database.write() as db:
        db.execute("DROP TABLE exam_measurements")
    assert SqliteAuditLog(database).verify() == 1
