"""Exams for the reports on quality, page by page in the order of their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.quality_rows import QualityRow
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import NOT_DELETED
from cxr_desktop.storage.exam_rows import Row
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.times import day_of, time_of, time_text

PAGE = f"""
SELECT exams.seq AS number, exam_id, time, model_id, model_version, verdict, probability,
    sex, age, birth_date, study_date, view_position, manufacturer,
    read_ms + prepare_ms + infer_ms AS milliseconds,
    (SELECT reviews.verdict FROM reviews WHERE reviews.exam_seq = exams.seq
     ORDER BY reviews.seq DESC LIMIT 1) AS reader
FROM exams INDEXED BY exams_by_time
WHERE time >= ? AND time < ? AND (time, seq) > (?, ?)
    AND {NOT_DELETED}
ORDER BY time, seq LIMIT ?
"""  # noqa: S608 - our own names


class SqliteQualityRows:
    """The `QualityRows` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, since: datetime, before: datetime, after: QualityRow | None, limit: int
    ) -> Sequence[QualityRow]:
        """Return the next rows. Raises `StorageUnavailable`."""
        last = ("", 0) if after is None else (time_text(after.time), after.number)
        values = (time_text(since), time_text(before), *last, limit)
        with self._database.read() as db:
            return [_row(row) for row in db.query(PAGE, values)]


def _row(row: Row) -> QualityRow:
    with damage():
        return QualityRow(
            number=row["number"],
            exam_id=row["exam_id"],
            time=time_of(row["time"]),
            model=f"{row['model_id']} {row['model_version']}".strip(),
            verdict=Verdict(row["verdict"]),
            probability=row["probability"],
            reader=None if row["reader"] is None else Verdict(row["reader"]),
            sex=row["sex"],
            age=row["age"],
            birth_date=day_of(row["birth_date"]),
            study_date=day_of(row["study_date"]),
            view_position=row["view_position"],
            manufacturer=row["manufacturer"],
            milliseconds=row["milliseconds"],
        )
