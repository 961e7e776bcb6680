"""Operating points that the hospital chose, in the database: rows are only added."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.site_points import SitePoints
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exam_rows import Row
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.times import time_of, time_text

ADD = (
    "INSERT INTO site_points (audit_seq, time, user, model_id, model_version, model_sha256,"
    " normal_below, abnormal_from, miss_one_in, alarm_one_in, abnormal_films, normal_films, missed)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class SqliteSitePoints:
    """The `SitePointsStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, choice: SitePoints, event: AuditEvent) -> None:
        """Store choice and event in one transaction. Raises `StorageUnavailable`."""
        points = choice.points
        with self._database.write() as db:
            row = (
                append_event(db, event),
                time_text(choice.time),
                choice.user,
                choice.model.id,
                choice.model.version,
                choice.model.sha256,
                None if points is None else points.normal_below,
                None if points is None else points.abnormal_from,
                choice.miss_one_in,
                choice.alarm_one_in,
                choice.abnormal_films,
                choice.normal_films,
                choice.missed,
            )
            db.execute(ADD, row)

    def all(self) -> Sequence[SitePoints]:
        """Return every choice, the latest first."""
        with self._database.read() as db:
            return [_choice(row) for row in db.query("SELECT * FROM site_points ORDER BY seq DESC")]


def _choice(row: Row) -> SitePoints:
    with damage():
        low, high = row["normal_below"], row["abnormal_from"]
        return SitePoints(
            time=time_of(row["time"]),
            user=row["user"],
            model=ModelRef(row["model_id"], row["model_version"], row["model_sha256"]),
            points=None if low is None else OperatingPoints(low, high),
            miss_one_in=row["miss_one_in"],
            alarm_one_in=row["alarm_one_in"],
            abnormal_films=row["abnormal_films"],
            normal_films=row["normal_films"],
            missed=row["missed"],
        )
