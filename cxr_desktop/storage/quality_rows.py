"""Exams counted for the reports on quality: the database counts, so that a million take seconds."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.drift import BINS
from cxr_desktop.domain.quality_rows import OPPOSITE, Contradicted, QualityCount, ScoreCount
from cxr_desktop.domain.review import ReviewKind
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import NOT_DELETED
from cxr_desktop.storage.exam_rows import Row
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.said_of_exam import IS_SIGNED, of_latest_review
from cxr_desktop.storage.times import time_of, time_text

# Along the time, which is nearly the order of storing: pages are read one after the other.
OF_THAT_TIME = f"FROM exams INDEXED BY exams_by_time WHERE time >= ? AND time < ? AND {NOT_DELETED}"
READER = of_latest_review("reviews.verdict")
YEARS_BY_DATES = (
    "CASE WHEN study_date >= birth_date THEN substr(study_date, 1, 4) - substr(birth_date, 1, 4)"
    " - (substr(study_date, 6) < substr(birth_date, 6)) END"
)
COUNTS = f"""
SELECT model_id, model_version, verdict, {READER} AS reader, sex, age,
    {YEARS_BY_DATES} AS years_by_dates, view_position, manufacturer, count(*) AS exams,
    {IS_SIGNED} AS signed
{OF_THAT_TIME}
GROUP BY model_id, model_version, verdict, reader, sex, age, years_by_dates, view_position,
    manufacturer, signed
"""
MILLISECONDS = f"SELECT read_ms + prepare_ms + infer_ms {OF_THAT_TIME}"
READINGS = f"""
SELECT kind, opened, reviews.time FROM reviews JOIN (SELECT seq AS number {OF_THAT_TIME})
    ON exam_seq = number
WHERE opened IS NOT NULL AND kind IN ('{ReviewKind.FIRST}', '{ReviewKind.REVIEW}')
"""  # noqa: S608 - our own words
CONTRADICTED = f"""
SELECT exam_id, time, probability, {IS_SIGNED} {OF_THAT_TIME} AND verdict = ? AND {READER} = ?
ORDER BY time, seq LIMIT ?
"""
SCORES = f"""
SELECT model_id, model_version, manufacturer, min(probability) AS lowest, count(*) AS films,
    max(time) AS last, max(seq) AS number
{OF_THAT_TIME}
GROUP BY model_id, model_version, manufacturer,
    min(CAST(probability * {BINS} AS INTEGER), {BINS - 1})
ORDER BY last, number
"""


class SqliteQualityRows:
    """The `QualityRows` of a database. Every question may raise `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, since: datetime, before: datetime) -> Sequence[QualityCount]:
        """Count what is alike."""
        with self._database.read() as db:
            return [_count(row) for row in db.query(COUNTS, _time(since, before))]

    def milliseconds(self, since: datetime, before: datetime) -> array[float]:
        """Return what every exam took."""
        with self._database.read() as db:
            return array("d", (row[0] for row in db.execute(MILLISECONDS, _time(since, before))))

    def reading_seconds(self, since: datetime, before: datetime) -> Sequence[tuple[bool, float]]:
        """Return them."""
        with self._database.read() as db, damage():
            return [
                (kind == ReviewKind.FIRST, (time_of(saved) - time_of(opened)).total_seconds())
                for kind, opened, saved in db.execute(READINGS, _time(since, before))
            ]

    def contradicted(
        self, since: datetime, before: datetime, said: Verdict, limit: int
    ) -> Sequence[Contradicted]:
        """Return the first of them, in the order of their time."""
        values = (*_time(since, before), said.value, OPPOSITE[said].value, limit)
        with self._database.read() as db, damage():
            return [
                Contradicted(exam_id, time_of(time), probability, bool(signed))
                for exam_id, time, probability, signed in db.execute(CONTRADICTED, values)
            ]

    def scores(self, since: datetime, before: datetime) -> Sequence[ScoreCount]:
        """Count films by model, maker and tenth."""
        with self._database.read() as db:
            return [
                ScoreCount(_model(row), row["manufacturer"], row["lowest"], row["films"])
                for row in db.query(SCORES, _time(since, before))
            ]


def _time(since: datetime, before: datetime) -> tuple[str, str]:
    return time_text(since), time_text(before)


def _model(row: Row) -> str:
    return f"{row['model_id']} {row['model_version']}".strip()


def _count(row: Row) -> QualityCount:
    with damage():
        return QualityCount(
            model=_model(row),
            verdict=Verdict(row["verdict"]),
            reader=None if row["reader"] is None else Verdict(row["reader"]),
            sex=row["sex"],
            age=row["age"],
            years_by_dates=row["years_by_dates"],
            view_position=row["view_position"],
            manufacturer=row["manufacturer"],
            exams=row["exams"],
            signed=bool(row["signed"]),
        )
