"""One contract for the audit log, held by the fake and by the database."""

from datetime import timedelta, timezone

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from tests.support.examples import NOON, an_event
from tests.support.fakes import MemoryAudit


@pytest.fixture(params=["memory", "sqlite"])
def audit(request: pytest.FixtureRequest) -> AuditLog:
    if request.param == "memory":
        return MemoryAudit()
    database: Database = request.getfixturevalue("database")
    return SqliteAuditLog(database)


def test_an_empty_log_is_sound(audit: AuditLog) -> None:
    assert audit.verify() == 0
    assert list(audit.events()) == []


@pytest.mark.parametrize("action", list(AuditAction))
def test_an_event_comes_back_as_it_was_written(audit: AuditLog, action: AuditAction) -> None:
    event = an_event(action, subject="süb\nject", time=NOON, group="Ärzte", b="“2”", a="")
    audit.append(event)
    assert list(audit.events()) == [event]
    assert audit.verify() == 1


def test_the_newest_events_come_first(audit: AuditLog) -> None:
    for number in range(5):
        audit.append(an_event(subject=str(number)))
    assert [event.subject for event in audit.events(limit=3)] == ["4", "3", "2"]
    assert list(audit.events(limit=0)) == []
    assert audit.verify() == 5


def test_an_event_of_another_zone_is_the_same_moment(audit: AuditLog) -> None:
    time = NOON.astimezone(timezone(timedelta(hours=-3)))
    audit.append(an_event(time=time))
    assert audit.events()[0].time == time
    assert audit.verify() == 1
