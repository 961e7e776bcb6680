"""One contract for the audit log, held by the fake and by the database."""

from datetime import timedelta, timezone

import pytest

from cxr_desktop.domain.audit import AuditAction, AuditQuery
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


def several(audit: AuditLog) -> None:
    for number in range(6):
        audit.append(
            an_event(
                AuditAction.SIGN_IN if number % 2 else AuditAction.EXAM_VIEWED,
                user="Amina" if number < 4 else "bilal",
                subject=str(number),
                time=NOON + timedelta(days=number),
            )
        )


def subjects(audit: AuditLog, query: AuditQuery) -> list[str]:
    return [entry.event.subject for entry in audit.search(query)]


def test_rows_are_found_by_action_user_and_day(audit: AuditLog) -> None:
    several(audit)
    assert subjects(audit, AuditQuery()) == ["5", "4", "3", "2", "1", "0"]
    assert subjects(audit, AuditQuery(action=AuditAction.SIGN_IN)) == ["5", "3", "1"]
    assert subjects(audit, AuditQuery(user=" amina ")) == ["3", "2", "1", "0"]
    day = AuditQuery(since=NOON + timedelta(days=1), before=NOON + timedelta(days=3))
    assert subjects(audit, day) == ["2", "1"]
    both = AuditQuery(action=AuditAction.SIGN_IN, user="BILAL")
    assert subjects(audit, both) == ["5"]
    assert subjects(audit, AuditQuery(user="nobody")) == []


def test_a_list_goes_on_below_a_number_whatever_is_added_meanwhile(audit: AuditLog) -> None:
    several(audit)
    first = audit.search(AuditQuery(limit=4))
    audit.append(an_event(subject="new"))
    rest = audit.search(AuditQuery(below=first[-1].number, limit=4))
    assert [e.event.subject for e in (*first, *rest)] == ["5", "4", "3", "2", "1", "0"]


def test_a_row_has_its_number_its_hash_and_a_seal(audit: AuditLog) -> None:
    several(audit)
    entry = audit.entry(3)
    assert entry is not None
    assert (entry.number, entry.event.subject) == (3, "2")
    assert entry in audit.search(AuditQuery())
    assert entry.seal == f"3-{entry.hash[:16]}"
    assert audit.entry(7) is None
