"""Exams as the reports on quality need them: light, without any patient's name or number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cxr_desktop.domain.assessment import Verdict

AGE = re.compile(r"(\d{3})([DWMY])")
PER_YEAR = {"D": 365, "W": 52, "M": 12, "Y": 1}


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One exam; `number` orders rows of one moment, `reader` is the latest review's verdict.

    `milliseconds` is what reading, preparing and answering took.
    """

    number: int
    exam_id: str
    time: datetime
    model: str
    verdict: Verdict
    probability: float
    reader: Verdict | None
    sex: str
    age: str
    birth_date: date | None
    study_date: date | None
    view_position: str
    manufacturer: str
    milliseconds: float

    @property
    def years(self) -> int | None:
        """The age in whole years, from its tag or the dates; None when unknown."""
        stated = AGE.fullmatch(self.age)
        if stated is not None:
            return int(stated[1]) // PER_YEAR[stated[2]]
        born, taken = self.birth_date, self.study_date
        if born is None or taken is None or taken < born:
            return None
        return taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))


class QualityRows(Protocol):
    """Reads exams in the order of their time."""

    def page(
        self, since: datetime, before: datetime, after: QualityRow | None, limit: int
    ) -> Sequence[QualityRow]:
        """Return the next rows of that time, `since` included, `before` not."""
        ...
