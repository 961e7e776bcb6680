"""One contract for chosen operating points, held by the fake and by the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.site_points import SitePoints, SitePointsStore
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.site_points import SqliteSitePoints
from tests.support.examples import NOON, an_event
from tests.support.fakes import MemoryAudit, MemorySitePoints

MODEL = ModelRef("tiny", "1.0", "a" * 64)
CHOICE = SitePoints(NOON, "rad", MODEL, OperatingPoints(0.123456789, 0.75), 20, 10, 300, 400, 7)
EVENT = an_event(AuditAction.OPERATING_POINTS_CHOSEN)


@dataclass
class Stores:
    points: SitePointsStore
    audit: AuditLog


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        audit = MemoryAudit()
        return Stores(MemorySitePoints(audit), audit)
    database: Database = request.getfixturevalue("database")
    return Stores(SqliteSitePoints(database), SqliteAuditLog(database))


def test_nothing_is_chosen_at_first(stores: Stores) -> None:
    assert list(stores.points.all()) == []


def test_every_choice_comes_back_as_it_was_the_latest_first(stores: Stores) -> None:
    back = replace(CHOICE, time=NOON + timedelta(days=1), points=None)
    stores.points.add(CHOICE, EVENT)
    stores.points.add(back, EVENT)
    assert list(stores.points.all()) == [back, CHOICE]
    assert [event.action for event in stores.audit.events()] == [EVENT.action] * 2


def test_a_choice_can_neither_be_changed_nor_deleted(database: Database) -> None:
    SqliteSitePoints(database).add(CHOICE, EVENT)
    for statement in ("UPDATE site_points SET missed = 0", "DELETE FROM site_points"):
        with pytest.raises(sqlite.IntegrityError, match="written once"), database.write() as db:
            db.execute(statement)
