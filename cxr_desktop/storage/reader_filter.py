"""What readers said and signed, as conditions over `exams`.

Few exams that fit are looked up from a list of them; where many fit, each exam of a page is asked
instead, since collecting half a million only to show the first is what takes long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.said_of_exam import IS_SIGNED, SIGNED, of_latest_review

MANY = 5000
Values = dict[str, str | int | float]
ANY_REVIEW = "EXISTS (SELECT 1 FROM reviews WHERE exam_seq = exams.seq)"


@dataclass(frozen=True, slots=True)
class Said:
    """The same condition twice: `rows` of the exams that fit, and `each` for one exam."""

    rows: str
    each: str

    def condition(self, db: sqlite_utils.Database, values: Values) -> str:
        """Return the quicker of the two."""
        counted = f"SELECT count(*) FROM ({self.rows} LIMIT {MANY})"  # noqa: S608 - our own names
        many = db.execute(counted, values).fetchone()[0] == MANY
        return self.each if many else f"seq IN ({self.rows})"


AGREEMENT = Said(
    "SELECT exam_seq FROM reviews AS this WHERE agreement = :agreement AND NOT EXISTS"
    " (SELECT 1 FROM reviews WHERE exam_seq = this.exam_seq AND seq > this.seq)",
    f":agreement = {of_latest_review('agreement')}",
)
READ_BY = Said(
    "SELECT exam_seq FROM reviews WHERE user = :read_by",
    "EXISTS (SELECT 1 FROM reviews WHERE user = :read_by AND exam_seq = exams.seq)",
)
SIGNATURE = Said(SIGNED, IS_SIGNED)


def of_readers(db: sqlite_utils.Database, query: HistoryQuery) -> Iterator[tuple[str, Values]]:
    """Yield (condition, its values) for all that is asked of readers."""
    if query.reviewed is not None:
        yield ANY_REVIEW if query.reviewed else f"NOT {ANY_REVIEW}", {}
    if query.agreement is not None:
        agreement: Values = {"agreement": query.agreement.value}
        yield AGREEMENT.condition(db, agreement), agreement
    if query.read_by:
        reader: Values = {"read_by": query.read_by}
        yield READ_BY.condition(db, reader), reader
    if query.signed is not None:
        yield SIGNATURE.condition(db, {}) if query.signed else f"NOT {IS_SIGNED}", {}
