"""Exams as the reports on quality need them: counted, without any patient's name or number."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cxr_desktop.domain.assessment import Verdict

AGE = re.compile(r"(\d{3})([DWMY])")
PER_YEAR = {"D": 365, "W": 52, "M": 12, "Y": 1}
OPPOSITE = {Verdict.NORMAL: Verdict.ABNORMAL, Verdict.ABNORMAL: Verdict.NORMAL}


@dataclass(frozen=True, slots=True)
class QualityCount:
    """How many exams (`exams`) are alike in all of this; `reader` is the latest review's verdict.

    `signed`: somebody signed it. `age` is the tag's text; `years_by_dates` the whole years from
    birth to study, None if unknown.
    """

    model: str
    verdict: Verdict
    reader: Verdict | None
    sex: str
    age: str
    years_by_dates: int | None
    view_position: str
    manufacturer: str
    exams: int
    signed: bool = False

    @property
    def years(self) -> int | None:
        """The age in whole years, from its tag or the dates; None when unknown."""
        stated = AGE.fullmatch(self.age)
        if stated is not None:
            return int(stated[1]) // PER_YEAR[stated[2]]
        return self.years_by_dates


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """How many films of one maker's devices a model gave scores of one tenth.

    `lowest` is the lowest of these scores.
    """

    model: str
    manufacturer: str
    lowest: float
    films: int


@dataclass(frozen=True, slots=True)
class Contradicted:
    """An exam whose reader says the opposite of the model; `signed`, and stands to it."""

    exam_id: str
    time: datetime
    probability: float
    signed: bool = False


class QualityRows(Protocol):
    """Counts the exams of a time, `since` included, `before` not; deleted ones do not count."""

    def counts(self, since: datetime, before: datetime) -> Sequence[QualityCount]:
        """Count what is alike."""
        ...

    def milliseconds(self, since: datetime, before: datetime) -> array[float]:
        """Return what reading, preparing and answering took, of every exam."""
        ...

    def reading_seconds(self, since: datetime, before: datetime) -> Sequence[tuple[bool, float]]:
        """Return (whether it came before the model's answer, seconds) of every own reading.

        Seconds run from the film on the screen to the reading saved; where the former is not known
        there is none. Addenda and opinions are no readings.
        """
        ...

    def contradicted(
        self, since: datetime, before: datetime, said: Verdict, limit: int
    ) -> Sequence[Contradicted]:
        """Return the first exams, in the order of their time, that the model called `said`.

        It is normal or abnormal, and the reader said the other of the two.
        """
        ...

    def scores(self, since: datetime, before: datetime) -> Sequence[ScoreCount]:
        """Count films by model, maker and tenth; the one with the latest film comes last."""
        ...
