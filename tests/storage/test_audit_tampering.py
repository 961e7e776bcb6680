"""Whoever can write the file can take the triggers away; the chain still shows what they did."""

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from tests.support.examples import an_event, an_exam
from tests.support.locked import from_outside

EVENTS = 9

DEEDS = (
    "UPDATE audit SET user = 'bilal' WHERE seq = 4",
    "UPDATE audit SET action = 'sign_out' WHERE seq = 4",
    "UPDATE audit SET action = 'never_heard_of' WHERE seq = 4",
    "UPDATE audit SET time = '2026-03-01T12:00:00.000001+00:00' WHERE seq = 1",
    "UPDATE audit SET time = '2026-03-01T12:00:00+00:00' WHERE seq = 1",
    "UPDATE audit SET time = 'yesterday' WHERE seq = 1",
    "UPDATE audit SET subject = '' WHERE seq = 9",
    'UPDATE audit SET detail = \'{"n": "4"}\' WHERE seq = 5',
    "UPDATE audit SET detail = '{}' WHERE seq = 5",
    "UPDATE audit SET detail = '[1]' WHERE seq = 5",
    "UPDATE audit SET detail = '{' WHERE seq = 5",
    "UPDATE audit SET hash = upper(hash) WHERE seq = 5",
    "UPDATE audit SET hash = 'x' WHERE seq = 5",
    "UPDATE audit SET seq = 100 WHERE seq = 9",
    "UPDATE audit SET seq = -seq WHERE seq = 1",
    "DELETE FROM audit WHERE seq = 1",
    "DELETE FROM audit WHERE seq = 5",
    "DELETE FROM audit WHERE seq = 9",
    "DELETE FROM audit WHERE seq > 3",
    "DELETE FROM audit",
    "INSERT INTO audit SELECT 10, action, user, time, subject, detail, 'x' FROM audit LIMIT 1",
    "UPDATE audit_head SET events = 8",
    "UPDATE audit_head SET hash = 'x'",
    "DELETE FROM audit_head",
)


def tamper(database: Database, *statements: str) -> None:
    with from_outside(database.path) as outside:
        for statement in statements:
            outside.execute(statement)


@pytest.fixture
def audit(database: Database) -> SqliteAuditLog:
    log = SqliteAuditLog(database)
    for number in range(EVENTS):
        log.append(an_event(subject=f"s{number}", n=str(number)))
    assert log.verify() == EVENTS
    return log


@pytest.mark.parametrize("deed", DEEDS)
def test_tampering_is_found(database: Database, audit: SqliteAuditLog, deed: str) -> None:
    tamper(database, deed)
    with pytest.raises(StorageUnavailable, match="changed from outside"):
        audit.verify()


def test_two_events_that_changed_places_are_found(
    database: Database, audit: SqliteAuditLog
) -> None:
    tamper(
        database,
        "UPDATE audit SET seq = 100 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 6",
        "UPDATE audit SET seq = 6 WHERE seq = 100",
    )
    with pytest.raises(StorageUnavailable, match="Event 3"):
        audit.verify()


def test_a_cut_off_end_with_a_forged_head_is_found_where_it_held_an_exam(
    database: Database, audit: SqliteAuditLog
) -> None:
    SqliteHistory(database).add_all([(an_exam(), an_event(subject="e1"))])
    tamper(
        database,
        "DELETE FROM audit WHERE seq = 10",
        "UPDATE audit_head SET events = 9, hash = (SELECT hash FROM audit WHERE seq = 9)",
    )
    with pytest.raises(StorageUnavailable, match="stored exam"):
        audit.verify()


def test_a_name_that_is_no_text_is_still_written(audit: SqliteAuditLog) -> None:
    audit.append(an_event(subject="caf\udce9.png", file="\udcff"))
    assert audit.verify() == EVENTS + 1
    assert audit.events()[0].subject == "caf\\udce9.png"
